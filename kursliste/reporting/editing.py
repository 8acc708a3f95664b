"""Changing rows of a report: what all verbs of this station share below the permission."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import insert, select, tuple_, update
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from kursliste.domain.course import ConfirmedHow, CourseStatus
from kursliste.domain.errors import ConflictError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.house import PERSON_FACTS, PLACE_FACTS
from kursliste.domain.permissions import Actor
from kursliste.domain.report import EDITABLE
from kursliste.domain.round import RoundStatus
from kursliste.infrastructure import clock, journal
from kursliste.infrastructure.codes import load_codes
from kursliste.masterdata.linking import follow_words
from kursliste.models.correction import Correction
from kursliste.models.interim import InterimUpdate
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
    """Read the state again and hold it: a decision meanwhile must not be written over.

    Raises ConflictError where the report went to another provider meanwhile, or into its report.
    """
    session.flush()  # refresh() forgets what this transaction changed and did not write yet
    told_by = report.provider_id
    try:
        session.refresh(report, ["status", "version", "provider_id"], with_for_update=True)
    except InvalidRequestError:  # providers were merged, and this report had nothing in it
        raise ConflictError from None
    if report.provider_id != told_by:
        raise ConflictError


def editable(session: Session, report: Report) -> None:
    lock(session, report)
    check_editable(report)


def check_editable(report: Report) -> None:
    """Raise RuleViolationError unless the provider may change the rows of a report now."""
    check_round_open(report)
    if report.status not in EDITABLE:
        raise RuleViolationError(Rule.REPORT_NOT_EDITABLE)


def check_round_open(report: Report) -> None:
    """Raise RuleViolationError once the round is closed: its coordinator may open it again."""
    if report.round.status is RoundStatus.CLOSED:
        raise RuleViolationError(Rule.ROUND_NOT_OPEN, month=report.round.month)


def confirm_row(row: ReportedCourse, actor: Actor, how: ConfirmedHow = ConfirmedHow.WEB) -> None:
    """Confirm a row; with a provider's word it is their person, on the day of their word."""
    for name, value in _confirmation(actor, how).items():
        setattr(row, name, value)


def _confirmation(actor: Actor, how: ConfirmedHow) -> dict[str, object]:
    word = actor.on_behalf
    return {
        "confirmed_on": word.told_on if word else clock.today(),
        "confirmed_by": word.told_by if word else actor.name,
        "confirmed_how": word.how if word and how is ConfirmedHow.WEB else how,
    }


def confirm_rest_of(session: Session, report: Report, actor: Actor) -> list[ReportedCourse]:
    rows = [
        row
        for row in report.courses
        if row.status is not CourseStatus.ENDED
        and not row.is_confirmed_since(report.round.opens_on)
    ]
    if rows:
        _confirm_at_once(session, rows, _confirmation(actor, ConfirmedHow.WEB))
    return rows


def _confirm_at_once(
    session: Session, rows: Collection[ReportedCourse], confirmation: Mapping[str, object]
) -> None:
    """Write one confirmation into many rows by one statement; rows with a version take one each.

    Raises StaleDataError like those where a row is not as the person saw it.
    """
    session.flush()  # what this transaction changed in the rows before belongs to their versions
    seen = [(row.id, row.version) for row in rows]
    done = session.scalars(
        update(ReportedCourse)
        .where(tuple_(ReportedCourse.id, ReportedCourse.version).in_(seen))
        .values({**confirmation, "version": ReportedCourse.version + 1})
        .returning(ReportedCourse.id)
        .execution_options(synchronize_session=False)
    )
    if len(done.all()) != len(seen):
        msg = "a row changed before it was confirmed"
        raise StaleDataError(msg)
    for row in rows:
        for name, value in confirmation.items():
            set_committed_value(row, name, value)
        set_committed_value(row, "version", row.version + 1)


def add_copies(session: Session, report: Report, copies: Collection[ReportedCourse]) -> None:
    """Write new rows of a report by one statement; SQLite would take one for each object.

    ``copies`` are mere values and join no session; ``report.courses`` is read anew when asked for.
    """
    if copies:
        own = {"id", "report_id", "version"}
        names = [c.key for c in ReportedCourse.__mapper__.column_attrs if c.key not in own]
        values = [{name: vars(copy).get(name) for name in names} for copy in copies]
        # Nulls are written like values: rows with other gaps would make other statements.
        session.execute(
            insert(ReportedCourse).values(report_id=report.id),
            values,
            execution_options={"render_nulls": True},
        )
    session.expire(report, ["courses"])


def supersede_updates(session: Session, report: Report) -> None:
    """Mark what was told about the confirmed courses so far: from now on the report knows better.

    One statement for all rows. Days alone cannot say which was first on the same day.
    """
    since = report.round.opens_on
    keys = [row.course_id for row in report.courses if row.is_confirmed_since(since)]
    session.execute(
        update(InterimUpdate)
        .where(InterimUpdate.course_id.in_(keys), InterimUpdate.superseded_at.is_(None))
        .values(superseded_at=clock.now())
    )


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
    subject: Report | ReportedCourse | Question | Correction,
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
