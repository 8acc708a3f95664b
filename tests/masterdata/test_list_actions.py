"""Changing the rules of a list: whole, once, by those who coordinate it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from kursliste.domain.errors import ConflictError, NotPermittedError, Rule, RuleViolationError
from kursliste.domain.licence import Licence
from kursliste.domain.round import Rhythm, UnconfirmedRule
from kursliste.domain.schedule import ListSetup
from kursliste.masterdata.list_actions import configure_list
from kursliste.masterdata.list_page import setup_of
from kursliste.models import JournalEntry
from tests.builders import a_coordinator, a_counsellor, a_district, a_list, a_provider, a_reporter

CHOSEN = ListSetup(
    rhythm=Rhythm.QUARTERLY,
    opens_day=10,
    due_working_days=2,
    unconfirmed_rule=UnconfirmedRule.LEAVE_OUT,
    licence=Licence.CC_BY,
    reminds=False,
    friendly_days=7,
    overdue_working_days=2,
    second_contact_working_days=5,
    calls_working_days=8,
)


@pytest.fixture
def course_list(session):
    return a_list(session, a_district(session))


@pytest.fixture
def coordinator(session, course_list):
    return a_coordinator(session, course_list.district).as_actor()


def entries(session):
    session.flush()
    told = select(JournalEntry).where(JournalEntry.subject_table == "course_list")
    return session.scalars(told.order_by(JournalEntry.id)).all()


def test_everything_can_be_chosen(session, course_list, coordinator):
    assert setup_of(course_list) == ListSetup()
    assert configure_list(session, course_list, CHOSEN, seen_version=1, actor=coordinator)
    session.flush()
    session.refresh(course_list)
    assert (setup_of(course_list), course_list.version) == (CHOSEN, 2)
    assert course_list.times == CHOSEN.times
    (entry,) = entries(session)
    assert (str(entry.event), entry.subject_id) == ("course_list:configured", str(course_list.id))
    assert entry.changes["opens_day"] == [20, 10]
    assert entry.changes["rhythm"] == ["monthly", "quarterly"]
    assert set(entry.changes) == set(CHOSEN.__dataclass_fields__)


def test_the_same_again_changes_nothing(session, course_list, coordinator):
    assert not configure_list(session, course_list, ListSetup(), seen_version=0, actor=coordinator)
    assert entries(session) == []


def test_steps_out_of_order_are_refused_whole(session, course_list, coordinator):
    wrong = replace(CHOSEN, second_contact_working_days=2)
    with pytest.raises(RuleViolationError) as caught:
        configure_list(session, course_list, wrong, seen_version=1, actor=coordinator)
    assert caught.value.rule is Rule.STEPS_OUT_OF_ORDER
    assert (setup_of(course_list), entries(session)) == (ListSetup(), [])


def test_what_somebody_else_changed_is_shown_beside_ones_own(session, course_list, coordinator):
    configure_list(session, course_list, CHOSEN, seen_version=1, actor=coordinator)
    session.flush()
    mine = replace(
        CHOSEN,
        opens_day=15,
        rhythm=Rhythm.MONTHLY,
        unconfirmed_rule=UnconfirmedRule.PRINT,
        licence=Licence.NONE,
    )
    with pytest.raises(ConflictError) as caught:
        configure_list(session, course_list, mine, seen_version=1, actor=coordinator)
    assert caught.value.differences == (
        ("Rhythmus", "monatlich", "vierteljährlich"),
        ("Öffnet am (Tag des Vormonats)", "15", "10"),
        ("Kurse, die niemand bestätigt hat", "als „nicht bestätigt“ drucken", "weglassen"),
        (
            "Lizenz der Daten",
            "keine Angabe",
            "Creative Commons Namensnennung 4.0 International (CC BY 4.0)",
        ),
    )
    assert len(entries(session)) == 1


def test_only_coordinators_of_the_district_configure(session, course_list):
    house = a_provider(session, course_list.district)
    strangers = (
        a_reporter(session, house),
        a_counsellor(session, course_list.district),
        a_coordinator(session, a_district(session, "weimar")),
    )
    for stranger in strangers:
        with pytest.raises(NotPermittedError):
            configure_list(session, course_list, CHOSEN, seen_version=1, actor=stranger.as_actor())
