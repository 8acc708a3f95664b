"""Making one provider out of two: everything moves at once, or nothing does."""

from sqlalchemy.orm import Session

from kursliste.domain.errors import ConflictError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.merging import Meeting
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.infrastructure import journal, mailbox
from kursliste.masterdata import moving
from kursliste.masterdata.house_queries import members_of, scope_of
from kursliste.models.identity import User
from kursliste.models.masterdata import Provider
from kursliste.review import mails
from kursliste.review.merging import MergePlan, Pair, merge_plan, open_reports


def merge_providers(
    session: Session,
    old: Provider,
    survivor: Provider,
    *,
    seal: str,
    link: str,
    actor: Actor,
) -> MergePlan:
    """Let ``old`` become a part of ``survivor`` and close it; return what was done.

    ``seal`` is that of the plan that the person saw, ``link`` the address of the provider's
    reports for the mails. Editions and reports of closed rounds stay as they are. Raises
    NotPermittedError unless the actor may do it in every district of both, RuleViolationError
    where something stands in the way, ConflictError where anything moved since it was looked at.
    """
    require(actor, Permission.PROVIDER_MERGE, scope_of(old, actor))
    _hold(session, old, survivor)
    for one in (*old.districts, *survivor.districts):
        require(actor, Permission.PROVIDER_MERGE, Scope(district_id=one.id))
    plan = merge_plan(session, actor, old, survivor)
    if plan.obstacles:
        raise RuleViolationError(Rule.MERGE_BLOCKED, obstacles=[str(one) for one in plan.obstacles])
    if plan.seal != seal:
        raise ConflictError
    people = [*members_of(session, old), *plan.others]
    _move(session, plan, actor)
    _record(session, plan, actor)
    for person in {person.id: person for person in people}.values():
        subject, body = mails.merged(person, old, survivor, by=actor.name, link=link)
        mailbox.enqueue(session, to=person.email, subject=subject, body=body)
    session.flush()  # forgotten below, and written before
    session.expire_all()  # moved by statements: whoever looks on reads anew
    return plan


def _hold(session: Session, old: Provider, survivor: Provider) -> None:
    """Hold the open reports of both, then both houses: in the order of all who write there.

    A report that came in between was not held, and so nothing is done.
    """
    held = {report.id for report in open_reports(session, old, survivor, held=True)}
    moving.lock_providers(session, old, survivor)
    session.expire(old, ["districts"])
    session.expire(survivor, ["districts"])
    if {report.id for report in open_reports(session, old, survivor)} != held:
        raise ConflictError


def _move(session: Session, plan: MergePlan, actor: Actor) -> None:
    old, survivor = plan.old, plan.survivor
    moving.move_districts(session, old, survivor)
    for pair in plan.pairs:
        _move_report(session, pair, survivor)
    moving.hand_over_courses(session, old, survivor, plan.courses, month=plan.month, actor=actor)
    moving.own_all_courses(session, old, survivor)
    moving.move_house(session, old, survivor)
    moved = moving.move_people(session, old, survivor)
    moving.move_names(session, old, survivor)
    moving.move_inside(session, old, survivor)
    moving.close(session, old, survivor)
    for person in plan.people:
        if person.id in moved:
            _record_access(session, person, survivor, actor)


def _move_report(session: Session, pair: Pair, survivor: Provider) -> None:
    if pair.meeting is Meeting.STAYS:
        return
    if pair.survivor is None:
        pair.old.provider_id = survivor.id
    elif pair.meeting in {Meeting.DROPPED, Meeting.JOINED}:
        moving.put_into(session, pair.old, pair.survivor)
    else:
        moving.put_into(session, pair.survivor, pair.old)
        pair.old.provider_id = survivor.id
    session.flush()  # one report for each provider and round: the old one leaves its place first


def _record(session: Session, plan: MergePlan, actor: Actor) -> None:
    """Tell the journal of every district that either of them works in."""
    for one, other, event in (
        (plan.old, plan.survivor, JournalEvent.PROVIDER_MERGED),
        (plan.survivor, plan.old, JournalEvent.PROVIDER_JOINED),
    ):
        session.expire(one, ["districts"])
        for district in one.districts:
            journal.record(
                session,
                event,
                one,
                actor=actor,
                scope=Scope(district_id=district.id, provider_id=one.id),
                provider=other.name,
                courses=len(plan.courses),
                reports=sum(
                    pair.meeting not in {Meeting.DROPPED, Meeting.STAYS} for pair in plan.pairs
                ),
                venues=len(plan.venues),
                contacts=len(plan.contacts),
                people=len(plan.people),
                month=plan.month,
            )


def _record_access(session: Session, person: User, survivor: Provider, actor: Actor) -> None:
    scope = Scope(district_id=survivor.districts[0].id, provider_id=survivor.id)
    event = JournalEvent.MEMBERSHIP_ADDED
    journal.record(session, event, person, actor=actor, scope=scope, provider=survivor.name)
