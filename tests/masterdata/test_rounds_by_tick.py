"""Rounds that run by themselves: which lists, on which day, once, whoever comes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from kursliste.domain.calendar import Month
from kursliste.domain.errors import NotPermittedError
from kursliste.domain.permissions import Actor
from kursliste.domain.report import ReportOrigin, ReportStatus
from kursliste.domain.round import Rhythm, RoundStatus
from kursliste.infrastructure.database import transaction
from kursliste.masterdata import actions, rounds
from kursliste.models import Edition, JournalEntry, Report, Round
from tests.builders import a_coordinator, a_district, a_list, a_provider, a_report, a_round

SYSTEM = Actor.system()
NOVEMBER = Month(2026, 11)


@pytest.fixture
def district(session):
    return a_district(session)


@pytest.fixture
def course_list(session, district):
    return a_list(session, district)


def berlin_noon(year, month, day):
    return datetime(year, month, day, 11, tzinfo=UTC)


def months(session):
    return [str(found.month) for found in session.scalars(select(Round).order_by(Round.id))]


def open_all(session):
    return [
        opened and str(opened.month)
        for opened in (
            rounds.open_due_round(session, key, actor=SYSTEM) for key in rounds.due_lists(session)
        )
    ]


def test_the_next_month_opens_on_its_day_and_asks_everybody(
    session, district, course_list, frozen_clock
):
    provider = a_provider(session, district)
    a_round(session, course_list, NOVEMBER)
    frozen_clock.move_to(berlin_noon(2026, 11, 19))
    assert open_all(session) == []
    frozen_clock.move_to(datetime(2026, 11, 19, 23, 0, tzinfo=UTC))  # midnight in Berlin
    assert open_all(session) == ["2026-12"]
    assert open_all(session) == []
    opened = session.scalars(select(Round).where(Round.month == Month(2026, 12))).one()
    assert (opened.opens_on, opened.due_on) == (date(2026, 11, 20), date(2026, 11, 30))
    asked = session.scalars(select(Report).where(Report.round_id == opened.id)).one()
    assert (asked.provider_id, asked.status) == (provider.id, ReportStatus.OPEN)
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert (str(entry.event), entry.actor_name) == ("round:opened", "System")


def test_reformationstag_moves_the_deadline_in_sachsen(session, course_list, frozen_clock):
    """The last day of October 2028 is a holiday in Sachsen: the Monday before is the deadline."""
    a_round(session, course_list, Month(2028, 10))
    frozen_clock.move_to(berlin_noon(2028, 10, 20))
    opened = rounds.open_due_round(session, course_list.id, actor=SYSTEM)
    assert opened is not None
    assert (opened.month, opened.due_on) == (Month(2028, 11), date(2028, 10, 30))


def test_the_year_turns(session, course_list, frozen_clock):
    a_round(session, course_list, Month(2026, 12))
    frozen_clock.move_to(berlin_noon(2026, 12, 20))
    assert open_all(session) == ["2027-01"]
    frozen_clock.move_to(berlin_noon(2027, 1, 20))
    assert open_all(session) == ["2027-02"]


def test_after_an_outage_only_the_newest_month_is_asked(session, course_list, frozen_clock):
    a_round(session, course_list, NOVEMBER)
    frozen_clock.move_to(berlin_noon(2027, 3, 25))
    assert open_all(session) == ["2027-04"]
    assert months(session) == ["2026-11", "2027-04"]


def test_a_quarterly_list_waits_for_its_quarter(session, district, frozen_clock):
    quarterly = a_list(session, district, slug="beratung", rhythm=Rhythm.QUARTERLY)
    a_round(session, quarterly, NOVEMBER)
    assert open_all(session) == []
    frozen_clock.move_to(berlin_noon(2027, 1, 20))
    assert open_all(session) == ["2027-02"]


# ---- a district that only tries


def test_a_list_without_a_round_asks_nobody(session, course_list):
    assert rounds.due_lists(session) == []
    assert rounds.open_due_round(session, course_list.id, actor=SYSTEM) is None


def test_a_list_that_only_holds_an_excel_list_asks_nobody(
    session, district, course_list, frozen_clock
):
    provider = a_provider(session, district)
    brought = a_round(session, course_list, NOVEMBER)
    a_report(session, brought, provider, origin=ReportOrigin.TAKEN_OVER)
    frozen_clock.move_to(berlin_noon(2027, 1, 25))
    assert open_all(session) == []
    session.add(an_edition(course_list, district))
    session.flush()
    assert open_all(session) == ["2027-02"]


def test_a_round_opened_by_hand_starts_the_rhythm_with_the_next_opening_day(
    session, course_list, frozen_clock
):
    """Asked for November on the 24th: December, due on the 20th already, is opened by hand."""
    actions.open_round(session, course_list, NOVEMBER, actor=SYSTEM)
    session.flush()
    assert open_all(session) == []
    frozen_clock.move_to(berlin_noon(2026, 12, 20))
    assert open_all(session) == ["2027-01"]


def an_edition(course_list, district):
    return Edition(
        course_list_id=course_list.id,
        district_id=district.id,
        month=NOVEMBER,
        number=1,
        published_at=berlin_noon(2026, 11, 24),
        responsible="Koordination",
        district_ags=district.ags,
        district_slug=district.slug,
        district_name=district.name,
        list_slug=course_list.slug,
        list_title=course_list.title,
        publisher="",
        silent_providers=[],
        providers=[],
        changes=[],
        words={},
        rows_sha256="0" * 64,
    )


# ---- closing


def test_a_round_closes_when_its_month_is_over(session, course_list, frozen_clock):
    opened = a_round(session, course_list)
    frozen_clock.move_to(datetime(2026, 12, 31, 22, 59, tzinfo=UTC))
    assert rounds.over_rounds(session) == []
    frozen_clock.forward(minutes=1)
    assert rounds.over_rounds(session) == [opened.id]
    assert rounds.close_round(session, opened.id, actor=SYSTEM)
    assert not rounds.close_round(session, opened.id, actor=SYSTEM)
    session.flush()
    assert opened.status is RoundStatus.CLOSED
    assert rounds.over_rounds(session) == []
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert (str(entry.event), entry.details) == ("round:closed", {"month": "2026-12"})


def test_strangers_neither_open_nor_close(session, course_list, frozen_clock):
    a_round(session, course_list, NOVEMBER)
    stranger = a_coordinator(session, a_district(session, "weimar")).as_actor()
    with pytest.raises(NotPermittedError):
        rounds.open_due_round(session, course_list.id, actor=stranger)
    with pytest.raises(NotPermittedError):
        rounds.close_round(session, 1, actor=stranger)


# ---- two servers at once


def test_eight_servers_open_and_close_each_round_once(
    database, session, district, course_list, frozen_clock
):
    a_provider(session, district)
    old = a_round(session, course_list, NOVEMBER)
    frozen_clock.move_to(berlin_noon(2026, 12, 20))
    with transaction(session):
        pass

    def server(_number):
        with database.session() as own, transaction(own):
            opened = rounds.open_due_round(own, course_list.id, actor=SYSTEM)
        with database.session() as own, transaction(own):
            closed = rounds.close_round(own, old.id, actor=SYSTEM)
        return opened is not None, closed

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(server, range(8)))
    assert (sum(o for o, _ in results), sum(c for _, c in results)) == (1, 1)
    assert months(session) == ["2026-11", "2027-01"]
    told = select(JournalEntry.event).where(JournalEntry.subject_table == "round")
    assert sorted(session.scalars(told)) == ["round:closed", "round:opened"]
