"""A log that cannot be written keeps nobody from anything; the journal goes on (X28)."""

import io
import logging
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from sqlalchemy import select

from benchmarks.submitting import serving
from kursliste.domain.events import JournalEvent
from kursliste.infrastructure import logs
from kursliste.models import JournalEntry
from tests.builders import (
    a_course,
    a_district,
    a_list,
    a_provider,
    a_report,
    a_reporter,
    a_round,
)
from tests.signing_in import sign_in

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


class Raising(io.StringIO):
    """A stream behind which nothing works any more."""

    def __init__(self):
        super().__init__()
        self.tried = 0

    def write(self, _text):
        self.tried += 1
        raise ValueError("the log is gone")


@pytest.fixture
def root(monkeypatch):
    """The root logger, put back at the end."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", root.handlers[:])
    monkeypatch.setattr(root, "level", root.level)
    return root


@pytest.fixture
def rita(client, session):
    district = a_district(session)
    house = a_provider(session, district)
    person = a_reporter(session, house)
    report = a_report(session, a_round(session, a_list(session, district)), house, by=person)
    row = a_course(session, report, title="Vorher")
    sign_in(client, session, person)
    return client, row


def works_on(rita, session):
    """Refuse, find nothing, and save, each of which is logged or journalled."""
    client, row = rita
    client.get("/verwaltung/personen", 403)
    client.get("/meldungen/99", 404)
    client.get(f"/meldungen/{row.report_id}/kurse/{row.id}")
    client.submit(title="Nachher")
    session.expire_all()
    query = select(JournalEntry.event).where(JournalEntry.event == JournalEvent.COURSE_CHANGED)
    assert (row.title, session.scalars(query).all()) == ("Nachher", [JournalEvent.COURSE_CHANGED])


@needs_full
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_full_disk_under_the_log_changes_no_answer(rita, session, root, monkeypatch, form):
    with FULL.open("w", encoding="utf-8", errors="replace") as full:
        monkeypatch.setattr(sys, "stderr", full)  # where logging complains about itself
        logs.configure(form, stream=full)
        works_on(rita, session)
        with pytest.raises(OSError, match="No space left"):  # the control: it is full
            full.write("x")
            full.flush()
        monkeypatch.undo()
        with pytest.raises(OSError, match="No space left"):
            full.close()


def test_a_log_that_raises_changes_no_answer(rita, session, root, monkeypatch):
    stream = Raising()
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    logs.configure("json", stream=stream)
    works_on(rita, session)
    assert stream.tried >= 2


def test_a_handler_that_passes_its_errors_on_is_felt(root):
    """The control: the guard is ``handleError`` of logging, which takes each error."""

    class Careless(logging.StreamHandler):
        def handleError(self, _record):  # noqa: N802 -- logging's name
            raise sys.exc_info()[1] or AssertionError

    root.handlers = [Careless(Raising())]
    with pytest.raises(ValueError, match="the log is gone"):
        logging.getLogger("kursliste").warning("somebody was kept out")


@needs_full
@pytest.mark.slow
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_server_without_room_for_its_log_serves(database_url, session):
    session.rollback()
    with FULL.open("wb", buffering=0) as full, serving(database_url, log=full) as port:
        for _ in range(3):
            with urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
                assert answer.status == 200
            with pytest.raises(HTTPError, match="404"):
                urlopen(f"http://127.0.0.1:{port}/gibt-es-nicht", timeout=20)
