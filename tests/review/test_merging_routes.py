"""Merging two providers as a coordinator does it: choose, look, confirm."""

import pytest
from sqlalchemy import select

from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.domain.round import RoundAction
from kursliste.infrastructure import clock
from kursliste.models import OutgoingMail, Provider
from tests import builders
from tests.review.scene import a_scene
from tests.review.test_routes import BOARD, press
from tests.signing_in import sign_in


@pytest.fixture
def scene(session, client):
    scene = a_scene(session)
    sign_in(client, session, scene.coordinator)
    return scene


@pytest.fixture
def old(session, scene):
    return builders.a_provider(session, scene.district, name="VHS Neissebogen", town="Görlitz")


def at(provider, more=""):
    return f"{BOARD}/traeger/{provider.id}{more}"


def into(old, survivor):
    return at(old, f"/zusammenfuehren/{survivor.id}")


def facts(client):
    keys, values = client.page.texts("dl.facts dt"), client.page.texts("dl.facts dd")
    return dict(zip(keys, values, strict=True))


def merged_into(session, provider):
    session.expire_all()
    return session.get(Provider, provider.id).merged_into_id


def test_choose_look_confirm(session, client, scene, old):
    builders.a_reporter(session, old, name="Rita Meldung", email="rita@x.example")
    builders.a_course(session, builders.a_report(session, scene.round, old), title="A2 abends")

    client.get(at(old))
    [link] = [a for a in client.page.select("a") if a.get("href") == at(old, "/zusammenfuehren")]
    assert link.get("class").endswith("kern-btn--tertiary")
    client.get(at(old, "/zusammenfuehren"))
    assert client.page.texts("select[name=mit] option") == ["bitte wählen", "VHS Neißebogen"]
    client.get(at(old, f"/zusammenfuehren?mit={scene.provider.id}"), 302)
    assert client.response.location == into(old, scene.provider)

    client.get(into(old, scene.provider))
    assert client.page.heading() == "VHS Neissebogen wird ein Teil von VHS Neißebogen"
    assert facts(client) == {
        "Kurse": "1 Kurs, ab Dezember 2026",
        "Personen, die melden": "Rita Meldung",
        "Kursorte": "keine neuen",
        "Ansprechpersonen": "keine neuen",
        "Interne Notizen": "keine",
        "Offene Hinweise": "keine",
        "Neue Kreise": "keine",
    }
    told = "Die Meldung von VHS Neissebogen (in Bearbeitung, 1 Kurs) wird die Meldung von"
    assert told in client.page.text()
    assert merged_into(session, old) is None  # looking does nothing

    press(client, f"zusammenfuehren/{scene.provider.id}")
    client.follow()
    assert "VHS Neissebogen ist jetzt ein Teil von VHS Neißebogen." in client.page.text()
    assert merged_into(session, old) == scene.provider.id
    [mail] = session.scalars(select(OutgoingMail)).all()
    assert mail.to_address == "rita@x.example"
    assert "http://localhost/meldungen" in mail.body

    client.get(at(old))
    assert "Dieser Träger ist geschlossen" in client.page.text()
    hrefs = [a.get("href") for a in client.page.select("main a")]
    assert at(scene.provider) in hrefs
    assert at(old, "/zusammenfuehren") not in hrefs
    client.get(into(old, scene.provider), 302)
    client.get(at(old, "/zusammenfuehren"), 302)


def test_nothing_chosen_is_said_at_the_field(client, scene, old):
    for chosen in ("", "0", "x", "999"):
        client.get(at(old, f"/zusammenfuehren?mit={chosen}"), 422)
        assert client.page.select("select[aria-invalid=true]")


def test_the_page_says_what_to_do_first(session, client, scene, old):
    builders.a_report(session, scene.round, old, ReportStatus.SUBMITTED)
    builders.a_report(session, scene.round, scene.provider, ReportStatus.APPROVED)

    client.get(into(old, scene.provider))
    told = client.page.text()
    assert "Für Dezember 2026 (Landkreis Goerlitz) haben beide schon gemeldet, und" in told
    assert "Jetzt zusammenführen" not in told
    hrefs = [a.get("href") for a in client.page.select("main a")]
    client.get(next(href for href in hrefs if "abfragen" in href or "termine" in href))

    client.post(into(old, scene.provider), {"seal": "x"}, 422)
    assert merged_into(session, old) is None


def test_whoever_looks_away_too_long_looks_again(session, client, scene, old):
    report = builders.a_report(session, scene.round, old)
    builders.a_course(session, report)
    client.get(into(old, scene.provider))
    report.move(ReportAction.SUBMIT, by_id=None, at=clock.now())
    session.flush()

    press(client, f"zusammenfuehren/{scene.provider.id}", 409)
    assert "Noch ist nichts geschehen." in client.page.text()
    assert "(eingereicht, 1 Kurs)" in client.page.text()
    assert merged_into(session, old) is None
    press(client, f"zusammenfuehren/{scene.provider.id}")
    assert merged_into(session, old) == scene.provider.id


def test_a_provider_of_a_foreign_district_needs_the_administration(session, client, scene, old):
    old.districts.append(builders.a_district(session, "weimar"))
    session.flush()
    client.get(into(old, scene.provider))
    assert "Landkreis Weimar. Dort koordinieren Sie nicht." in client.page.text()
    client.post(into(old, scene.provider), {"seal": "x"}, 403)


def test_a_closed_round_is_left_as_it_is(session, client, scene, old):
    builders.a_report(session, scene.round, old, ReportStatus.APPROVED)
    scene.round.move(RoundAction.CLOSE)
    session.flush()
    client.get(into(old, scene.provider))
    assert "VHS Neissebogen hat keine Meldung in einem offenen Monat." in client.page.text()


def test_nobody_else_finds_the_pages(session, client, scene, old):
    weimar = a_scene(session, "weimar", name="VHS Ilm")
    pages = [at(old, "/zusammenfuehren"), into(old, scene.provider)]
    for person, status in (
        (weimar.coordinator, 404),
        (builders.a_reporter(session, old), 403),
        (builders.a_counsellor(session, scene.district), 403),
    ):
        sign_in(client, session, person)
        for page in pages:
            client.get(page, status)
    sign_in(client, session, scene.coordinator)
    client.get(into(old, weimar.provider), 404)
    client.get(into(old, old), 404)
