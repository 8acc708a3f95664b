"""What goes wrong on a way: others' things, old pages, wrong files, pressing twice."""

import io

import pytest
from sqlalchemy import func, select

from kursliste.domain.calendar import Month
from kursliste.domain.course import CourseStatus
from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.infrastructure import clock
from kursliste.models import (
    Edition,
    JournalEntry,
    ListUpload,
    OutgoingMail,
    ReportedCourse,
)
from kursliste.web.security import LARGEST_BODY
from tests.builders import (
    a_coordinator,
    a_course,
    a_district,
    a_list,
    a_provider,
    a_report,
    a_reporter,
    a_round,
)
from tests.journeys.lists import own_list
from tests.page_client import Page, PageClient
from tests.signing_in import sign_in


class Place:
    """A district in the middle of its December, with a provider and a stranger's district."""

    def __init__(self, app, session) -> None:
        self.app, self.session = app, session
        self.district = a_district(session)
        self.course_list = a_list(session, self.district)
        self.round = a_round(session, self.course_list)
        self.provider = a_provider(session, self.district)
        self.reporter = a_reporter(session, self.provider, name="Hanna Haselnuss")
        self.coordinator = a_coordinator(session, self.district, name="Katrin Kiebitz")
        self.report = a_report(session, self.round, self.provider)
        self.row = a_course(
            session,
            self.report,
            title="Kurs am Morgen",
            seats_total=20,
            seats_taken=5,
            status=CourseStatus.OPEN,
        )
        elsewhere = a_district(session, "weimar")
        self.stranger = a_provider(session, elsewhere, name="Fremder Träger")
        others_round = a_round(session, a_list(session, elsewhere))
        self.others = a_report(session, others_round, self.stranger)
        a_course(session, self.others)

    def browser(self, user=None) -> PageClient:
        """A browser, signed in as ``user``."""
        client = PageClient(self.app, self.session)
        if user is not None:
            sign_in(client, self.session, user)
        return client

    def count(self, model) -> int:
        """How many rows there are now."""
        self.session.expire_all()
        return self.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def place(app, session) -> Place:
    return Place(app, session)


@pytest.mark.asvs("8.2.2")
@pytest.mark.con10("A2")
def test_what_belongs_to_others_does_not_exist(place):
    client = place.browser(place.reporter)
    for path in ("", "/einreichen", "/kurse/neu"):
        client.get(f"/meldungen/{place.others.id}{path}", 404)
    client = place.browser(place.coordinator)
    client.get("/pruefung/weimar", 404)
    client.get(f"/pruefung/goerlitz/2026-12/{place.others.id}", 404)
    client.get("/uebernahme/weimar", 404)
    client.get("/veroeffentlichung/weimar/2026-12", 404)


@pytest.mark.parametrize(
    "path",
    [
        "/kurslisten/goerlitz/2031-01",
        "/kurslisten/goerlitz/2026-12/1",
        "/kurslisten/goerlitz/2026-13",
        "/kurslisten/nirgendwo",
        "/kurslisten/goerlitz/2026-12/1/kursliste-goerlitz-2026-12-a1.xlsx",
        "/kurslisten/goerlitz/aktuell.xlsx",
        "/kurslisten/goerlitz/aktuell.exe",
        "/kurslisten/goerlitz/2026-12/99999999999999999999",
    ],
)
def test_unknown_months_and_editions_are_not_there(place, path):
    page = place.browser()
    page.get(path, 404)
    assert page.page.select("main a") != []  # a way on


def test_two_at_once_see_both_texts(place):
    first, second = place.browser(place.reporter), place.browser(place.reporter)
    address = f"/meldungen/{place.report.id}/kurse/{place.row.id}"
    first.get(address)
    second.get(address)
    first.submit(title="Kurs am frühen Morgen")
    second.submit(status=409, title="Kurs am späten Morgen")
    assert "Kurs am frühen Morgen" in second.page.text()
    assert "Kurs am späten Morgen" in second.page.text()
    second.submit()
    place.session.expire_all()
    assert place.session.get_one(ReportedCourse, place.row.id).title == "Kurs am späten Morgen"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("liste.xlsx", b"PK\x03\x04 kein Archiv"),
        ("liste.xlsx", b""),
        ("liste.pdf", b"%PDF-1.7 kein Excel"),
        ("liste.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 altes Excel"),
        ("liste.csv", b"\x00\x01\x02"),
    ],
)
def test_a_wrong_file_is_refused_with_its_reason_and_the_month_stays(place, name, data):
    desk = place.browser(place.coordinator)
    desk.get("/uebernahme/goerlitz")
    desk.submit(status=422, file=(io.BytesIO(data), name), month="2026-12")
    (reason,) = desk.page.texts("main .error-summary__list li")
    assert reason.startswith("Datei: ")
    chosen = [o for o in desk.page.select("select[name=month] option") if "selected" in o.attrib]
    assert [option.get("value") for option in chosen] == ["2026-12"]
    assert place.count(ListUpload) == 0


def test_no_file_and_no_month_are_named(place):
    desk = place.browser(place.coordinator)
    desk.get("/uebernahme/goerlitz")
    desk.submit(status=422, month="2026-12")
    assert desk.page.texts("main .error-summary__list li") == [
        "Datei: Wählen Sie die Datei mit Ihrer Kursliste aus."
    ]
    desk.submit(status=422, file=(io.BytesIO(own_list()), "liste.xlsx"), month="1999-01")
    assert len(desk.page.texts("main .error-summary__list li")) == 1


def test_submitting_twice_submits_once(place):
    office = place.browser(place.reporter)
    address = f"/meldungen/{place.report.id}/einreichen"
    office.get(address)
    values = {**office.page.form_values(), "confirm": "1"}
    for _click in range(2):
        office.post(address, values)
    place.session.expire_all()
    assert place.report.status is ReportStatus.SUBMITTED
    events = place.session.scalars(select(JournalEntry.event)).all()
    assert list(events).count("report:submitted") == 1
    mails = place.session.scalars(select(OutgoingMail.to_address)).all()
    assert len(mails) == len(set(mails))


def test_approving_and_publishing_twice_happens_once(place):
    place.report.move(ReportAction.SUBMIT, by_id=place.reporter.id, at=clock.now())
    desk = place.browser(place.coordinator)
    desk.get(f"/pruefung/goerlitz/2026-12/{place.report.id}")
    approve = next(
        action
        for form in desk.page.select("main form")
        if (action := form.get("action") or "").endswith("/freigeben")
    )
    values = desk.page.form_values(f"form[action={approve}]")
    for status in (302, 409):
        desk.post(approve, values, status)
    publish = "/veroeffentlichung/goerlitz/2026-12"
    desk.get(publish)
    values = desk.page.form_values()
    for status in (302, 409):
        desk.post(publish, values, status)
    assert place.count(Edition) == 1
    assert place.session.scalars(select(Edition.month)).one() == Month(2026, 12)


def test_a_body_that_is_too_large_is_refused(place):
    desk = place.browser(place.coordinator)
    answer = desk.flask.post(
        "/uebernahme/goerlitz",
        input_stream=io.BytesIO(bytes(LARGEST_BODY + 1)),
        content_length=LARGEST_BODY + 1,
        content_type="multipart/form-data; boundary=x",
    )
    assert (answer.status_code, Page(answer.text).faults()) == (413, [])
    assert place.count(ListUpload) == 0


def test_without_the_token_of_the_page_nothing_happens(place):
    office = place.browser(place.reporter)
    address = f"/meldungen/{place.report.id}/bestaetigen"
    for token in ("", "falsch"):
        office.post(address, {"csrf_token": token}, 400)
    place.session.expire_all()
    assert place.row.confirmed_on is None
