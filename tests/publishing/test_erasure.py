"""A person leaves what was published: no table, no file and no page knows the name afterwards."""

import io
import zipfile

import pypdf
import pytest
from sqlalchemy import select

from kursliste.domain.calendar import Month
from kursliste.domain.erasure import wanted_from
from kursliste.domain.errors import NotPermittedError, Rule, RuleViolationError
from kursliste.domain.hint import HintReason
from kursliste.domain.permissions import Actor
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import (
    Base,
    Contact,
    CourseNote,
    Edition,
    EditionErasure,
    EditionFile,
    ProviderNote,
    ReaderHint,
)
from kursliste.publishing import queries
from kursliste.publishing.erasure_actions import erase_person
from kursliste.publishing.verifying import verify
from kursliste.publishing.withdrawal_actions import withdraw_edition
from tests.builders import (
    a_coordinator,
    a_counsellor,
    a_course,
    a_provider,
    a_report,
    a_reporter,
)
from tests.publishing.scene import CONFIRMED, a_scene
from tests.signing_in import sign_in

PAGE = "/veroeffentlichung/goerlitz/angaben-entfernen"
LIST = "/kurslisten/goerlitz"
NAME, PHONE, MAIL = "Zenzi Kanarienvogel", "0171 7654321", "zenzi@kanarienvogel.example"
TEXTS = f"{NAME}\n{PHONE}\n{MAIL}"
TRACES = ("kanarienvogel", "7654321")
REASON = "Antrag auf Löschung vom 3. Dezember"


@pytest.fixture
def scene(session, settings):
    """Two months and a correction; the person is contact, confirmed and stands in a note."""
    scene = a_scene(session, Shelf(settings.shelf))
    person = {"contact_name": NAME, "contact_phone": PHONE, "contact_email": MAIL}
    contact = Contact(provider_id=scene.report.provider_id, name=NAME, email=MAIL, is_public=True)
    session.add(contact)
    session.flush()
    session.refresh(scene.report.provider)
    report, opened = scene.report, scene.round
    scene.month(Month(2026, 11))
    kept = scene.course(title="Kurs", **person)
    scene.publish(month=Month(2026, 11))
    scene.report, scene.round = report, opened
    row = scene.course(title="Kurs", course_id=kept.course_id, contact_name="Anmeldung")
    other = a_provider(session, scene.district, name="Andere e. V.")
    theirs = a_report(session, scene.round, other, ReportStatus.APPROVED)
    a_course(session, theirs, title="Fremd", **{**CONFIRMED, "contact_name": "Kanari Vogel"})
    scene.publish()
    row.public_note = f"Fragen an {NAME}"
    row.confirmed_by = NAME
    second = scene.publish(seen=1, reason="Notiz fehlte")
    withdraw_edition(session, second, reason=f"{NAME} war zu lesen", actor=scene.actor)
    third = scene.publish(seen=2, reason="Noch einmal")
    assert third.number == 3
    session.delete(contact)
    about = {"district_id": scene.district.id, "provider_id": scene.report.provider_id}
    note = {"text": f"{NAME} fragen", "written_at": third.published_at, "written_by": NAME}
    hint = {"title": "Kurs", "reason": HintReason.OTHER, "given_at": third.published_at}
    session.add_all(
        [
            CourseNote(course_id=row.course_id, district_id=scene.district.id, **note),
            ProviderNote(**about, **note),
            ReaderHint(course_id=row.course_id, comment=f"sagt {NAME}", **about, **hint),
        ]
    )
    with transaction(session):
        pass
    return scene


def words_in(name: str, content: bytes) -> str:
    """Return the words of a file, whatever it is packed in."""
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return " ".join(book.read(part).decode(errors="replace") for part in book.namelist())
    if name.endswith(".pdf"):
        return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return content.decode(errors="replace")


def traces(session, shelf: Shelf) -> set[str]:
    """Return every table and file in which something of the person is left."""
    found = set()
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)):
            text = " ".join(map(str, row)).casefold()
            if table.name != "journal_entry" and any(trace in text for trace in TRACES):
                found.add(table.name)
    for path in (path for path in shelf.root.rglob("*") if path.is_file()):
        text = words_in(path.name, path.read_bytes()).casefold()
        if any(trace in text for trace in TRACES):
            found.add(path.name)
    return found


def test_the_name_is_found_nowhere_afterwards_and_everything_is_whole(client, session, scene):
    before = traces(session, scene.shelf)
    assert {"edition", "edition_entry", "edition_withdrawal", "reported_course"} <= before
    assert {name.rpartition(".")[2] for name in before if "." in name} >= {"xlsx", "csv", "json"}
    old = {e.name: e.rows_sha256 for e in session.scalars(select(Edition))}
    fremd = [f.sha256 for e in session.scalars(select(Edition)) for f in e.files]

    with transaction(session):
        names = erase_person(
            session,
            scene.shelf,
            scene.district,
            wanted=wanted_from(TEXTS),
            reason=REASON,
            actor=scene.actor,
        )

    assert names == ["2026-12/3", "2026-12/2", "2026-12/1", "2026-11/1"]
    session.expire_all()
    assert traces(session, scene.shelf) == set()
    result = verify(session, scene.shelf, repair=False)
    assert (result.broken, result.altered) == ([], [])
    assert fremd != [f.sha256 for e in session.scalars(select(Edition)) for f in e.files]
    tombs = session.scalars(select(EditionErasure).order_by(EditionErasure.id)).all()
    assert {t.edition.name: t.rows_sha256 for t in tombs} == old
    assert {(t.reason, t.erased_by) for t in tombs} == {(REASON, "Karla Kreis")}
    assert "contact_name" in tombs[-1].columns
    first = queries.stored_edition(session, tombs[-1].edition_id)
    assert [(e.contact_name, e.contact_phone, e.contact_email) for e in first.entries] == [
        ("entfernt", None, None)
    ]

    client.get(f"{LIST}/2026-11/1")
    assert "Am 24.11.2026 wurden personenbezogene Angaben entfernt." in client.page.text()
    client.get(LIST)
    assert "Fragen an entfernt" in client.page.text()
    assert "Kanari Vogel" in client.page.text()  # somebody else
    told = client.get(f"{LIST}/2026-11/1/kursliste-goerlitz-2026-11-a1.json").json
    assert told["erased_on"] == "2026-11-24"


def test_the_journal_tells_that_and_not_whom(session, scene):
    query = select(EditionFile).where(EditionFile.name.like("%2026-11-a1.ics"))
    session.delete(session.scalars(query).one())  # an edition from before there were calendars
    erase_person(
        session,
        scene.shelf,
        scene.district,
        wanted=wanted_from(TEXTS),
        reason=REASON,
        actor=scene.actor,
    )
    session.flush()
    journal = Base.metadata.tables["journal_entry"]
    (told,) = session.execute(select(journal).where(journal.c.event == "person:erased")).all()

    assert (told.is_internal, told.details["reason"], told.details["reported"]) == (True, REASON, 5)
    assert not any(trace in str(told).casefold() for trace in TRACES)
    assert session.scalars(query).all() == []


def test_only_who_coordinates_and_only_what_is_there(session, scene):
    def erase(texts, actor):
        erase_person(
            session,
            scene.shelf,
            scene.district,
            wanted=wanted_from(texts),
            reason=REASON,
            actor=actor,
        )

    with pytest.raises(NotPermittedError):
        erase(NAME, Actor.anonymous())
    with pytest.raises(RuleViolationError) as refused:
        erase("Niemand Nirgends", scene.actor)
    assert refused.value.rule is Rule.ERASURE_NOTHING_FOUND


def test_the_page_shows_where_before_it_is_done(client, session, scene):
    client.get(PAGE, 302)
    elsewhere = a_scene(session, scene.shelf, slug="weimar").district
    for user, status in (
        (a_reporter(session, scene.report.provider), 403),
        (a_counsellor(session, scene.district), 403),
        (a_coordinator(session, elsewhere), 404),
    ):
        sign_in(client, session, user)
        client.get(PAGE, status)
    sign_in(client, session, scene.coordinator)

    client.get(PAGE)
    client.submit(status=422, texts="ab")
    client.submit(status=200, texts="Niemand Nirgends")
    assert "Das steht in keiner Ausgabe und in keiner Meldung." in client.page.text()
    client.submit(status=200, texts=NAME)
    text = client.page.text()
    assert "Ausgabe 2026-12/2, Deutsch- und Integrationskurse: " in text
    assert "Ansprechperson" in text
    assert f"suchen Sie noch einmal: {MAIL}, {PHONE}" in text
    assert session.scalars(select(EditionErasure)).all() == []
    client.submit(status=200, texts=TEXTS)
    assert "suchen Sie noch einmal" not in client.page.text()
    client.submit(status=422, reason=f"für {NAME}", entfernen="1")
    assert "Nennen Sie die Person darin nicht." in client.page.text()
    client.submit(status=422, reason="x" * 501, entfernen="1")
    client.submit(status=422, reason="", entfernen="1")
    client.submit(reason=REASON, entfernen="1")
    client.follow()
    assert "Die Angaben sind aus 4 Ausgaben entfernt." in client.page.text()
    assert traces(session, scene.shelf) == set()


def test_reports_alone_are_cleaned_too(client, session, scene):
    row = scene.course(title="Nur gemeldet", contact_name="Rita Ringelnatter")
    sign_in(client, session, scene.coordinator)
    client.get(PAGE)
    client.submit(status=200, texts="Rita Ringelnatter")
    assert "Meldungen, Notizen und Hinweise: 1 Stelle" in client.page.text()
    client.submit(reason=REASON, entfernen="1")
    client.follow()
    assert "Die Angaben sind entfernt." in client.page.text()
    session.refresh(row)
    assert row.contact_name == "entfernt"
