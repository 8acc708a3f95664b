"""A publisher is killed between files and rows; what it leaves is swept a day later."""

import sys
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Edition, EditionFile
from kursliste.publishing.sweeping import sweep
from kursliste.publishing.verifying import verify
from tests.builders import an_actor
from tests.faults.publishers import Click, start
from tests.publishing.scene import a_scene

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")


def steps_of(click, dies_at):
    """Let a process publish; return its steps, or None if it was killed."""
    process, line = start(click, dies_at=dies_at)
    line.send("go")
    try:
        return line.recv()
    except EOFError:
        return None
    finally:
        process.join()
        line.close()


@pytest.mark.slow
def test_what_a_killed_publisher_left_is_swept(
    session, database, database_url, tmp_path, frozen_clock
):
    shelf = Shelf(tmp_path / "exports")
    scene = a_scene(session, shelf)
    scene.course()
    with transaction(session):
        pass
    first = Click(
        url=database_url,
        shelf=shelf.root,
        list_id=scene.course_list.id,
        actor=an_actor(scene.coordinator),
        seen=0,
        at=frozen_clock.instant,
    )
    steps = steps_of(first, -1)
    second = Click(**{**first.__dict__, "seen": 1})
    for dies_at in (steps // 3, steps // 2):  # what lies there already takes no step again
        assert steps_of(second, dies_at) is None
    with database.session(readonly=True) as reader:
        assert reader.scalar(select(func.max(Edition.number))) == 1
        named = reader.scalar(select(func.count(EditionFile.id)))
    left = [stored for stored in shelf.names() if "/a2/" in stored.name]
    assert left
    assert sweep(database, shelf, remove=True).removed == []

    frozen_clock.move_to(max(stored.changed_at for stored in left) + timedelta(days=1, seconds=1))
    assert sorted(sweep(database, shelf, remove=True).removed) == sorted(s.name for s in left)

    assert len(list(shelf.names())) == named
    with database.session(readonly=True) as reader:
        result = verify(reader, shelf, repair=False)
    assert (result.checked, result.broken, result.altered) == (named, [], [])
