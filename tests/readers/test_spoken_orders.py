"""Ordering a mail, and the mails, in the language of whoever orders."""

import re

import pytest
from sqlalchemy import select

from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Subscription
from kursliste.readers import actions
from kursliste.readers.actions import Wish
from kursliste.readers.links import Links
from kursliste.web import languages
from tests.readers.scenes import (
    BASE,
    NOBODY,
    Carrier,
    a_reader,
    key_in,
    mails_to,
    publish,
    tick,
    two_months,
)
from tests.speaking import MARK, NAMES, Marked, words

ORDER = "/kurslisten/goerlitz/abo"
READER = "leserin@example.org"
OURS = NAMES | {"abendkurs", "sommerkurs", "zittau", "leserin", "org", "name", "beispiel"}


@pytest.fixture
def scene(session, settings):
    return two_months(session, Shelf(settings.shelf))


@pytest.fixture
def marked(monkeypatch):
    """Every text that somebody could translate is in brackets."""
    monkeypatch.setattr(languages, "catalogue", lambda _code: Marked())


def text_of(mail):
    """The plain text of a mail, its lines as they were written."""
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def the_order(session):
    session.expire_all()
    return session.scalars(select(Subscription)).one()


def ordered(client, session, query):
    """Order, and return the key that came by mail."""
    client.get(f"{ORDER}{query}")
    client.submit(email=READER)
    return key_in(mails_to(session, READER)[-1].body)


def says(client, *, also=()):
    """What the page says in German, other than names."""
    assert "⟦" in client.page.html
    return sorted(words(client.page.root) - OURS - set(also))


def test_ordering_says_nothing_that_nobody_could_translate(client, session, scene, marked):
    publish(scene, mails=False)
    client.get(f"{ORDER}?ort=Zittau&ort=Atlantis&sprache=ar")
    assert says(client) == ["atlantis"]  # what the address said
    for typed in ("", "keine", "a\u2028b@example.org"):
        client.get(f"{ORDER}?ort=Zittau&sprache=ar")
        assert says(client) == []
        client.submit(status=422, email=typed)
        assert says(client) == []
    client.submit(email=READER)
    client.follow()
    assert says(client) == []


def test_confirming_and_changing_say_nothing_that_nobody_could_translate(
    client, session, scene, marked
):
    publish(scene, mails=False)
    key = ordered(client, session, "?ort=Zittau&sprache=ar")
    client.get(f"/abo/{key}?sprache=ar")
    assert says(client) == []
    client.submit()
    client.follow()
    assert says(client) == []
    a_reader(session, scene.course_list, READER, filters={"niveau": ["A2"]})
    client.get(f"/abo/{key}?sprache=ar")
    assert says(client) == []
    client.submit(status=422, ab="gestern", ort="")
    assert says(client) == ["gestern"]
    client.submit(status=422, ab="", niveau="A2")
    assert says(client) == []
    client.get(f"/abo/{key}/abbestellen?sprache=ar")
    assert says(client) == []
    client.submit(status=200, alle="1")
    assert says(client) == []
    client.get(f"/abo/{key}?sprache=ar", 404)
    assert says(client) == []


def test_pages_of_a_late_and_of_a_resting_order_speak(client, session, scene, marked, frozen_clock):
    publish(scene, mails=False)
    key = ordered(client, session, "?sprache=uk")
    found = the_order(session)
    found.confirmed_at = found.asleep_since = frozen_clock.now()
    client.get(f"/abo/{key}?sprache=uk")
    assert says(client) == []
    found = the_order(session)
    found.confirmed_at = found.asleep_since = None
    frozen_clock.forward(seconds=8 * 24 * 3600)
    client.get(f"/abo/{key}?sprache=uk")
    assert says(client) == []


def test_the_language_of_the_page_stays_with_the_order(client, session, scene):
    publish(scene, mails=False)
    client.get(ORDER, 302, headers={"Accept-Language": "uk"})
    client.follow()
    assert client.page.root.get("lang") == "uk"
    client.submit(email=READER)
    assert client.response.location == f"{ORDER}/bestellt?sprache=uk"
    mail = mails_to(session, READER)[-1]
    assert mail.subject == (
        "Будь ласка, підтвердьте: нові списки курсів електронною поштою (Landkreis Goerlitz)"
    )
    assert mail.body.startswith("Добрий день,\n\nдля цієї адреси замовлено підписку:\n")
    assert re.search(rf"{BASE}/abo/[\w-]{{43}}\?sprache=uk\n", mail.body)
    assert the_order(session).language == "uk"
    ordered(client, session, "?sprache=tr")
    assert the_order(session).language == "tr"
    ordered(client, session, "?sprache=klingonisch")
    assert the_order(session).language == "de"


def test_a_confirmed_order_keeps_its_language_until_its_reader_chooses(client, session, scene):
    publish(scene, mails=False)
    key = ordered(client, session, "?sprache=uk")
    client.get(f"/abo/{key}?sprache=uk")
    client.submit()
    ordered(client, session, "?sprache=tr")  # anybody can type the address
    assert (
        mails_to(session, READER)[-1].subject
        == "Bu e-posta aboneliğiniz zaten var (Landkreis Goerlitz)"
    )
    assert the_order(session).language == "uk"
    client.get(f"/abo/{key}?sprache=uk")
    assert client.page.form_values()["mails_in"] == ["uk"]
    client.submit(mails_in="fa")
    assert the_order(session).language == "fa"
    client.get(f"/abo/{key}?sprache=uk")
    client.submit(mails_in="klingonisch")
    assert the_order(session).language == "de"


def test_the_news_come_in_the_language_of_each_reader(session, database, scene):
    a_reader(session, scene.course_list, "uk@example.org", language="uk")
    a_reader(
        session, scene.course_list, "ar@example.org", language="ar", filters={"ort": ["Zittau"]}
    )
    a_reader(session, scene.course_list, "de@example.org")
    a_reader(session, scene.course_list, "old@example.org", language="la")
    publish(scene)
    carrier = Carrier([])
    assert tick(session, database, carrier).mailed == 4
    subjects = {mail["To"].partition("@")[0]: str(mail["Subject"]) for mail in carrier.got}
    bodies = {mail["To"].partition("@")[0]: text_of(mail) for mail in carrier.got}
    assert subjects["uk"].startswith("Список курсів: грудень 2026")
    assert "Початок: 14.12.2026, раніше: 01.12.2026" in bodies["uk"]
    assert "Назви і тексти організаторів – німецькою, як у списку." in bodies["uk"]
    assert f"{BASE}/kurslisten/goerlitz?sprache=uk\n" in bodies["uk"]
    with languages.speaking("ar"):
        assert f"مرشحك: {languages.gettext('Ort')}: Zittau" in bodies["ar"]
    assert "\u2066Kurs am Markt\u2069" in bodies["ar"]
    assert f"{BASE}/kurslisten/goerlitz?ort=Zittau&sprache=ar\n" in bodies["ar"]
    assert subjects["de"].startswith("Kursliste Dezember 2026")
    assert "Beginn: 14.12.2026, bisher 01.12.2026" in bodies["de"]
    assert "Träger sind deutsch" not in bodies["de"] and "sprache=" not in bodies["de"]
    assert subjects["old"] == subjects["de"]


@pytest.mark.parametrize("is_correction", [False, True])
def test_a_mail_says_nothing_that_nobody_could_translate(
    session, database, scene, marked, is_correction
):
    a_reader(session, scene.course_list, language="en", filters={"niveau": ["B1"]})
    a_reader(session, scene.course_list, "all@example.org", language="en")
    if is_correction:
        publish(scene)
        tick(session, database)
        scene.course(title="Kurs am Markt", town="Zittau")
        publish(scene, seen=1, reason="Deutsch")
    else:
        publish(scene)
    carrier = Carrier([])
    assert tick(session, database, carrier).mailed >= 1
    for mail in carrier.got:
        text = f"{mail['Subject']}\n{text_of(mail)}"
        assert "⟦" in text
        while MARK.search(text):
            text = MARK.sub(" ", text)
        text = re.sub(r"http\S+", " ", text)
        found = {word.lower() for word in re.findall(r"[^\W\d_]{3,}", text)}
        assert sorted(found - OURS - {"kurs", "markt"}) == []


def test_speaking_to_a_reader_leaves_the_rest_german(session, scene):
    wish = Wish(email=READER, filters={}, language="ro")
    actions.request_subscription(
        session, scene.course_list, wish, address="10.0.0.1", links=Links(BASE), actor=NOBODY
    )
    assert languages.current_language().code == "de"
    assert mails_to(session, READER)[0].body.startswith("Bună ziua,")
