"""Freezing, both ways: reported rows become an edition, and a stored edition becomes its files.

The files are a function of the stored rows alone. That is what lets ``verify --repair`` build a
lost file again to the byte, years later.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from kursliste.domain.columns import COLUMNS, PUBLIC_COLUMNS
from kursliste.domain.edition import (
    Change,
    CodeWords,
    EditionHead,
    Row,
    change_from,
    changes_between,
    is_for_public,
)
from kursliste.domain.layout import layout_from
from kursliste.domain.news import news_of
from kursliste.domain.permissions import Actor
from kursliste.domain.professionals import (
    COORDINATION_ONLY,
    is_for_professionals,
    seen_by_professionals,
)
from kursliste.domain.provider_list import PersonRow, PlaceRow, ProviderRow, counted_providers
from kursliste.infrastructure.clock import BERLIN
from kursliste.infrastructure.journal import plain
from kursliste.models.edition import Edition, EditionEntry
from kursliste.models.report import Report
from kursliste.publishing.entries import Occasion, entries_of, has_answered, left_out_of
from kursliste.publishing.formats import (
    csv_file,
    ics_file,
    json_file,
    manifest,
    pdf_file,
    provider_files,
    workbook,
)
from kursliste.publishing.formats.pdf_cells import PrintedCourse

MANIFEST: Final = "manifest.json"
PROVIDER_LIST: Final = "traegerliste"


# ---- reported rows become an edition


@dataclass(frozen=True, kw_only=True)
class Before:
    """What an edition is compared with.

    ``earlier`` is last month's edition: what is new since then. ``replaced`` is the edition of the
    same month that a correction replaces: what was corrected. None if there is none.
    """

    earlier: Edition | None
    replaced: Edition | None


def frozen(  # noqa: PLR0913 -- what an edition is made of
    reports: Sequence[Report],
    before: Before,
    occasion: Occasion,
    *,
    number: int,
    reason: str,
    at: datetime,
    actor: Actor,
) -> Edition:
    """Return edition ``number`` of the approved ``reports``, not yet stored.

    It tells two kinds of differences, both for both audiences: ``changes`` since last month, also
    in a correction, and ``corrected`` since the edition that it replaces. Where there is nothing
    to compare with, nothing is told.
    """
    going_in = [report for report in reports if report.stands]
    entries = entries_of(going_in, occasion)
    rows = [entry.row() for entry in entries]
    withheld = occasion.layout.withheld
    changes = changes_since(before.earlier, rows, withheld=withheld)
    _mark(entries, changes)
    course_list, district = occasion.course_list, occasion.course_list.district
    edition = Edition(
        course_list_id=course_list.id,
        district_id=district.id,
        month=occasion.month,
        number=number,
        published_at=at,
        published_by_id=actor.user_id,
        responsible=actor.name,
        district_ags=district.ags,
        district_slug=district.slug,
        district_name=district.name,
        list_slug=course_list.slug,
        list_title=course_list.title,
        publisher=district.publisher,
        contact=district.contact,
        licence=course_list.licence,
        replaces=(before.replaced.number if before.replaced else number - 1) or None,
        reason=reason,
        silent_providers=[
            report.provider.name
            for report in reports
            if not has_answered(report, occasion.opens_on)
        ],
        providers=[asdict(_provider_row(report, occasion.opens_on)) for report in reports],
        changes=changes,
        corrected=changes_since(before.replaced, rows, withheld=withheld),
        left_out=[asdict(found) for found in left_out_of(going_in, occasion)],
        words=_stored_words(occasion.codes.words),
        layout=occasion.layout.stored(),
        logo_sha256=occasion.layout.logo.sha256 if occasion.layout.logo else None,
        rows_sha256=rows_hash(rows),
    )
    edition.entries = entries
    return edition


def rows_hash(rows: Iterable[Row]) -> str:
    """Return the SHA-256 of the rows as canonical JSON, in their order."""
    text = json.dumps(
        [plain(row) for row in rows], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def changes_since(
    edition: Edition | None, now: Sequence[Row], *, withheld: Collection[str]
) -> list[dict[str, Any]]:
    """Return the changes since ``edition`` for both audiences, as they are stored.

    A row that left the public list ended there. That a ``withheld`` fact moved is no public
    change, and nothing to compare with is none at all.
    """
    if edition is None:
        return []
    before = [entry.row() for entry in edition.entries]
    columns = [column for column in PUBLIC_COLUMNS if column.attribute not in withheld]
    public = changes_between(
        filter(is_for_public, before), filter(is_for_public, now), columns=columns
    )
    internal = changes_between(before, now, columns=COLUMNS)
    return [_stored_change(change, is_internal=False) for change in public] + [
        _stored_change(change, is_internal=True) for change in internal
    ]


def _mark(entries: Iterable[EditionEntry], changes: Iterable[Mapping[str, Any]]) -> None:
    kinds = {(change["course_id"], change["is_internal"]): change["kind"] for change in changes}
    for entry in entries:
        entry.change = kinds.get((entry.course_id, not is_for_public(entry.row())))


def _stored_change(change: Change, *, is_internal: bool) -> dict[str, Any]:
    return {
        "is_internal": is_internal,
        "kind": change.kind,
        "course_id": change.course_id,
        "title": change.title,
        "provider": change.provider,
        "fields": [[f.attribute, plain(f.old), plain(f.new)] for f in change.fields],
    }


def _provider_row(report: Report, opens_on: date) -> ProviderRow:
    """Return what is public about a provider; its courses are counted when files are built."""
    provider = report.provider
    return ProviderRow(
        name=provider.name,
        kind=provider.kind,
        street=provider.street,
        postcode=provider.postcode,
        town=provider.town,
        phone=provider.phone,
        email=provider.email,
        website=provider.website,
        office_hours=provider.office_hours,
        languages=", ".join(provider.languages or ()),
        approvals=provider.approvals or (),
        venues=tuple(
            PlaceRow(
                name=venue.name,
                street=venue.street,
                postcode=venue.postcode,
                town=venue.town,
                wheelchair=venue.wheelchair or "",
            )
            for venue in provider.venues
        ),
        contacts=tuple(
            PersonRow(name=contact.name, phone=contact.phone, email=contact.email)
            for contact in provider.contacts
            if contact.is_public
        ),
        has_reported=has_answered(report, opens_on),
    )


def _stored_words(words: CodeWords) -> dict[str, Any]:
    """Return the words as pairs: the order of a code table is part of it, JSON keys are sorted."""
    return {
        "course_types": [list(pair) for pair in words.course_types.items()],
        "levels": [list(pair) for pair in words.levels.items()],
        "statuses": [list(pair) for pair in words.statuses.items()],
        "explanations": [list(pair) for pair in words.explanations],
    }


# ---- a stored edition becomes its files


def edition_files(edition: Edition) -> dict[str, bytes]:
    """Return every file of a stored edition by name; the same rows give the same bytes.

    Beside rows and head an edition stores, for both audiences, ``changes`` (since last month),
    ``corrected`` (since the edition that it replaces; empty if it is no correction) and
    ``left_out`` (per provider, how many rows are missing because nobody confirmed them). The last
    two are None where the edition is older than they are; its files then say nothing about them.

    The manifest names the public files only. Raises ValueError for text that no file can hold.
    """
    head = _head(edition)
    public = {
        **{name: make() for name, make in _files(edition, head, internal=False).items()},
        **_provider_files(edition, head),
    }
    internal = {name: make() for name, make in _files(edition, head, internal=True).items()}
    return {**public, MANIFEST: manifest.build(public), **internal}


def edition_file(edition: Edition, name: str) -> bytes:
    """Return one file of the list, public or internal, without making the others.

    Raises KeyError if the edition has no such file.
    """
    head = _head(edition)
    makers = {
        **_files(edition, head, internal=False),
        **_files(edition, head, internal=True),
    }
    return makers[name]()


def workbook_for_professionals(edition: Edition) -> bytes:
    """Return the workbook with internal columns, less what is for the coordination only.

    It is made when somebody asks for it: the internal files on the shelf hold everything. Changes
    are those of the public list, because an ended row does not tell who might see it.
    """
    head = _head(edition)
    head = replace(
        head,
        left_out=left_out_count(edition, internal=False),
        layout=head.layout.without(COORDINATION_ONLY),
    )
    rows = [entry.row() for entry in edition.entries]
    seen = [seen_by_professionals(row) for row in rows if is_for_professionals(row)]
    return workbook.build(
        head,
        seen,
        providers=_providers(edition.providers, seen),
        changes=[change_from(c) for c in edition.changes if not c["is_internal"]],
        words=_words(edition.words),
        internal=True,
    )


def _files(
    edition: Edition, head: EditionHead, *, internal: bool
) -> dict[str, Callable[[], bytes]]:
    """Return how each file is made, by its name."""
    stem = f"{head.file_stem}-intern" if internal else head.file_stem
    rows = [entry.row() for entry in edition.entries]
    seen = rows if internal else _public(rows, head.layout.withheld)
    changes = [change_from(c) for c in edition.changes if c["is_internal"] is internal]
    corrected = None
    if edition.corrected is not None:
        corrected = [change_from(c) for c in edition.corrected if c["is_internal"] is internal]
    head = replace(head, left_out=left_out_count(edition, internal=internal))
    words = _words(edition.words)
    providers = _providers(edition.providers, seen)
    files: dict[str, Callable[[], bytes]] = {
        f"{stem}.xlsx": lambda: workbook.build(
            head, seen, providers=providers, changes=changes, words=words, internal=internal
        ),
        f"{stem}.csv": lambda: csv_file.build(head, seen, words, internal=internal),
        f"{stem}.json": lambda: json_file.build(head, seen, changes, corrected, internal=internal),
    }
    if not internal:
        files[f"{stem}.ics"] = lambda: ics_file.build(head, seen, words)
        printed = [
            PrintedCourse(e.row(), e.phase, e.is_confirmed, e.change) for e in edition.entries
        ]
        files[f"{stem}.pdf"] = lambda: pdf_file.build(head, printed, words, news_of(changes, seen))
    return files


def _provider_files(edition: Edition, head: EditionHead) -> dict[str, bytes]:
    """Return the provider list, which is public: it counts public courses only."""
    rows = _public([entry.row() for entry in edition.entries], head.layout.withheld)
    providers, words = _providers(edition.providers, rows), _words(edition.words)
    stem = head.file_stem.replace("kursliste", PROVIDER_LIST, 1)
    files = provider_files.build(head, providers, words)
    return {f"{stem}.{ending}": content for ending, content in files.items()}


def format_of(name: str) -> str:
    """Return what a file of an edition is: the ending of the list's name, or another purpose."""
    if name == MANIFEST:
        return "manifest"
    return "providers" if name.startswith(PROVIDER_LIST) else name.rpartition(".")[2]


def _public(rows: Iterable[Row], withheld: Collection[str]) -> list[Row]:
    """Return what everybody may read: public rows, without the facts kept for professionals."""
    nothing = dict.fromkeys(withheld)
    return [{**row, **nothing} for row in rows if is_for_public(row)]


def left_out_count(edition: Edition, *, internal: bool) -> int | None:
    """Return how many rows a reader misses because nobody confirmed them; None if not known."""
    if edition.left_out is None:
        return None
    return sum(int(found["courses" if internal else "public"]) for found in edition.left_out)


def _head(edition: Edition) -> EditionHead:
    return EditionHead(
        ags=edition.district_ags,
        slug=edition.district_slug,
        district=edition.district_name,
        list_slug=edition.list_slug,
        list_title=edition.list_title,
        month=edition.month,
        number=edition.number,
        published_at=edition.published_at.astimezone(BERLIN),  # the Stand is a day in Germany
        responsible=edition.responsible,
        publisher=edition.publisher,
        contact=edition.contact,
        licence=edition.licence,
        replaces=edition.replaces,
        reason=edition.reason,
        silent_providers=tuple(edition.silent_providers),
        erased_on=_erased_on(edition),
        layout=layout_from(edition.layout),
        logo=edition.logo.content if edition.logo else None,
    )


def _erased_on(edition: Edition) -> date | None:
    if not edition.erasures:
        return None
    return edition.erasures[-1].erased_at.astimezone(BERLIN).date()


def _providers(stored: Iterable[Mapping[str, Any]], rows: Sequence[Row]) -> list[ProviderRow]:
    """Return the providers with the courses that the reader of these rows sees."""
    return counted_providers(stored, [(r["provider"], r["course_type"]) for r in rows])


def _words(stored: Mapping[str, Any]) -> CodeWords:
    return CodeWords(
        course_types=dict(stored["course_types"]),
        levels=dict(stored["levels"]),
        statuses=dict(stored["statuses"]),
        explanations=[(word, text) for word, text in stored["explanations"]],
    )
