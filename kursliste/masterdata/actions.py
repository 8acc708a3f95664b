"""Setting up what the months run on: districts, lists, rounds, providers, people."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month, round_dates
from kursliste.domain.district import check_slug
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Grant, Permission, Scope, require
from kursliste.domain.rhythm import is_over
from kursliste.domain.round import RoundStatus
from kursliste.domain.texts import checked_text
from kursliste.infrastructure import clock, journal
from kursliste.infrastructure.holidays_by_state import holidays_of
from kursliste.infrastructure.mailbox import checked_address
from kursliste.masterdata import queries
from kursliste.masterdata.district_changes import check_new_district
from kursliste.models.identity import Membership, User
from kursliste.models.masterdata import CourseList, District, Provider
from kursliste.models.report import Report, Round

NOWHERE = Scope()
FIRST_LIST = ("deutschkurse", "Deutsch- und Integrationskurse")
"""Slug and title of the list that a new district has."""


def add_district(session: Session, district: District, *, actor: Actor) -> District:
    """Add a district.

    Raises RuleViolationError if its AGS or slug is none or taken, for no name, and for a Land that
    is not the one of its AGS.
    """
    require(actor, Permission.DISTRICT_ADD, NOWHERE)
    check_new_district(session, district)
    session.add(district)
    session.flush()  # the journal needs its id
    journal.record(
        session, JournalEvent.DISTRICT_ADDED, district, actor=actor, scope=district.scope
    )
    return district


def set_up_district(session: Session, district: District, *, actor: Actor) -> District:
    """Add a district with the list that every district begins with; raises as :func:`add_district`.

    Its rounds open by themselves once somebody opened the first.
    """
    require(actor, Permission.DISTRICT_ADD, NOWHERE)
    added = add_district(session, district, actor=actor)
    first = CourseList(district_id=added.id, slug=FIRST_LIST[0], title=FIRST_LIST[1])
    add_course_list(session, first, actor=actor)
    return added


def add_course_list(session: Session, course_list: CourseList, *, actor: Actor) -> CourseList:
    """Add a standing list to a district.

    Raises RuleViolationError for a slug that is none or taken there, and for no title.
    """
    require(actor, Permission.COURSE_LIST_ADD, NOWHERE)
    check_slug(course_list.slug)
    checked_text(course_list.title, field="title", longest=150, missing=Rule.VALUE_MISSING)
    taken = select(CourseList.id).where(
        CourseList.district_id == course_list.district_id, CourseList.slug == course_list.slug
    )
    if session.scalar(taken) is not None:
        raise RuleViolationError(Rule.NAME_TAKEN, field="slug", name=course_list.slug)
    session.add(course_list)
    session.flush()  # the journal needs its id
    journal.record(
        session, JournalEvent.COURSE_LIST_ADDED, course_list, actor=actor, scope=course_list.scope
    )
    return course_list


def add_provider(
    session: Session, provider: Provider, *, district: District, actor: Actor
) -> Provider:
    """Add a provider to a district.

    A name that the district already has is refused with RuleViolationError; the same name in
    another district may be another house.
    """
    require(actor, Permission.PROVIDER_EDIT, district.scope)
    if any(known.name == provider.name for known in queries.active_providers(session, district)):
        raise RuleViolationError(Rule.NAME_TAKEN, field="name", name=provider.name)
    provider.created_at = clock.now()
    provider.districts = [district]
    session.add(provider)
    session.flush()  # the journal and open rounds need its id
    _ask_in_open_rounds(session, provider, district)
    scope = Scope(district_id=district.id, provider_id=provider.id)
    journal.record(
        session,
        JournalEvent.PROVIDER_ADDED,
        provider,
        actor=actor,
        scope=scope,
        name=provider.name,
    )
    return provider


def _ask_in_open_rounds(session: Session, provider: Provider, district: District) -> None:
    """A provider that joins while a month is being asked is asked too."""
    today = clock.today()
    query = select(Round).where(Round.district_id == district.id, Round.status == RoundStatus.OPEN)
    for found in session.scalars(query.order_by(Round.id)):
        if not is_over(found.month, today, found.open_until):
            session.add(Report(round_id=found.id, district_id=district.id, provider_id=provider.id))
    session.flush()  # callers look the new report up by a query


def add_user(
    session: Session,
    *,
    name: str,
    email: str,
    grants: Iterable[Grant],
    actor: Actor,
    demo_slug: str | None = None,
) -> User:
    """Add a person with their roles; raise RuleViolationError for a bad or taken address."""
    require(actor, Permission.USER_ADD, NOWHERE)
    address = checked_address(email)
    if queries.user_by_email(session, address) is not None:
        raise RuleViolationError(Rule.MAIL_ADDRESS_TAKEN, field="email", email=address)
    user = User(name=name, email=address, created_at=clock.now(), demo_slug=demo_slug)
    user.memberships = [
        Membership(role=g.role, district_id=g.district_id, provider_id=g.provider_id)
        for g in grants
    ]
    session.add(user)
    session.flush()  # the journal needs its id
    journal.record(
        session, JournalEvent.USER_ADDED, user, actor=actor, scope=Scope(user_id=user.id)
    )
    return user


def open_round(session: Session, course_list: CourseList, month: Month, *, actor: Actor) -> Round:
    """Open the round of a month: every active provider of the district is asked.

    Dates follow the list's rule and the holidays of the Land. The reports are empty until somebody
    starts them (SPEED.md, decision 5). Raises RuleViolationError if the round exists.
    """
    require(actor, Permission.ROUND_OPEN, course_list.scope)
    if queries.round_or_none(session, course_list, month) is not None:
        raise RuleViolationError(Rule.ROUND_EXISTS, field="month", month=month)
    district = course_list.district
    opens_on, due_on = round_dates(
        month,
        opens_day=course_list.opens_day,
        due_working_days=course_list.due_working_days,
        holidays=holidays_of(district.state, month.previous().year),
    )
    opened = Round(
        course_list_id=course_list.id,
        district_id=district.id,
        month=month,
        opens_on=opens_on,
        due_on=due_on,
    )
    session.add(opened)
    session.flush()  # reports and journal need its id
    session.add_all(
        Report(round_id=opened.id, district_id=district.id, provider_id=provider.id)
        for provider in queries.active_providers(session, district, held=True)
    )
    session.flush()  # callers look the reports up by a query
    journal.record(
        session,
        JournalEvent.ROUND_OPENED,
        opened,
        actor=actor,
        scope=opened.scope,
        month=month,
        due_on=due_on,
    )
    return opened
