"""From the district's Excel list to a published and corrected edition, by the pages alone."""

import csv
import io
import json
from collections import Counter
from datetime import datetime, time

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.course import FIELD
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.masterdata import actions as masterdata
from kursliste.models import (
    CourseList,
    JournalEntry,
    OutgoingMail,
    Provider,
    User,
)
from tests.builders import a_coordinator, a_district, a_list
from tests.journeys.lists import (
    CANARIES,
    EXPECTED,
    LINES,
    ODD,
    REPORTING,
    SAMPLE,
    SILENT,
    TAKEN,
    own_list,
)
from tests.page_client import PageClient
from tests.signing_in import sign_in

QUESTION = f"Stimmt die Zahl der belegten Plätze? {CANARIES[2]}"
ANSWER = "Ja, zwei sind neu dazugekommen."
REASON = "Zahl der Plätze berichtigt"
BOARD = "/pruefung/nordhausen"
PUBLISH = "/veroeffentlichung/nordhausen/2026-12"
PUBLIC = "/kurslisten/nordhausen"
TABLE = "form#kurse"
COMPARED = ("provider", "starts_on", "ends_on", "time_from", "postcode", "town", "seats_total")


class Journey:
    """The people of one district, each with a browser of their own, and what they do."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session = app, session
        self.district = a_district(session, "nordhausen", name="Landkreis Nordhausen")
        self.course_list: CourseList = a_list(session, self.district)
        self.coordinator = a_coordinator(session, self.district, name="Konrad Kranich")
        self.desk, self.office, self.anybody = (PageClient(app, session) for _ in range(3))
        sign_in(self.desk, session, self.coordinator)

    # ---- the coordinator takes over the list

    def upload(self, name: str, data: bytes, month: str) -> str:
        """Upload a list; return the address of its preview."""
        self.desk.get(f"/uebernahme/{self.district.slug}")
        self.desk.submit(file=(io.BytesIO(data), name), month=month)
        self.desk.follow()
        assert self.desk.response is not None
        return self.desk.response.request.path

    def take_over(self) -> None:
        """Press the button of a preview that is in order."""
        button = next(
            form for form in self.desk.page.select("main form") if _action(form).endswith("gen")
        )
        version = button.find("./input[@name='version']")
        assert version is not None
        self.desk.post(_action(button), {"version": version.get("value")})
        self.desk.follow()

    # ---- the provider

    def add_reporter(self, provider_name: str, person: str) -> User:
        """Give a provider somebody who reports; they sit at the office."""
        provider = self.session.scalars(
            select(Provider).where(Provider.name == provider_name)
        ).one()
        user = masterdata.add_user(
            self.session,
            name=person,
            email="meldung@kornblume.example",
            grants=[Grant(Role.PROVIDER, provider_id=provider.id)],
            actor=Actor.system(),
        )
        sign_in(self.office, self.session, user)
        return user

    def press(self, where: str, **changes: str) -> None:
        """Send the provider's table as it stands, with changes, to the address of a button."""
        values = {**self.office.page.form_values(TABLE), **changes}
        self.office.post(where, values)
        self.office.follow()

    # ---- looking at what was stored

    def report_address(self, provider_name: str) -> str:
        """Return the address of a provider's report as the coordinator's board links it."""
        self.desk.get(BOARD)
        return next(
            link.get("href") or ""
            for link in self.desk.page.select("main th a")
            if "".join(link.itertext()) == provider_name
        )

    def events(self) -> Counter[str]:
        """Count what the journal tells."""
        self.session.expire_all()
        return Counter(self.session.scalars(select(JournalEntry.event)).all())

    def mails(self, address: str) -> list[OutgoingMail]:
        """Return the mails to an address, oldest first."""
        self.session.expire_all()
        query = select(OutgoingMail).where(OutgoingMail.to_address == address)
        return list(self.session.scalars(query.order_by(OutgoingMail.id)))

    def file(self, number: int, extension: str) -> bytes:
        """Download a file of December the way a reader does: by the link on the page."""
        self.anybody.get(f"{PUBLIC}/2026-12/{number}")
        name = f"kursliste-nordhausen-2026-12-a{number}.{extension}"
        link = next(
            href
            for a in self.anybody.page.select("main a")
            if (href := a.get("href") or "").endswith(name)
        )
        return self.anybody.get(link).get_data()


def _action(form) -> str:
    return form.get("action") or ""


@pytest.fixture
def journey(app, session) -> Journey:
    return Journey(app, session)


def _taken_over(journey: Journey) -> str:
    preview = journey.upload("Sprachkurse Dezember.xlsx", own_list(), "2026-12")
    desk = journey.desk
    assert "4 Kurse gefunden, 3 Träger, davon 3 neu" in desk.page.text()
    assert "Plauderrunde mit Kuchen" in desk.page.text()
    assert "so um die zehn" in desk.page.text()
    (word,) = (e.get("name") or "" for e in desk.page.select(f"form[action={preview}] select"))
    desk.post(preview, {word: "KONV"})
    desk.follow()
    desk.get(f"{preview}/zeilen/3")
    desk.submit(level_from="A1", level_to="B1")
    desk.follow()
    journey.take_over()
    assert "Diese Liste ist übernommen." in desk.page.text()
    return preview


def _reported(journey: Journey) -> str:
    """The provider confirms all, changes one course, submits; return the report's address."""
    journey.add_reporter(REPORTING, f"Petra {CANARIES[3]}")
    office = journey.office
    office.get("/meldungen")
    address = office.page.select("main th a")[0].get("href") or ""
    office.get(address)
    journey.press(f"{address}/bestaetigen")
    assert "2 Kurse bestätigt." in office.page.text()
    first = office.page.select("main tbody tr")[0].get("id", "").removeprefix("kurs-")
    journey.press(address, **{f"k{first}-seats_taken": str(TAKEN), "confirm": "1"})
    office.get(f"{address}/einreichen")
    office.submit()
    office.follow()
    assert "Ihre Meldung ist angekommen." in office.page.text()
    return address


def _asked_and_answered(journey: Journey, at_office: str) -> None:
    """One question about one field goes there and comes back."""
    desk, office = journey.desk, journey.office
    at_desk = journey.report_address(REPORTING)
    desk.get(at_desk)
    row = office.page.select("main tbody tr")[0].get("id", "").removeprefix("kurs-")
    desk.get(f"{at_desk}/rueckfragen?kurs={row}&feld=seats_taken")
    desk.submit("main form", 302, **{"f0-text": QUESTION, "bleiben": "1"})
    desk.follow()
    assert QUESTION in desk.page.text()
    mail = journey.mails("meldung@kornblume.example")[-1]
    assert QUESTION in mail.body
    assert f"http://localhost{at_office}" in mail.body

    office.get(at_office)
    assert QUESTION in office.page.text()
    answer = next(
        href
        for a in office.page.select("main a")
        if "/rueckfragen/" in (href := a.get("href") or "")
    )
    office.get(answer)
    key = answer.rpartition("/")[2]
    office.submit("main form", 302, **{f"f{key}-answer": ANSWER})
    office.get(f"{at_office}/einreichen")
    office.submit()
    desk.get(at_desk)
    assert ANSWER in desk.page.text()
    assert ANSWER in "".join(m.body for m in journey.mails(journey.coordinator.email))


def _decided(journey: Journey) -> None:
    """The coordinator approves the one and carries over the silent ones."""
    desk = journey.desk
    desk.get(journey.report_address(REPORTING))
    _press(desk, "freigeben")
    desk.get(f"{BOARD}/2026-12/uebernehmen")
    assert [cells[0] for cells in desk.page.rows()[1:]] == sorted([SILENT, ODD])
    desk.submit()
    desk.follow()


def _press(client: PageClient, ending: str) -> None:
    action = next(
        action
        for form in client.page.select("main form")
        if (action := _action(form)).endswith(ending)
    )
    client.submit(f"form[action={action}]")
    client.follow()


def test_from_the_list_of_a_district_to_a_corrected_edition(journey):
    _taken_over(journey)
    report = _reported(journey)
    _asked_and_answered(journey, report)
    _decided(journey)
    desk, anybody = journey.desk, journey.anybody

    desk.get(PUBLISH)
    desk.submit(seen_number="0")
    desk.follow()
    assert "Die Ausgabe 2026-12/1 ist veröffentlicht." in desk.page.text()

    anybody.get(PUBLIC)
    assert sorted(anybody.page.texts("main .course-title")) == sorted(x.title for x in LINES)
    assert "nicht bestätigt" in anybody.page.text()
    anybody.get(f"{PUBLIC}?q=Lesen&ort=Nordhausen")
    assert anybody.page.texts("main .course-title") == ["Lesen und Schreiben lernen"]
    _check_workbook(journey.file(1, "xlsx"))
    _check_csv(journey.file(1, "csv"))
    _check_json(json.loads(journey.file(1, "json")))

    desk.get(PUBLISH)
    desk.submit(seen_number="1", reason=REASON)
    desk.follow()
    anybody.get(f"{PUBLIC}/2026-12/1")
    assert "Diese Ausgabe ist ersetzt durch 2026-12/2." in anybody.page.text()
    assert REASON in anybody.page.text()
    anybody.get(f"{PUBLIC}/2026-12")
    assert "Diese Ausgabe ersetzt 2026-12/1." in anybody.page.text()
    _check_workbook(journey.file(1, "xlsx"))
    _nothing_internal_is_public(journey)
    _everything_is_in_the_journal(journey)


def _check_workbook(data: bytes) -> None:
    """Every course of the list stands there once, with real dates and numbers."""
    sheet = load_workbook(io.BytesIO(data))["Kurse"]
    heads = [cell.value for cell in sheet[5]]
    by_number = {}
    for row in sheet.iter_rows(min_row=6):
        course = dict(zip(heads, (cell.value for cell in row), strict=True))
        if course["Kursnummer"] is not None:
            assert course["Kursnummer"] not in by_number
            by_number[course["Kursnummer"]] = course
    assert {n: (r["Titel"], r["Träger"]) for n, r in by_number.items()} == {
        line.number: (line.title, line.provider) for line in LINES
    }
    assert {n: r["Beginn"] for n, r in by_number.items()} == {
        "K-101": datetime(2027, 1, 11),
        "K-102": datetime(2027, 2, 8),
        "K-201": datetime(2026, 9, 7),
        "K-301": datetime(2027, 3, 1),
    }
    assert {n: (r["Plätze gesamt"], r["frei"]) for n, r in by_number.items()} == {
        "K-101": (20, 20 - TAKEN),
        "K-102": (12, 0),
        "K-201": (20, 15),
        "K-301": (None, None),
    }
    assert {r["PLZ"] for r in by_number.values()} == {"99734"}
    today = datetime(2026, 11, 24)
    assert {n: r["bestätigt am"] for n, r in by_number.items()} == {
        "K-101": today,
        "K-102": today,
        "K-201": "nicht bestätigt",
        "K-301": "nicht bestätigt",
    }
    assert {"belegt", "BAMF-Kurskennung", "interne Notiz", "bestätigt von"} & set(heads) == set()


def _check_csv(data: bytes) -> None:
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert sorted(row["Kursnummer"] for row in rows) == [line.number for line in LINES]
    assert {"belegt", "BAMF-Kurskennung", "interne Notiz", "bestätigt von"} & set(rows[0]) == set()


def _check_json(edition: dict) -> None:
    courses = {course["provider_reference"]: course for course in edition["courses"]}
    assert sorted(courses) == [line.number for line in LINES]
    assert (courses["K-101"]["starts_on"], courses["K-101"]["seats_free"]) == (
        "2027-01-11",
        20 - TAKEN,
    )
    assert courses["K-301"]["course_type"] == "KONV"
    assert "seats_total" not in {k for k, v in courses["K-301"].items() if v is not None}
    internal = {"seats_taken", "bamf_reference", "internal_note", "confirmed_by", "visibility"}
    assert internal & set().union(*courses.values()) == set()


def _nothing_internal_is_public(journey: Journey) -> None:
    for number in (1, 2):
        for extension in ("csv", "json"):
            text = journey.file(number, extension).decode("utf-8")
            assert [canary for canary in CANARIES if canary in text] == []
        book = load_workbook(io.BytesIO(journey.file(number, "xlsx")))
        words = " ".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row)
        assert [canary for canary in CANARIES if canary in words] == []
    for address in ("/", PUBLIC, f"{PUBLIC}/ausgaben", *(f"{PUBLIC}/2026-12/{n}" for n in (1, 2))):
        html = journey.anybody.get(address).text
        assert [canary for canary in CANARIES if canary in html] == []


def _everything_is_in_the_journal(journey: Journey) -> None:
    assert journey.events() - Counter({"codes:loaded": 1}) == {
        "list:uploaded": 1,
        "list:mended": 2,
        "list:taken_over": 4,
        "provider:added": 3,
        "venue:added": 3,
        "round:opened": 1,
        "user:added": 1,
        "course:confirmed": 1,
        "course:changed": 1,
        "report:submitted": 2,
        "question:asked": 1,
        "question:answered": 1,
        "report:approved": 1,
        "report:carried_over": 2,
        "edition:published": 2,
    }


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample lists lie beside the repository")
def test_the_list_of_nordhausen_comes_out_whole(journey):
    journey.upload("Liste November.xlsx", SAMPLE.read_bytes(), "2026-11")
    desk = journey.desk
    assert "25 Kurse gefunden" in desk.page.text()
    journey.take_over()
    desk.get(f"{BOARD}/2026-11/uebernehmen")
    desk.submit()
    desk.get("/veroeffentlichung/nordhausen/2026-11")
    desk.submit(seen_number="0")
    journey.anybody.get(f"{PUBLIC}/2026-11/1")
    assert len(journey.anybody.page.texts("main .course-title")) == 25
    expected = json.loads(EXPECTED.read_text("utf-8"))["courses"]
    assert sorted(_stated(journey)) == sorted(
        tuple(str(course.get(name) or "") for name in COMPARED) for course in expected
    )


def _stated(journey: Journey) -> list[tuple[str, ...]]:
    """Return what the Excel file of November says about each course, as text."""
    address = f"{PUBLIC}/2026-11/1/kursliste-nordhausen-2026-11-a1.xlsx"
    sheet = load_workbook(io.BytesIO(journey.anybody.get(address).get_data()))["Kurse"]
    heads = [cell.value for cell in sheet[5]]
    at = [heads.index(FIELD[name].heading) for name in COMPARED]
    rows = [row for row in sheet.iter_rows(min_row=6) if row[heads.index("Kurs-ID")].value]
    return [tuple(_as_text(row[place].value) for place in at) for row in rows]


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return "" if value is None else str(value)
