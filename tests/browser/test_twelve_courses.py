"""What reporting is about: twelve courses, two of them changed, from the mail's link on; drafts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator
from sqlalchemy import select

from kursliste.domain.course import CourseStatus
from kursliste.domain.prefill import drops_out
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import Database, transaction
from kursliste.models import Report, Round, User
from tests import builders
from tests.browser.pages import NARROW, Person
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PERSON = "traeger-weimar-1"
MOST_INTERACTIONS, MOST_LOADS = 9, 4


@pytest.fixture(autouse=True)
def _real_clock(monkeypatch):
    """The site beside this test lives today; rows that are written for it must, too."""
    monkeypatch.undo()


def _twelve_courses(site: Site) -> str:
    """Fill the provider's last report up to twelve courses; return the path of the open one."""
    database = Database(site.environment["KURSLISTE_DATABASE_URL"])
    with database.session() as session, transaction(session):
        person = session.scalars(select(User).where(User.demo_slug == PERSON)).one()
        provider_id = person.memberships[0].provider_id
        query = (
            select(Report)
            .join(Round, Round.id == Report.round_id)
            .where(Report.provider_id == provider_id)
            .order_by(Round.month.desc())
        )
        now, before = session.scalars(query).all()[:2]
        kept = [r for r in before.courses if not drops_out(r.facts(), on=clock.today())]
        for number in range(12 - len(kept)):
            builders.a_course(
                session,
                before,
                title=f"Abendkurs {number}",
                position=90 + number,
                status=CourseStatus.OPEN,
                seats_total=16,
                seats_taken=8,
                seats_free=8,
            )
        path = f"/meldungen/{now.id}"
    database.dispose()
    return path


def _boxes(person: Person, name: str):
    return person.page.locator(f"input[name$='-{name}']")


def test_twelve_courses_of_which_two_change(somebody, fresh_site, capsys):
    path = _twelve_courses(fresh_site)
    office = somebody(fresh_site)
    office.sign_in(PERSON)
    office.page.set_viewport_size(NARROW)
    office.clicks = office.loads = 0
    typed = 0

    office.go(path)  # what the link of the mail does on a remembered device
    office.press("Meldung beginnen")
    assert office.page.locator("tr[id^=kurs-]").count() == 12
    for place in (3, 7):
        _boxes(office, "seats_taken").nth(place).fill("11")
        typed += 1
    office.press("Weiter: prüfen und einreichen")
    office.press("Alle übrigen bestätigen und einreichen")

    assert "Ihre Meldung ist angekommen." in office.text()
    assert "12 Kurse: 12 bestätigt" in office.text()
    interactions = office.clicks + typed
    with capsys.disabled():
        print(  # noqa: T201 -- the figure that the README tells
            f"\ntwelve courses, two changed: {interactions} interactions, {office.loads} page loads"
        )
    assert (interactions, office.loads) == (5, 4)
    assert interactions <= MOST_INTERACTIONS
    assert office.loads <= MOST_LOADS


SAVES = re.compile("/entwurf$")


class Row:
    """The last course of the table, and what a person does in it."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.place = person.page.locator("tr[id^=kurs-]").last

    def box(self, name: str) -> Locator:
        return self.place.locator(f"input[name$='-{name}']")

    def type(self, name: str, value: str) -> int:
        """Type a value, go on by Tab, and return how the draft was answered."""
        with self.person.page.expect_response(SAVES) as answer:
            self.box(name).fill(value)
            self.box(name).press("Tab")
        return answer.value.status

    def says(self, words: str) -> None:
        """Wait until the row tells these words."""
        self.place.get_by_text(words).wait_for()


@pytest.fixture
def table(somebody, fresh_site) -> Callable[[], Row]:
    """Return a maker of people of one provider who look at the table of the same report."""
    path = _twelve_courses(fresh_site)

    def look() -> Row:
        person = somebody(fresh_site)
        person.audit = None  # these pages are looked at elsewhere
        person.sign_in(PERSON)
        person.go(path)
        if person.page.get_by_role("button", name="Meldung beginnen").count():
            person.press("Meldung beginnen")
        return Row(person)

    return look


def test_what_is_typed_is_saved_before_any_button(table):
    row = table()
    page = row.person.page
    assert "gleich als Entwurf gespeichert" in page.locator("#entwurf").inner_text()

    assert row.type("seats_taken", "10") == 200
    row.says("Entwurf gespeichert.")
    assert row.box("seats_free").input_value() == "6"  # it follows from total and taken
    assert page.evaluate("document.activeElement.name").endswith("-seats_free")

    # The same row again: the version has moved along, nobody is in the way.
    assert row.type("seats_taken", "12") == 200

    # Wrong: told beside the row, and kept in the box.
    assert row.type("seats_taken", "viele") == 422
    row.says("Möglich sind ganze Zahlen")
    assert row.box("seats_taken").input_value() == "viele"

    # A button waits for the draft that is under way.
    row.box("seats_taken").fill("9")
    row.place.get_by_role("button", name="bestätigen").click()
    page.get_by_text("Bestätigt: ").wait_for()
    assert row.box("seats_taken").input_value() == "9"


def test_a_colleague_with_an_older_table_is_told_both_values(table):
    mine, theirs = table(), table()
    assert mine.type("seats_taken", "12") == 200
    assert theirs.type("seats_taken", "5") == 409
    theirs.says("belegt: Sie „5“, jetzt „12“")
    assert theirs.box("seats_taken").input_value() == "5"
    theirs.person.press("Änderungen speichern")
    assert "5" in theirs.person.text()
    assert "12" in theirs.person.text()
    assert theirs.person.page.locator("h1").inner_text().startswith("Inzwischen")


def test_whose_sign_in_has_ended_is_told_so(table):
    row = table()
    row.person.context.clear_cookies(name="sid")
    row.box("seats_taken").fill("5")
    row.box("seats_taken").press("Tab")
    row.person.page.get_by_text("Ihre Anmeldung ist abgelaufen").wait_for()
    assert row.box("seats_taken").input_value() == "5"
