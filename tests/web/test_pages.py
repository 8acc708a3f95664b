"""Pages of the instance, and what stands around every page."""

import dataclasses
from pathlib import Path

import pytest

from kursliste.app import create_app
from kursliste.domain.permissions import Grant, Role
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import OutgoingMail
from kursliste.web.navigation import navigation
from tests import builders
from tests.browser.pages import LOOKS, RULES
from tests.browser.test_finding import LANGUAGES_THAT_LOOK_DIFFERENT
from tests.page_client import PageClient
from tests.signing_in import sign_in

ROOT = Path(__file__).parents[2]


@pytest.fixture
def demo_client(settings, database, session):
    demo = create_app(dataclasses.replace(settings, demo=True), database=database)
    return PageClient(demo, session)


def test_the_process_lives(client):
    assert client.get("/gesund").json == {"status": "ok"}


def test_everything_that_is_needed_is_there(client):
    assert client.get("/bereit").json == {"database": True, "shelf": True, "mail": True}


@pytest.mark.logs_errors
def test_a_shelf_that_cannot_be_written_is_told(app, client, tmp_path):
    (tmp_path / "file").write_text("in the way")
    app.extensions["shelf"] = Shelf(tmp_path / "file")
    assert client.get("/bereit", 503).json == {"database": True, "shelf": False, "mail": True}


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/impressum", "Impressum"),
        ("/datenschutz", "Datenschutz"),
        ("/barrierefreiheit", "Barrierefreiheit"),
    ],
)
def test_each_instance_has_its_duties(client, demo_client, path, heading):
    client.get(path)
    assert client.page.heading() == heading
    assert "Hier fehlen noch Angaben." in client.page.text()
    assert client.page.select(".demo-banner") == []
    demo_client.get(path)
    assert demo_client.page.heading() == heading
    assert "Das ist eine Demo." in demo_client.page.text()
    assert len(demo_client.page.select(".demo-banner")) == 1


LOOKED_AT = {
    "axe prüft im Browser": "test_finding.py::test_the_pages_are_fit_for_everybody",
    "Melden,": "test_journeys.py::test_a_provider_from_the_demo_button_to_the_receipt",
    "Prüfen, Veröffentlichen":
        "test_journeys.py::test_a_coordinator_from_the_board_to_the_published_list",
    "und Verwalten":
        "test_administration.py::test_an_administrator_runs_the_instance_from_the_browser",
    "Ein Träger kommt von der Anmeldung bis zur Quittung":
        "test_other_ways.py::test_tab_and_enter_are_enough_from_the_sign_in_to_the_receipt",
    "gibt Meldungen schnell frei": "test_thirty_reports.py::test_the_fast_path_by_keyboard",
    "Ohne JavaScript: Ein Träger meldet":
        "test_other_ways.py::test_a_provider_reports_without_javascript",
    "ändert das Aussehen einer Liste":
        "test_layout.py::test_a_layout_is_chosen_changed_looked_at_and_kept_without_javascript",
}  # fmt: skip
"""What the statement says that programs look at, and the test that does."""


def test_the_statement_claims_no_check_that_does_not_exist(client):
    client.get("/barrierefreiheit")
    text = client.page.text()
    for words, test in LOOKED_AT.items():
        assert words in text
        name, _, function = test.partition("::")
        source = (ROOT / "tests" / "browser" / name).read_text(encoding="utf-8")
        assert f"def {function}(" in source
    assert {"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"} < set(RULES)
    looks = [(size["width"], scheme) for size, scheme in LOOKS]
    assert looks == [(1280, "light"), (360, "dark")]
    assert "breit (1280 Bildpunkte) und hell, einmal schmal (360 Bildpunkte) und dunkel" in text
    assert LANGUAGES_THAT_LOOK_DIFFERENT == ("de", "ar", "ru")
    assert "axe findet nur einen Teil aller Hindernisse" in text


def test_the_footer_leads_to_them(client):
    client.get("/anmelden")
    assert client.page.texts("footer a") == [
        "Impressum",
        "Datenschutz",
        "Barrierefreiheit",
        "Daten für Programme",
    ]


NAVIGATION = [
    ("nobody", ["Kurslisten", "Kurse suchen"]),
    ("provider", ["Meldungen", "Orte und Personen", "Hinweise", "Kurslisten", "Kurse suchen"]),
    (
        "coordinator",
        [
            "Prüfung",
            "Liste übernehmen",
            "Träger",
            "Hinweise",
            "Protokoll",
            "Kurslisten",
            "Kurse suchen",
        ],
    ),
    (
        "coordinator of two",
        [
            "Prüfung Landkreis Goerlitz",
            "Prüfung Landkreis Weimar",
            "Träger",
            "Hinweise",
            "Protokoll",
            "Kurslisten",
            "Kurse suchen",
        ],
    ),
    ("counsellor", ["Interne Liste", "Kurslisten", "Kurse suchen"]),
    (
        "administrator",
        [
            "Prüfung Landkreis Goerlitz",
            "Prüfung Landkreis Weimar",
            "Träger",
            "Hinweise",
            "Verwaltung",
            "Kurslisten",
            "Kurse suchen",
        ],
    ),
]


@pytest.mark.parametrize(("who", "links"), NAVIGATION)
def test_the_navigation_shows_what_a_role_needs(client, session, who, links):
    goerlitz, weimar = builders.a_district(session), builders.a_district(session, "weimar")
    provider = builders.a_provider(session, goerlitz)
    grants = {
        "provider": [Grant(Role.PROVIDER, provider_id=provider.id)],
        "coordinator": [Grant(Role.COORDINATOR, district_id=goerlitz.id)],
        "coordinator of two": [
            Grant(Role.COORDINATOR, district_id=d.id) for d in (goerlitz, weimar)
        ],
        "counsellor": [Grant(Role.COUNSELLOR, district_id=weimar.id)],
        "administrator": [Grant(Role.ADMINISTRATOR)],
    }
    if who in grants:
        sign_in(client, session, builders.a_user(session, *grants[who], name="Rita Meldung"))
    client.get("/impressum")
    assert client.page.texts("header nav a") == links
    assert client.page.texts("header .account__name") == (["Rita Meldung"] if who in grants else [])


def test_the_navigation_marks_where_one_is(app):
    with app.test_request_context("/"):
        assert [(item.label, item.is_current) for item in navigation()] == [
            ("Kurslisten", True),
            ("Kurse suchen", False),
        ]
    with app.test_request_context("/impressum"):
        assert [item.is_current for item in navigation()] == [False, False]


def test_a_stuck_mail_is_told_and_takes_nobody_down(client, session, frozen_clock):
    session.add(
        OutgoingMail(
            to_address="a@example.org",
            subject="Betreff",
            body="Text",
            queued_at=frozen_clock.instant,
            due_at=frozen_clock.instant,
        )
    )
    frozen_clock.forward(minutes=59)
    assert client.get("/bereit").json == {"database": True, "shelf": True, "mail": True}
    frozen_clock.forward(minutes=2)
    assert client.get("/bereit").json == {"database": True, "shelf": True, "mail": False}


def test_whoever_finds_a_hole_knows_whom_to_tell(client, settings, database, session, frozen_clock):
    client.get("/.well-known/security.txt", 404)
    contact = "mailto:it-sicherheit@kreis.example"
    told = create_app(dataclasses.replace(settings, security_contact=contact), database=database)
    answer = PageClient(told, session).get("/.well-known/security.txt")
    assert answer.mimetype == "text/plain"
    assert answer.text.splitlines() == [
        f"Contact: {contact}",
        "Expires: 2027-05-23T00:00:00Z",
        "Preferred-Languages: de, en",
        "Canonical: http://localhost/.well-known/security.txt",
    ]
