"""A file that cannot be made publishes nothing, whichever it is (SECURITY.md, X17)."""

import pytest
from sqlalchemy import func, select

from kursliste.infrastructure import documents
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Edition, EditionEntry, EditionFile, JournalEntry, Mailing
from kursliste.publishing.formats import (
    csv_file,
    ics_file,
    json_file,
    manifest,
    pdf_file,
    provider_files,
    workbook,
)
from tests.faults.test_publishing import a_document
from tests.publishing.scene import FULL_ROW, a_scene
from tests.signing_in import sign_in

FORMATS = [csv_file, ics_file, json_file, manifest, pdf_file, provider_files, workbook]
PAGE = "/veroeffentlichung/goerlitz/2026-12"


@pytest.fixture
def scene(session, settings, monkeypatch):
    document = a_document()
    monkeypatch.setattr(documents, "run", lambda *_: document)
    scene = a_scene(session, Shelf(settings.shelf))
    scene.course(**FULL_ROW)
    return scene


def stored(session):
    tables = (Edition, EditionEntry, EditionFile, Mailing)
    counts = [session.scalar(select(func.count()).select_from(table)) for table in tables]
    told = select(func.count()).where(JournalEntry.event == "edition:published")
    return [*counts, session.scalar(told)]


@pytest.mark.logs_errors
@pytest.mark.parametrize("broken", FORMATS, ids=lambda module: module.__name__.rpartition(".")[2])
def test_a_format_that_breaks_publishes_nothing_and_keeps_nothing(
    client, session, scene, monkeypatch, broken
):
    sign_in(client, session, scene.coordinator)
    client.get(PAGE)
    with monkeypatch.context() as patch:
        patch.setattr(broken, "build", breaking)
        client.submit(status=500)
    session.expire_all()
    assert stored(session) == [0, 0, 0, 0, 0]
    client.get("/kurslisten/goerlitz/2026-12/1", 404)
    client.get(PAGE)
    client.submit()
    session.expire_all()
    assert stored(session)[0] == 1


def breaking(*_arguments, **_more):
    """Raise what nobody expects."""
    raise RuntimeError("a cell that no library can write")
