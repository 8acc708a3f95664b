"""Reported rows become the entries of an edition: which, in which order, and which are left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kursliste.domain.calendar import Month
from kursliste.domain.course import CourseStatus
from kursliste.domain.edition import is_for_public, order_of, phase_of
from kursliste.domain.layout import Layout
from kursliste.domain.round import leaves_out_unconfirmed
from kursliste.domain.seats import SeatState, derived_seats_free, derived_status
from kursliste.infrastructure.codes import Codes
from kursliste.models.approved import ApprovedCourse
from kursliste.models.edition import EditionEntry
from kursliste.models.masterdata import CourseList, Provider
from kursliste.models.report import Report, ReportedCourse
from kursliste.publishing.search_text import search_text


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


def entries_of(reports: Iterable[Report], occasion: Occasion) -> list[EditionEntry]:
    """Return the rows of ``reports`` as they would stand in the list, in its order.

    Ended courses are left out, and unconfirmed ones where their report or else the list says so.
    """
    kept = [
        entry
        for report in reports
        for entry in _living(report, occasion)
        if not _is_left_out(entry, report, occasion)
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


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """How many rows of a provider the list leaves out because nobody confirmed them this month.

    ``public`` of the ``courses`` would stand in the public list.
    """

    provider: str
    courses: int
    public: int


def left_out_of(reports: Iterable[Report], occasion: Occasion) -> list[LeftOut]:
    """Return what :func:`entries_of` leaves out of ``reports``, provider by provider."""
    found = []
    for report in reports:
        rows = [
            entry.row()
            for entry in _living(report, occasion)
            if _is_left_out(entry, report, occasion)
        ]
        if rows:
            public = sum(map(is_for_public, rows))
            found.append(LeftOut(provider=report.provider.name, courses=len(rows), public=public))
    return found


def _living(report: Report, occasion: Occasion) -> list[EditionEntry]:
    entries = [_entry(row, report.provider, occasion) for row in report.standing.courses]
    return [entry for entry in entries if entry.status is not CourseStatus.ENDED]


def _is_left_out(entry: EditionEntry, report: Report, occasion: Occasion) -> bool:
    rule = occasion.course_list.unconfirmed_rule
    return not entry.is_confirmed and leaves_out_unconfirmed(report.unconfirmed, rule)


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
