"""The page of a district's rules, as a coordinator uses it."""

import pytest

from kursliste.domain.plausibility import Notice
from kursliste.domain.report import ReportStatus
from kursliste.domain.triviality import DEFAULT_TRIVIAL
from kursliste.models.review import ReviewRules
from kursliste.review.rules import EffectiveRules, rules_of
from tests.builders import (
    a_coordinator,
    a_counsellor,
    a_course,
    a_district,
    a_provider,
    a_report,
    a_reporter,
)
from tests.review.scene import a_scene
from tests.signing_in import sign_in

PAGE = "/stammdaten/kreise/goerlitz/pruefung"
FORM = "main form"


@pytest.fixture
def scene(session):
    return a_scene(session)


@pytest.fixture
def coordinator(session, client, scene):
    sign_in(client, session, scene.coordinator)
    return scene.coordinator


def ticked(client, prefix):
    boxes = client.page.select(f"{FORM} input[type=checkbox]")
    return {
        (box.get("name"), box.get("value"))
        for box in boxes
        if box.get("checked") is not None and box.get("name").startswith(prefix)
    }


def test_the_page_is_for_who_coordinates_the_district(client, session, scene):
    client.get(PAGE, 302)
    for user, status in (
        (a_reporter(session, a_provider(session, scene.district)), 403),
        (a_counsellor(session, scene.district), 403),
        (a_coordinator(session, a_district(session, "weimar")), 404),
    ):
        sign_in(client, session, user)
        client.get(PAGE, status)


@pytest.mark.usefixtures("coordinator")
def test_the_shipped_rules_are_ticked_and_explained(client):
    client.get(PAGE)

    assert ticked(client, "show_") == {(f"show_{kind}", "y") for kind in Notice}
    assert {value for _name, value in ticked(client, "trivial_")} == DEFAULT_TRIVIAL
    assert "Beispiel: Plätze 16 → 61. Stimmt die neue Zahl?" in client.page.text()


@pytest.mark.usefixtures("coordinator")
def test_ticks_are_kept(client, session, scene):
    data = {f"show_{kind}": "y" for kind in Notice if kind is not Notice.TIMES_MISSING}
    client.get(PAGE)

    client.post(
        PAGE,
        {**data, "version": "0", "trivial_who": ["status", "link"]},
        302,
    )

    assert rules_of(session, scene.district.id) == EffectiveRules(
        trivial=frozenset({"status", "link"}), ignored=frozenset({Notice.TIMES_MISSING})
    )
    client.follow()
    assert "Die Regeln sind gespeichert." in client.page.text()
    assert ticked(client, "trivial_") == {("trivial_who", "status"), ("trivial_who", "link")}


@pytest.mark.usefixtures("coordinator")
def test_saving_what_holds_changes_nothing(client, session, scene):
    client.get(PAGE)
    client.submit(FORM)
    client.follow()

    assert "Es hat sich nichts geändert." in client.page.text()
    assert rules_of(session, scene.district.id) == EffectiveRules()


@pytest.mark.usefixtures("coordinator")
def test_the_shipped_rules_come_back_by_one_button(client, session, scene):
    session.add(ReviewRules(district_id=scene.district.id, trivial_fields=["link"]))
    session.commit()
    client.get(PAGE)

    client.post(PAGE, {"version": "1", "shipped": "1"}, 302)

    assert rules_of(session, scene.district.id) == EffectiveRules()


@pytest.mark.usefixtures("coordinator")
def test_a_field_that_is_none_is_refused_with_the_form(client, session, scene):
    client.get(PAGE)
    client.post(PAGE, {"version": "0", "trivial_who": ["colour"]}, 422)

    assert rules_of(session, scene.district.id) == EffectiveRules()


@pytest.mark.usefixtures("coordinator")
def test_two_people_at_once_see_both_and_may_save_theirs(client, session, scene):
    session.add(ReviewRules(district_id=scene.district.id, trivial_fields=["link", "town"]))
    session.commit()
    shown = {f"show_{kind}": "y" for kind in Notice}
    client.get(PAGE)

    client.post(PAGE, {**shown, "version": "0", "trivial_who": ["status", "link"]}, 409)

    assert "Feld „Ort“" in client.page.text()
    client.submit(FORM)
    assert rules_of(session, scene.district.id) == EffectiveRules(
        trivial=frozenset({"status", "link"})
    )


@pytest.mark.usefixtures("coordinator")
def test_the_board_and_the_dates_lead_here(client):
    for page in ("/pruefung/goerlitz", "/stammdaten/kreise/goerlitz/termine"):
        client.get(page)
        assert [a.get("href") for a in client.page.select("main a")].count(PAGE) == 1


@pytest.mark.usefixtures("coordinator")
def test_a_report_says_what_to_ask_before_what_to_look_at(client, session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    a_course(session, report, seats_free=61, seats_total=16, contact_phone="03581 1")
    session.commit()

    client.get(f"/pruefung/goerlitz/2026-12/{report.id}")

    assert client.page.texts("main section .text-list li .kern-badge") == ["nachfragen", "ansehen"]
    assert [text.partition(". Rückfrage")[0] for text in client.page.texts("main section li")] == [
        "nachfragen 61 freie Plätze sind mehr als 16 Plätze insgesamt",
        "ansehen Es fehlt, wann der Unterricht stattfindet",
    ]
