"""The ways of a month, in a real browser on the demo world."""

import io
import re

import pytest
from openpyxl import load_workbook

from kursliste.demo.months import current_month
from kursliste.demo.places import PROVIDERS
from tests.browser.pages import Person
from tests.journeys.lists import own_list

pytestmark = [pytest.mark.browser, pytest.mark.slow]
QUESTION = "Ab wann ist bei diesem Kurs ein Einstieg möglich?"


def _report(person: Person, slug: str) -> None:
    """From the sign-in to the receipt, the shortest way."""
    person.sign_in(slug)
    person.clicks = person.loads = 0
    person.press("Meldung beginnen")
    person.press("Alle übrigen unverändert bestätigen")
    person.press("Weiter: prüfen und einreichen")
    person.press("Jetzt einreichen")
    assert "Ihre Meldung ist angekommen." in person.text()


def test_a_provider_from_the_demo_button_to_the_receipt(somebody, site, capsys):
    office = somebody()
    _report(office, "traeger-goerlitz-1")
    with capsys.disabled():
        print(  # noqa: T201 -- the figure that the README tells
            f"\nsign-in to receipt: {office.clicks} clicks, {office.loads} page loads"
        )
    assert (office.clicks, office.loads) == (4, 4)
    mail = site.mails("traeger-goerlitz-1@kursliste.example")[-1]
    assert "Meldung" in str(mail["Subject"])
    office.follow("Meldungen")
    office.press("Abmelden")
    assert "Sie sind abgemeldet." in office.text()


def test_a_question_arrives_on_the_other_side_and_its_answer_comes_back(somebody, site):
    office, desk = somebody(), somebody()
    _report(office, "traeger-nordhausen-1")
    at_office = office.page.url
    desk.sign_in("koordination-nordhausen")
    desk.follow(PROVIDERS["nordhausen"][0].name)
    desk.follow("Rückfrage stellen")
    desk.page.select_option("#f0-reported_course_id", index=1)
    desk.page.select_option("#f0-attribute", "late_entry_from")
    desk.fill("Ihre Frage", QUESTION)
    desk.press("Senden und hier bleiben")
    assert QUESTION in desk.text()
    mail = site.mails("traeger-nordhausen-1@kursliste.example")[-1]
    words = mail.get_content()
    assert QUESTION in words
    link = next(line.strip() for line in words.splitlines() if line.strip().startswith("http"))
    assert link.startswith(f"{at_office}/rueckfragen/")
    office.go(link)
    assert QUESTION in office.text()
    office.fill("Ihre Antwort", "Ab dem nächsten Ersten.")
    office.press("Antwort speichern")
    office.press("Weiter: Antworten senden und wieder einreichen")
    office.press("Antworten senden und wieder einreichen")
    desk.page.reload()
    assert "Ab dem nächsten Ersten." in desk.text()
    desk.press("Freigeben")


def test_a_coordinator_from_the_board_to_the_published_list(somebody):
    _publish(somebody(), somebody())


@pytest.mark.pg
def test_the_same_on_postgresql(somebody, postgres_site):
    _publish(somebody(postgres_site), somebody(postgres_site))


def _publish(desk: Person, reader: Person) -> None:
    desk.sign_in("koordination-goerlitz")
    desk.follow("Nächste prüfen")
    desk.press("Freigeben")
    desk.follow("Prüfung")
    desk.follow("Veröffentlichen")
    month = current_month()
    desk.press(f"Ausgabe {month}/1 veröffentlichen")
    assert f"Die Ausgabe {month}/1 ist veröffentlicht." in desk.text()

    reader.go("/")
    reader.go("/kurslisten/goerlitz")
    assert f"Nr. {month}/1" in reader.text()
    shown = reader.page.locator("main .course-title").all_inner_texts()
    with reader.page.expect_download() as download:
        reader.page.get_by_role("link", name=re.compile("^Excel")).first.click()
    assert download.value.suggested_filename == f"kursliste-goerlitz-{month}-a1.xlsx"
    sheet = load_workbook(io.BytesIO(download.value.path().read_bytes()))["Kurse"]
    heads = [cell.value for cell in sheet[5]]
    title, key = heads.index("Titel"), heads.index("Kurs-ID")
    rows = [row for row in sheet.iter_rows(min_row=6) if row[key].value]
    assert sorted(str(row[title].value) for row in rows) == sorted(shown)
    reader.page.locator("summary", has_text="Kurse filtern").click()
    reader.page.select_option("#niveau", "A2")
    reader.press("Kurse zeigen")
    assert 0 < reader.page.locator("main .course-title").count() < len(shown)
    reader.follow("Frühere Ausgaben")


def test_a_coordinator_takes_over_a_list(somebody):
    desk = somebody()
    desk.sign_in("koordination-weimar")
    desk.follow("Liste übernehmen")
    desk.page.set_input_files(
        "input[type=file]",
        {"name": "Sprachkurse.xlsx", "mimeType": "application/octet-stream", "buffer": own_list()},
    )
    desk.page.select_option("#month", str(current_month()))
    desk.press("Hochladen und ansehen")
    assert "4 Kurse gefunden, 3 Träger, davon 3 neu" in desk.text()
    desk.page.get_by_label("„Plauderrunde mit Kuchen“ bedeutet").select_option("KONV")
    desk.press("Auswahl speichern")
    desk.follow(re.compile("Ausbessern ?: Kurse, Zeile 4$"))
    desk.page.select_option("#level_from", "A1")
    desk.page.select_option("#level_to", "B1")
    desk.press("Zeile speichern")
    desk.press("4 Kurse übernehmen")
    assert "Diese Liste ist übernommen." in desk.text()
    desk.follow("Zu den Meldungen")
    assert "Sprachhof Salza e. V." in desk.text()


@pytest.mark.asvs("7.6.2")
@pytest.mark.parametrize("way", ["link", "code"])
def test_signing_in_by_mail(somebody, site, way):
    address = {"link": "beratung-goerlitz", "code": "beratung-weimar"}[way]
    address += "@kursliste.example"
    person = somebody()
    person.go("/anmelden")
    person.fill("E-Mail", address)
    person.press("Link zuschicken")
    assert person.page.url.endswith("/anmelden/code")
    # Counsellors of the demo also get a mail about a new edition.
    bodies = [mail.get_body(("plain",)) for mail in site.mails(address)]
    words = next(b.get_content() for b in reversed(bodies) if b and "/anmelden/" in b.get_content())
    if way == "link":
        found = re.search(r"http\S+/anmelden/\S+", words)
        assert found
        person.go(found.group())
        person.press("Jetzt anmelden")
    else:
        found = re.search(r"^(\d{4} \d{4})$", words, re.M)
        assert found
        person.fill("Code", found.group())
        person.press("Anmelden", within=person.page.locator("main"))
    assert person.page.get_by_role("button", name="Abmelden").is_visible()
    person.go("/konto")


@pytest.mark.asvs("3.6.1", "14.2.3")
def test_the_pages_that_no_journey_passes(somebody):
    anybody, provider, admin, desk = (somebody() for _ in range(4))
    for path in (
        "/impressum",
        "/datenschutz",
        "/barrierefreiheit",
        "/gibt-es-nicht",
        "/kurslisten/goerlitz?ort=Nirgends&niveau=B2",
    ):
        anybody.go(path)
    provider.sign_in("traeger-goerlitz-2")
    provider.follow("Rückfrage beantworten")
    for what in ("bearbeiten", "Kurs hinzufügen"):
        provider.press(what)
        provider.page.go_back()
    provider.go(provider.page.url + "/kurse/neu?art=IK-ALLG")
    admin.sign_in("admin")
    admin.go("/pruefung")
    desk.sign_in("koordination-nordhausen")
    desk.go(f"/pruefung/nordhausen/{current_month()}/uebernehmen")
