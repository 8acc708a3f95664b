"""Counting subscriptions and mails: right numbers, in order, by a fixed number of statements."""

import pytest
from sqlalchemy import select

from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import MailStatus, OutgoingMail
from kursliste.readers import queries
from tests.builders import a_district, a_list
from tests.publishing.scene import Statements
from tests.readers.scenes import a_reader, publish, tick, two_months

ZITTAU = {"ort": ["Zittau"]}


@pytest.fixture
def scene(session, tmp_path):
    return two_months(session, Shelf(tmp_path / "exports"))


def test_numbers_of_a_list_are_its_own(session, scene):
    course_list = scene.course_list
    elsewhere = a_list(session, a_district(session, "weimar"))
    assert queries.counts_of(session, course_list) == queries.Counts(0, 0, 0, 0)
    assert queries.active_filters(session, course_list, clock.now()) == []
    for number in range(3):
        a_reader(session, course_list, f"r{number}@example.org", filters=ZITTAU)
    one = a_reader(session, course_list, always=True)
    a_reader(session, course_list, "neu@example.org", confirmed_at=None)
    a_reader(session, course_list, "ruht@example.org", asleep_since=clock.now())
    a_reader(session, elsewhere, one.email)
    assert queries.counts_of(session, course_list) == queries.Counts(4, 3, 1, 1)
    assert queries.active_filters(session, course_list, clock.now()) == [
        (ZITTAU, False, 3),
        ({}, True, 1),
    ]
    assert [found.course_list_id for found in queries.others_of(session, one)] == [elsewhere.id]


def test_the_history_tells_what_became_of_each_mail(session, database, scene):
    for number in range(4):
        a_reader(session, scene.course_list, f"r{number}@example.org")
    publish(scene)
    tick(session, database)
    with transaction(session):
        mails = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
        mails[0].state, mails[1].state = MailStatus.FAILED, MailStatus.QUEUED
        session.delete(mails[2])

    def history():
        session.expire_all()
        with Statements(database) as counted:
            found = queries.mailings_of(session, scene.course_list)
            names = [one.edition.name for one in found]
        return found, names, len(counted.sent)

    found, names, statements = history()
    assert names == ["2026-12/1", "2026-11/1"]
    numbers = [(one.sent, one.waiting, one.failed, one.taken_back) for one in found]
    assert numbers == [(1, 1, 1, 1), (0, 0, 0, 0)]
    publish(scene, seen=1, reason="noch einmal")
    assert history()[2] == statements
