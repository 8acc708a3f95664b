"""The journal: what, who, when, whose, and in the same transaction as the fact."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from sqlalchemy import select

from kursliste.domain.course import CourseStatus
from kursliste.domain.events import INTERNAL_EVENTS, JournalEvent
from kursliste.domain.permissions import Actor, Scope
from kursliste.infrastructure import journal
from kursliste.infrastructure.database import transaction
from kursliste.models import JournalEntry
from tests import builders

SYSTEM = Actor.system()


def newest(session):
    return session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()


@pytest.mark.asvs("16.2.1")
def test_an_entry_says_what_who_when_and_whose(session, frozen_clock):
    district = builders.a_district(session)
    provider = builders.a_provider(session, district)
    person = builders.a_reporter(session, provider, name="Rita Meldung")
    with transaction(session):
        journal.record(
            session,
            JournalEvent.COURSE_CHANGED,
            provider,
            actor=person.as_actor(),
            scope=Scope(district_id=district.id, provider_id=provider.id),
            changes={"seats_free": (3, None), "starts_on": (None, date(2027, 1, 11))},
            title="Deutsch A1",
        )
    session.expire_all()
    entry = newest(session)
    assert (entry.at, entry.event) == (frozen_clock.now(), JournalEvent.COURSE_CHANGED)
    assert (entry.actor_id, entry.actor_name) == (person.id, "Rita Meldung")
    assert (entry.subject_table, entry.subject_id) == ("provider", str(provider.id))
    assert (entry.district_id, entry.provider_id) == (district.id, provider.id)
    assert entry.is_internal is False
    assert entry.changes == {"seats_free": [3, None], "starts_on": [None, "2027-01-11"]}
    assert entry.details == {"title": "Deutsch A1"}


@pytest.mark.parametrize("kind", JournalEvent)
def test_the_event_decides_what_a_provider_may_see(session, kind):
    district = builders.a_district(session)
    journal.record(session, kind, district, actor=SYSTEM, scope=Scope())
    session.flush()
    assert newest(session).is_internal is (kind in INTERNAL_EVENTS)


@pytest.mark.asvs("2.3.3")
def test_without_the_fact_there_is_no_entry(session):
    before = session.query(JournalEntry).count()
    with pytest.raises(ZeroDivisionError), transaction(session):
        district = builders.a_district(session)
        journal.record(session, JournalEvent.DISTRICT_ADDED, district, actor=SYSTEM, scope=Scope())
        raise ZeroDivisionError
    assert session.query(JournalEntry).count() == before


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (1.5, 1.5),
        ("Görlitz", "Görlitz"),
        (Decimal("229.00"), "229.00"),
        (date(2026, 12, 1), "2026-12-01"),
        (datetime(2026, 12, 1, 8, 30, tzinfo=UTC), "2026-12-01T08:30:00+00:00"),
        (time(8, 30), "08:30:00"),
        (CourseStatus.OPEN, str(CourseStatus.OPEN)),
        (("Mo", date(2026, 12, 1)), ["Mo", "2026-12-01"]),
        ({"a": {1: Decimal(2)}}, {"a": {"1": "2"}}),
        (builders.DECEMBER, "2026-12"),
        (Scope(user_id=1), "Scope(district_id=None, provider_id=None, user_id=1, report_id=None)"),
    ],
)
def test_values_are_kept_as_json_can_hold_them(value, kept):
    assert journal.plain(value) == kept


@pytest.mark.asvs("16.4.2")
def test_there_is_no_way_to_change_or_delete_an_entry():
    made_here = [
        name
        for name, found in vars(journal).items()
        if callable(found) and getattr(found, "__module__", "") == journal.__name__
    ]
    assert sorted(made_here) == ["Subject", "plain", "record"]
