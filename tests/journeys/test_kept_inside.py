"""What coordinator and provider write to each other never reaches a reader."""

import io
import zipfile

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from kursliste.domain.report import ReportStatus
from kursliste.infrastructure import clock
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import JournalEntry, OutgoingMail, ProviderNote
from kursliste.reporting.actions import submit_report
from kursliste.reporting.correction_actions import object_to_correction
from kursliste.reporting.question_actions import Answer, answer_questions
from kursliste.review.actions import approve_report, ask_questions
from kursliste.review.asking import Asking
from kursliste.review.correction_actions import correct_course
from tests import builders
from tests.publishing.scene import a_scene

LIST = "/kurslisten/goerlitz"
QUESTION, ANSWER, REASON, OBJECTION, NOTE = (
    f"KANARIE-{word}" for word in ("frage", "antwort", "grund", "widerspruch", "vermerk")
)
SAID = (QUESTION, ANSWER, REASON, OBJECTION)


@pytest.fixture
def edition(session, settings):
    """A published course that was asked about, corrected, and objected to."""
    scene = a_scene(session, Shelf(settings.shelf))
    desk, house = scene.actor, scene.report.provider
    office = builders.a_reporter(session, house, name="Rita", email="rita@example.org").as_actor()
    january = builders.a_round(session, scene.course_list, builders.DECEMBER.next())
    report = builders.a_report(session, january, house, ReportStatus.SUBMITTED)
    row = builders.a_course(session, report, title="Abendkurs", seats_free=3, seats_total=12)
    session.add(
        ProviderNote(
            provider_id=house.id,
            district_id=scene.district.id,
            text=NOTE,
            written_at=clock.now(),
            written_by="Karla Kreis",
        )
    )
    asked = ask_questions(
        session, report, [Asking(QUESTION, row.id, "seats_free")], actor=desk, link=lambda _: "x"
    )
    answer = Answer(ANSWER, {"seats_free": 4}, row.version)
    answer_questions(session, report, {asked[0].id: answer}, actor=office)
    submit_report(session, report, actor=office, link="x", review_link="y")
    made = correct_course(
        session,
        row,
        {"title": "Kurs am Abend"},
        reason=REASON,
        seen_version=row.version,
        actor=desk,
        link="x",
    )
    object_to_correction(session, made[0], text=OBJECTION, actor=office, review_link="y")
    approve_report(session, report, actor=desk, seen_version=report.version)
    return scene, scene.publish(month=report.month)


def unpacked(data: bytes) -> str:
    """What stands in a file; a workbook is a folder of texts, a PDF has pages."""
    if data.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    if not data.startswith(b"PK"):
        return data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return "\n".join(parts.read(name).decode() for name in parts.namelist())


def published(client, scene, edition) -> str:
    """Every public page of the list, one link deep, and every file, internal ones too."""
    texts = [unpacked(scene.shelf.read(f"{edition.folder}/{file.name}")) for file in edition.files]
    client.get(LIST)
    links = {link.get("href") or "" for link in client.page.select("a")}
    links |= {link.get("href") or "" for link in client.page.select("link")}
    for address in [LIST, *sorted(link for link in links if link.startswith("/kurslisten"))]:
        answer = client.flask.get(address, follow_redirects=True)
        texts.append(unpacked(answer.get_data()))
        answer.close()
    return "\n".join(texts)


def test_no_page_file_or_feed_tells_what_they_wrote(client, session, edition):
    text = published(client, *edition)
    assert "Kurs am Abend" in text
    assert [word for word in (*SAID, NOTE) if word in text] == []


def test_the_history_keeps_all_of_it_and_mails_hold_no_note(session, edition):
    entries = session.scalars(select(JournalEntry)).all()
    kept = " ".join(str(entry.details) for entry in entries)
    assert [word for word in SAID if word not in kept] == []
    mails = " ".join(session.scalars(select(OutgoingMail.body)))
    assert [word for word in SAID if word not in mails] == []
    assert NOTE not in mails
