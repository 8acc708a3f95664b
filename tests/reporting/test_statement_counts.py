"""What writing a report costs: as many statements for 40 rows as for three (SPEED.md, goals).

A statement that is sent once with the values of many rows counts as one.
"""

from datetime import date

import pytest
from sqlalchemy import select

from kursliste.domain.permissions import Role
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure.database import transaction
from kursliste.models import Membership, OutgoingMail, User
from kursliste.reporting import actions, queries
from tests import builders
from tests.reporting.scenes import LINK, NOVEMBER
from tests.signing_in import sign_in

SIZES = (3, 40)
MOST_TO_SUBMIT, MOST_TO_BEGIN = 8, 10


@pytest.fixture
def houses(session, scene):
    """A small and a big house of the same person."""
    big = builders.a_provider(session, scene.district, name="Großes Haus")
    scene.person.memberships.append(Membership(role=Role.PROVIDER, provider_id=big.id))
    return scene.provider, big


def filled(scene, opened, houses, status):
    """A report of each house; rows have other gaps and other last words, as people leave them."""
    reports = [builders.a_report(scene.session, opened, house, status) for house in houses]
    for report, size in zip(reports, SIZES, strict=True):
        for number in range(size):
            scene.row(
                report,
                title=f"Kurs {number}",
                confirmed_by="Rita Meldung" if number % 2 else "Berta Früher",
                seats_free=number if number % 3 else None,
                starts_on=date(2026, 9, 1) if number % 5 else None,
            )
    return reports


def counts(database, scene, statements, reports, work):
    """Return how many statements ``work`` on each report and its commit send.

    The person and the report are loaded before, as the page does it.
    """
    with transaction(scene.session):
        keys, actor = [report.id for report in reports], scene.actor
    found = []
    for key in keys:
        with database.session() as request:
            person = request.get(User, actor.user_id)
            signed_in = person.as_actor()
            own = queries.own_report(request, actor, key)
            with statements() as seen, transaction(request):
                work(request, own, signed_in)
        found.append(len(seen))
    return found


@pytest.mark.parametrize("confirm_all", [True, False])
def test_submitting(database, scene, houses, statements, confirm_all):
    def submit(request, own, actor):
        actions.submit_report(request, own, actor=actor, link=LINK, confirm_all=confirm_all)

    reports = filled(scene, scene.opened, houses, ReportStatus.DRAFT)

    small, big = counts(database, scene, statements, reports, submit)

    assert small == big <= MOST_TO_SUBMIT


def test_a_request_asks_only_once_who_is_there(client, session, scene, statements):
    report = scene.report()
    scene.row(report)
    sign_in(client, session, scene.person)
    client.get(f"/meldungen/{report.id}/einreichen")

    with statements() as seen:
        client.submit("main form", confirm="1")

    assert sum("FROM app_user" in statement for statement in seen) == 1
    assert session.scalars(select(OutgoingMail.to_address)).all() == ["rita@example.org"]


def test_confirming_the_rest(database, scene, houses, statements):
    def confirm(request, own, actor):
        actions.confirm_rest(request, own, actor=actor)

    reports = filled(scene, scene.opened, houses, ReportStatus.DRAFT)

    small, big = counts(database, scene, statements, reports, confirm)

    assert small == big <= MOST_TO_SUBMIT


def test_beginning(database, scene, houses, statements):
    def start(request, own, actor):
        actions.start_report(request, own, actor=actor)

    november = builders.a_round(scene.session, scene.course_list, NOVEMBER)
    filled(scene, november, houses, ReportStatus.APPROVED)
    reports = [builders.a_report(scene.session, scene.opened, h, ReportStatus.OPEN) for h in houses]

    small, big = counts(database, scene, statements, reports, start)

    assert small == big <= MOST_TO_BEGIN
    for report, size in zip(reports, SIZES, strict=True):
        scene.session.refresh(report, ["courses"])
        assert [row.title for row in report.courses] == [f"Kurs {n}" for n in range(size)]
        assert {row.version for row in report.courses} == {1}
