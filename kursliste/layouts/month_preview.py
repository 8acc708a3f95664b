"""A month as readers would see it if it were published now: the real page and the real files.

The edition is made as publishing makes it, read by the functions that show a published one, and
forgotten. Nothing is stored, and nothing lies on the shelf.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from kursliste.catalogue import queries as catalogue
from kursliste.catalogue.list_page import ListPage, page_of
from kursliste.domain.calendar import Month
from kursliste.domain.edition import is_for_public
from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Actor
from kursliste.infrastructure import clock
from kursliste.infrastructure.codes import Codes
from kursliste.layouts.preview import MARK
from kursliste.models.edition import Edition, EditionEntry
from kursliste.models.layout import LogoImage
from kursliste.publishing import queries
from kursliste.publishing.freezing import Before, edition_file, frozen

REASON: Final = "(Ihr Grund der Korrektur)"
KINDS: Final[Mapping[str, str]] = {
    "xlsx": "Excel",
    "pdf": "PDF",
    "csv": "CSV",
    "json": "JSON",
    "ics": "Kalender",
    "intern.xlsx": "Excel, intern",
}
"""The files that can be looked at, with their words; the key follows the edition's number."""


def month_page(session: Session, actor: Actor, slug: str, month: Month, codes: Codes) -> ListPage:
    """Return the page of the month's next edition; NotFoundError if there is nothing to show."""
    edition = _unpublished(session, actor, slug, month, codes)
    public = [entry for entry in edition.entries if is_for_public(entry.row())]
    return page_of(
        edition,
        public,
        district=catalogue.district_by_slug(session, slug),
        facets=list(_facets(public)),
        levels=catalogue.levels(session),
    )


def month_file(
    session: Session, actor: Actor, slug: str, month: Month, codes: Codes, kind: str
) -> tuple[str, bytes]:
    """Return name and bytes of one of ``KINDS``; the file says that it is a preview."""
    edition = _unpublished(session, actor, slug, month, codes)
    edition.list_title = f"{MARK}: {edition.list_title}"
    if edition.logo_sha256 is not None:
        edition.logo = session.get(LogoImage, edition.logo_sha256)
    ending = kind.replace("intern.", "-intern.") if "intern" in kind else f".{kind}"
    name = f"kursliste-{edition.district_slug}-{month}-a{edition.number}{ending}"
    return f"vorschau-{name}", edition_file(edition, name)


def _unpublished(session: Session, actor: Actor, slug: str, month: Month, codes: Codes) -> Edition:
    found = queries.round_to_publish(session, actor, slug, month)
    reports = queries.reports_of(session, found)
    if not queries.approved(reports):
        raise NotFoundError(f"nothing approved in {month} of {slug}")
    course_list = found.course_list
    newest = queries.newest_number(session, course_list, month)
    return frozen(
        reports,
        Before(
            earlier=queries.earlier_edition_or_none(session, course_list, month),
            replaced=queries.standing_edition_or_none(session, course_list, month),
        ),
        queries.occasion_of(session, found, codes),
        number=newest + 1,
        reason=REASON if newest else "",
        at=clock.now(),
        actor=actor,
    )


def _facets(entries: list[EditionEntry]) -> Iterator[dict[str, Any]]:
    """Give of each row what ``catalogue.queries.facets`` reads of a stored one."""
    for entry in entries:
        yield {
            "gruppe": entry.course_group,
            "art": entry.course_type,
            "ort": entry.town,
            "tageszeit": entry.time_of_day,
            "form": entry.delivery,
            "zugang": entry.admission,
            "traeger": entry.provider,
            "level_from_sort": entry.level_from_sort,
            "level_to_sort": entry.level_to_sort,
        }
