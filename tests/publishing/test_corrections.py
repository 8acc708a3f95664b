"""A correction tells what it corrects and leaves what it replaces; what is left out is told."""

import json
from datetime import date

import pytest

from kursliste.domain.calendar import Month
from kursliste.domain.course import Visibility
from kursliste.domain.report import ReportStatus
from kursliste.domain.round import UnconfirmedRule
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Edition
from kursliste.publishing import queries
from kursliste.publishing.freezing import edition_files
from kursliste.publishing.verifying import verify
from tests.builders import a_course, a_provider, a_report
from tests.publishing.scene import FULL_ROW, a_scene
from tests.signing_in import sign_in

LIST = "/kurslisten/goerlitz"
PAGE = "/veroeffentlichung/goerlitz/2026-12"


def bytes_of(shelf: Shelf, edition) -> dict[str, bytes]:
    return {file.name: shelf.read(f"{edition.folder}/{file.name}") for file in edition.files}


def standing(session, scene) -> Edition:
    found = queries.standing_edition_or_none(session, scene.course_list, scene.round.month)
    assert found is not None
    return found


def kinds(stored, *, internal: bool) -> list[tuple[str, str]]:
    return [(c["kind"], c["title"]) for c in stored if c["is_internal"] is internal]


@pytest.fixture
def scene(session, settings):
    """November and December are published; of the changes since November one is "neu"."""
    scene = a_scene(session, Shelf(settings.shelf), unconfirmed_rule=UnconfirmedRule.LEAVE_OUT)
    report, opened = scene.report, scene.round
    scene.month(Month(2026, 11))
    kept = scene.course(title="bleibt")
    scene.publish(month=Month(2026, 11))
    scene.report, scene.round = report, opened
    scene.course(title="bleibt", course_id=kept.course_id, town="Görlitz")
    scene.course(**{**FULL_ROW, "title": "intern", "visibility": Visibility.INTERNAL})
    scene.course(title="neu seit November")
    scene.publish()
    return scene


def test_a_correction_tells_what_it_corrects_beside_what_is_new(client, session, scene):
    first = standing(session, scene)
    before = bytes_of(scene.shelf, first)
    rows = {row.title: row for row in scene.report.courses}
    rows["bleibt"].town = "Zittau"
    rows["intern"].internal_note = "KANARIE-berichtigt"
    scene.course(title="vergessen")
    sign_in(client, session, scene.coordinator)

    client.get(PAGE)
    text = client.page.text()
    assert "Korrektur: was sich gegenüber 2026-12/1 ändert" in text
    assert "bleibt (Volkshochschule Neißebogen): geändert. Ort: Zittau, bisher Görlitz" in text
    assert "vergessen (Volkshochschule Neißebogen): neu" in text
    assert "interne Notiz: KANARIE-berichtigt" in text  # the coordinator sees both lists
    assert "neu seit November (" not in text
    client.submit("main form", reason="Ort falsch")

    second = standing(session, scene)
    assert sorted(kinds(second.corrected, internal=False)) == [
        ("changed", "bleibt"),
        ("new", "vergessen"),
    ]
    assert ("changed", "intern") in kinds(second.corrected, internal=True)
    assert sorted(kinds(second.changes, internal=False)) == [
        ("changed", "bleibt"),
        ("new", "neu seit November"),
        ("new", "vergessen"),
    ]
    assert bytes_of(scene.shelf, first) == before
    assert verify(session, scene.shelf, repair=False).broken == []
    told = json.loads(scene.shelf.read(f"{second.folder}/kursliste-goerlitz-2026-12-a2.json"))
    assert sorted((c["kind"], c["fields"]) for c in told["corrected"]) == [
        ("changed", {"town": ["Görlitz", "Zittau"]}),
        ("new", {}),
    ]

    client.get(f"{LIST}/2026-12/1")
    assert "Diese Ausgabe ist ersetzt durch 2026-12/2." in client.page.text()
    assert "berichtigt" not in client.page.text()
    client.get(LIST)
    assert "Was gegenüber 2026-12/1 berichtigt ist (2)" in client.page.text()
    assert "Ort: Zittau, bisher Görlitz" in client.page.text()
    assert "KANARIE" not in client.page.html


def test_a_correction_without_any_change_says_so_before(client, session, scene):
    sign_in(client, session, scene.coordinator)

    client.get(PAGE)

    assert "An den Kursen ändert sich nichts." in client.page.text()


def test_what_is_left_out_is_told_to_readers_and_who_by_name_inside(client, session, scene):
    old = {"confirmed_on": date(2026, 10, 1)}
    scene.course(title="alt", **old)
    scene.course(title="alt und intern", visibility=Visibility.INTERNAL, **old)
    other = a_provider(session, scene.district, name="Andere e. V.")
    report = a_report(session, scene.round, other, ReportStatus.APPROVED)
    a_course(session, report, **{**FULL_ROW, **old, "title": "auch alt"})
    sign_in(client, session, scene.coordinator)

    client.get(PAGE)
    inside = "Andere e. V. (1), Volkshochschule Neißebogen (2)"
    sentence = "2 Kurse sind nicht aufgeführt, weil sie nicht bestätigt wurden."
    assert (
        f"{sentence} Das steht auch in der Liste. Nicht bestätigt: {inside}." in client.page.text()
    )
    client.submit("main form", reason="Nachgetragen")
    client.follow()
    assert f"Weggelassen, weil nicht bestätigt: {inside}." in client.page.text()

    edition = standing(session, scene)
    assert edition.left_out == [
        {"provider": "Andere e. V.", "courses": 1, "public": 1},
        {"provider": "Volkshochschule Neißebogen", "courses": 2, "public": 1},
    ]
    client.get(LIST)
    assert sentence in client.page.text()
    assert "Andere e. V. (1)" not in client.page.text()
    files = bytes_of(scene.shelf, edition)
    stem = "kursliste-goerlitz-2026-12-a2"
    assert json.loads(files[f"{stem}.json"])["left_out"] == 2
    assert json.loads(files[f"{stem}-intern.json"])["left_out"] == 3

    client.get(f"{LIST}/2026-12/1")
    assert "nicht aufgeführt" not in client.page.text()


def test_an_edition_from_before_says_nothing_about_either(client, session, scene):
    """Its files can still be built again to the byte: no key that was not there then."""
    edition = standing(session, scene)
    edition.corrected = edition.left_out = None
    session.flush()

    files = edition_files(queries.stored_edition(session, edition.id))

    told = json.loads(files["kursliste-goerlitz-2026-12-a1.json"])
    assert {"corrected", "left_out"} & set(told) == set()
    client.get(LIST)
    assert "nicht aufgeführt" not in client.page.text()
