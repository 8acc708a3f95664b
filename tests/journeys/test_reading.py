"""Who only looks changes nothing: every page that links lead to, for every role."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste import demo
from kursliste.domain.report import ReportStatus
from kursliste.domain.sign_in import hashed
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.intake import actions as intake
from kursliste.models import ReaderMail, Report, Subscription, User
from kursliste.models.base import Base
from kursliste.models.current import CurrentCourse
from kursliste.reporting import actions as reporting
from kursliste.review.correction_actions import correct_course
from kursliste.review.note_actions import write_note
from tests.journeys.lists import own_list
from tests.page_client import PageClient
from tests.signing_in import sign_in

ROLES = (
    "",
    "traeger-goerlitz-1",
    "traeger-goerlitz-2",
    "koordination-goerlitz",
    "beratung-goerlitz",
    "admin",
)
ENTRANCES = (
    "/",
    "/anmelden",
    "/anmelden/code",
    "/anmelden/kein-link",
    "/konto",
    "/meldungen",
    "/pruefung",
    "/gesund",
    "/bereit",
    "/kurslisten/goerlitz/aktuell.xlsx",
    "/kurslisten/goerlitz/traeger.xlsx",
    "/kurslisten/goerlitz/dcat.jsonld",
    "/kurslisten/goerlitz/umriss.geojson",
    "/kurslisten/goerlitz/umriss/0.geojson",
    "/kurslisten/goerlitz/abo/bestellt",
    "/einbetten/goerlitz",
    "/einbetten.js",
    "/robots.txt",
    "/manifest.webmanifest",
    "/sw.js",
    "/offline",
    "/suche/orte.json",
    "/metrics",
    "/gespeicherte-suchen/neu?ort=Zittau",
    "/anmelden/behoerde",
    "/anmelden/behoerde/zurueck",
    "/konto/behoerde/verbinden",
    "/anmelden/zweiter-schritt",
    "/anmelden/geraet",
    "/anmelden/app",
    "/konto/bestaetigen",
    "/.well-known/security.txt",
    "/verwaltung",
    "/verwaltung/protokoll",
    "/verwaltung/postausgang?stand=failed",
    "/sitemap.xml",
    "/logo/" + "0" * 64,
    "/merkliste",
    "/handzettel.pdf",
    "/hinweise",
    "/api/v1/openapi.json",
    "/api/v1/courses",
    "/api/v1/districts",
    "/api/v1/districts/goerlitz",
    "/api/v1/districts/goerlitz/providers",
    "/api/v1/districts/goerlitz/editions",
    "/api/v1/nichts",
)
EACH = 2
"""Addresses of one endpoint that a role visits; more of the same kind show nothing new."""


def content(session: Session) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a hash of what stands in them."""
    session.expire_all()
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name != "user_session":
            rows = sorted(repr(tuple(row)) for row in session.execute(select(table)))
            found[table.name] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    return found


def crawl(app: Flask, client: PageClient, entrances: Sequence[str]) -> Counter[str]:
    """Follow links from the entrances; return the endpoints that answered with a page."""
    rules = app.url_map.bind("localhost")
    waiting, seen, visited = list(entrances), set(entrances), Counter[str]()
    while waiting:
        address = waiting.pop(0)
        endpoint, _values = rules.match(urlsplit(address).path)
        if visited[endpoint] >= EACH:
            continue
        visited[endpoint] += 1
        response = client.visit(address)
        assert response.status_code in {200, 302, 403, 404}, address
        found = []
        if response.status_code == 302:
            found = [response.location]
        elif response.mimetype == "text/html":
            found = [a.get("href") or "" for a in client.page.select("a")]
            found += [image.get("src") or "" for image in client.page.select("main img")]
        for link in found:
            parts = urlsplit(link)
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            if target.startswith("/") and not parts.netloc and target not in seen:
                seen.add(target)
                waiting.append(target)
    return visited


def arranged(session: Session) -> list[str]:
    """Start a report and upload a list; return addresses that only buttons and forms lead to."""
    coordinator, reporter = (_person(session, f"{who}-goerlitz{n}") for who, n in PEOPLE)
    report = session.scalars(
        select(Report).where(
            Report.provider_id.in_(reporter.as_actor().provider_ids),
            Report.status == ReportStatus.OPEN,
        )
    ).one()
    reporting.start_report(session, report, actor=reporter.as_actor())
    upload = intake.upload_list(
        session,
        course_list=report.round.course_list,
        month=report.round.month,
        file_name="liste.xlsx",
        data=own_list(),
        actor=coordinator.as_actor(),
    )
    before = session.scalars(
        select(Report).where(
            Report.provider_id == report.provider_id, Report.status == ReportStatus.APPROVED
        )
    ).first()
    assert before is not None
    row = before.courses[0]
    made = correct_course(
        session,
        row,
        {"title": f"{row.title} I"},
        reason="",
        seen_version=row.version,
        actor=coordinator.as_actor(),
        link="",
    )
    waiting = session.scalars(
        select(Report).where(
            Report.round_id == report.round_id, Report.status == ReportStatus.SUBMITTED
        )
    ).first()
    assert waiting is not None
    write_note(
        session, report.district, report.provider, text="Ruft an.", actor=coordinator.as_actor()
    )
    reader = session.scalars(select(Subscription).where(Subscription.confirmed_at.is_not(None)))
    mail = ReaderMail(
        subscription_id=next(reader).id, key_hash=hashed(READER_KEY), queued_at=clock.now()
    )
    session.add(mail)
    published = session.scalars(select(CurrentCourse.course_id)).first()
    here, preview = f"/meldungen/{report.id}", f"/uebernahme/goerlitz/{upload.id}"
    month = report.round.month
    return [
        f"/kurslisten/goerlitz/{month.previous()}",
        f"/pruefung/goerlitz/{month}/uebernehmen",
        f"/pruefung/goerlitz/traeger/{report.provider_id}",
        f"/pruefung/goerlitz/traeger/{report.provider_id}/zusammenfuehren/{waiting.provider_id}",
        f"/pruefung/goerlitz/traeger/{report.provider_id}/kurse-uebergeben",
        f"/pruefung/goerlitz/{month}/{waiting.id}/rueckfragen",
        f"{here}/kurse/neu",
        f"{here}/kurse/{report.courses[0].id}",
        f"{here}/einreichen",
        f"{here}/rueckfragen",
        f"/meldungen/{before.id}/berichtigungen/{made[0].id}/nicht-einverstanden",
        f"{here}/tabelle",
        f"{here}/tabelle.xlsx",
        preview,
        f"{preview}/zeilen/1",
        f"/abo/{READER_KEY}",
        f"/api/v1/districts/goerlitz/editions/{month.previous()}/1",
        f"/api/v1/courses/{published}",
        f"/handzettel?kurs={published}",
        f"/kurse/{published}/stimmt-nicht-mehr/danke",
        f"/veroeffentlichung/goerlitz/{month.previous()}/1/zurueckziehen",
        "/veroeffentlichung/goerlitz/angaben-entfernen",
    ]


READER_KEY = "k" * 43
PEOPLE = (("koordination", ""), ("traeger", "-1"))


def _person(session: Session, slug: str) -> User:
    return session.scalars(select(User).where(User.demo_slug == slug)).one()


@pytest.mark.asvs("3.5.3")
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_looking_at_every_page_changes_nothing(app, session, settings):
    demo.load(session, Shelf(settings.shelf))
    with transaction(session):
        entrances = [*ENTRANCES, *arranged(session)]
    before = content(session)
    visited: set[str] = set()
    for slug in ROLES:
        client = PageClient(app, session)
        if slug:
            with transaction(session):
                sign_in(client, session, _person(session, slug))
        visited |= crawl(app, client, entrances).keys()
    assert content(session) == before
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert sorted(pages - visited) == ["static"]
