"""What is different from what readers know: this month's rows beside the list before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.columns import COLUMNS
from kursliste.domain.course import OWN_FIELDS, CourseStatus
from kursliste.domain.edition import ChangeKind, FieldChange, Row, changes_between
from kursliste.domain.seats import derived_seats_free
from kursliste.models.approved import ApprovedCourse, ApprovedVersion
from kursliste.models.edition import Edition, EditionEntry, newest_first, stands
from kursliste.models.handover import holder_of
from kursliste.models.report import Report, ReportedCourse, Round

_OWN: Final = frozenset(field.attribute for field in OWN_FIELDS)
COMPARED: Final = tuple(column for column in COLUMNS if column.attribute in _OWN)
"""Every column that a provider reports, internal ones too; the confirmation alone is no change."""


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """What a list said before, provider by provider, for one round.

    ``month`` and ``number`` name the edition; without an edition ``number`` is None and the rows
    are each provider's last earlier report. ``month`` is None where there is nothing before.
    ``approved_at`` is set where the rows are those that were approved before a change.
    """

    month: Month | None
    number: int | None
    rows: Mapping[int, Sequence[Row]]
    approved_at: datetime | None = None

    @property
    def is_published(self) -> bool:
        """Whether a coordinator let these rows pass, and did not only get them."""
        return self.number is not None or self.approved_at is not None

    def of(self, provider_id: int) -> Sequence[Row]:
        """Return the rows of one provider; none if it was not in the list."""
        return self.rows.get(provider_id, ())


@dataclass(frozen=True, kw_only=True)
class ChangedCourse:
    """A course whose facts moved, with each field before and now."""

    course: ReportedCourse
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, kw_only=True)
class EndedCourse:
    """A course that readers know and that leaves the list.

    ``course`` is the row that its provider ended, or None where the row is simply gone. ``known``
    are its facts as readers know them, or the row's own where no list had it.
    """

    course_id: str
    title: str
    course: ReportedCourse | None
    known: Row


@dataclass(frozen=True, kw_only=True)
class Differences:
    """Every row of a report in exactly one place, so that the counts add up."""

    new: tuple[ReportedCourse, ...]
    changed: tuple[ChangedCourse, ...]
    ended: tuple[EndedCourse, ...]
    unchanged: tuple[ReportedCourse, ...]

    @property
    def staying(self) -> tuple[ReportedCourse, ...]:
        """The rows that go into the list."""
        return (*self.new, *(change.course for change in self.changed), *self.unchanged)

    @property
    def attributes(self) -> frozenset[str]:
        """Every field that moved in some course."""
        return frozenset(field.attribute for change in self.changed for field in change.fields)


def differences(courses: Iterable[ReportedCourse], before: Sequence[Row]) -> Differences:
    """Compare the rows of a report with what the list said of its provider before."""
    stated = list(courses)
    listed = {row.course_id: row for row in stated if row.status is not CourseStatus.ENDED}
    ended_rows = {row.course_id: row for row in stated if row.status is CourseStatus.ENDED}
    known = {str(row["course_id"]): row for row in before}
    now = [_as_stated(row, known.get(course_id, {})) for course_id, row in listed.items()]
    found = changes_between(before, now, columns=COMPARED)
    new = [c.course_id for c in found if c.kind is ChangeKind.NEW]
    changed = {c.course_id: c.fields for c in found if c.kind is ChangeKind.CHANGED}
    ended = {c.course_id: c.title for c in found if c.kind is ChangeKind.ENDED}
    ended |= {course_id: row.title for course_id, row in ended_rows.items()}
    return Differences(
        new=tuple(listed[course_id] for course_id in new),
        changed=tuple(
            ChangedCourse(course=listed[course_id], fields=fields)
            for course_id, fields in changed.items()
        ),
        ended=tuple(
            EndedCourse(
                course_id=course_id,
                title=title,
                course=ended_rows.get(course_id),
                known=known.get(course_id) or {"ends_on": ended_rows[course_id].ends_on},
            )
            for course_id, title in ended.items()
        ),
        unchanged=tuple(
            row
            for course_id, row in listed.items()
            if course_id not in changed and course_id not in new
        ),
    )


def _as_stated(course: ReportedCourse | ApprovedCourse, before: Row) -> Row:
    """Return the facts that the provider states; a status nobody typed is no change.

    The list derives it from dates and seats on the day of publication, so it moves by itself.
    """
    facts = course.facts() | {"course_id": course.course_id}
    if course.status is None:
        facts["status"] = before.get("status")
    if course.seats_free is None:
        facts["seats_free"] = derived_seats_free(course.seats_total, course.seats_taken)
    return facts


def baseline(session: Session, asked: Round, provider_ids: Collection[int]) -> Baseline:
    """Return what the list said before ``asked``: its last edition, else the last reports.

    An edition of the same month is no baseline: the page goes on telling what is new this month
    when that month is published or corrected. A course that changed hands counts with the provider
    that reports it in this round. At most two statements.
    """
    edition = session.scalar(
        select(Edition)
        .where(
            Edition.course_list_id == asked.course_list_id, Edition.month < asked.month, stands()
        )
        .order_by(*newest_first())
        .limit(1)
    )
    if edition is None:
        return _reported_before(session, asked, provider_ids)
    holder = func.coalesce(holder_of(EditionEntry.course_id, asked.month), EditionEntry.provider_id)
    entries = session.execute(
        select(holder, EditionEntry)
        .where(EditionEntry.edition_id == edition.id, holder.in_(provider_ids))
        .order_by(EditionEntry.position, EditionEntry.id)
    )
    rows: dict[int, list[Row]] = {}
    for provider_id, entry in entries:
        rows.setdefault(provider_id, []).append(entry.row())
    return Baseline(month=edition.month, number=edition.number, rows=rows)


def baseline_of(report: Report, before: Baseline) -> Baseline:
    """Return what a report is compared with: a change after the approval with what was approved."""
    kept = report.approved_version
    return before if kept is None else approved_before(kept, report)


def approved_before(version: ApprovedVersion, report: Report) -> Baseline:
    """Return what was approved of a report that its provider changed afterwards."""
    rows = [
        _as_stated(course, {})
        for course in version.courses
        if course.status is not CourseStatus.ENDED
    ]
    return Baseline(
        month=report.month,
        number=None,
        rows={report.provider_id: rows},
        approved_at=version.decided_at,
    )


def _reported_before(session: Session, asked: Round, provider_ids: Collection[int]) -> Baseline:
    """Each provider's last earlier report that has rows, as long as no edition was published."""
    last = (
        select(Report.provider_id, func.max(Round.month).label("month"))
        .join(Round, Round.id == Report.round_id)
        .where(
            Round.course_list_id == asked.course_list_id,
            Round.month < asked.month,
            Report.provider_id.in_(provider_ids),
            Report.courses.any(),
        )
        .group_by(Report.provider_id)
        .subquery()
    )
    found = session.execute(
        select(Report.provider_id, Round.month, ReportedCourse)
        .join(Round, Round.id == Report.round_id)
        .join(
            last,
            (last.c.provider_id == Report.provider_id) & (last.c.month == Round.month),
        )
        .join(ReportedCourse, ReportedCourse.report_id == Report.id)
        .where(Round.course_list_id == asked.course_list_id)
        .order_by(Report.provider_id, ReportedCourse.position, ReportedCourse.id)
    )
    rows: dict[int, list[Row]] = {}
    newest: Month | None = None
    for provider_id, month, course in found:
        known = rows.setdefault(provider_id, [])
        newest = month if newest is None else max(newest, month)
        if course.status is not CourseStatus.ENDED:
            known.append(_as_stated(course, {}))
    return Baseline(month=newest, number=None, rows=rows)
