"""Changing rows of a report: what all verbs of this station share below the permission."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.course import ConfirmedHow, CourseStatus
from kursliste.domain.errors import ConflictError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.house import PERSON_FACTS, PLACE_FACTS
from kursliste.domain.permissions import Actor
from kursliste.domain.report import EDITABLE
from kursliste.infrastructure import clock, journal
from kursliste.infrastructure.codes import load_codes
from kursliste.masterdata.linking import follow_words
from kursliste.models.question import Question
from kursliste.models.report import Report, ReportedCourse
from kursliste.reporting import row_facts
from kursliste.reporting.row_facts import Facts

Changes = dict[str, tuple[object, object]]
TOLD_OF_HOUSE = PLACE_FACTS.keys() | PERSON_FACTS.keys()


@dataclass(frozen=True)
class Edit:
    """What somebody typed for one row, and the version of the row that they saw."""

    facts: Facts
    seen_version: int


def lock(session: Session, report: Report) -> None:
    """Read the state again and hold it: a decision meanwhile must not be written over."""
    session.flush()  # refresh() forgets what this transaction changed and did not write yet
    session.refresh(report, ["status", "version"], with_for_update=True)


def editable(session: Session, report: Report) -> None:
    lock(session, report)
    if report.status not in EDITABLE:
        raise RuleViolationError(Rule.REPORT_NOT_EDITABLE)


def confirm_row(row: ReportedCourse, actor: Actor, how: ConfirmedHow = ConfirmedHow.WEB) -> None:
    """Confirm a row; with a provider's word it is their person, on the day of their word."""
    word = actor.on_behalf
    row.confirmed_on = word.told_on if word else clock.today()
    row.confirmed_by = word.told_by if word else actor.name
    row.confirmed_how = word.how if word and how is ConfirmedHow.WEB else how


def confirm_rest_of(report: Report, actor: Actor) -> list[ReportedCourse]:
    rows = [
        row
        for row in report.courses
        if row.status is not CourseStatus.ENDED
        and not row.is_confirmed_since(report.round.opens_on)
    ]
    for row in rows:
        confirm_row(row, actor)
    return rows


def change_rows(
    session: Session,
    report: Report,
    edits: Mapping[int, Edit],
    *,
    actor: Actor,
    confirm: Collection[int],
    how: ConfirmedHow = ConfirmedHow.WEB,
) -> dict[int, Changes]:
    editable(session, report)
    rows = _locked_rows(session, report, edits)
    _check_versions(session, rows, edits, confirm)
    changes: dict[int, Changes] = {}
    for row in rows:
        before = row.facts()
        changing = row_facts.completed(before, edits[row.id].facts)
        if changing:
            row_facts.check(session, {**before, **changing}, changing)
        changes[row.id] = row.take(changing)
        confirmed = row.id in confirm
        if confirmed:
            confirm_row(row, actor, how)
        if changing:
            event = JournalEvent.COURSE_CHANGED
            record(session, event, row, actor, changes=changes[row.id], confirmed=confirmed)
        elif confirmed:
            record(session, JournalEvent.COURSE_CONFIRMED, row, actor)
    told = [row for row in rows if TOLD_OF_HOUSE & changes[row.id].keys()]
    follow_words(session, report.provider, told, actor=actor, scope=report.scope)
    return changes


def rows_as_seen(
    session: Session, report: Report, edits: Mapping[int, Edit]
) -> list[ReportedCourse]:
    """Return the rows of ``edits``, locked; raise ConflictError if one is not as it was seen."""
    rows = _locked_rows(session, report, edits)
    _check_versions(session, rows, edits, ())
    return rows


def _locked_rows(
    session: Session, report: Report, edits: Mapping[int, Edit]
) -> list[ReportedCourse]:
    if not edits:
        return []
    query = (
        select(ReportedCourse)
        .where(ReportedCourse.report_id == report.id, ReportedCourse.id.in_(edits))
        .order_by(ReportedCourse.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def _check_versions(
    session: Session,
    rows: Collection[ReportedCourse],
    edits: Mapping[int, Edit],
    confirm: Collection[int],
) -> None:
    """Refuse to write over, or to vouch for, what the person has not seen."""
    stale = [
        row
        for row in rows
        if row.version != edits[row.id].seen_version
        and (row.id in confirm or row_facts.moved(row.facts(), edits[row.id].facts))
    ]
    if stale:
        codes = load_codes(session)
        found = [
            (f"{row.title}: {heading}" if len(edits) > 1 else heading, mine, theirs)
            for row in stale
            for heading, mine, theirs in row_facts.differences(codes, row, edits[row.id].facts)
        ]
        raise ConflictError(found)


def record(
    session: Session,
    event: JournalEvent,
    subject: Report | ReportedCourse | Question,
    actor: Actor,
    *,
    changes: Mapping[str, tuple[object, object]] | None = None,
    **details: object,
) -> None:
    report = subject if isinstance(subject, Report) else subject.report
    if actor.on_behalf is not None:
        details |= {"told_by": actor.on_behalf.told_by, "told_how": actor.on_behalf.how}
    journal.record(
        session, event, subject, actor=actor, scope=report.scope, changes=changes, **details
    )
