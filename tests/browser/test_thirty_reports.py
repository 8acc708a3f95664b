"""What reviewing is about: thirty reports, most of them with small changes, from the board on."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.course import ConfirmedHow, CourseStatus
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import Database, transaction
from kursliste.models import District, Report, ReportedCourse, Round, User
from tests import builders
from tests.browser.site import Site
from tests.review.scene import Scene, an_edition

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PERSON = "koordination-nordhausen"
MOST_INTERACTIONS, MOST_LOADS = 40, 15
TRIVIAL, CHANGED, ODD, MISSING = 20, 6, 2, 2
NOW: dict[str, dict[str, object]] = {
    "T": {"seats_taken": 12, "seats_free": 8},
    "C": {"price_note": "10 Euro im Monat"},
    "O": {"seats_taken": 12, "seats_free": 61},
}


@pytest.fixture(autouse=True)
def _real_clock(monkeypatch):
    """The site beside this test lives today; rows that are written for it must, too."""
    monkeypatch.undo()


def _facts() -> dict[str, object]:
    today = clock.today()
    return {
        "title": "Deutsch am Abend",
        "status": CourseStatus.RUNNING_ENTRY,
        "starts_on": today - timedelta(days=60),
        "ends_on": today + timedelta(days=200),
        "times_note": "dienstags 18 Uhr",
        "contact_phone": "03631 000-1",
        "seats_total": 20,
        "seats_taken": 10,
        "seats_free": 10,
    }


def _thirty_reports(site: Site) -> None:
    """Another thirty providers take the place of those of the demo: last edition, this month."""
    database = Database(site.environment["KURSLISTE_DATABASE_URL"])
    with database.session() as session, transaction(session):
        person = session.scalars(select(User).where(User.demo_slug == PERSON)).one()
        district = session.get_one(District, person.memberships[0].district_id)
        rounds = session.scalars(
            select(Round).where(Round.district_id == district.id).order_by(Round.month.desc())
        ).all()
        _district_of(session, district, person, *rounds[:2])
    database.dispose()


def _district_of(
    session: Session, district: District, person: User, now: Round, before: Round
) -> None:
    for report in session.scalars(select(Report).where(Report.round_id == now.id)):
        for question in report.questions:
            session.delete(question)
        session.flush()  # questions name rows
        session.delete(report)
    session.flush()  # the providers of the demo are not asked this month
    kinds = "T" * TRIVIAL + "C" * CHANGED + "O" * ODD + "M" * MISSING
    known: list[ReportedCourse] = []
    for number, kind in enumerate(kinds, start=1):
        provider = builders.a_provider(session, district, name=f"Sprachhaus {number:02}")
        old = builders.a_report(session, before, provider, ReportStatus.APPROVED, by=person)
        row = builders.a_course(session, old, **_facts())
        known.append(row)
        if kind == "M":
            builders.a_report(session, now, provider, ReportStatus.OPEN)
            continue
        report = builders.a_report(session, now, provider, ReportStatus.SUBMITTED, by=person)
        builders.a_course(
            session,
            report,
            course_id=row.course_id,
            confirmed_on=clock.today(),
            confirmed_by="Kim",
            confirmed_how=ConfirmedHow.WEB,
            **{**_facts(), **NOW[kind]},
        )
    # As the month goes: the deadline was yesterday, and the last list has all of them.
    now.due_on = clock.today() - timedelta(days=1)
    now.opens_on = min(now.opens_on, now.due_on)
    scene = Scene(district, now.course_list, now, known[0].report.provider, person)
    an_edition(session, scene, *known, month=before.month, number=9)


def test_from_the_board_to_thirty_reports_decided(somebody, fresh_site, capsys):
    _thirty_reports(fresh_site)
    desk = somebody(fresh_site)
    desk.sign_in(PERSON)
    desk.clicks = desk.loads = typed = 0

    desk.go("/pruefung/nordhausen")
    assert "28 warten auf Sie, 2 warten auf die Träger." in desk.text()
    desk.follow(f"Schnell freigeben ({TRIVIAL})")
    desk.press(f"{TRIVIAL} Meldungen freigeben")
    assert f"{TRIVIAL} Meldungen sind freigegeben" in desk.text()
    for _report in range(CHANGED):
        assert "10 Euro im Monat" in desk.text()
        desk.press("Freigeben")
    for _report in range(ODD):
        desk.page.get_by_label(re.compile(r"^Rückfrage zu .*, frei$")).first.check()
        typed += 1
        desk.press("Angehaktes fragen")
        desk.press("Rückfragen senden")
    desk.follow(f"Alle unbestätigten übernehmen ({MISSING})")
    desk.press(f"Alle {MISSING} unbestätigten Meldungen übernehmen")

    assert "2 warten auf die Träger, 28 sind entschieden." in desk.text()
    interactions = desk.clicks + typed
    with capsys.disabled():
        print(  # noqa: T201 -- the figure that the README tells
            f"\nthirty reports: {interactions} interactions, {desk.loads} page loads"
        )
    assert (interactions, desk.loads) == (16, 15)
    assert interactions <= MOST_INTERACTIONS
    assert desk.loads <= MOST_LOADS


def test_the_fast_path_by_keyboard(somebody, fresh_site):
    _thirty_reports(fresh_site)
    desk = somebody(fresh_site)
    desk.audit = None  # the same pages are looked at above
    desk.sign_in(PERSON)
    desk.go("/pruefung/nordhausen")
    desk.tab_to(["Schnell freigeben"])
    desk.page.keyboard.press("Tab")
    assert desk.page.evaluate("document.activeElement.innerText") == "Nächste prüfen (28)"
    desk.page.keyboard.press("Shift+Tab")
    desk.enter()
    box = desk.page.get_by_role("checkbox").first
    box.focus()
    desk.page.keyboard.press("Space")
    assert not box.is_checked()
    desk.tab_to([f"{TRIVIAL} Meldungen freigeben"])
    desk.enter()
    assert f"{TRIVIAL - 1} Meldungen sind freigegeben" in desk.text()
