"""Reminders: to whom, when, once, and never after the report arrived."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kursliste.domain.calendar import Month
from kursliste.domain.errors import NotPermittedError
from kursliste.domain.permissions import Actor, Role, Scope
from kursliste.domain.question import QuestionAction
from kursliste.domain.reminders import ReminderStep
from kursliste.domain.report import ReportAction, ReportOrigin, ReportStatus
from kursliste.domain.round import RoundAction
from kursliste.infrastructure import clock
from kursliste.infrastructure.clock import BERLIN
from kursliste.infrastructure.database import transaction
from kursliste.models import JournalEntry, MailStatus, Membership, OutgoingMail, Question, Reminder
from kursliste.reporting import reminding
from kursliste.reporting.reminder_mails import Item, Letter
from tests import builders

SYSTEM = Actor.system()


def link(report_id):
    return f"https://kurse.example/meldungen/{report_id}"


def at(day, hour=9, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN)


def letters(session):
    session.flush()
    return reminding.due_letters(session, actor=SYSTEM)


def run(session):
    """Queue all that is due and return (address, steps) of each mail."""
    queued = []
    for letter in letters(session):
        if reminding.queue_letter(session, letter, actor=SYSTEM, link=link):
            session.flush()
            queued.append((letter.address, [str(item.step) for item in letter.news]))
    return queued


def live(session, frozen_clock, first, last, hour=9):
    """Tick at ``hour`` of each day and return {day: mails} for the days with mails."""
    told = {}
    day = first
    while day <= last:
        frozen_clock.move_to(at(day, hour))
        if queued := run(session):
            told[day.isoformat()] = queued
        day += timedelta(days=1)
    return told


@pytest.fixture
def report(scene):
    return scene.report(ReportStatus.OPEN)


def test_a_silent_provider_climbs_the_ladder(session, scene, report, frozen_clock):
    """Overdue would be the 1st; two days lie between two mails. The house hears on the 3rd."""
    told = live(session, frozen_clock, date(2026, 11, 16), date(2026, 12, 31))
    assert told == {
        "2026-11-20": [("rita@example.org", ["opening"])],
        "2026-11-25": [("rita@example.org", ["friendly"])],
        "2026-11-30": [("rita@example.org", ["last_day"])],
        "2026-12-02": [("rita@example.org", ["overdue"])],
        "2026-12-03": [("meldung@example.org", ["second_contact"])],
    }
    kept = session.scalars(select(Reminder).order_by(Reminder.id)).all()
    assert [(r.step, r.report_id, r.mail.to_address) for r in kept][-1] == (
        ReminderStep.SECOND_CONTACT, report.id, "meldung@example.org")  # fmt: skip
    assert kept[0].report is report
    entries = session.scalars(
        select(JournalEntry).where(JournalEntry.subject_table == "report").order_by(JournalEntry.id)
    ).all()
    assert [(str(e.event), e.details, e.is_internal) for e in entries[:1]] == [
        ("reminder:queued", {"step": "opening"}, True)
    ]


@pytest.mark.parametrize("status", [ReportStatus.SUBMITTED, ReportStatus.APPROVED])
def test_who_has_sent_hears_nothing(session, scene, frozen_clock, status):
    scene.report(status)
    assert live(session, frozen_clock, date(2026, 11, 16), date(2026, 12, 31)) == {}


def test_a_draft_is_missing_too(session, scene, frozen_clock):
    scene.report(ReportStatus.DRAFT)
    frozen_clock.move_to(at(date(2026, 11, 30)))
    assert run(session) == [("rita@example.org", ["last_day"])]


def test_a_late_tick_sends_the_latest_step_only(session, report, frozen_clock):
    frozen_clock.move_to(at(date(2026, 12, 7)))
    assert run(session) == [("rita@example.org", ["overdue"])]
    assert run(session) == []
    frozen_clock.move_to(at(date(2026, 12, 9)))
    assert run(session) == [("meldung@example.org", ["second_contact"])]


def test_a_clock_that_goes_back_sends_nothing_again(session, report, frozen_clock):
    frozen_clock.move_to(at(date(2026, 12, 1)))
    assert run(session) == [("rita@example.org", ["overdue"])]
    frozen_clock.move_to(at(date(2026, 11, 25)))
    assert run(session) == []


@pytest.mark.parametrize(
    ("day", "hour", "minute", "count"),
    [
        (date(2026, 11, 24), 6, 59, 0),
        (date(2026, 11, 24), 7, 0, 1),
        (date(2026, 11, 24), 17, 59, 1),
        (date(2026, 11, 24), 18, 0, 0),
        (date(2026, 11, 21), 9, 0, 0),  # Saturday
        (date(2026, 11, 22), 9, 0, 0),  # Sunday
    ],
)
def test_mails_go_on_working_days_between_seven_and_six(
    session, report, frozen_clock, day, hour, minute, count
):
    frozen_clock.move_to(at(day, hour, minute))
    assert len(letters(session)) == count


@pytest.mark.parametrize(("utc_hour", "count"), [(5, 0), (6, 1), (16, 1), (17, 0)])
def test_after_the_change_to_winter_time_the_hours_are_those_of_berlin(
    session, scene, frozen_clock, utc_hour, count
):
    """The clocks went back on Sunday, 25.10.2026; on Monday 7 h in Berlin is 6 h in UTC."""
    opened = builders.a_round(session, scene.course_list, Month(2026, 11))
    builders.a_report(session, opened, scene.provider, ReportStatus.OPEN)
    frozen_clock.move_to(datetime(2026, 10, 26, utc_hour, 30, tzinfo=UTC))
    assert len(letters(session)) == count


@pytest.mark.parametrize(("utc_hour", "count"), [(4, 0), (5, 1), (15, 1), (16, 0)])
def test_after_the_change_to_summer_time_too(session, scene, frozen_clock, utc_hour, count):
    """The clocks go forward on Sunday, 28.3.2027."""
    opened = builders.a_round(session, scene.course_list, Month(2027, 4))
    builders.a_report(session, opened, scene.provider, ReportStatus.OPEN)
    frozen_clock.move_to(datetime(2027, 3, 30, utc_hour, 30, tzinfo=UTC))
    assert len(letters(session)) == count


def october_2028(session, course_list, provider):
    opened = builders.a_round(session, course_list, Month(2028, 11))
    return builders.a_report(session, opened, provider, ReportStatus.OPEN)


def test_nobody_in_sachsen_hears_from_us_on_reformationstag(session, scene, frozen_clock):
    """31.10.2028 is a Tuesday: a holiday in Sachsen. The mail goes the day after."""
    october_2028(session, scene.course_list, scene.provider)
    told = live(session, frozen_clock, date(2028, 10, 31), date(2028, 11, 2))
    assert told == {"2028-11-01": [("rita@example.org", ["overdue"])]}


def test_a_holiday_in_one_land_spares_the_person_in_all(session, scene, frozen_clock):
    """Berlin works on Reformationstag; who reports in Sachsen too may be at home."""
    berlin = builders.a_district(session, "berlin", state="BE")
    house = builders.a_provider(session, berlin, name="Haus Berlin")
    there = builders.a_list(session, berlin)
    october_2028(session, scene.course_list, scene.provider)
    october_2028(session, there, house)
    builders.a_reporter(session, house, name="Nur Berlin", email="nur@example.org")
    builders.a_reporter(session, house, scene.provider, name="Beide", email="beide@example.org")
    frozen_clock.move_to(at(date(2028, 10, 31)))
    assert run(session) == [("nur@example.org", ["last_day"])]


def test_over_new_year(session, scene, frozen_clock):
    opened = builders.a_round(session, scene.course_list, Month(2027, 1))
    builders.a_report(session, opened, scene.provider, ReportStatus.OPEN)
    told = live(session, frozen_clock, date(2026, 12, 19), date(2027, 1, 10))
    assert told == {
        "2026-12-21": [("rita@example.org", ["opening"])],
        "2026-12-28": [("rita@example.org", ["friendly"])],
        "2026-12-31": [("rita@example.org", ["last_day"])],
        "2027-01-04": [("rita@example.org", ["overdue"])],
        "2027-01-06": [("meldung@example.org", ["second_contact"])],
    }


# ---- one mail per person


def test_one_person_with_two_providers_in_two_districts_gets_one_mail(
    session, scene, report, frozen_clock
):
    weimar = builders.a_district(session, "weimar", contact="Bildungsbüro, 03643 1")
    house = builders.a_provider(session, weimar, name="Verein Sprache")
    elsewhere = builders.a_round(session, builders.a_list(session, weimar))
    second = builders.a_report(session, elsewhere, house, ReportStatus.OPEN)
    scene.person.memberships.append(Membership(role=Role.PROVIDER, provider_id=house.id))
    assert run(session) == [("rita@example.org", ["opening", "opening"])]
    mail = session.scalars(select(OutgoingMail)).one()
    assert mail.subject == "Kursmeldung für Dezember 2026 bis 30.11.2026"
    assert mail.body == (
        "Guten Tag,\n\n"
        "Bitte melden Sie Ihre Kurse:\n\n"
        "Volkshochschule Neißebogen\n"
        "Deutsch- und Integrationskurse, Landkreis Goerlitz\n"
        "Monat: Dezember 2026, Meldeschluss: 30.11.2026\n"
        f"https://kurse.example/meldungen/{report.id}\n\n"
        "Verein Sprache\n"
        "Deutsch- und Integrationskurse, Landkreis Weimar\n"
        "Monat: Dezember 2026, Meldeschluss: 30.11.2026\n"
        f"https://kurse.example/meldungen/{second.id}\n\n"
        "Hat sich nichts geändert, genügt eine Bestätigung. "
        "Auch „derzeit keine Kurse“ ist eine Meldung.\n\n"
        "Haben Sie inzwischen eingereicht? Dann ist diese E-Mail erledigt.\n\n"
        "Fragen beantwortet:\nLandkreis Weimar: Bildungsbüro, 03643 1\n\n"
        "kursliste – diese E-Mail wurde automatisch geschickt.\n"
    )


def test_another_months_step_comes_no_sooner_than_two_days_later(
    session, scene, report, frozen_clock
):
    """A second list opens the day after: its opening waits, and names the first report again."""
    later = builders.a_list(session, scene.district, slug="beratung", title="Beratung")
    assert run(session) == [("rita@example.org", ["opening"])]
    opened = builders.a_round(session, later)
    builders.a_report(session, opened, scene.provider, ReportStatus.OPEN)
    told = live(session, frozen_clock, date(2026, 11, 25), date(2026, 11, 29))
    assert told == {"2026-11-26": [("rita@example.org", ["friendly", "friendly"])]}


def test_a_report_that_needs_no_new_step_is_named_again(session, scene, report, frozen_clock):
    run(session)
    later = builders.a_list(session, scene.district, slug="beratung", title="Beratung")
    opened = builders.a_round(session, later)
    opened.opens_on, opened.due_on = date(2026, 11, 27), date(2026, 12, 10)
    builders.a_report(session, opened, scene.provider, ReportStatus.OPEN)
    frozen_clock.move_to(at(date(2026, 11, 26)))
    assert run(session) == [("rita@example.org", ["friendly"])]
    opened.opens_on = date(2026, 11, 28)  # a Saturday
    frozen_clock.move_to(at(date(2026, 11, 28)))
    assert letters(session) == []
    scene.opened.due_on = date(2026, 12, 1)
    frozen_clock.move_to(at(date(2026, 11, 30)))
    (letter,) = letters(session)
    assert [str(item.step) for item in letter.items] == ["friendly", "opening"]
    assert [str(item.step) for item in letter.news] == ["opening"]


def test_who_has_had_five_mails_in_four_weeks_gets_no_more(session, scene, report, frozen_clock):
    for number in range(5):
        session.add(
            Reminder(
                address="rita@example.org",
                report_id=report.id,
                step=list(ReminderStep)[number + 1],
                queued_at=clock.now() - timedelta(days=3 + number),
            )
        )
    assert run(session) == []


def test_without_an_account_the_house_is_written_to(session, scene, report, frozen_clock):
    scene.person.is_active = False
    scene.provider.email = "Buero@Example.org"
    told = live(session, frozen_clock, date(2026, 11, 30), date(2026, 12, 4))
    assert told == {
        "2026-11-30": [("meldung@example.org", ["last_day"])],
        "2026-12-02": [("meldung@example.org", ["overdue"])],
        "2026-12-03": [("buero@example.org", ["second_contact"])],
    }


def test_a_house_without_any_address_is_left_to_the_telephone(session, scene, report, frozen_clock):
    scene.person.is_active = False
    scene.provider.report_email = ""
    assert live(session, frozen_clock, date(2026, 11, 20), date(2026, 12, 10)) == {}


def test_a_house_with_only_its_public_address_is_written_to_after_the_deadline(
    session, scene, report, frozen_clock
):
    scene.person.is_active = False
    scene.provider.report_email, scene.provider.email = "", "info@example.org"
    told = live(session, frozen_clock, date(2026, 11, 20), date(2026, 12, 10))
    assert told == {"2026-12-03": [("info@example.org", ["second_contact"])]}


def test_the_second_contact_learns_which_house_is_meant(session, scene, report, frozen_clock):
    live(session, frozen_clock, date(2026, 11, 30), date(2026, 12, 3))
    mail = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    assert mail.subject == ("Kursmeldung für Dezember 2026 fehlt noch: Volkshochschule Neißebogen")
    assert "Von diesem Haus fehlt noch die Meldung." in mail.body


# ---- whom the ladder is not for


def test_a_list_brought_from_excel_is_an_answer(session, scene, frozen_clock):
    builders.a_round(session, scene.course_list, Month(2026, 10))
    scene.report(ReportStatus.DRAFT, origin=ReportOrigin.TAKEN_OVER)
    assert live(session, frozen_clock, date(2026, 11, 20), date(2026, 12, 4)) == {}


def test_in_a_list_that_is_only_tried_nobody_is_written_to(session, scene, report, frozen_clock):
    house = builders.a_provider(session, scene.district, name="Aus der Liste")
    builders.a_report(session, scene.opened, house, origin=ReportOrigin.TAKEN_OVER)
    assert letters(session) == []


def test_a_closed_round_and_a_retired_provider_are_left_alone(session, scene, report):
    scene.provider.is_active = False
    assert letters(session) == []
    scene.provider.is_active = True
    assert len(letters(session)) == 1
    scene.opened.move(RoundAction.CLOSE)
    assert letters(session) == []


# ---- questions


def asked(session, report):
    question = Question(report_id=report.id, text="Wie viele?", asked_at=clock.now())
    session.add(question)
    session.flush()
    return question


def test_an_open_question_is_recalled_once_after_two_working_days(session, scene, frozen_clock):
    report = scene.report(ReportStatus.ASKED)
    frozen_clock.move_to(at(date(2026, 11, 26)))  # Thursday
    asked(session, report)
    told = live(session, frozen_clock, date(2026, 11, 26), date(2026, 12, 20))
    assert told == {"2026-11-30": [("rita@example.org", ["question"])]}
    mail = session.scalars(select(OutgoingMail)).one()
    assert mail.subject == "Rückfrage offen: Kursmeldung für Dezember 2026"


def test_an_answered_question_is_not_recalled(session, scene, frozen_clock):
    question = asked(session, scene.report(ReportStatus.ASKED))
    question.move(QuestionAction.ANSWER, at=clock.now())
    assert live(session, frozen_clock, date(2026, 11, 24), date(2026, 12, 10)) == {}


# ---- stop, twice, and withdrawn


def test_a_report_that_arrives_between_looking_and_queueing_stops_the_mail(session, report):
    (letter,) = letters(session)
    report.move(ReportAction.START, by_id=None, at=clock.now())
    report.move(ReportAction.SUBMIT, by_id=None, at=clock.now())
    session.flush()
    assert not reminding.queue_letter(session, letter, actor=SYSTEM, link=link)
    assert session.scalars(select(Reminder)).all() == []
    assert session.scalars(select(OutgoingMail)).all() == []


def test_a_letter_that_is_queued_is_not_queued_again(session, report):
    (letter,) = letters(session)
    assert reminding.queue_letter(session, letter, actor=SYSTEM, link=link)
    session.flush()
    assert not reminding.queue_letter(session, letter, actor=SYSTEM, link=link)


def test_the_letter_of_another_person_is_not_sent_in_its_place(session, scene, report):
    (letter,) = letters(session)
    stranger = Letter(address="aaa@example.org", items=letter.items, news=letter.news)
    assert not reminding.queue_letter(session, stranger, actor=SYSTEM, link=link)


def test_two_servers_with_different_letters_for_a_person_write_one_mail(session, report):
    """Even if all looking failed, the key of the mail names the person and the day."""
    (letter,) = letters(session)
    reminding.queue_letter(session, letter, actor=SYSTEM, link=link)
    session.flush()
    for kept in session.scalars(select(Reminder)):
        session.delete(kept)
    session.flush()
    with pytest.raises(IntegrityError):
        reminding.queue_letter(session, letter, actor=SYSTEM, link=link)


def test_eight_servers_queue_each_mail_once(database, session, scene, report):
    for number in range(5):
        house = builders.a_provider(session, scene.district, name=f"Haus {number}")
        builders.a_reporter(session, house, email=f"haus{number}@example.org")
        builders.a_report(session, scene.opened, house, ReportStatus.OPEN)
    with transaction(session):
        pass

    def server(_number):
        with database.session(readonly=True) as own:
            found = reminding.due_letters(own, actor=SYSTEM)
        count = 0
        for letter in found:
            with database.session() as own, transaction(own):
                count += reminding.queue_letter(own, letter, actor=SYSTEM, link=link)
        return count

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(server, range(8))) == 6
    addresses = sorted(session.scalars(select(OutgoingMail.to_address)))
    assert addresses == [*(f"haus{number}@example.org" for number in range(5)), "rita@example.org"]
    assert len(session.scalars(select(Reminder)).all()) == 6


def test_a_mail_that_waits_is_withdrawn_when_the_report_arrives(session, report):
    run(session)
    assert reminding.outdated_mails(session, actor=SYSTEM) == []
    report.move(ReportAction.START, by_id=None, at=clock.now())
    assert reminding.outdated_mails(session, actor=SYSTEM) == []
    report.move(ReportAction.SUBMIT, by_id=None, at=clock.now())
    session.flush()
    (mail_id,) = reminding.outdated_mails(session, actor=SYSTEM)
    assert reminding.withdraw_mail(session, mail_id, actor=SYSTEM)
    assert not reminding.withdraw_mail(session, mail_id, actor=SYSTEM)
    session.expire_all()
    assert session.scalars(select(OutgoingMail)).all() == []
    assert session.scalars(select(Reminder)).one().mail is None
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert str(entry.event) == "reminder:withdrawn"


def test_a_mail_on_its_way_and_a_mail_of_another_kind_are_not_withdrawn(session, report):
    run(session)
    mail = session.scalars(select(OutgoingMail)).one()
    other = OutgoingMail(
        to_address="a@example.org", subject="", body="", queued_at=clock.now(), due_at=clock.now()
    )
    session.add(other)
    report.move(ReportAction.START, by_id=None, at=clock.now())
    report.move(ReportAction.SUBMIT, by_id=None, at=clock.now())
    mail.claimed_until = clock.now() + timedelta(minutes=5)
    session.flush()
    assert reminding.outdated_mails(session, actor=SYSTEM) == []
    mail.claimed_until, mail.state = None, MailStatus.SENT
    session.flush()
    assert reminding.outdated_mails(session, actor=SYSTEM) == []


def test_only_those_who_coordinate_everything_remind(session, scene, report):
    (letter,) = letters(session)
    for refused in (
        lambda: reminding.due_letters(session, actor=scene.actor),
        lambda: reminding.queue_letter(session, letter, actor=scene.actor, link=link),
        lambda: reminding.outdated_mails(session, actor=scene.actor),
        lambda: reminding.withdraw_mail(session, 1, actor=scene.actor),
    ):
        with pytest.raises(NotPermittedError):
            refused()


def test_the_urgent_step_names_the_mail(session, scene, report, frozen_clock):
    earlier = builders.a_round(session, scene.course_list, Month(2026, 11))
    builders.a_report(session, earlier, scene.provider, ReportStatus.OPEN)
    run(session)
    mail = session.scalars(select(OutgoingMail)).one()
    assert mail.subject == "Kursmeldung für November 2026 fehlt noch"
    late, fresh = "Der Meldeschluss ist vorbei.", "Bitte melden Sie Ihre Kurse:"
    assert 0 < mail.body.index(late) < mail.body.index(fresh)


def test_looking_takes_two_statements_for_one_report_and_for_three(
    session, scene, report, statements
):
    def count():
        session.flush()
        with statements() as seen:
            letters(session)
        return len([text for text in seen if not text.startswith("BEGIN")])

    one = count()
    for number in range(2):
        house = builders.a_provider(session, scene.district, name=f"Haus {number}")
        builders.a_reporter(session, house)
        builders.a_report(session, scene.opened, house, ReportStatus.OPEN)
    assert (one, count()) == (2, 2)


def test_an_item_says_whose_it_is(session, scene, report):
    (letter,) = letters(session)
    assert letter.items == (
        Item(
            report_id=report.id,
            scope=Scope(district_id=scene.district.id, provider_id=scene.provider.id),
            step=ReminderStep.OPENING,
            month=Month(2026, 12),
            due_on=date(2026, 11, 30),
            provider="Volkshochschule Neißebogen",
            list_title="Deutsch- und Integrationskurse",
            district="Landkreis Goerlitz",
            contact="",
        ),
    )
