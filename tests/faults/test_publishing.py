"""An edition is there whole or not at all, once, whatever happens to whoever publishes it.

Processes are killed at every step of publishing and at random moments, or run out of memory
(SECURITY.md, X2 and X30); after each, the button is pressed again.
"""

import hashlib
import io
import logging
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from sqlalchemy import func, select

from kursliste.domain.errors import NotFoundError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import CourseList, Edition, EditionFile, JournalEntry
from kursliste.publishing import freezing, queries
from tests.builders import a_coordinator, an_actor
from tests.faults.publishers import Click, start
from tests.page_client import PageClient
from tests.publishing.scene import FULL_ROW, a_scene
from tests.signing_in import sign_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")

log = logging.getLogger(__name__)
FEW, MANY = 50, 1000
COURSES = 3
PAGE = "/veroeffentlichung/goerlitz/2026-12"
POSTS = 15
MOVED_ON = "Inzwischen wurde die Ausgabe 2026-12/1 veröffentlicht."
MEGABYTE = 2**20
TOO_LITTLE, ENOUGH = 0, 512 * MEGABYTE


@dataclass
class Figures:
    """What came of the attempts."""

    attempts: int = 0
    published: int = 0
    half: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


@pytest.fixture
def click(session, database_url, fast_folder, frozen_clock) -> Click:
    """December of a district with some courses, and who presses the button."""
    shelf = Path(tempfile.mkdtemp(dir=fast_folder))
    scene = a_scene(session, Shelf(shelf))
    for number in range(COURSES):
        scene.course(**{**FULL_ROW, "title": f"Kurs {number}"})
    with transaction(session):
        pass
    return Click(
        url=database_url,
        shelf=shelf,
        list_id=scene.course_list.id,
        actor=an_actor(scene.coordinator),
        seen=0,
        at=frozen_clock.instant,
        document=a_document(),
    )


def a_document() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as empty:
        empty.add_blank_page()
        empty.save(out)
    return out.getvalue()


def newest(database) -> int:
    with database.session(readonly=True) as session:
        return session.scalar(select(func.max(Edition.number))) or 0


def halves(database, shelf: Shelf, first: int) -> list[str]:
    """Return what is missing or wrong in the editions from number ``first`` on, in words."""
    found = []
    with database.session(readonly=True) as session:
        whole = session.scalar(
            select(func.count(EditionFile.id)).join(Edition).where(Edition.number == 1)
        )
        query = select(Edition.id).where(Edition.number >= first).order_by(Edition.number)
        for key in session.scalars(query).all():
            edition = queries.stored_edition(session, key)
            told = select(func.count()).where(
                JournalEntry.event == JournalEvent.EDITION_PUBLISHED,
                JournalEntry.subject_id == str(key),
            )
            if (len(edition.entries), len(edition.files)) != (COURSES, whole):
                found.append(f"{edition.name}: rows")
            if freezing.rows_hash(e.row() for e in edition.entries) != edition.rows_sha256:
                found.append(f"{edition.name}: hash of the rows")
            if session.scalar(told) != 1:
                found.append(f"{edition.name}: journal")
            found += [f"{edition.name}: {f.name}" for f in edition.files if is_broken(shelf, f)]
    return found


def is_broken(shelf: Shelf, file) -> bool:
    try:
        content = shelf.read(f"{file.edition.folder}/{file.name}")
    except NotFoundError:
        return True
    return hashlib.sha256(content).hexdigest() != file.sha256


def tried(click: Click, *, after_s: float | None = None, **how: Any) -> int | None:
    """Let a process publish, and kill it ``after_s``; return its last step if it got there."""
    process, line = start(click, **how)
    line.send("go")
    if after_s is not None:
        time.sleep(after_s)
        process.kill()
    try:
        return line.recv()
    except EOFError:
        return None
    finally:
        process.join()
        line.close()


def after_each(database, click: Click, figures: Figures) -> Click:
    """Look at what is there, press the button again, and look once more."""
    shelf = Shelf(click.shelf)
    figures.attempts += 1
    figures.half += halves(database, shelf, click.seen)
    there = newest(database)
    figures.published += there - click.seen
    if there not in {click.seen, click.seen + 1}:
        figures.doubled.append(f"{click.seen} -> {there}")
    told = "published"
    try:
        click.press(database, shelf)
    except RuleViolationError as refused:
        told = refused.rule
    assert told == ("published" if there == click.seen else Rule.EDITION_MOVED_ON)
    return replace(click, seen=click.seen + 1)


def measured(database, click: Click, **how: Any) -> tuple[int, float, Click]:
    """Return the last step of a publication, how long it takes (seconds), and the next click."""
    process, line = start(click, **how)
    begun = time.monotonic()
    line.send("go")
    steps = line.recv()
    taken = time.monotonic() - begun
    process.join()
    line.close()
    return steps, taken, replace(click, seen=newest(database))


@pytest.mark.asvs("2.3.3")
@pytest.mark.con10("A13")
@pytest.mark.slow
@pytest.mark.parametrize(
    "count",
    [
        pytest.param(FEW, marks=pytest.mark.timeout(300)),
        pytest.param(MANY, marks=[pytest.mark.nightly, pytest.mark.timeout(1800)]),
    ],
)
def test_a_killed_publisher_leaves_a_whole_edition_or_none(database, click, count):
    if count == MANY:
        click = replace(click, document=b"")  # with everything that a server does
    _first, _taken, click = measured(database, click)
    last, taken, click = measured(database, click)  # a correction looks at more
    chance, figures = random.Random(count), Figures()
    walks = count * 4 // 5
    for number in range(walks):
        tried(click, dies_at=last - number * last // walks if walks < last else number % last + 1)
        click = after_each(database, click, figures)
    for _ in range(count - walks):
        tried(click, after_s=chance.uniform(0, taken))
        click = after_each(database, click, figures)

    log.warning(
        "%s kills at %s steps, %s published all the same, %s half, %s twice, %s orphan files",
        figures.attempts,
        last + 1,
        figures.published,
        len(figures.half),
        len(figures.doubled),
        orphans(database, Shelf(click.shelf)),
    )
    assert (figures.attempts, figures.half, figures.doubled) == (count, [], [])
    assert 0 < figures.published < count  # else nobody died where it is dangerous
    assert halves(database, Shelf(click.shelf), 1) == []
    assert newest(database) == count + 2


def orphans(database, shelf: Shelf) -> int:
    """Return how many files lie on the shelf that no edition names: invisible, harmless."""
    with database.session(readonly=True) as session:
        named = sum(len(e.files) for e in session.scalars(select(Edition)))
    return sum(path.is_file() for path in shelf.root.rglob("*")) - named


@pytest.mark.slow
def test_the_check_finds_publishers_in_the_wrong_order(database, click):
    steps, _taken, click = measured(database, click, is_late=True)
    broken = 0
    for number in range(10):
        tried(click, is_late=True, dies_at=steps - 1 - number * steps // 20)
        broken += halves(database, Shelf(click.shelf), click.seen + 1) != []
        click = replace(click, seen=newest(database))

    log.warning("control: %s of 10 editions half-published", broken)
    assert broken > 0


@pytest.mark.slow
def test_a_publisher_without_memory_leaves_a_whole_edition_or_none(database, click):
    figures = Figures()
    for room in (TOO_LITTLE, MEGABYTE, 2 * MEGABYTE, 4 * MEGABYTE, 8 * MEGABYTE, ENOUGH):
        tried(click, room=room)
        click = after_each(database, click, figures)

    assert (figures.half, figures.doubled) == ([], [])
    assert 0 < figures.published < figures.attempts


@pytest.mark.asvs("2.3.4", "15.4.2")
def test_two_coordinators_and_their_resends_make_one_edition(app, session, click, database):
    """Fifteen posts at once, of two people: one publishes, all others are told why not."""
    district = session.get_one(CourseList, click.list_id).district
    visitors = []
    for name in ("Karla Kreis", "Volker Vertretung"):
        client = PageClient(app, session)
        sign_in(client, session, a_coordinator(session, district, name=name))
        client.get(PAGE)
        jar = client.flask._cookies or {}
        cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in jar.values())
        visitors.append((cookies, client.page.form_values()))
    session.close()
    gate, told = threading.Barrier(POSTS), []

    def post(cookies: str, values: dict[str, list[str]]) -> None:
        gate.wait()
        answer = app.test_client(use_cookies=False).post(
            PAGE, data=values, headers={"Cookie": cookies}
        )
        told.append((answer.status_code, MOVED_ON in answer.text))

    threads = [threading.Thread(target=post, args=visitors[n % 2]) for n in range(POSTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(told) == {(302, False): 1, (409, True): POSTS - 1}
    assert newest(database) == 1
    assert session.scalar(select(func.count()).select_from(Edition)) == 1
