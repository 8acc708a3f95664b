"""Giving courses to another provider from a month on; what was reported before stays."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kursliste.domain.errors import ConflictError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.merging import Giving
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.infrastructure import journal, mailbox
from kursliste.masterdata import moving
from kursliste.masterdata.house_queries import members_of
from kursliste.models.report import Report, ReportedCourse
from kursliste.reporting.actions import start_report
from kursliste.review import mails
from kursliste.review.giving import GivenMonth, GivingPlan, giving_plan
from kursliste.review.merging import open_reports


def give_courses(
    session: Session, seen: GivingPlan, *, seal: str, link: str, actor: Actor
) -> GivingPlan:
    """Let the courses of a plan belong to another provider; return what was done.

    ``seal`` is that of the plan that the person saw, ``link`` the address of the provider's
    reports for the mails. Raises RuleViolationError where one of the two sent a report for the
    month or a later one, ConflictError where anything moved since it was looked at.
    """
    require(actor, Permission.COURSES_HAND_OVER, seen.district.scope)
    giver, receiver = seen.giver, seen.receiver
    held = {one.id for one in open_reports(session, giver, receiver, held=True)}
    moving.lock_providers(session, giver, receiver)
    if {one.id for one in open_reports(session, giver, receiver)} != held:
        raise ConflictError
    if not (giver.is_active and receiver.is_active):
        raise ConflictError
    keys = [one.course_id for one in seen.courses]
    plan = giving_plan(session, seen.district, giver, receiver, keys=keys, month=seen.month)
    if plan.blocked:
        raise RuleViolationError(Rule.GIVING_BLOCKED, month=plan.blocked[0].round.month)
    if plan.seal != seal:
        raise ConflictError
    moving.hand_over_courses(session, giver, receiver, keys, month=plan.month, actor=actor)
    for one in plan.months:
        if one.giving in {Giving.MOVES, Giving.BEGINS}:
            _move_rows(session, plan, one, actor)
    _record(session, plan, actor)
    _tell(session, plan, link=link, actor=actor)
    session.flush()  # forgotten below, and written before
    session.expire_all()  # moved by statements: whoever looks on reads anew
    return plan


def _move_rows(session: Session, plan: GivingPlan, one: GivenMonth, actor: Actor) -> None:
    """Put the giver's rows into the receiver's report, in place of what that begins with."""
    keys = [course.course_id for course in plan.courses]
    receiver = one.receiver
    if receiver is None:
        receiver = Report(
            round_id=one.round.id, district_id=one.round.district_id, provider_id=plan.receiver.id
        )
        session.add(receiver)
        session.flush()  # rows need its key
    if one.giving is Giving.BEGINS:
        start_report(session, receiver, actor=actor)
        again = delete(ReportedCourse).where(
            ReportedCourse.report_id == receiver.id, ReportedCourse.course_id.in_(keys)
        )
        session.execute(again.execution_options(synchronize_session=False))
    if one.giver is not None:
        moving.put_rows(session, one.giver, receiver, keys)
    receiver.is_nil = False


def _record(session: Session, plan: GivingPlan, actor: Actor) -> None:
    for one, other, event in (
        (plan.giver, plan.receiver, JournalEvent.COURSES_HANDED_OVER),
        (plan.receiver, plan.giver, JournalEvent.COURSES_RECEIVED),
    ):
        journal.record(
            session,
            event,
            one,
            actor=actor,
            scope=Scope(district_id=plan.district.id, provider_id=one.id),
            provider=other.name,
            courses=len(plan.courses),
            keys=[course.course_id for course in plan.courses],
            month=plan.month,
        )


def _tell(session: Session, plan: GivingPlan, *, link: str, actor: Actor) -> None:
    for house in (plan.giver, plan.receiver):
        for person in members_of(session, house):
            subject, body = mails.courses_given(plan, person, by=actor.name, link=link)
            mailbox.enqueue(session, to=person.email, subject=subject, body=body)
