"""Freezing, both ways: reported rows become an edition, and a stored edition becomes its files.

The files are a function of the stored rows alone. That is what lets ``verify --repair`` build a
lost file again to the byte, years later.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from kursliste.domain.calendar import Month
from kursliste.domain.columns import COLUMNS, PUBLIC_COLUMNS
from kursliste.domain.course import CourseStatus
from kursliste.domain.edition import (
    Change,
    CodeWords,
    EditionHead,
    Row,
    change_from,
    changes_between,
    is_for_public,
    order_of,
    phase_of,
)
from kursliste.domain.layout import Layout, layout_from
from kursliste.domain.news import news_of
from kursliste.domain.permissions import Actor
from kursliste.domain.provider_list import PersonRow, PlaceRow, ProviderRow, counted_providers
from kursliste.domain.round import leaves_out_unconfirmed
from kursliste.domain.seats import SeatState, derived_seats_free, derived_status
from kursliste.infrastructure.clock import BERLIN
from kursliste.infrastructure.codes import Codes
from kursliste.infrastructure.journal import plain
from kursliste.models.approved import ApprovedCourse
from kursliste.models.edition import Edition, EditionEntry
from kursliste.models.masterdata import CourseList, Provider
from kursliste.models.report import Report, ReportedCourse
from kursliste.publishing.formats import csv_file, ics_file, json_file, manifest, pdf_file, workbook
from kursliste.publishing.formats.pdf_cells import PrintedCourse
from kursliste.publishing.search_text import search_text

MANIFEST: Final = "manifest.json"
PROVIDER_LIST: Final = "traegerliste"


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """What an edition is made for: the list and its layout, the month, since when a confirmation
    counts, today.
    """

    course_list: CourseList
    layout: Layout
    month: Month
    opens_on: date
    on: date
    codes: Codes


# ---- reported rows become an edition


def entries_of(reports: Iterable[Report], occasion: Occasion) -> list[EditionEntry]:
    """Return the rows of ``reports`` as they would stand in the list, in its order.

    Ended courses are left out, and unconfirmed ones where their report or else the list says so.
    """
    kept = [
        entry
        for report in reports
        for entry in _entries(report, occasion)
        if entry.status is not CourseStatus.ENDED
    ]
    codes = occasion.codes
    kept.sort(
        key=lambda entry: order_of(
            entry.row(),
            on=occasion.on,
            type_rank=codes.type_rank(entry.course_type),
            level_rank=_level_rank(entry),
            grouping=occasion.layout.grouping,
        )
    )
    for position, entry in enumerate(kept, start=1):
        entry.position = position
    return kept


def _level_rank(entry: EditionEntry) -> int | None:
    goal = entry.level_to_sort
    return entry.level_from_sort if goal is None else goal


def _entries(report: Report, occasion: Occasion) -> list[EditionEntry]:
    leave_out = leaves_out_unconfirmed(report.unconfirmed, occasion.course_list.unconfirmed_rule)
    entries = [_entry(row, report.provider, occasion) for row in report.standing.courses]
    return [entry for entry in entries if entry.is_confirmed or not leave_out]


def _entry(
    row: ReportedCourse | ApprovedCourse, provider: Provider, occasion: Occasion
) -> EditionEntry:
    facts = row.facts()
    if row.seats_free is None:
        facts["seats_free"] = derived_seats_free(row.seats_total, row.seats_taken)
    if row.status is None:
        facts["status"] = derived_status(SeatState.of(facts), on=occasion.on)
    codes = occasion.codes
    label = codes.word("course_type", row.course_type) or ""
    group = codes.group_of(row.course_type)
    short = codes.course_types[row.course_type].short
    return EditionEntry(
        **facts,
        course_id=row.course_id,
        provider_id=provider.id,
        provider=provider.name,
        course_group=group,
        course_type_label=label,
        level_from_sort=codes.level_sort(row.level_from),
        level_to_sort=codes.level_sort(row.level_to),
        phase=phase_of(facts, on=occasion.on),
        is_confirmed=row.is_confirmed_since(occasion.opens_on),
        search_text=search_text(facts, label, short, group, provider.name, provider.short_name),
    )


def has_answered(report: Report, opens_on: date) -> bool:
    """Return whether a provider told something for this month that stands in the list.

    Not so with rows that were only carried over: somebody has to have confirmed one, or said that
    there is no course, or ended them all.
    """
    if not report.stands:
        return False
    found = report.standing
    if found.is_nil or any(row.is_confirmed_since(opens_on) for row in found.courses):
        return True
    nothing_left = all(row.status is CourseStatus.ENDED for row in found.courses)
    return found.submitted_at is not None and nothing_left


def frozen(  # noqa: PLR0913 -- what an edition is made of
    reports: Sequence[Report],
    earlier: Edition | None,
    occasion: Occasion,
    *,
    number: int,
    reason: str,
    at: datetime,
    actor: Actor,
) -> Edition:
    """Return edition ``number`` of the approved ``reports``, not yet stored.

    ``earlier`` is what "new since last month" compares with; without it nothing is called new.
    """
    entries = entries_of([report for report in reports if report.stands], occasion)
    rows = [entry.row() for entry in entries]
    changes = (
        []
        if earlier is None
        else _changes(
            [entry.row() for entry in earlier.entries], rows, withheld=occasion.layout.withheld
        )
    )
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
        replaces=number - 1 or None,
        reason=reason,
        silent_providers=[
            report.provider.name
            for report in reports
            if not has_answered(report, occasion.opens_on)
        ],
        providers=[asdict(_provider_row(report, occasion.opens_on)) for report in reports],
        changes=changes,
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


def _changes(
    before: Sequence[Row], now: Sequence[Row], *, withheld: Collection[str]
) -> list[dict[str, Any]]:
    """Return the changes for both audiences; a row that left the public list ended there.

    That a ``withheld`` fact moved is no public change.
    """
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

    The manifest names the public files only. Raises ValueError for text that no file can hold.
    """
    head = _head(edition)
    public = {
        **_files(edition, head, head.file_stem, internal=False),
        **_provider_files(edition, head),
    }
    internal = _files(edition, head, f"{head.file_stem}-intern", internal=True)
    return {**public, MANIFEST: manifest.build(public), **internal}


def _files(edition: Edition, head: EditionHead, stem: str, *, internal: bool) -> dict[str, bytes]:
    rows = [entry.row() for entry in edition.entries]
    seen = rows if internal else _public(rows, head.layout.withheld)
    changes = [change_from(c) for c in edition.changes if c["is_internal"] is internal]
    words = _words(edition.words)
    providers = _providers(edition.providers, seen)
    book = workbook.build(
        head, seen, providers=providers, changes=changes, words=words, internal=internal
    )
    files = {
        f"{stem}.xlsx": book,
        f"{stem}.csv": csv_file.build(head, seen, words, internal=internal),
        f"{stem}.json": json_file.build(head, seen, changes, internal=internal),
    }
    if not internal:
        files[f"{stem}.ics"] = ics_file.build(head, seen, words)
        printed = [
            PrintedCourse(e.row(), e.phase, e.is_confirmed, e.change) for e in edition.entries
        ]
        files[f"{stem}.pdf"] = pdf_file.build(head, printed, words, news_of(changes, seen))
    return files


def _provider_files(edition: Edition, head: EditionHead) -> dict[str, bytes]:
    """Return the provider list, which is public: it counts public courses only."""
    rows = _public([entry.row() for entry in edition.entries], head.layout.withheld)
    providers, words = _providers(edition.providers, rows), _words(edition.words)
    stem = head.file_stem.replace("kursliste", PROVIDER_LIST, 1)
    return {f"{stem}.csv": csv_file.build_providers(providers, words)}


def format_of(name: str) -> str:
    """Return what a file of an edition is: the ending of the list's name, or another purpose."""
    if name == MANIFEST:
        return "manifest"
    return "providers" if name.startswith(PROVIDER_LIST) else name.rpartition(".")[2]


def _public(rows: Iterable[Row], withheld: Collection[str]) -> list[Row]:
    """Return what everybody may read: public rows, without the facts kept for professionals."""
    nothing = dict.fromkeys(withheld)
    return [{**row, **nothing} for row in rows if is_for_public(row)]


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
        layout=layout_from(edition.layout),
        logo=edition.logo.content if edition.logo else None,
    )


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
