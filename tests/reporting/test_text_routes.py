"""The pages of a district's words: six steps, a preview that is the mail, and the way back."""

import pytest
from sqlalchemy import select

from kursliste.domain.permissions import Actor
from kursliste.domain.reminders import ReminderStep
from kursliste.domain.report import ReportStatus
from kursliste.models import JournalEntry, MailText, OutgoingMail
from kursliste.reporting import reminding
from kursliste.reporting.reminder_mails import SECTIONS
from kursliste.reporting.text_routes import ADDRESSES
from kursliste.ticking import REPORT_PATH
from tests.builders import (
    a_coordinator,
    a_counsellor,
    a_district,
    a_list,
    a_provider,
    a_report,
)
from tests.signing_in import sign_in

TEXTS = "/stammdaten/kreise/goerlitz/texte"
FRIENDLY = f"{TEXTS}/erinnerung"
FORM = "main form.form"


@pytest.fixture
def coordinator(client, session, scene):
    sign_in(client, session, scene.coordinator)
    return scene.coordinator


def stored(session):
    query = select(MailText.step, MailText.text).order_by(MailText.id)
    return [(str(step), text) for step, text in session.execute(query)]


def letter(client):
    """The mail in the preview, with its line breaks."""
    return "".join(client.page.one("pre").itertext())


@pytest.mark.parametrize("path", [TEXTS, FRIENDLY])
def test_the_pages_are_for_who_coordinates_the_district(client, session, scene, path):
    client.get(path, 302)
    weimar = a_district(session, "weimar")
    a_list(session, weimar)
    for user, status in (
        (scene.person, 403),
        (a_counsellor(session, scene.district), 403),
        (a_coordinator(session, weimar), 404),
    ):
        sign_in(client, session, user)
        client.get(path, status)


def test_a_foreign_district_keeps_its_words(client, session, scene):
    weimar = a_district(session, "weimar")
    a_list(session, weimar)
    sign_in(client, session, a_coordinator(session, weimar))
    client.get("/stammdaten/kreise/weimar/texte/erinnerung")
    client.post(FRIENDLY, {"text": "Fremd", "version": "0"}, 404)
    client.post(f"{FRIENDLY}/zuruecksetzen", {"version": "0"}, 404)
    assert stored(session) == []


def test_every_step_has_an_address():
    assert set(ADDRESSES.values()) == set(ReminderStep)


def test_a_step_that_does_not_exist_is_not_found(client, coordinator):
    client.get(f"{TEXTS}/mahnung", 404)


def test_the_steps_stand_there_with_their_time_and_words(client, session, scene, coordinator):
    scene.course_list.friendly_days = 1
    scene.course_list.second_contact_working_days = 4
    scene.course_list.calls_working_days = 5
    own = MailText(district_id=scene.district.id, step=ReminderStep.FRIENDLY, text="Bald:")
    session.add(own)
    client.get(TEXTS)
    rows = client.page.rows("main table")[1:]
    assert [row[:2] for row in rows] == [
        ["Abfrage geöffnet", "sobald die Abfrage offen ist"],
        ["freundliche Erinnerung", "1 Tag vor dem Meldeschluss"],
        ["letzter Tag", "am Tag des Meldeschlusses"],
        ["überfällig", "1 Arbeitstag nach dem Meldeschluss"],
        [
            "zweite Adresse",
            "4 Arbeitstage nach dem Meldeschluss, an die zweite Adresse des Trägers",
        ],
        ["Rückfrage offen", "2 Arbeitstage nach Ihrer Rückfrage, wenn die Antwort fehlt"],
    ]
    assert rows[1][2] == "eigener Text Bald:Mitgeliefert: Noch nicht eingereicht:"
    assert rows[2][2] == "Heute ist Meldeschluss. Es fehlt noch:mitgelieferter Text"
    scene.course_list.reminds = False
    client.get(TEXTS)
    assert "sind die Erinnerungen ausgeschaltet" in client.page.text()


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_step_begins_with_our_words(client, coordinator, address):
    client.get(f"{TEXTS}/{address}")
    assert client.page.form_values(FORM)["text"] == [SECTIONS[ADDRESSES[address]]]
    assert SECTIONS[ADDRESSES[address]] in letter(client)
    assert "So sieht die Mail jetzt aus." in client.page.text()


def test_the_preview_is_the_mail_that_then_goes_out(client, session, scene, coordinator):
    """Byte for byte, from the page to the outbox, with the address that the tick writes."""
    scene.report(ReportStatus.OPEN)
    client.get(f"{TEXTS}/oeffnung")
    words = "Liebe Leute <von> {traeger},\n\nbitte bis {meldeschluss} – für {monat} & überhaupt:"
    client.submit(FORM, 200, text=words, preview="1")
    assert "Er ist noch nicht gespeichert" in client.page.text()
    assert client.page.form_values(FORM)["text"] == [words]
    previewed = client.page.texts(".facts dd")[0], letter(client)
    assert (stored(session), session.scalars(select(OutgoingMail)).all()) == ([], [])
    client.submit(FORM, text=words)
    actor = Actor.system()
    (due,) = reminding.due_letters(session, actor=actor)
    reminding.queue_letter(
        session, due, actor=actor, link=lambda key: "http://localhost" + REPORT_PATH.format(key)
    )
    session.flush()
    mail = session.scalars(select(OutgoingMail)).one()
    assert previewed == (mail.subject, mail.body)


def test_a_text_is_saved_and_put_back(client, session, coordinator, scene):
    client.get(FRIENDLY)
    client.submit(FORM, text="Denken Sie an {monat}:")
    client.follow()
    assert "Der Text „freundliche Erinnerung“ ist gespeichert." in client.page.text()
    assert stored(session) == [("friendly", "Denken Sie an {monat}:")]
    client.get(FRIENDLY)
    client.submit(FORM)
    client.follow()
    assert "war schon so" in client.page.text()
    client.get(FRIENDLY)
    client.submit("main form.button-form")
    client.follow()
    assert "gilt wieder der mitgelieferte Text" in client.page.text()
    assert stored(session) == []
    told = select(JournalEntry.event).where(JournalEntry.subject_table == "mail_text")
    assert [str(event) for event in session.scalars(told)] == ["mail_text:changed"] * 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Bis {frist}:", "„{frist}“ ist kein Platzhalter. Möglich sind: {monat}, {meldeschluss}"),
        ("Bis {monat", "Bei „Bis {monat“ steht eine geschweifte Klammer allein."),
        ("x" * 1001, "Der Text hat 1001 Zeichen; höchstens 1000 sind möglich."),
        ("  ", "Diese Angabe fehlt."),
        ("a\u2028b", "Hier steht ein unsichtbares Steuerzeichen (Stelle 2)."),
    ],
)
@pytest.mark.parametrize("preview", [None, "1"])
def test_a_text_that_cannot_go_out_is_named_and_kept(
    client, session, coordinator, text, told, preview
):
    client.get(FRIENDLY)
    client.submit(FORM, 422, text=text, preview=preview)
    assert told in " ".join(client.page.texts(".error-summary"))
    assert client.page.form_values(FORM)["text"] == [text.strip()]
    assert "So sieht die Mail mit dem gespeicherten Text aus." in client.page.text()
    assert stored(session) == []


def test_line_breaks_and_headers_in_a_text_stay_in_the_body(client, session, scene, coordinator):
    scene.report(ReportStatus.OPEN)
    client.get(f"{TEXTS}/oeffnung")
    client.submit(FORM, text="Guten Tag\r\nBcc: alle@example.org\r\n\r\n.\r\nHallo")
    assert stored(session) == [("opening", "Guten Tag\nBcc: alle@example.org\n\n.\nHallo")]
    client.get(f"{TEXTS}/oeffnung")
    assert client.page.texts(".facts dd")[0] == "Kursmeldung für Dezember 2026 bis 30.11.2026"
    assert "\n\nGuten Tag\nBcc: alle@example.org\n\n.\nHallo\n\n" in letter(client)


def test_two_who_write_at_once_see_both_texts(client, session, scene, coordinator):
    client.get(FRIENDLY)
    session.add(MailText(district_id=scene.district.id, step=ReminderStep.FRIENDLY, text="Ihrer"))
    client.submit(FORM, 409, text="Meiner")
    assert client.page.rows("main table")[1:] == [["Text", "Meiner", "Ihrer"]]
    client.submit("main form")
    assert stored(session) == [("friendly", "Meiner")]


def test_putting_back_what_somebody_else_wrote_shows_it_first(client, session, scene, coordinator):
    own = MailText(district_id=scene.district.id, step=ReminderStep.FRIENDLY, text="Alt")
    session.add(own)
    client.get(FRIENDLY)
    own.text = "Neu"
    client.submit("main form.button-form", 409)
    assert client.page.rows("main table")[1:] == [["Text", "Noch nicht eingereicht:", "Neu"]]
    client.submit("main form")
    assert stored(session) == []


def test_without_a_missing_report_the_address_is_the_overview(client, scene, coordinator):
    client.get(FRIENDLY)
    assert "\nhttp://localhost/meldungen\n" in letter(client)
    assert "Die Adresse der Meldung steht erst fest" in client.page.text()


def test_the_page_costs_the_same_with_one_missing_report_and_with_three(
    client, session, scene, coordinator, statements
):
    def count():
        client.get(FRIENDLY)
        with statements() as seen:
            client.get(FRIENDLY)
        return len(seen)

    scene.report(ReportStatus.OPEN)
    one = count()
    for name in ("Eins", "Zwei"):
        house = a_provider(session, scene.district, name=name)
        a_report(session, scene.opened, house, ReportStatus.OPEN)
    assert count() == one
