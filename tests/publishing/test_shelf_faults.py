"""Publishing where the shelf fails or holds what somebody else has left there."""

import socket

import pytest
from sqlalchemy import func, select

from kursliste.domain.errors import NameTakenError
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Edition, EditionFile
from kursliste.publishing import folder_queries, freezing
from kursliste.settings import Bucket
from tests.publishing.scene import a_scene
from tests.signing_in import sign_in

PAGE = "/veroeffentlichung/goerlitz/2026-12"
FOLDER = "goerlitz/deutschkurse/2026-12/a1"


@pytest.fixture
def scene(session, settings):
    scene = a_scene(session, Shelf(settings.shelf))
    scene.course(title="Sprachkurs")
    return scene


def published_bytes(scene, edition):
    return {file.name: scene.shelf.read(f"{edition.folder}/{file.name}") for file in edition.files}


@pytest.mark.asvs("16.5.2", "16.5.3")
@pytest.mark.con10("A13")
@pytest.mark.logs_errors
def test_storage_that_is_dead_publishes_nothing_and_the_page_says_so(
    app, client, session, scene, bucket
):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{probe.getsockname()[1]}"
    app.extensions["shelf"] = Shelf(Bucket(name="listen", endpoint=dead, is_path_style=True))
    sign_in(client, session, scene.coordinator)

    told = client.post(PAGE, {"seen_number": "0"}, 422)

    assert "Die Ablage für veröffentlichte Dateien ist gerade nicht zu erreichen" in told.text
    assert "Es wurde nichts veröffentlicht" in told.text
    assert session.scalar(select(func.count(Edition.id))) == 0
    assert client.get("/bereit", 503).json["shelf"] is False

    app.extensions["shelf"] = Shelf(bucket)
    client.post(PAGE, {"seen_number": "0"})
    assert session.scalar(select(func.count(EditionFile.id))) > 0
    assert client.get("/bereit").json["shelf"] is True
    file = "/kurslisten/goerlitz/2026-12/1/kursliste-goerlitz-2026-12-a1.csv"
    assert "Sprachkurs" in client.get(file).text

    app.extensions["shelf"] = Shelf(Bucket(name="listen", endpoint=dead, is_path_style=True))
    assert "Die Ablage für veröffentlichte Dateien" in client.get(file, 503).text


def test_what_a_killed_attempt_left_is_not_in_the_way(scene):
    for name in ("manifest.json", "kursliste-goerlitz-2026-12-a1.csv"):
        scene.shelf.put(f"{FOLDER}/{name}", b"of a process that was killed before its commit")

    edition = scene.publish()

    assert published_bytes(scene, edition) == freezing.edition_files(edition)


def test_files_of_a_district_that_had_the_short_name_before_are_never_overwritten(scene, session):
    before = published_bytes(scene, scene.publish())
    successor = a_scene(session, scene.shelf, slug="weimar")
    scene.district.slug = "goerlitz-alt"
    session.flush()
    successor.district.slug = "goerlitz"
    successor.course(title="Ein ganz anderer Kurs")

    with pytest.raises(NameTakenError):
        successor.publish()

    (edition,) = session.scalars(select(Edition).order_by(Edition.id))
    assert published_bytes(scene, edition) == before
    assert not folder_queries.has_another_in(session, edition)
