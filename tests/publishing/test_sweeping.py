"""What killed publications leave on the shelf is found and removed, and nothing else ever is."""

import threading
from datetime import timedelta

import pytest

from kursliste.domain.calendar import Month
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.publishing import queries
from kursliste.publishing.sweeping import sweep
from tests.publishing.scene import a_scene

FOLDER = "goerlitz/deutschkurse/2026-12"
LEFT = [
    f"{FOLDER}/a1/.draft-x7d3",
    f"{FOLDER}/a1/kursliste-goerlitz-2026-12-a1.xlsx.old",
    f"{FOLDER}/a2/kursliste-goerlitz-2026-12-a2.csv",
    "verschwunden/deutschkurse/2020-01/a12/manifest.json",
]
OTHERS = [
    "README.md",
    f"{FOLDER}/a1/mehr/x.csv",
    f"{FOLDER}/a0/x.csv",
    f"{FOLDER}/a1234567/x.csv",
    "goerlitz/deutschkurse/2026-13/a1/x.csv",
    "logos/goerlitz/2026/a1/x.png",
    "sicherung.tar",
]


@pytest.fixture
def scene(session, any_shelf):
    scene = a_scene(session, any_shelf)
    scene.course()
    scene.publish()
    return scene


def names(shelf):
    return {stored.name for stored in shelf.names()}


def test_what_no_row_names_is_reported_and_removed_when_it_is_old(
    scene, session, database, any_shelf, frozen_clock
):
    published = names(any_shelf)
    for name in LEFT + OTHERS:
        any_shelf.put(name, b"x")
    session.close()
    newest = max(stored.changed_at for stored in any_shelf.names())

    frozen_clock.move_to(newest + timedelta(hours=23))
    for remove in (False, True):
        found = sweep(database, any_shelf, remove=remove)
        assert (found.left, found.removed) == ([], [])

    frozen_clock.forward(hours=2)
    found = sweep(database, any_shelf, remove=False)
    assert (sorted(found.left), found.removed) == (sorted(LEFT), [])
    assert names(any_shelf) == published | {*LEFT, *OTHERS}

    found = sweep(database, any_shelf, remove=True)
    assert (found.left, sorted(found.removed)) == ([], sorted(LEFT))
    assert names(any_shelf) == published | set(OTHERS)
    assert sweep(database, any_shelf, remove=True).removed == []


def test_what_is_published_this_very_moment_is_not_swept(session, database, tmp_path, frozen_clock):
    """An old rest becomes a published file; the row that names it is not there yet."""
    shelf = Shelf(tmp_path / "exports")
    scene = a_scene(session, shelf)
    scene.course()
    scene.publish()
    rest = f"{FOLDER}/a2/manifest.json"
    frozen_clock.forward(days=400)
    begun, go_on = threading.Event(), threading.Event()
    swept = []

    class Slow(Shelf):
        def put(self, name, content, *, replacing=False):
            digest = super().put(name, content, replacing=replacing)
            if name == rest:
                begun.set()
                assert go_on.wait(20)
            return digest

    class Watched(Shelf):
        def delete(self, name):
            swept.append(name)
            super().delete(name)

        def names(self, under=""):
            found = list(super().names(under))
            assert rest in {stored.name for stored in found}
            yield from found
            go_on.set()

    scene.shelf = Slow(shelf.root)
    sweeping = threading.Thread(
        target=lambda: begun.wait(20) and sweep(database, Watched(shelf.root), remove=True)
    )
    sweeping.start()
    edition = scene.publish(seen=1, reason="Kurs fehlte")
    sweeping.join(20)

    assert not sweeping.is_alive()
    assert {f"{edition.folder}/{file.name}" for file in edition.files} <= names(shelf)
    assert swept == []


def test_a_round_that_is_swept_can_be_published_afterwards(
    scene, database, any_shelf, frozen_clock
):
    any_shelf.put(f"{FOLDER}/a2/manifest.json", b"of an attempt that died")
    frozen_clock.forward(days=400)
    assert sweep(database, any_shelf, remove=True).removed == [f"{FOLDER}/a2/manifest.json"]

    assert scene.publish(seen=1, reason="Kurs fehlte").number == 2
    with database.session() as session, transaction(session):
        assert queries.locked_round(session, scene.course_list, Month(2026, 12)).id > 0
