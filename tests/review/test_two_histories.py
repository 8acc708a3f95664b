"""Two histories: what coordinators keep for themselves leaves the district's pages nowhere.

The walk opens every address that the application knows, so that a new page is walked by itself; an
address with a new kind of part fails here until ``parts_of`` knows a value for it.
"""

import io
import itertools
import re
import zipfile
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from kursliste.domain.calendar import Month
from kursliste.domain.correction import CorrectionAction
from kursliste.domain.course import ConfirmedHow
from kursliste.domain.events import INTERNAL_EVENTS, JournalEvent
from kursliste.domain.permissions import Actor
from kursliste.domain.report import ReportStatus
from kursliste.domain.sign_in import hashed
from kursliste.infrastructure import clock, journal
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import (
    Contact,
    Correction,
    EditionEntry,
    EditionFile,
    JournalEntry,
    OutgoingMail,
    ProviderNote,
    Question,
    ReaderMail,
    Report,
    Venue,
)
from kursliste.reporting import reminding
from kursliste.reporting.actions import submit_report
from kursliste.reporting.question_actions import Answer, answer_questions
from kursliste.review.actions import ask_question, take_statement
from kursliste.review.note_actions import remove_note, write_note
from tests.builders import (
    a_coordinator,
    a_counsellor,
    a_course,
    a_district,
    a_list,
    a_provider,
    a_report,
    a_reporter,
    a_round,
)
from tests.publishing.scene import FULL_ROW, a_scene
from tests.readers.scenes import a_reader
from tests.signing_in import sign_in

INSIDE = "KANARIE-innen"
"""Stands in whatever only the coordination of the district may read."""

NOT_PUBLIC = "KANARIE"
"""Stands in that, and in what only the provider and the coordination may read."""

JANUARY = Month(2027, 1)
WITH_NOTES = {"review.report", "review.provider", "review.handover", "review.remove_note"}
KEY = "k" * 43
GUIDE = "traeger"


@pytest.fixture
def world(session, settings):
    """An edition, and a report in the middle of its review, full of words to be kept."""
    scene = a_scene(session, Shelf(settings.shelf))
    provider = scene.report.provider
    scene.course(**FULL_ROW)
    scene.publish()
    reporter = a_reporter(session, provider, name="Rita Meldung")
    session.add(Venue(provider_id=provider.id, name="Haus A", town="Görlitz"))
    session.add(Contact(provider_id=provider.id, name="KANARIE-Person"))
    january = a_round(session, scene.course_list, JANUARY)
    report = a_report(session, january, provider, ReportStatus.SUBMITTED, by=reporter)
    row = a_course(session, report, title="Abendkurs")
    partner = a_provider(session, scene.district, name="Noch ein Haus")
    _keep_inside(session, scene, provider, report, row)
    _speak_with_the_provider(session, scene, report, row, reporter.as_actor())
    with transaction(session):
        pass
    return {"scene": scene, "report": report, "row": row, "reporter": reporter, "partner": partner}


def _keep_inside(session, scene, provider, report, row):
    _kept, gone = (
        write_note(session, scene.district, provider, text=f"{INSIDE}-{what}", actor=scene.actor)
        for what in ("Notiz", "gelöscht")
    )
    remove_note(session, gone, actor=scene.actor)
    somebody = Actor(scene.coordinator.id, f"{INSIDE}-Protokoll", scene.actor.grants)
    for event, subject in itertools.product(sorted(INTERNAL_EVENTS), (provider, report, row)):
        journal.record(
            session,
            event,
            subject,
            actor=somebody,
            scope=scene.report.scope,
            changes={"report_email": (f"{INSIDE}-alt", f"{INSIDE}-neu")},
            reason=f"{INSIDE}-Grund",
        )


def _speak_with_the_provider(session, scene, report, row, reporter):
    asked = ask_question(
        session,
        report,
        text="KANARIE-Frage",
        reported_course_id=row.id,
        attribute="seats_total",
        actor=scene.actor,
        link="https://kurse.example/meldungen/1",
    )
    answers = {asked.id: Answer("KANARIE-Antwort")}
    answer_questions(session, asked.report, answers, actor=reporter)
    session.flush()
    submit_report(session, report, actor=reporter, link="https://x.example", confirm_all=True)
    corrected = Correction(
        report_id=report.id,
        reported_course_id=row.id,
        attribute="seats_total",
        old_value=18,
        new_value=16,
        reason="KANARIE-Grund",
        made_at=clock.now(),
        objection="KANARIE-Widerspruch",
    )
    session.add(corrected)
    session.flush()
    corrected.move(CorrectionAction.OBJECT, by_id=None, at=clock.now())
    silent = a_provider(session, scene.district, name="Still e. V.", report_email="s@x.example")
    spoken = a_report(session, report.round, silent, ReportStatus.OPEN)
    take_statement(
        session,
        spoken,
        told_by="KANARIE-Auskunft",
        how=ConfirmedHow.TELEPHONE,
        told_on=clock.today(),
        actor=scene.actor,
    )
    reader = a_reader(session, scene.course_list)
    session.add(ReaderMail(subscription_id=reader.id, key_hash=hashed(KEY), queued_at=clock.now()))
    session.flush()


def parts_of(session, world) -> dict[str, list[object]]:
    """Every value that a part of an address has in this world."""

    def keys(table) -> list[object]:
        return list(session.scalars(select(table.id).order_by(table.id)))

    return {
        "district": ["goerlitz", "weimar"],
        "month": ["2026-12", "2027-01"],
        "report_id": keys(Report),
        "provider_id": [world["report"].provider_id],
        "survivor_id": [world["partner"].id],
        "row_id": [world["row"].id],
        "question_id": keys(Question),
        "note_id": keys(ProviderNote),
        "correction_id": keys(Correction),
        "contact_id": keys(Contact),
        "venue_id": keys(Venue),
        "version": ["unbekannt"],
        "user_id": [world["reporter"].id],
        "upload_id": [1],
        "mail_id": keys(OutgoingMail),
        "membership_id": [1],
        "session_id": [1],
        "device_id": [1],
        "announcement_id": [1],
        "code": ["IK-ALLG", "A1", "voll"],
        "table": ["kursarten", "status"],
        "alias_id": [1],
        "number": [1],
        "name": [GUIDE, *session.scalars(select(EditionFile.name).order_by(EditionFile.id))],
        "ext": ["xlsx", "csv", "json", "ics", "pdf", "jsonld", "rdf"],
        "sha256": ["0" * 64],
        "step": ["opening"],
        "kind": ["xlsx", "pdf", "csv", "json", "ics", "intern.xlsx"],
        "token": ["unbekannt"],
        "key": [KEY],
        "course_id": sorted(set(session.scalars(select(EditionEntry.course_id)))),
        "nothing": ["nichts"],
    }


def addresses(app, parts) -> Iterator[tuple[str, str]]:
    """Endpoint and path of everything that can be opened, with every value of its parts."""
    with app.test_request_context():
        urls = app.create_url_adapter(None) or app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
                continue
            names = sorted(rule.arguments)
            for values in itertools.product(*(parts[name] for name in names)):
                chosen = dict(zip(names, values, strict=True))
                yield rule.endpoint, urls.build(rule.endpoint, _as_typed(chosen))


def _as_typed(chosen):
    return {
        name: Month.parse(value) if name == "month" else value for name, value in chosen.items()
    }


def read(response) -> str:
    """Everything that stands in an answer; a workbook is a packed folder of texts."""
    body = response.get_data()
    if not body.startswith(b"PK"):
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


def walk(app, client, session, world) -> dict[str, dict[str, str]]:
    """Open everything as whoever is signed in: endpoint -> path -> what a 200 says.

    What is refused is read too: an error page must not tell more than the page.
    """
    session.expire_all()
    found: dict[str, dict[str, str]] = {}
    for endpoint, path in addresses(app, parts_of(session, world)):
        response = client.flask.get(path)
        assert response.status_code < 500, path
        words = read(response) + str(response.headers)
        response.close()
        if response.status_code != 200:
            assert NOT_PUBLIC not in words, path
            continue
        found.setdefault(endpoint, {})[path] = words
    return found


def holding(found, canary) -> set[str]:
    return {path for pages in found.values() for path, words in pages.items() if canary in words}


@pytest.mark.asvs("8.2.3")
def test_a_provider_reads_nothing_of_the_inside(app, client, session, world):
    sign_in(client, session, world["reporter"])
    with transaction(session):
        pass
    found = walk(app, client, session, world)
    assert holding(found, INSIDE) == set()
    # the control: it opened its pages, and read there what is meant for it
    assert {"reporting.own_reports", "reporting.report", "masterdata.provider"} <= set(found)
    assert "KANARIE-Frage" in "".join(found["reporting.report"].values())
    assert not {endpoint for endpoint in found if endpoint.startswith("review.")}


@pytest.mark.asvs("8.2.3", "8.4.1")
@pytest.mark.parametrize("who", ["nobody", "counsellor", "neighbour"])
def test_nobody_else_does_either(app, client, session, world, who):
    scene = world["scene"]
    if who == "counsellor":
        sign_in(client, session, a_counsellor(session, scene.district))
    if who == "neighbour":  # the same provider reports in both districts
        weimar = a_district(session, "weimar")
        weimar.providers.append(world["report"].provider)
        opened = a_round(session, a_list(session, weimar))
        a_report(session, opened, world["report"].provider)
        sign_in(client, session, a_coordinator(session, weimar))
    with transaction(session):
        pass
    found = walk(app, client, session, world)
    assert holding(found, INSIDE) == set()
    if who == "neighbour":
        assert {"review.report", "review.provider", "review.handover"} <= set(found)
    if who == "nobody":
        assert holding(found, NOT_PUBLIC) == set()
        names = [path.rpartition("/")[2] for path in found["catalogue.file"]]
        assert {name.rpartition(".")[2] for name in names} == {"xlsx", "csv", "json", "ics", "pdf"}
        assert "Integrationskurs am Vormittag" in "".join(found["catalogue.edition"].values())


def test_the_coordination_reads_it_where_it_belongs(app, client, session, world):
    sign_in(client, session, world["scene"].coordinator)
    with transaction(session):
        pass
    found = walk(app, client, session, world)
    told = {
        endpoint for endpoint in found if holding({endpoint: found[endpoint]}, f"{INSIDE}-Notiz")
    }
    assert told == WITH_NOTES
    assert holding(found, f"{INSIDE}-gelöscht") == set()
    assert {
        endpoint
        for endpoint in found
        if holding({endpoint: found[endpoint]}, f"{INSIDE}-Protokoll")
    } == {"review.report", "administration.read_journal"}


def test_no_mail_tells_it(session, world):
    system = Actor.system()
    for letter in reminding.due_letters(session, actor=system):
        reminding.queue_letter(session, letter, actor=system, link=str)
    session.flush()
    mails = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    kinds = {re.split(r" für | zu ", mail.subject)[0] for mail in mails}
    assert len(kinds) > 2, kinds
    assert [m.subject for m in mails if INSIDE in f"{m.subject}{m.body}{m.to_address}"] == []
    assert "KANARIE-Frage" in "".join(mail.body for mail in mails)


def test_the_shelf_holds_none_of_it(world):
    shelf = world["scene"].shelf
    files = [path for path in shelf.root.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".xlsx", ".csv", ".json"}
    for path in files:
        body = path.read_bytes()
        packed = zipfile.ZipFile(io.BytesIO(body)) if body.startswith(b"PK") else None
        parts = [body] if packed is None else [packed.read(name) for name in packed.namelist()]
        assert not any(INSIDE.encode() in part for part in parts), path
        if "intern" not in path.stem:
            assert not any(NOT_PUBLIC.encode() in part for part in parts), path


def test_the_journal_keeps_no_word_of_a_note(session, world):
    entries = session.scalars(
        select(JournalEntry).where(JournalEntry.subject_table == ProviderNote.__tablename__)
    ).all()
    assert [e.event for e in entries] == [JournalEvent.NOTE_WRITTEN] * 2 + [
        JournalEvent.NOTE_REMOVED
    ]
    assert [(e.changes, e.details, e.is_internal) for e in entries] == [({}, {}, True)] * 3
