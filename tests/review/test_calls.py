"""The call list as a coordinator sees it."""

from kursliste.domain.permissions import Grant, Role
from kursliste.domain.reminders import ReminderStep
from kursliste.domain.report import ReportStatus
from kursliste.web import labels
from tests.builders import (
    a_coordinator,
    a_district,
    a_list,
    a_provider,
    a_report,
    a_round,
    a_user,
)
from tests.signing_in import sign_in

ADDRESS = "/pruefung/goerlitz/2026-12/anrufliste"


def a_month(session):
    district = a_district(session)
    opened = a_round(session, a_list(session, district))
    missing = a_provider(session, district, name="VHS Fehlt", phone="03581 000-1")
    a_user(session, Grant(Role.PROVIDER, provider_id=missing.id), name="Frau Melde")
    a_report(session, opened, missing, ReportStatus.OPEN)
    sent = a_provider(session, district, name="VHS Da", report_email="da@example.org")
    a_report(session, opened, sent, ReportStatus.SUBMITTED)
    return district, opened


def test_whoever_is_missing_stands_there_with_a_number(session, client):
    district, _opened = a_month(session)
    sign_in(client, session, a_coordinator(session, district))
    client.get(ADDRESS)
    assert client.page.heading() == "Anrufliste Dezember 2026 – Landkreis Goerlitz"
    ((_headings), (provider, state, phone, people, mails)) = client.page.rows("main table")
    assert (provider, state, phone, mails) == ("VHS Fehlt", "offen", "03581 000-1", "keine")
    assert people.startswith("Frau Melde")
    assert client.page.one("td a[href=tel:035810001]") is not None
    assert "Anrufe lohnen sich ab dem" in client.page.text()


def test_an_unknown_address_is_to_be_checked(session, client):
    district, opened = a_month(session)
    silent = a_provider(session, district, name="Ohne Adresse e. V.")
    a_report(session, opened, silent, ReportStatus.SUBMITTED)
    sign_in(client, session, a_coordinator(session, district))
    client.get(ADDRESS)
    assert client.page.texts("main table")[1].endswith(
        "Ohne Adresse e. V. keine bekannt Es ist keine Adresse hinterlegt."
    )


def test_nobody_missing_says_so(session, client):
    district = a_district(session)
    a_round(session, a_list(session, district))
    sign_in(client, session, a_coordinator(session, district))
    client.get(ADDRESS)
    assert "Niemand fehlt." in client.page.text()


def test_a_foreign_coordinator_finds_nothing(session, client):
    a_month(session)
    sign_in(client, session, a_coordinator(session, a_district(session, "weimar")))
    client.get(ADDRESS, 404)
    client.get("/pruefung/weimar/2026-12/anrufliste", 404)


def test_every_step_has_words():
    assert set(labels.REMINDER_STEP) == set(ReminderStep)
