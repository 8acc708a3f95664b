"""Setting up what the months run on: who may, what is refused, and what follows."""

from datetime import date

import pytest
from sqlalchemy import select

from kursliste.domain.calendar import Month
from kursliste.domain.errors import NotPermittedError, Rule, RuleViolationError
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.domain.report import ReportStatus
from kursliste.masterdata import actions
from kursliste.models import CourseList, District, JournalEntry, Provider, Report, Round, User
from tests.builders import (
    DECEMBER,
    a_coordinator,
    a_counsellor,
    a_district,
    a_list,
    a_provider,
    a_reporter,
    a_round,
    a_user,
)

SYSTEM = Actor.system()


def last_entries(session, count=1):
    query = select(JournalEntry).order_by(JournalEntry.id.desc()).limit(count)
    return [(str(e.event), e.subject_table, e.district_id, e.provider_id)
            for e in session.scalars(query)]  # fmt: skip


def a_new_district(**more):
    facts = {"ags": "14626", "slug": "goerlitz", "name": "Landkreis Görlitz", "state": "SN"}
    return District(**{**facts, **more})


def refused(rule, field, call, *arguments, **more):
    with pytest.raises(RuleViolationError) as caught:
        call(*arguments, **more)
    assert (caught.value.rule, caught.value.field) == (rule, field)


# ---- districts and lists


def test_a_district_is_added_with_its_entry(session):
    district = actions.add_district(session, a_new_district(), actor=SYSTEM)
    session.flush()
    assert session.scalars(select(District)).all() == [district]
    assert last_entries(session) == [("district:added", "district", district.id, None)]


@pytest.mark.parametrize(
    ("more", "field"), [({"slug": "anders"}, "ags"), ({"ags": "14627"}, "slug")]
)
def test_a_taken_ags_or_slug_is_refused(session, more, field):
    actions.add_district(session, a_new_district(), actor=SYSTEM)
    taken = a_new_district(**more)
    refused(Rule.NAME_TAKEN, field, actions.add_district, session, taken, actor=SYSTEM)


def test_a_list_is_added_and_its_slug_is_taken_in_its_district_only(session):
    here, there = a_district(session), a_district(session, "weimar")

    def add(district):
        new = CourseList(district_id=district.id, slug="deutschkurse", title="Deutschkurse")
        return actions.add_course_list(session, new, actor=SYSTEM)

    added = add(here)
    session.flush()
    assert last_entries(session) == [("course_list:added", "course_list", here.id, None)]
    assert add(there).slug == added.slug
    refused(Rule.NAME_TAKEN, "slug", add, here)


# ---- providers


def test_a_provider_joins_its_district_and_is_asked_in_rounds_that_still_run(session):
    district = a_district(session)
    course_list = a_list(session, district)
    a_round(session, course_list, Month(2026, 10))
    this = a_round(session, course_list, Month(2026, 11))
    following = a_round(session, course_list, DECEMBER)
    coordinator = a_coordinator(session, district).as_actor()
    new = Provider(name="Bildungswerk Neiße")
    added = actions.add_provider(session, new, district=district, actor=coordinator)
    session.flush()
    reports = session.scalars(select(Report).order_by(Report.id)).all()
    assert [(r.round_id, r.provider_id, r.status) for r in reports] == [
        (this.id, added.id, ReportStatus.OPEN),
        (following.id, added.id, ReportStatus.OPEN),
    ]
    assert added.districts == [district]
    assert last_entries(session) == [("provider:added", "provider", district.id, added.id)]


def test_a_providers_name_is_taken_in_its_district_only(session):
    here, there = a_district(session), a_district(session, "weimar")
    a_provider(session, here, name="VHS")

    def add(district):
        new = Provider(name="VHS")
        return actions.add_provider(session, new, district=district, actor=SYSTEM)

    assert add(there).name == "VHS"
    refused(Rule.NAME_TAKEN, "name", add, here)


# ---- people


def add_user(session, email, **more):
    facts = {"name": "Alex Beispiel", "grants": [], "actor": SYSTEM}
    return actions.add_user(session, email=email, **{**facts, **more})


def test_a_person_is_added_with_roles_and_an_address_in_small_letters(session):
    district = a_district(session)
    grants = [Grant(Role.COORDINATOR, district_id=district.id)]
    user = add_user(session, " Alex@Example.ORG ", grants=grants, demo_slug="koordination")
    session.flush()
    assert (user.email, user.demo_slug) == ("alex@example.org", "koordination")
    assert user.as_actor().grants == frozenset(grants)
    assert last_entries(session) == [("user:added", "app_user", None, None)]


def test_a_taken_address_is_refused_in_any_spelling(session):
    add_user(session, "alex@example.org")
    refused(Rule.MAIL_ADDRESS_TAKEN, "email", add_user, session, "ALEX@example.org")


@pytest.mark.parametrize("email", ["", "alex", "a@example.org, b@example.org"])
def test_what_is_no_address_is_refused(session, email):
    refused(Rule.VALUE_UNKNOWN, "email", add_user, session, email)
    assert session.scalars(select(User)).all() == []


# ---- rounds


def test_opening_a_round_asks_every_active_provider_of_the_district(session):
    district, elsewhere = a_district(session), a_district(session, "weimar")
    course_list = a_list(session, district)
    first = a_provider(session, district, name="Zweite")
    second = a_provider(session, district, elsewhere, name="Erste")
    a_provider(session, district, name="Geschlossen", is_active=False)
    a_provider(session, elsewhere, name="Woanders")
    coordinator = a_coordinator(session, district).as_actor()
    opened = actions.open_round(session, course_list, DECEMBER, actor=coordinator)
    session.flush()
    assert (opened.opens_on, opened.due_on) == (date(2026, 11, 20), date(2026, 11, 30))
    reports = session.scalars(select(Report)).all()
    assert {(r.provider_id, r.status, r.district_id) for r in reports} == {
        (first.id, ReportStatus.OPEN, district.id),
        (second.id, ReportStatus.OPEN, district.id),
    }
    assert last_entries(session) == [("round:opened", "round", district.id, None)]


@pytest.mark.parametrize(
    ("slug", "due_on"), [("goerlitz", date(2029, 10, 30)), ("berlin", date(2029, 10, 31))]
)
def test_a_deadline_knows_the_holidays_of_the_land(session, slug, due_on):
    """31 October is a holiday in Saxony and none in Berlin."""
    district = a_district(session, slug, state="SN" if slug == "goerlitz" else "BE")
    opened = actions.open_round(session, a_list(session, district), Month(2029, 11), actor=SYSTEM)
    assert opened.due_on == due_on


def test_a_list_decides_on_which_day_it_opens(session):
    course_list = a_list(session, a_district(session), opens_day=15)
    opened = actions.open_round(session, course_list, DECEMBER, actor=SYSTEM)
    assert opened.opens_on == date(2026, 11, 15)


def test_a_round_opens_once(session):
    course_list = a_list(session, a_district(session))
    actions.open_round(session, course_list, DECEMBER, actor=SYSTEM)
    refused(
        Rule.ROUND_EXISTS, "month", actions.open_round, session, course_list, DECEMBER,
        actor=SYSTEM,
    )  # fmt: skip
    assert len(session.scalars(select(Round)).all()) == 1


# ---- who may


def test_only_an_administrator_adds_districts_lists_and_people(session):
    district = a_district(session)
    actor = a_coordinator(session, district).as_actor()
    calls = [
        lambda: actions.add_district(session, a_new_district(ags="1", slug="x"), actor=actor),
        lambda: actions.add_course_list(
            session, CourseList(district_id=district.id, slug="x", title="x"), actor=actor
        ),
        lambda: add_user(session, "neu@example.org", actor=actor),
    ]
    for call in calls:
        with pytest.raises(NotPermittedError):
            call()


def test_only_the_districts_coordinator_adds_providers_and_opens_rounds(session):
    district, elsewhere = a_district(session), a_district(session, "weimar")
    course_list = a_list(session, district)
    strangers = [
        a_coordinator(session, elsewhere),
        a_counsellor(session, district),
        a_reporter(session, a_provider(session, district)),
        a_user(session),
    ]
    for stranger in strangers:
        actor = stranger.as_actor()
        with pytest.raises(NotPermittedError):
            actions.open_round(session, course_list, DECEMBER, actor=actor)
        with pytest.raises(NotPermittedError):
            actions.add_provider(session, Provider(name="Neu"), district=district, actor=actor)
    assert session.scalars(select(Round)).all() == []
