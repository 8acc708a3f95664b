"""What the next edition would look like, made by the functions that really make it.

Nothing here is stored: the edition is made as publishing makes it and then forgotten.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from kursliste.catalogue.list_page import words_of
from kursliste.catalogue.listing import SORT_OF, Group, groups_of
from kursliste.domain.edition import is_for_public
from kursliste.domain.layout import Layout
from kursliste.domain.page_columns import ShownColumn, page_columns, public_facts
from kursliste.domain.permissions import Actor
from kursliste.infrastructure import clock
from kursliste.infrastructure.codes import Codes
from kursliste.layouts.queries import fullest_round_or_none
from kursliste.models.edition import Edition
from kursliste.models.layout import LogoImage
from kursliste.models.masterdata import CourseList
from kursliste.publishing import queries
from kursliste.publishing.freezing import Before, edition_file, frozen

SHOWN: Final = 25
"""Courses on the page of the preview; the files have them all."""

MARK: Final = "VORSCHAU, nicht veröffentlicht"


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The page of an edition that does not exist; ``courses`` is how many it would have."""

    edition: Edition
    layout: Layout
    columns: Sequence[ShownColumn]
    groups: Sequence[Group]
    courses: int
    shown: int


def preview_of(
    session: Session, course_list: CourseList, layout: Layout, *, codes: Codes, actor: Actor
) -> Preview | None:
    """Return the page that ``layout`` would make of the courses as they are now.

    None if no report of the last months is approved: there is nothing to show.
    """
    edition = _unpublished(session, course_list, layout, codes=codes, actor=actor)
    if edition is None:
        return None
    public = [entry for entry in edition.entries if is_for_public(entry.row())]
    shown = public[:SHOWN]
    sort = SORT_OF[layout.grouping]
    return Preview(
        edition=edition,
        layout=layout,
        columns=page_columns(layout),
        groups=groups_of(shown, sort, words_of(edition), {}, public_facts(layout)),
        courses=len(public),
        shown=len(shown),
    )


def preview_file(
    session: Session,
    course_list: CourseList,
    layout: Layout,
    ending: str,
    *,
    codes: Codes,
    actor: Actor,
) -> tuple[str, bytes] | None:
    """Return name and bytes of a public file ("xlsx", "pdf") as ``layout`` would make it.

    The file says in its title that it is a preview. None if there is nothing to show.
    """
    edition = _unpublished(session, course_list, layout, codes=codes, actor=actor)
    if edition is None:
        return None
    edition.list_title = f"{MARK}: {edition.list_title}"
    if layout.logo is not None:
        edition.logo = session.get(LogoImage, layout.logo.sha256)
    name = f"kursliste-{edition.district_slug}-{edition.month}-a{edition.number}.{ending}"
    return f"vorschau-{name}", edition_file(edition, name)


def _unpublished(
    session: Session, course_list: CourseList, layout: Layout, *, codes: Codes, actor: Actor
) -> Edition | None:
    asked = fullest_round_or_none(session, course_list)
    if asked is None:
        return None
    occasion = queries.occasion_of(session, asked, codes, layout=layout)
    return frozen(
        queries.reports_of(session, asked),
        Before(
            earlier=queries.earlier_edition_or_none(session, course_list, asked.month),
            replaced=None,
        ),
        occasion,
        number=1,
        reason="",
        at=clock.now(),
        actor=actor,
    )


def image_address(image: LogoImage) -> str:
    """Return an image as an address that holds it: a logo is public with its edition only."""
    return f"data:{image.media_type};base64,{base64.b64encode(image.content).decode()}"
