"""A year later: every published file is there to the byte, or can be built again."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from kursliste.domain.course import Visibility
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import EditionFile
from kursliste.publishing.verifying import verify
from tests.publishing.scene import FULL_ROW, a_scene

FOLDER = "goerlitz/deutschkurse/2026-12/a1"
BOOK = f"{FOLDER}/kursliste-goerlitz-2026-12-a1.xlsx"
TABLE = f"{FOLDER}/kursliste-goerlitz-2026-12-a1-intern.csv"


@pytest.fixture
def shelf(any_shelf) -> Shelf:
    return any_shelf


@pytest.fixture
def published(session, shelf):
    scene = a_scene(session, shelf)
    scene.course(**FULL_ROW)
    scene.course(title="=HYPERLINK(1)", visibility=Visibility.PROFESSIONALS)
    scene.publish()
    scene.publish(seen=1, reason="Nummer falsch")
    return scene


def test_good_shelf_is_good(published, session, shelf):
    result = verify(session, shelf, repair=False)

    assert (result.broken, result.repaired, result.altered) == ([], [], [])
    assert result.checked == session.scalar(select(func.count(EditionFile.id))) > 0


def test_damage_is_found_and_left_alone_without_repair(published, session, shelf):
    shelf.delete(BOOK)
    shelf.put(TABLE, b"something else", replacing=True)

    result = verify(session, shelf, repair=False)

    assert (sorted(result.broken), result.repaired) == (sorted([BOOK, TABLE]), [])
    assert shelf.read(TABLE) == b"something else"


def test_repair_gives_the_published_bytes_back(published, session, shelf, frozen_clock):
    before = {name: shelf.read(name) for name in (BOOK, TABLE)}
    shelf.delete(BOOK)
    shelf.put(TABLE, b"something else", replacing=True)
    frozen_clock.forward(days=400)

    result = verify(session, shelf, repair=True)

    assert (result.broken, sorted(result.repaired)) == ([], sorted([BOOK, TABLE]))
    assert {name: shelf.read(name) for name in before} == before
    assert verify(session, shelf, repair=False).broken == []


@pytest.mark.asvs("11.4.3")
def test_rows_that_somebody_altered_are_named_and_never_become_files(published, session, shelf):
    shelf.delete(BOOK)
    session.execute(text("UPDATE edition_entry SET title = 'gefälscht'"))
    session.commit()

    result = verify(session, shelf, repair=True)

    assert result.altered == [FOLDER, "goerlitz/deutschkurse/2026-12/a2"]
    assert (result.broken, result.repaired) == ([BOOK], [])


def test_an_edition_older_than_layouts_is_built_again_to_the_byte(published, session, shelf):
    shelf.delete(BOOK)
    session.execute(text("UPDATE edition SET layout = NULL"))
    session.commit()

    assert verify(session, shelf, repair=True).repaired == [BOOK]


def test_what_is_being_written_is_left_to_whoever_writes_it(
    published, session, shelf, frozen_clock
):
    frozen_clock.move_to(shelf.find(TABLE).changed_at + timedelta(minutes=9))
    shelf.put(TABLE, b"files first, and then the row", replacing=True)
    shelf.delete(BOOK)

    result = verify(session, shelf, repair=True)
    assert (result.broken, result.repaired) == ([TABLE], [BOOK])

    frozen_clock.forward(minutes=2)
    result = verify(session, shelf, repair=True)
    assert (result.broken, result.repaired) == ([], [TABLE])
