"""The pages of a list's dates and of one round, as a coordinator uses them."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from kursliste.domain.licence import Licence
from kursliste.domain.round import Rhythm, RoundAction, RoundStatus, UnconfirmedRule
from kursliste.domain.schedule import ListSetup
from kursliste.masterdata.list_page import coming_rounds, list_page, setup_of
from kursliste.models import JournalEntry
from tests.builders import (
    a_coordinator,
    a_counsellor,
    a_district,
    a_list,
    a_provider,
    a_report,
    a_reporter,
    a_round,
)
from tests.signing_in import sign_in

DATES = "/stammdaten/kreise/goerlitz/termine"
ROUND = "/stammdaten/kreise/goerlitz/abfragen/2026-12"
FORM = "main form"


@pytest.fixture
def december(session):
    return a_round(session, a_list(session, a_district(session)))


@pytest.fixture
def coordinator(session, client, december):
    person = a_coordinator(session, december.district)
    sign_in(client, session, person)
    return person


def reload(session, thing):
    session.refresh(thing)
    return thing


def cards(client):
    """The previewed rounds: month, opening, reminder, deadline, overdue, second address, calls."""
    months, days = client.page.texts("main h3"), client.page.texts(".beside dd")
    return [[month, *days[6 * place : 6 * place + 6]] for place, month in enumerate(months)]


@pytest.mark.parametrize("path", [DATES, ROUND])
def test_the_pages_are_for_who_coordinates_the_district(client, session, december, path):
    client.get(path, 302)
    weimar = a_district(session, "weimar")
    a_list(session, weimar)
    for user, status in (
        (a_reporter(session, a_provider(session, december.district)), 403),
        (a_counsellor(session, december.district), 403),
        (a_coordinator(session, weimar), 404),
    ):
        sign_in(client, session, user)
        client.get(path, status)


@pytest.mark.parametrize(
    "path", [ROUND.replace("12", "11"), DATES.replace("goe", "x"), f"{DATES}?liste=gibt-es-nicht"]
)
def test_what_is_not_there_is_not_found(client, coordinator, path):
    client.get(path, 404)


@pytest.mark.parametrize("verb", ["", "/schliessen", "/oeffnen"])
def test_a_foreign_round_does_not_exist(client, session, december, verb):
    weimar = a_district(session, "weimar")
    a_list(session, weimar)
    sign_in(client, session, a_coordinator(session, weimar))
    client.get("/stammdaten/kreise/weimar/termine")
    client.post(f"{ROUND}{verb}", {"due_on": "2026-12-04", "until": "2027-01-04"}, 404)
    client.post(DATES, {}, 404)
    assert reload(session, december).status is RoundStatus.OPEN


# ---- the list


def test_the_page_shows_the_next_three_rounds_with_the_holidays_of_the_land(
    client, coordinator, december
):
    client.get(DATES)
    assert client.page.heading() == "Termine der Kursliste – Landkreis Goerlitz"
    assert cards(client)[0] == [
        "Abfrage für Januar 2027",
        "Sonntag, 20.12.2026 (Mail am Montag, 21.12.2026)",
        "Samstag, 26.12.2026 (Mail am Montag, 28.12.2026)",
        "Donnerstag, 31.12.2026",
        "Montag, 04.01.2027",
        "Mittwoch, 06.01.2027",
        "Donnerstag, 07.01.2027",
    ]
    assert [row[0] for row in cards(client)] == [
        "Abfrage für Januar 2027",
        "Abfrage für Februar 2027",
        "Abfrage für März 2027",
    ]
    assert "Mails gehen von Montag bis Freitag zwischen 7 und 18 Uhr" in client.page.text()
    links = [link.get("href") for link in client.page.select("main a")]
    assert f"{ROUND}" in links


def test_saving_changes_the_list_and_says_so(client, session, coordinator, december):
    client.get(DATES)
    client.submit(
        FORM,
        rhythm="quarterly",
        opens_day="10",
        due_working_days="2",
        unconfirmed_rule="leave_out",
        licence="CC0-1.0",
        reminds=None,
        friendly_days="7",
        overdue_working_days="2",
        second_contact_working_days="4",
        calls_working_days="6",
    )
    client.follow()
    assert "Die Termine sind gespeichert." in client.page.text()
    assert setup_of(reload(session, december.course_list)) == ListSetup(
        rhythm=Rhythm.QUARTERLY,
        opens_day=10,
        due_working_days=2,
        unconfirmed_rule=UnconfirmedRule.LEAVE_OUT,
        licence=Licence.CC_ZERO,
        reminds=False,
        friendly_days=7,
        overdue_working_days=2,
        second_contact_working_days=4,
        calls_working_days=6,
    )
    assert cards(client)[0] == [
        "Abfrage für März 2027",
        "Mittwoch, 10.02.2027",
        "keine",
        "Mittwoch, 24.02.2027",
        "keine Mail",
        "keine Mail",
        "Donnerstag, 04.03.2027",
    ]
    client.submit(FORM)
    client.follow()
    assert "Es hat sich nichts geändert." in client.page.text()


def test_the_preview_stores_nothing(client, session, coordinator, december):
    client.get(DATES)
    client.submit(FORM, 200, opens_day="1", friendly_days="2", preview="1")
    assert [row[1] for row in cards(client)][:2] == [
        "Dienstag, 01.12.2026",
        "Freitag, 01.01.2027 (Mail am Montag, 04.01.2027)",
    ]
    assert client.page.form_values(FORM)["opens_day"] == ["1"]
    assert setup_of(reload(session, december.course_list)) == ListSetup()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"opens_day": "32"}, "Möglich sind ganze Zahlen von 1 bis 31."),
        ({"opens_day": ""}, "Möglich sind ganze Zahlen von 1 bis 31."),
        ({"due_working_days": "-1"}, "Möglich sind ganze Zahlen von 0 bis 15."),
        ({"friendly_days": "fünf"}, "Möglich sind ganze Zahlen von 1 bis 20."),
        ({"calls_working_days": "9" * 40}, "Möglich sind ganze Zahlen von 3 bis 20."),
        ({"second_contact_working_days": "4"}, "zuerst „überfällig“, dann die zweite Adresse"),
        ({"rhythm": "weekly"}, "Rhythmus"),
        ({"unconfirmed_rule": None}, "Kurse, die niemand bestätigt hat"),
    ],
)
@pytest.mark.parametrize("preview", [None, "1"])
def test_bad_input_is_named_and_kept(
    client, session, coordinator, december, changes, told, preview
):
    client.get(DATES)
    client.submit(FORM, 422, preview=preview, **changes)
    assert told in " ".join(client.page.texts(".error-summary"))
    kept = client.page.form_values(FORM)
    for name, value in changes.items():
        if value is not None and name != "rhythm":
            assert kept[name] == [value]
    assert "Die Vorschau zeigt die gespeicherten Termine." in client.page.text()
    assert setup_of(reload(session, december.course_list)) == ListSetup()


def test_two_at_once_see_both_values_and_lose_nothing(client, session, coordinator, december):
    client.get(DATES)
    december.course_list.opens_day = 15
    client.submit(FORM, 409, opens_day="25")
    assert client.page.rows("main table")[1:] == [["Öffnet am (Tag des Vormonats)", "25", "15"]]
    client.submit(FORM)
    assert reload(session, december.course_list).opens_day == 25


def test_a_list_that_nobody_started_says_how_it_begins(client, session):
    district = a_district(session)
    a_list(session, district)
    sign_in(client, session, a_coordinator(session, district))
    client.get(DATES)
    assert "Diese Liste läuft noch nicht von selbst." in client.page.text()
    assert [row[0] for row in cards(client)] == [
        "Abfrage für Januar 2027",
        "Abfrage für Februar 2027",
        "Abfrage für März 2027",
    ]


def test_a_round_that_is_due_opens_in_a_moment(
    client, session, coordinator, december, frozen_clock
):
    frozen_clock.move_to(datetime(2026, 12, 20, 11, tzinfo=UTC))
    sign_in(client, session, coordinator)
    client.get(DATES)
    assert cards(client)[0][:2] == [
        "Abfrage für Januar 2027",
        "in den nächsten Minuten, denn Sonntag, 20.12.2026 ist schon erreicht",
    ]


def test_every_list_of_a_district_has_its_dates(client, session, coordinator, december):
    a_list(session, december.district, slug="beratung", title="Beratung", opens_day=3)
    client.get(DATES)
    assert client.page.texts("nav[aria-label=Kurslisten] a") == [
        "Deutsch- und Integrationskurse",
        "Beratung",
    ]
    client.get(f"{DATES}?liste=beratung")
    client.submit(FORM, opens_day="5")
    assert client.response.location.endswith("termine?liste=beratung")
    client.follow()
    assert client.page.form_values(FORM)["opens_day"] == ["5"]
    assert reload(session, december.course_list).opens_day == 20


def test_the_page_costs_the_same_with_one_round_and_with_three(session, december, statements):
    person = a_coordinator(session, december.district).as_actor()

    def count():
        session.flush()
        session.expire_all()
        with statements() as seen:
            page = list_page(session, person, "goerlitz", None)
            coming_rounds(session, page.course_list, setup_of(page.course_list))
        return len(seen)

    one = count()
    for number in (1, 2):
        a_round(session, december.course_list, december.month.plus(-number))
    assert count() == one


# ---- one round


def test_a_round_shows_its_days(client, coordinator, december):
    client.get(ROUND)
    assert client.page.heading() == "Abfrage für Dezember 2026 – Landkreis Goerlitz"
    told = client.page.text()
    assert "Die Abfrage ist offen bis Donnerstag, 31.12.2026." in told
    assert client.page.texts(".facts dd") == [
        "Freitag, 20.11.2026",
        "Mittwoch, 25.11.2026",
        "Montag, 30.11.2026",
        "Dienstag, 01.12.2026",
        "Donnerstag, 03.12.2026",
        "Freitag, 04.12.2026",
        "Donnerstag, 31.12.2026",
    ]


def test_the_deadline_and_the_end_are_moved(client, session, coordinator, december):
    client.get(ROUND)
    client.submit("main form.form", due_on="2026-12-04", open_until="2027-01-15")
    client.follow()
    assert "Die Termine der Abfrage für Dezember 2026 sind gespeichert." in client.page.text()
    reload(session, december)
    assert (december.due_on, december.open_until) == (date(2026, 12, 4), date(2027, 1, 15))
    client.get("/pruefung/goerlitz")
    told = client.page.text()
    assert "Noch 10 Tage bis zum Meldeschluss." in told
    assert "Meldeschluss 04.12.2026" in told
    assert "offen bis 15.01.2027" in told
    assert {ROUND, DATES} <= {link.get("href") for link in client.page.select("main a")}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"due_on": "2026-11-19"}, "Der Meldeschluss (19.11.2026) liegt vor dem Tag"),
        ({"due_on": ""}, "Geben Sie den Tag an, zum Beispiel 30.11.2026."),
        ({"due_on": "30.2.2026"}, "Meldeschluss"),
        ({"open_until": "2026-11-29"}, "nicht vor dem Meldeschluss (30.11.2026)"),
        ({"open_until": "gestern"}, "Letzter Tag der Abfrage"),
        ({"open_until": "9999-12-31"}, "Möglich sind Werte von 30.11.2026 bis 01.01.2028."),
    ],
)
def test_bad_days_are_named_and_kept(client, session, coordinator, december, changes, told):
    client.get(ROUND)
    client.submit("main form.form", 422, **changes)
    assert told in " ".join(client.page.texts(".error-summary"))
    kept = client.page.form_values("main form.form")
    assert {name: kept[name][0] for name in changes} == changes
    assert reload(session, december).due_on == date(2026, 11, 30)


def test_two_who_move_a_round_see_both_days(client, session, coordinator, december):
    client.get(ROUND)
    december.due_on = date(2026, 12, 2)
    client.submit("main form.form", 409, due_on="2026-12-04")
    assert client.page.rows("main table")[1:] == [["Meldeschluss", "04.12.2026", "02.12.2026"]]
    client.submit(FORM)
    assert reload(session, december).due_on == date(2026, 12, 4)


def test_a_round_is_closed_and_opened_again(client, session, coordinator, december):
    client.get(ROUND)
    client.submit("main form.button-form")
    client.follow()
    assert "Die Abfrage für Dezember 2026 ist abgeschlossen." in client.page.text()
    assert "letzter Tag" not in client.page.texts(".facts dt")
    assert reload(session, december).status is RoundStatus.CLOSED
    client.get("/pruefung/goerlitz")
    assert "abgeschlossen" in client.page.text()
    client.get(ROUND)
    client.submit("main form.form")
    client.follow()
    assert "ist wieder offen, bis 08.12.2026." in client.page.text()
    reload(session, december)
    assert (december.status, december.open_until) == (RoundStatus.OPEN, date(2026, 12, 8))
    told = select(JournalEntry.event).where(JournalEntry.subject_table == "round")
    events = session.scalars(told.order_by(JournalEntry.id)).all()
    assert [str(event) for event in events] == ["round:closed", "round:reopened"]


def test_closing_what_is_closed_is_no_error(client, session, coordinator, december):
    client.get(ROUND)
    december.move(RoundAction.CLOSE)
    client.submit("main form.button-form")
    client.follow()
    assert "Die Abfrage für Dezember 2026 ist abgeschlossen." in client.page.text()


def test_moving_what_was_closed_meanwhile_says_so(client, session, coordinator, december):
    client.get(ROUND)
    december.move(RoundAction.CLOSE)
    client.submit("main form.form", due_on="2026-12-04")
    client.follow()
    assert "Die Abfrage für Dezember 2026 ist abgeschlossen." in client.page.text()
    assert reload(session, december).due_on == date(2026, 11, 30)


@pytest.mark.parametrize("until", ["2026-11-29", "", "morgen", "2030-01-01"])
def test_a_day_until_which_a_round_cannot_be_open_is_named(
    client, session, coordinator, december, until
):
    december.move(RoundAction.CLOSE)
    client.get(ROUND)
    client.submit("main form.form", 422, until=until)
    assert "Offen bis" in " ".join(client.page.texts(".error-summary"))
    assert reload(session, december).status is RoundStatus.CLOSED


def test_opening_what_is_open_asks_to_look_again(client, session, coordinator, december):
    december.move(RoundAction.CLOSE)
    client.get(ROUND)
    december.move(RoundAction.REOPEN)
    client.submit("main form.form", 409)


def test_a_round_of_another_list_has_its_page(client, session, coordinator, december):
    other = a_list(session, december.district, slug="beratung", title="Beratung", reminds=False)
    a_report(session, a_round(session, other), a_provider(session, december.district))
    client.get(f"{ROUND}?liste=beratung")
    assert "Für diese Kursliste sind die Erinnerungen ausgeschaltet." in client.page.text()
    client.submit("main form.form", due_on="2026-12-08")
    assert client.response.location.endswith("2026-12?liste=beratung")
    assert reload(session, december).due_on == date(2026, 11, 30)
