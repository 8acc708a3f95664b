"""The pages for readers and for the coordinator, as a browser without JavaScript sees them."""

import pytest
from flask import url_for
from sqlalchemy import select

from kursliste.domain.subscription import CONFIRM_WITHIN, REQUESTS_PER_NETWORK
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Mailing, MailingRules, OutgoingMail, Subscription
from kursliste.readers.links import Links
from tests.builders import a_coordinator, a_district, a_list
from tests.readers.scenes import (
    BASE,
    Carrier,
    a_reader,
    key_in,
    mails_to,
    moved,
    publish,
    tick,
    two_months,
)
from tests.signing_in import sign_in

LIST, ORDER = "/kurslisten/goerlitz", "/kurslisten/goerlitz/abo"
DESK = "/veroeffentlichung/goerlitz/verteiler"
PREVIEW = "/veroeffentlichung/goerlitz/2026-12/mail"
READER = "leserin@example.org"


@pytest.fixture
def scene(session, settings):
    return two_months(session, Shelf(settings.shelf))


def subscriptions(session):
    session.expire_all()
    return session.scalars(select(Subscription).order_by(Subscription.id)).all()


def ordered(client, session, query="", **more):
    """Order, and return the key that came by mail."""
    client.get(f"{ORDER}{query}")
    client.submit(email=READER, **more)
    return key_in(mails_to(session, READER)[-1].body)


def test_the_whole_way_from_the_list_to_the_end(client, session, database, scene):
    publish(scene, mails=False)
    client.get(f"{LIST}?ort=Zittau&sortierung=ort&niveau=A2")
    link = next(a for a in client.page.select("a") if "per E-Mail" in "".join(a.itertext()))
    client.get(link.get("href"))
    assert "Niveau: A2" in client.page.text() and "Ort: Zittau" in client.page.text()
    client.submit(email=" Leserin@Example.ORG ", always="y")
    client.follow()
    assert client.page.heading() == "Sehen Sie in Ihr Postfach"
    key = key_in(mails_to(session, READER)[0].body)
    client.get(f"/abo/{key}")
    assert client.response.headers["Cache-Control"] == "no-store"
    assert subscriptions(session)[0].confirmed_at is None  # looking confirms nothing
    client.submit()
    client.follow()
    assert "Ihr Abo ist bestätigt." in client.page.text()
    found = subscriptions(session)[0]
    assert (found.filters, found.always) == ({"niveau": ["A2"], "ort": ["Zittau"]}, True)
    client.submit(niveau="B1", ort="", always=None)
    client.follow()
    found = subscriptions(session)[0]
    assert (found.filters, found.always) == ({"niveau": ["B1"]}, False)
    client.get(f"/abo/{key}/abbestellen")
    assert len(subscriptions(session)) == 1  # looking ends nothing
    client.submit(status=200)
    assert client.page.heading() == "Abbestellt"
    assert subscriptions(session) == []
    assert mails_to(session, READER) == []
    client.get(f"/abo/{key}", 404)
    client.get(f"/abo/{key}/abbestellen", 404)
    client.post(f"/abo/{key}/bestaetigen", {"csrf_token": ""}, 400)


def test_a_mail_program_ends_it_by_one_post_without_token_or_cookie(
    client, app, session, database, scene
):
    a_reader(session, scene.course_list)
    publish(scene)
    carrier = Carrier([])
    tick(session, database, carrier)
    address = str(carrier.got[0]["List-Unsubscribe"]).strip("<>")
    assert address.startswith(f"{BASE}/abo/")
    answer = app.test_client().post(
        address.removeprefix(BASE), data={"List-Unsubscribe": "One-Click"}
    )
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    again = app.test_client().post(address.removeprefix(BASE), data={"x": "y"})
    assert again.status_code == 200
    other = app.test_client().post(
        address.removeprefix(BASE).replace("abbestellen", "bestaetigen"), data={"x": "y"}
    )
    assert other.status_code == 400
    assert subscriptions(session) == []


@pytest.mark.asvs("6.3.8")
@pytest.mark.con10("A10")
def test_the_answer_is_the_same_for_known_and_unknown_addresses(client, session, scene):
    publish(scene, mails=False)
    a_reader(session, scene.course_list, "bekannt@example.org")
    answers = []
    for email in ("bekannt@example.org", "fremd@example.org"):
        client.get(ORDER)
        response = client.submit(email=email)
        answers.append((response.status_code, response.location, response.get_data()))
    assert answers[0] == answers[1]


def test_what_is_typed_wrong_stays_and_too_many_orders_are_refused(client, session, scene):
    publish(scene, mails=False)
    client.get(f"{ORDER}?ort=Zittau&ort=Atlantis&q=")
    assert "Ort: Atlantis" in client.page.text()
    client.submit(status=422, email="keine adresse", always="y")
    assert client.page.form_values()["email"] == ["keine adresse"]
    assert client.page.one("#always").get("checked") is not None
    assert "Ort: Zittau" in client.page.text()
    towns = "&".join(f"q=kurs{number}" for number in range(41))
    client.get(f"{ORDER}?{towns}")
    client.submit(status=422, email=READER)
    assert "zu viele Filter" in client.page.text()
    for number in range(REQUESTS_PER_NETWORK.most):
        client.get(ORDER)
        client.submit(email=f"p{number}@example.org")
    client.get(ORDER)
    client.submit(status=429, email=READER)
    assert mails_to(session, READER) == []


def test_before_the_first_edition_the_whole_list_can_be_ordered(client, session):
    district = a_district(session)
    client.get(ORDER, 404)
    a_list(session, district)
    client.get(LIST)
    assert "Neue Ausgaben per E-Mail" in client.page.text()
    key = ordered(client, session, "?ort=Zittau")
    client.get(f"/abo/{key}")
    client.submit()
    client.follow()
    assert subscriptions(session)[0].filters == {}
    client.get("/kurslisten/ulm/abo", 404)
    client.get(f"/abo/{'x' * 43}", 404)
    client.get("/abo/kurz", 404)


def test_a_late_link_offers_to_order_again(client, session, scene, frozen_clock):
    publish(scene, mails=False)
    key = ordered(client, session, "?ort=Zittau")
    frozen_clock.forward(seconds=CONFIRM_WITHIN.total_seconds())
    client.get(f"/abo/{key}")
    assert client.page.heading() == "Dieser Link ist abgelaufen"
    assert f"{ORDER}?ort=Zittau" in [a.get("href") for a in client.page.select("main a")]
    client.get(ORDER)
    client.post(f"/abo/{key}/bestaetigen", status=404)


def test_a_resting_subscription_is_woken_by_its_button(client, session, scene, frozen_clock):
    publish(scene, mails=False)
    key = ordered(client, session)
    client.get(f"/abo/{key}")
    client.submit()
    found = subscriptions(session)[0]
    found.asleep_since = frozen_clock.now()
    client.get(f"/abo/{key}")
    assert client.page.heading() == "Ihr Abo ruht"
    client.submit()
    assert subscriptions(session)[0].is_active


def test_a_filter_stays_though_no_course_has_it_and_nonsense_is_named(client, session, scene):
    publish(scene, mails=False)
    key = ordered(client, session, "?ort=Zittau")
    client.get(f"/abo/{key}")
    client.submit()
    scene.month(scene.round.month.next())
    scene.course(**moved(title="Nur noch hier"))
    publish(scene, mails=False)
    a_reader(session, scene.course_list, READER, filters={"niveau": ["A2"]})
    client.get(f"/abo/{key}")
    assert "Weitere Abos mit dieser Adresse" in client.page.text()
    client.submit()
    assert subscriptions(session)[0].filters == {"ort": ["Zittau"]}
    client.get(f"/abo/{key}")
    client.submit(status=422, ab="gestern")
    assert "Beginn ab: gestern" in client.page.text()
    client.submit(status=422, ort="", ab="", niveau="A2")
    assert "haben Sie schon abonniert" in client.page.text()
    client.get(f"/abo/{key}/abbestellen")
    client.submit(status=200, alle="1")
    assert "2 Abos sind beendet." in client.page.text()
    client.get(ORDER)
    client.post(f"/abo/{key}", status=404)


@pytest.mark.asvs("14.2.6")
def test_the_coordinator_sees_numbers_and_no_address(client, session, database, scene, app):
    for path in (DESK, PREVIEW):
        client.get(path, 302)
    stranger = a_coordinator(session, a_district(session, "weimar"))
    sign_in(client, session, stranger)
    for path in (DESK, PREVIEW):
        client.get(path, 404)
    a_reader(session, scene.course_list)
    a_reader(session, scene.course_list, "zwei@example.org", filters={"ort": ["Zittau"]})
    a_reader(session, scene.course_list, "drei@example.org", filters={"ort": ["Bautzen"]})
    a_reader(session, scene.course_list, "vier@example.org", confirmed_at=None)
    sign_in(client, session, scene.coordinator)
    client.get(PREVIEW)
    assert "gehen 2 E-Mails an 3 Abos" in client.page.text()
    assert "Kurs am Markt" in client.page.text()
    client.get("/veroeffentlichung/goerlitz/2026-12")
    assert "3 Abos warten auf die Liste" in client.page.text()
    client.submit()
    assert tick(session, database).mailed == 2
    client.get(DESK)
    assert "3 Abos, davon 2 mit Filter" in client.page.text()
    assert "1 Abo noch nicht bestätigt" in client.page.text()
    assert client.page.rows()[1][:4] == ["Ausgabe 2026-12/1", "2", "0", "0"]
    assert client.page.rows()[2][4] == "ohne E-Mail veröffentlicht"
    assert "@example.org" not in client.page.html
    with app.test_request_context():
        there = url_for("readers.subscription", key="k" * 43)
        ends = url_for("readers.end", key="k" * 43)
    assert Links("").subscription("k" * 43) == there
    assert Links("").one_click("k" * 43) == ends


def test_publishing_without_mail_sends_none(client, session, database, scene):
    a_reader(session, scene.course_list)
    sign_in(client, session, scene.coordinator)
    client.get("/veroeffentlichung/goerlitz/2026-12")
    client.submit(mails_readers="nein")
    assert tick(session, database).mailed == 0
    assert session.scalars(select(OutgoingMail)).all() == []
    assert [one.sends for one in session.scalars(select(Mailing))] == [False, False]


def test_a_preview_of_a_correction_names_only_whom_it_touches(client, session, scene):
    a_reader(session, scene.course_list)
    publish(scene)
    sign_in(client, session, scene.coordinator)
    client.get(PREVIEW)
    assert "gehen 0 E-Mails an 1 Abo." in client.page.text()
    assert "die Korrektur sie nicht betrifft" in client.page.text()
    scene.course(**moved(title="Nachgetragen"))
    client.get(PREVIEW)
    assert "gehen 1 E-Mail an 1 Abo." in client.page.text()
    assert "Grund: (Ihr Grund der Korrektur)" in client.page.text()


def test_a_coordinator_invites_removes_and_decides(client, session, scene):
    sign_in(client, session, scene.coordinator)
    client.get(DESK)
    invite, remove, rules = (
        f"main form[action={DESK}/{name}]" for name in ("einladen", "entfernen", "regeln")
    )
    client.submit(invite, 422, **{"neu-email": READER})
    assert "Fragen Sie die Person zuerst" in client.page.text()
    client.submit(invite, **{"neu-email": READER, "neu-has_agreed": "y"})
    assert "Karla Kreis möchte Sie" in mails_to(session, READER)[0].body
    client.follow()
    client.submit(remove, 422, **{"weg-email": "nix"})
    client.submit(remove, **{"weg-email": READER})
    client.follow()
    assert "Ein Abo ist gelöscht." in client.page.text()
    client.submit(remove, **{"weg-email": READER})
    client.follow()
    assert "steht nicht im Verteiler" in client.page.text()
    assert client.page.form_values(rules)["most_kb"] == ["500"]
    client.submit(rules, 422, most_kb="viel")
    client.submit(rules, attaches="y", most_kb="800")
    client.follow()
    found = session.scalars(select(MailingRules)).one()
    assert (found.attaches, found.most_kb) == (True, 800)
    client.submit(rules, 409, attaches=None, most_kb="5", version="0")
    assert client.page.form_values()["most_kb"] == ["5"]
