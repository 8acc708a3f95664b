"""Reminders with the dates and the words that a district chose."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from kursliste.domain.calendar import Month
from kursliste.domain.errors import ConflictError, NotPermittedError, Rule, RuleViolationError
from kursliste.domain.permissions import Actor, Role
from kursliste.domain.reminders import ReminderStep
from kursliste.domain.report import ReportStatus
from kursliste.domain.round import RoundAction
from kursliste.domain.schedule import planned_round
from kursliste.infrastructure import clock
from kursliste.infrastructure.holidays_by_state import holidays_between
from kursliste.masterdata.round_actions import close_now, move_round
from kursliste.models import JournalEntry, MailText, Membership, OutgoingMail, Question
from kursliste.reporting import reminding
from kursliste.reporting.call_list import call_list
from kursliste.reporting.reminder_mails import SECTIONS
from kursliste.reporting.text_actions import change_text, reset_text
from kursliste.reporting.text_preview import EXAMPLE, preview_of
from tests import builders

SYSTEM = Actor.system()
RITA, HOUSE = "rita@example.org", "meldung@example.org"
OVERVIEW = "https://kurse.example/meldungen"


def link(report_id):
    return f"{OVERVIEW}/{report_id}"


def run(session):
    """Queue all that is due and return (address, steps) of each mail."""
    session.flush()
    queued = []
    for letter in reminding.due_letters(session, actor=SYSTEM):
        if reminding.queue_letter(session, letter, actor=SYSTEM, link=link):
            session.flush()
            queued.append((letter.address, [str(item.step) for item in letter.news]))
    return queued


def live(session, frozen_clock, first, last):
    told = {}
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        frozen_clock.move_to(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
        if queued := run(session):
            told[day.isoformat()] = queued
    return told


def mails(session):
    return session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()


def say(session, district, step, text):
    session.add(MailText(district_id=district.id, step=step, text=text))
    session.flush()


@pytest.fixture
def report(scene):
    return scene.report(ReportStatus.OPEN)


@pytest.fixture
def coordinator(scene):
    return scene.coordinator.as_actor()


# ---- dates


def test_the_ladder_follows_the_times_of_its_list(
    session, scene, report, coordinator, frozen_clock
):
    scene.course_list.friendly_days = 3
    scene.course_list.overdue_working_days = 3
    scene.course_list.second_contact_working_days = 6
    scene.course_list.calls_working_days = 9
    told = live(session, frozen_clock, date(2026, 11, 20), date(2026, 12, 31))
    assert told == {
        "2026-11-20": [(RITA, ["opening"])],
        "2026-11-27": [(RITA, ["friendly"])],
        "2026-11-30": [(RITA, ["last_day"])],
        "2026-12-03": [(RITA, ["overdue"])],
        "2026-12-08": [(HOUSE, ["second_contact"])],
    }
    found = call_list(session, coordinator, scene.district, scene.opened)
    assert found.from_on == date(2026, 12, 11)


@pytest.mark.parametrize(
    ("month", "friendly", "overdue", "second"),
    [
        (Month(2026, 12), 5, 1, 3),
        (Month(2026, 12), 2, 1, 2),
        (Month(2026, 12), 1, 1, 2),
        (Month(2027, 1), 5, 1, 3),
        (Month(2027, 1), 8, 4, 9),
        (Month(2028, 11), 20, 18, 19),
    ],
)
def test_the_preview_names_the_days_on_which_mails_really_go(
    session, scene, frozen_clock, month, friendly, overdue, second
):
    chosen = scene.course_list
    chosen.friendly_days, chosen.overdue_working_days = friendly, overdue
    chosen.second_contact_working_days, chosen.calls_working_days = second, second + 1
    is_there = month == scene.opened.month
    asked = scene.opened if is_there else builders.a_round(session, chosen, month)
    builders.a_report(session, asked, scene.provider, ReportStatus.OPEN)
    promised = planned_round(
        month,
        opens_on=asked.opens_on,
        due_on=asked.due_on,
        times=chosen.times,
        holidays=holidays_between("SN", asked.opens_on, asked.due_on + timedelta(days=45)),
    )
    told = live(session, frozen_clock, asked.opens_on, asked.due_on + timedelta(days=45))
    sent = {steps[0]: day for day, queued in told.items() for _address, steps in queued}
    assert sent == {s.step: s.mail_on.isoformat() for s in promised.steps if s.mail_on}


def test_a_list_that_does_not_remind_writes_to_nobody(
    session, scene, report, coordinator, frozen_clock
):
    scene.course_list.reminds = False
    asked = builders.a_report(
        session,
        scene.opened,
        builders.a_provider(session, scene.district, name="Gefragt", report_email="g@example.org"),
        ReportStatus.ASKED,
    )
    session.add(Question(report_id=asked.id, text="Wie viele?", asked_at=clock.now()))
    assert live(session, frozen_clock, date(2026, 11, 20), date(2026, 12, 31)) == {}
    found = call_list(session, coordinator, scene.district, scene.opened)
    assert [call.provider for call in found.calls] == ["Gefragt", "Volkshochschule Neißebogen"]


def test_another_list_of_the_district_goes_on_reminding(session, scene, report):
    scene.course_list.reminds = False
    other = builders.a_list(session, scene.district, slug="beratung", title="Beratung")
    builders.a_report(session, builders.a_round(session, other), scene.provider, ReportStatus.OPEN)
    assert run(session) == [(RITA, ["opening"])]
    (mail,) = mails(session)
    assert "Beratung, Landkreis Goerlitz" in mail.body
    assert "Deutsch- und Integrationskurse" not in mail.body


def test_the_ladder_follows_a_deadline_that_moves_and_repeats_no_step(
    session, scene, report, coordinator, frozen_clock
):
    """Moved on the last day: overdue comes with the new date, the last day not a second time."""
    assert live(session, frozen_clock, date(2026, 11, 25), date(2026, 11, 30)) == {
        "2026-11-25": [(RITA, ["friendly"])],
        "2026-11-30": [(RITA, ["last_day"])],
    }
    move_round(
        session,
        scene.opened,
        due_on=date(2026, 12, 4),
        open_until=None,
        seen_version=scene.opened.version,
        actor=coordinator,
    )
    assert live(session, frozen_clock, date(2026, 12, 1), date(2026, 12, 20)) == {
        "2026-12-07": [(RITA, ["overdue"])],
        "2026-12-09": [(HOUSE, ["second_contact"])],
    }
    assert "Meldeschluss: 04.12.2026" in mails(session)[-1].body


def test_a_deadline_that_comes_sooner_brings_only_the_latest_step(
    session, scene, report, coordinator, frozen_clock
):
    assert live(session, frozen_clock, date(2026, 11, 20), date(2026, 11, 23)) == {
        "2026-11-20": [(RITA, ["opening"])]
    }
    move_round(
        session,
        scene.opened,
        due_on=date(2026, 11, 24),
        open_until=None,
        seen_version=scene.opened.version,
        actor=coordinator,
    )
    assert live(session, frozen_clock, date(2026, 11, 24), date(2026, 11, 26)) == {
        "2026-11-24": [(RITA, ["last_day"])],
        "2026-11-26": [(RITA, ["overdue"])],
    }


def test_holidays_count_as_long_as_a_round_is_open(session, scene, report, frozen_clock):
    """Open into the next year but one: nobody is written to on New Year's Day there."""
    scene.opened.due_on = date(2027, 12, 31)
    scene.opened.open_until = date(2028, 1, 31)
    frozen_clock.move_to(datetime(2027, 12, 24, 9, tzinfo=UTC))
    builders.a_report(
        session,
        scene.opened,
        builders.a_provider(session, scene.district, name="Gefragt", report_email="g@example.org"),
        ReportStatus.ASKED,
    )
    told = live(session, frozen_clock, date(2028, 1, 1), date(2028, 1, 3))
    assert told == {"2028-01-03": [(RITA, ["overdue"])]}


@pytest.mark.parametrize("how", ["switched off", "closed"])
def test_a_mail_that_waits_is_withdrawn_when_nobody_wants_it_any_more(
    session, scene, report, coordinator, how
):
    run(session)
    assert reminding.outdated_mails(session, actor=SYSTEM) == []
    if how == "closed":
        close_now(session, scene.opened, actor=coordinator)
    else:
        scene.course_list.reminds = False
    session.flush()
    (mail_id,) = reminding.outdated_mails(session, actor=SYSTEM)
    assert reminding.withdraw_mail(session, mail_id, actor=SYSTEM)
    assert mails(session) == []


def test_a_reopened_round_reminds_of_what_was_not_said_before(session, scene, report, frozen_clock):
    live(session, frozen_clock, date(2026, 11, 30), date(2026, 12, 2))
    scene.opened.move(RoundAction.CLOSE)
    assert live(session, frozen_clock, date(2026, 12, 3), date(2026, 12, 8)) == {}
    scene.opened.move(RoundAction.REOPEN)
    assert live(session, frozen_clock, date(2026, 12, 9), date(2026, 12, 31)) == {
        "2026-12-09": [(HOUSE, ["second_contact"])]
    }


# ---- words


def test_own_words_stand_in_the_place_of_ours(session, scene, report):
    say(
        session,
        scene.district,
        ReminderStep.OPENING,
        "Für {monat} fehlt {traeger},\nbis {meldeschluss}.",
    )
    say(session, scene.district, ReminderStep.OVERDUE, "Zu spät!")
    run(session)
    (mail,) = mails(session)
    assert mail.subject == "Kursmeldung für Dezember 2026 bis 30.11.2026"
    assert mail.body.startswith(
        "Guten Tag,\n\n"
        "Für Dezember 2026 fehlt Volkshochschule Neißebogen,\nbis 30.11.2026.\n\n"
        "Volkshochschule Neißebogen\n"
    )
    assert SECTIONS[ReminderStep.OPENING] not in mail.body
    assert "Zu spät!" not in mail.body


def test_one_mail_for_two_districts_holds_the_words_of_both(session, scene, report, statements):
    weimar = builders.a_district(session, "weimar")
    houses = [builders.a_provider(session, weimar, name=name) for name in ("Verein A", "Verein B")]
    there = builders.a_round(session, builders.a_list(session, weimar))
    for house in houses:
        builders.a_report(session, there, house, ReportStatus.OPEN)
        scene.person.memberships.append(Membership(role=Role.PROVIDER, provider_id=house.id))
    say(session, scene.district, ReminderStep.OPENING, "Görlitz bittet {traeger} um die Meldung:")
    say(session, weimar, ReminderStep.OPENING, "Weimar wartet auf den {monat}:")
    assert run(session) == [(RITA, ["opening"] * 3)]
    (mail,) = mails(session)
    headings = [part for part in mail.body.split("\n\n") if "\n" not in part]
    assert headings[:3] == [
        "Guten Tag,",
        "Görlitz bittet Volkshochschule Neißebogen um die Meldung:",
        "Weimar wartet auf den Dezember 2026:",
    ]
    blocks = [part.split("\n")[0] for part in mail.body.split("\n\n") if "Meldeschluss:" in part]
    assert blocks == ["Volkshochschule Neißebogen", "Verein A", "Verein B"]


def test_a_district_without_words_of_its_own_keeps_ours_beside_them(session, scene, report):
    weimar = builders.a_district(session, "weimar")
    house = builders.a_provider(session, weimar, name="Verein A")
    there = builders.a_round(session, builders.a_list(session, weimar))
    builders.a_report(session, there, house, ReportStatus.OPEN)
    scene.person.memberships.append(Membership(role=Role.PROVIDER, provider_id=house.id))
    say(session, weimar, ReminderStep.OPENING, "Weimar wartet:")
    run(session)
    (mail,) = mails(session)
    ours = mail.body.index(SECTIONS[ReminderStep.OPENING])
    assert 0 < ours < mail.body.index("Weimar wartet:") < mail.body.index("Verein A")


@pytest.mark.parametrize("own", [None, "Bis {meldeschluss}: {traeger}\n\n{monat}"])
def test_the_preview_is_the_mail_that_is_sent(session, scene, report, own, statements):
    """The same words, by the same function; looking at it stores nothing."""
    builders.a_report(
        session,
        scene.opened,
        builders.a_provider(session, scene.district, name="Zuletzt e. V."),
        ReportStatus.OPEN,
    )
    session.flush()
    with statements() as seen:
        found = preview_of(
            session, scene.district, ReminderStep.OPENING, own, link=link, overview=OVERVIEW
        )
    assert [text for text in seen if not text.startswith(("SELECT", "BEGIN"))] == []
    assert mails(session) == []
    if own:
        say(session, scene.district, ReminderStep.OPENING, own)
    run(session)
    (mail,) = mails(session)
    assert (found.subject, found.body) == (mail.subject, mail.body)
    assert (found.provider, found.has_report) == ("Volkshochschule Neißebogen", True)


def test_the_preview_is_about_a_report_that_could_get_the_mail(session, scene):
    """A question is recalled for a report that was asked about, other steps for a missing one."""
    scene.report(ReportStatus.OPEN)
    house = builders.a_provider(session, scene.district, name="Asked e. V.")
    asked = builders.a_report(session, scene.opened, house, ReportStatus.ASKED)
    session.add(Question(report_id=asked.id, text="Wie viele?", asked_at=clock.now()))
    session.flush()

    def provider(step):
        found = preview_of(session, scene.district, step, None, link=link, overview=OVERVIEW)
        return found.provider

    assert provider(ReminderStep.QUESTION) == "Asked e. V."
    assert provider(ReminderStep.FRIENDLY) == "Volkshochschule Neißebogen"


def test_before_the_round_the_preview_tells_of_the_coming_one(session, scene):
    scene.district.contact = "Bildungsbüro"
    found = preview_of(
        session, scene.district, ReminderStep.LAST_DAY, "Heute!", link=link, overview=OVERVIEW
    )
    assert found.subject == "Heute Meldeschluss: Kursmeldung für Januar 2027"
    assert found.body == (
        "Guten Tag,\n\nHeute!\n\n"
        "Volkshochschule Neißebogen\n"
        "Deutsch- und Integrationskurse, Landkreis Goerlitz\n"
        "Monat: Januar 2027, Meldeschluss: 31.12.2026\n"
        "https://kurse.example/meldungen\n\n"
        "Hat sich nichts geändert, genügt eine Bestätigung. "
        "Auch „derzeit keine Kurse“ ist eine Meldung.\n\n"
        "Haben Sie inzwischen eingereicht? Dann ist diese E-Mail erledigt.\n\n"
        "Fragen beantwortet:\nLandkreis Goerlitz: Bildungsbüro\n\n"
        "kursliste – diese E-Mail wurde automatisch geschickt.\n"
    )
    assert not found.has_report


def test_a_district_without_providers_sees_an_example(session):
    weimar = builders.a_district(session, "weimar")
    builders.a_list(session, weimar)
    found = preview_of(session, weimar, ReminderStep.OPENING, None, link=link, overview=OVERVIEW)
    assert (found.provider, found.has_report) == (EXAMPLE, False)


# ---- changing words


def entries(session):
    session.flush()
    told = select(JournalEntry).where(JournalEntry.subject_table == "mail_text")
    return session.scalars(told.order_by(JournalEntry.id)).all()


def own_text(session, district):
    session.flush()
    query = select(MailText.text).where(MailText.district_id == district.id)
    return session.scalars(query).all()


def change(session, scene, actor, text, *, seen_version=0, step=ReminderStep.FRIENDLY):
    changed = change_text(
        session, scene.district, step, text, seen_version=seen_version, actor=actor
    )
    session.flush()
    return changed


def test_a_text_is_changed_changed_again_and_put_back(session, scene, coordinator):
    ours = SECTIONS[ReminderStep.FRIENDLY]
    assert change(session, scene, coordinator, " Bald ist Schluss: ")
    assert own_text(session, scene.district) == ["Bald ist Schluss:"]
    assert change(session, scene, coordinator, "Nur noch bis {meldeschluss}:", seen_version=1)
    assert not change(session, scene, coordinator, "Nur noch bis {meldeschluss}:", seen_version=1)
    assert own_text(session, scene.district) == ["Nur noch bis {meldeschluss}:"]
    step = ReminderStep.FRIENDLY
    assert reset_text(session, scene.district, step, seen_version=2, actor=coordinator)
    session.flush()
    assert not reset_text(session, scene.district, step, seen_version=2, actor=coordinator)
    assert own_text(session, scene.district) == []
    found = entries(session)
    assert {(str(e.event), e.details["step"], e.is_internal) for e in found} == {
        ("mail_text:changed", "friendly", True)
    }
    assert [e.changes["text"] for e in found] == [
        [ours, "Bald ist Schluss:"],
        ["Bald ist Schluss:", "Nur noch bis {meldeschluss}:"],
        ["Nur noch bis {meldeschluss}:", ours],
    ]


def test_our_own_words_are_no_change(session, scene, coordinator):
    assert not change(session, scene, coordinator, SECTIONS[ReminderStep.FRIENDLY])
    assert (own_text(session, scene.district), entries(session)) == ([], [])


def test_a_text_that_breaks_a_rule_is_not_kept(session, scene, coordinator):
    with pytest.raises(RuleViolationError) as caught:
        change(session, scene, coordinator, "Bis {frist}")
    assert caught.value.rule is Rule.PLACEHOLDER_UNKNOWN
    assert own_text(session, scene.district) == []


def test_two_who_write_at_once_see_both_texts(session, scene, coordinator):
    change(session, scene, coordinator, "Eins")
    for refused in (
        lambda: change(session, scene, coordinator, "Zwei", seen_version=0),
        lambda: change(session, scene, coordinator, "Zwei", seen_version=7),
    ):
        with pytest.raises(ConflictError) as caught:
            refused()
        assert caught.value.differences == (("Text", "Zwei", "Eins"),)
    with pytest.raises(ConflictError) as caught:
        reset_text(
            session, scene.district, ReminderStep.FRIENDLY, seen_version=0, actor=coordinator
        )
    assert caught.value.differences == (("Text", SECTIONS[ReminderStep.FRIENDLY], "Eins"),)
    assert own_text(session, scene.district) == ["Eins"]


def test_only_coordinators_of_the_district_change_its_words(session, scene):
    weimar = builders.a_coordinator(session, builders.a_district(session, "weimar"))
    step = ReminderStep.FRIENDLY
    for actor in (scene.actor, weimar.as_actor()):
        with pytest.raises(NotPermittedError):
            change(session, scene, actor, "Fremd")
        with pytest.raises(NotPermittedError):
            reset_text(session, scene.district, step, seen_version=1, actor=actor)


def test_queueing_costs_the_same_for_one_report_and_for_three(session, scene, report, statements):
    def count():
        session.flush()
        (letter,) = reminding.due_letters(session, actor=SYSTEM)
        with statements() as seen:
            reminding.queue_letter(session, letter, actor=SYSTEM, link=link)
        return len([text for text in seen if text.startswith("SELECT")])

    one = count()
    weimar = builders.a_district(session, "weimar")
    there = builders.a_round(session, builders.a_list(session, weimar))
    houses = [builders.a_provider(session, weimar, name=f"Haus {number}") for number in range(3)]
    for house in houses:
        builders.a_report(session, there, house, ReportStatus.OPEN)
    builders.a_reporter(session, *houses)
    assert count() == one
