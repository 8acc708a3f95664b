"""What a coordinator changes in a report that lies with them, and what they do about objections."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from kursliste.domain.correction import CorrectionAction, check_correctable, check_reason
from kursliste.domain.course import OWN_FIELDS
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.infrastructure import clock, journal, mailbox
from kursliste.infrastructure.codes import load_words
from kursliste.infrastructure.journal import plain
from kursliste.masterdata.linking import follow_words
from kursliste.models.correction import Correction
from kursliste.models.report import ReportedCourse
from kursliste.reporting import editing, row_facts
from kursliste.reporting.editing import Changes, Edit
from kursliste.reporting.row_facts import Facts
from kursliste.review import mails, queries

_OWN: Final = frozenset(field.attribute for field in OWN_FIELDS)


def correct_course(  # noqa: PLR0913 -- what is changed, why, and where the mail leads
    session: Session,
    row: ReportedCourse,
    facts: Facts,
    *,
    reason: str,
    seen_version: int,
    actor: Actor,
    link: str,
) -> Sequence[Correction]:
    """Change facts of a course at once, and tell everybody who reports for its provider.

    The confirmation stays where it is: the provider confirmed what it told, not what others made
    of it. ``link`` is where the provider finds the report. Raises RuleViolationError while the
    report lies with its provider, where nothing changes, and where the row would contradict itself;
    ConflictError where the row changed since ``seen_version``.
    """
    require(actor, Permission.REPORT_REVIEW, row.report.scope)
    report, why = row.report, reason.strip()
    check_reason(why)
    editing.lock(session, report)
    check_correctable(report.status)
    typed = {name: value for name, value in facts.items() if name in _OWN}
    editing.rows_as_seen(session, report, {row.id: Edit(typed, seen_version)})
    before = row.facts()
    changing = row_facts.completed(before, typed)
    if not changing:
        raise RuleViolationError(Rule.NOTHING_CORRECTED)
    row_facts.check(session, {**before, **changing}, changing)
    changes = row.take(changing)
    if editing.TOLD_OF_HOUSE & changes.keys():
        follow_words(session, report.provider, [row], actor=actor, scope=report.scope)
    made = _corrections(row, changes, why, actor)
    session.add_all(made)
    session.flush()  # the page lists them by their keys
    session.expire(report, ["corrections"])
    # Whoever saw the report before decides about other values: their version is an old one.
    flag_modified(report, "is_nil")
    journal.record(
        session,
        JournalEvent.COURSE_CORRECTED,
        row,
        actor=actor,
        scope=report.scope,
        changes=changes,
        reason=why,
    )
    mail = mails.course_corrected(row, made, load_words(session), by=actor.name, link=link)
    for recipient in queries.recipients_of(session, report):
        mailbox.enqueue(session, to=recipient.email, subject=mail[0], body=mail[1])
    return made


def settle_objection(session: Session, correction: Correction, *, actor: Actor) -> None:
    """Mark an objection as dealt with; raise TransitionRefusedError where there is none."""
    require(actor, Permission.REPORT_REVIEW, correction.report.scope)
    session.flush()  # refresh() forgets what this transaction changed and did not write yet
    session.refresh(correction, ["status"], with_for_update=True)
    correction.move(CorrectionAction.SETTLE, by_id=actor.user_id, at=clock.now())
    journal.record(
        session,
        JournalEvent.CORRECTION_SETTLED,
        correction,
        actor=actor,
        scope=correction.report.scope,
        attribute=correction.attribute,
    )


def _corrections(
    row: ReportedCourse, changes: Changes, reason: str, actor: Actor
) -> list[Correction]:
    return [
        Correction(
            report_id=row.report_id,
            reported_course_id=row.id,
            attribute=attribute,
            old_value=plain(old),
            new_value=plain(new),
            reason=reason,
            made_at=clock.now(),
            made_by_id=actor.user_id,
        )
        for attribute, (old, new) in changes.items()
    ]
