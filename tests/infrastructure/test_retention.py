"""What was kept long enough goes, what was not stays; twice, at once, or killed in the middle."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, text

from kursliste.domain.calendar import Month
from kursliste.domain.events import JournalEvent
from kursliste.domain.hint import HintReason
from kursliste.domain.permissions import Scope
from kursliste.domain.retention import EVERY, JOURNAL_YEARS, Kind, keepings
from kursliste.infrastructure import clock, journal
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.retention import is_over, kinds_due, last_walk, table_of, walk
from kursliste.models import (
    CourseNote,
    JournalEntry,
    ListUpload,
    MailStatus,
    OutgoingMail,
    RateCounter,
    ReaderHint,
    ReaderMail,
    RememberedDevice,
    RetentionRun,
    SecondFactor,
    SignInLink,
    Subscription,
    UserSession,
)
from tests import builders

KEEPINGS = {keeping.kind: keeping for keeping in keepings()}
SECOND = timedelta(seconds=1)
LONG = timedelta(days=40 * 366)


class Scene:
    """What rows hang on, and a row of each kind that counts from a given instant."""

    def __init__(self, session):
        self.session = session
        self.district = builders.a_district(session)
        self.course_list = builders.a_list(session, self.district)
        self.provider = builders.a_provider(session, self.district)
        self.rita = builders.a_reporter(session, self.provider, name="Rita Reich")
        opened = builders.a_round(session, self.course_list)
        report = builders.a_report(session, opened, self.provider)
        self.course_id = builders.a_course(session, report).course_id
        self.number = 0

    def add(self, kind, since, **more):
        self.number += 1
        sign = f"{self.number:064d}"
        row = getattr(self, f"a_{kind}")(since, sign)
        for name, value in more.items():
            setattr(row, name, value)
        self.session.add(row)
        self.session.flush()
        return row

    def a_session(self, since, sign):
        whose = {"user_id": self.rita.id, "token_hash": sign}
        return UserSession(created_at=since, seen_at=since, ends_at=since, **whose)

    def a_sign_in_link(self, since, sign):
        hashes = {"token_hash": sign, "code_hash": sign, "bind_hash": sign}
        return SignInLink(user_id=self.rita.id, created_at=since, ends_at=since, **hashes)

    def a_device(self, since, sign):
        whose = {"user_id": self.rita.id, "token_hash": sign}
        return RememberedDevice(created_at=since, ends_at=since, **whose)

    def a_unproved_app(self, since, sign):
        user = builders.a_user(self.session)
        return SecondFactor(user_id=user.id, sealed_secret=sign, begun_at=since)

    def a_try(self, since, sign):
        return RateCounter(key=sign, window_start=since)

    def a_mail(self, since, _sign):
        words = {"to_address": "a@example.org", "subject": "x", "body": "x"}
        return OutgoingMail(queued_at=since, due_at=since, state=MailStatus.SENT, **words)

    def a_settled_hint(self, since, sign):
        hint = self.a_unsettled_hint(clock.now(), sign)
        hint.settled_at, hint.settled_by = since, "Rita"
        return hint

    def a_unsettled_hint(self, since, _sign):
        return ReaderHint(
            course_id=self.course_id,
            district_id=self.district.id,
            provider_id=self.provider.id,
            title="Kurs",
            reason=HintReason.FULL,
            given_at=since,
        )

    def a_note(self, since, sign):
        return CourseNote(
            course_id=self.course_id,
            district_id=self.district.id,
            text=sign,
            written_at=since,
            written_by="Berta",
        )

    def a_unconfirmed_order(self, since, sign):
        return Subscription(
            course_list_id=self.course_list.id,
            district_id=self.district.id,
            email=f"{int(sign)}@example.org",
            filters={},
            filter_key=sign,
            requested_at=since,
        )

    def a_left_reader(self, since, sign):
        return ReaderMail(key_hash=sign, queued_at=since)

    def a_dropped_upload(self, since, sign):
        return ListUpload(
            district_id=self.district.id,
            course_list_id=self.course_list.id,
            month=Month(2026, 12),
            file_name="liste.xlsx",
            sha256=sign,
            uploaded_at=since,
            understood={"rows": ["Frau Muster, 03581 123"]},
        )

    def a_upload(self, since, sign):
        upload = self.a_dropped_upload(clock.now() - LONG, sign)
        upload.taken_over_at = since
        return upload

    def a_journal(self, since, _sign):
        return JournalEntry(
            at=since,
            event=JournalEvent.COURSE_CHANGED,
            subject_table="course",
            subject_id=self.course_id,
            actor_id=self.rita.id,
            actor_name=self.rita.name,
        )


@pytest.fixture
def scene(session, frozen_clock):
    return Scene(session)


def left(session, kind):
    """How many rows of a kind's table are there; of the journal, how many name a person."""
    session.expire_all()
    with transaction(session):
        query = select(func.count()).select_from(table_of(KEEPINGS[kind]))
        if kind is Kind.JOURNAL:
            query = query.where(JournalEntry.person_removed_at.is_(None))
        return session.scalar(query)


def commit(session):
    with transaction(session):
        pass


@pytest.mark.asvs("14.2.7")
@pytest.mark.parametrize("kind", Kind)
def test_a_row_goes_when_its_period_is_over_and_not_before(database, session, scene, kind):
    over = clock.now() - KEEPINGS[kind].period
    before = left(session, kind)
    scene.add(kind, over)
    scene.add(kind, over - SECOND)
    commit(session)
    walked = walk(database, [KEEPINGS[kind]])
    assert (walked.removed, walked.failed) == ({kind: 1}, 0)
    assert left(session, kind) == before + 1
    assert walk(database, [KEEPINGS[kind]]).removed == {kind: 0}


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (Kind.UNPROVED_APP, lambda: {"confirmed_at": clock.now()}),
        (Kind.MAIL, lambda: {"state": MailStatus.QUEUED}),
        (Kind.SETTLED_HINT, lambda: {"settled_at": None, "settled_by": None}),
        (Kind.UNSETTLED_HINT, lambda: {"settled_at": clock.now(), "settled_by": "Rita"}),
        (Kind.UNCONFIRMED_ORDER, lambda: {"confirmed_at": clock.now()}),
        (Kind.DROPPED_UPLOAD, lambda: {"taken_over_at": clock.now()}),
    ],
)
def test_rows_of_another_state_stay_however_old(database, session, scene, kind, more):
    scene.add(kind, clock.now() - LONG, **more())
    commit(session)
    assert walk(database, [KEEPINGS[kind]]).removed == {kind: 0}


def test_the_key_of_a_reader_who_is_still_there_stays(database, session, scene):
    reader = scene.add(Kind.UNCONFIRMED_ORDER, clock.now())
    scene.add(Kind.LEFT_READER, clock.now() - LONG, subscription_id=reader.id)
    commit(session)
    assert walk(database, [KEEPINGS[Kind.LEFT_READER]]).removed == {Kind.LEFT_READER: 0}


def test_batches_are_small_and_nothing_is_left_over(database, session, scene, caplog):
    for _ in range(7):
        scene.add(Kind.TRY, clock.now() - LONG)
    commit(session)
    caplog.set_level("INFO")
    assert walk(database, [KEEPINGS[Kind.TRY]], batch=3).removed == {Kind.TRY: 7}
    assert "retention_removed: try 7" in caplog.text


def test_a_walk_that_is_killed_goes_on_where_it_was(database, session, scene, monkeypatch):
    """After the first batch the process is gone; the kind is still due, the rest goes then."""
    for _ in range(7):
        scene.add(Kind.TRY, clock.now() - LONG)
    commit(session)
    keeping = KEEPINGS[Kind.TRY]
    calls = []

    class KilledError(BaseException):
        """Not an Exception: nothing of ours catches it."""

    def dies_in_the_second(session, most):
        calls.append(most)
        over = session.scalars(select(RateCounter).where(is_over(keeping)).limit(3)).all()
        for row in over:
            session.delete(row)
        session.flush()
        if len(calls) == 2:
            raise KilledError
        return most

    with pytest.raises(KilledError):
        walk(database, [keeping], acts={Kind.TRY: dies_in_the_second}, batch=3)
    assert left(session, Kind.TRY) == 4
    with transaction(session):
        assert Kind.TRY in kinds_due(session)
    assert walk(database, [keeping], batch=3).removed == {Kind.TRY: 4}
    with transaction(session):
        assert Kind.TRY not in kinds_due(session)


def test_six_walks_at_once_remove_each_row_once(database, session, scene):
    kinds = (Kind.TRY, Kind.MAIL, Kind.JOURNAL)
    before = {kind: left(session, kind) for kind in kinds}
    for kind in kinds:
        for _ in range(40):
            scene.add(kind, clock.now() - LONG)
    commit(session)
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda _n: walk(database, keepings(), batch=7), range(6)))
    assert sum(walked.failed for walked in done) == 0
    for kind in kinds:
        assert sum(walked.removed[kind] for walked in done) == 40
        assert left(session, kind) == before[kind]


@pytest.mark.logs_errors
def test_a_kind_that_fails_keeps_no_other(database, session, scene, caplog):
    scene.add(Kind.TRY, clock.now() - LONG)
    commit(session)

    def fails(_session, _most):
        raise RuntimeError("broken")

    both = [KEEPINGS[Kind.SESSION], KEEPINGS[Kind.TRY]]
    walked = walk(database, both, acts={Kind.SESSION: fails})
    assert (walked.removed, walked.failed) == ({Kind.TRY: 1}, 1)
    assert "retention failed at session" in caplog.text
    with transaction(session):
        assert (Kind.SESSION in kinds_due(session), Kind.TRY in kinds_due(session)) == (True, False)


def test_every_kind_is_walked_once_an_hour(database, session, frozen_clock):
    with transaction(session):
        assert kinds_due(session) == list(Kind)
        assert last_walk(session) is None
    walk(database, keepings()[1:])
    with transaction(session):
        assert kinds_due(session) == [Kind.SESSION]
        assert last_walk(session) is None
    began = clock.now()
    walk(database, keepings())
    frozen_clock.forward(seconds=EVERY.total_seconds() - 1)
    with transaction(session):
        assert kinds_due(session) == []
        assert last_walk(session) == began
    frozen_clock.forward(seconds=1)
    with transaction(session):
        assert kinds_due(session) == list(Kind)
        assert session.scalar(select(func.count()).select_from(RetentionRun)) == len(Kind)


@pytest.mark.asvs("14.2.7")
def test_after_years_the_journal_keeps_the_entry_and_loses_the_person(
    database, session, scene, frozen_clock
):
    session.execute(delete(JournalEntry))  # what building the scene told
    actor = builders.an_actor(scene.rita)
    scope = Scope(district_id=scene.district.id)
    journal.record(
        session,
        JournalEvent.CONTACT_CHANGED,
        scene.rita,
        actor=actor,
        scope=scope,
        changes={
            "email": ("rita@haus.example", "reich@haus.example"),
            "seats_free": (3, 4),
            "starts_on": ("2026-12-01", "2026-12-08"),
            "status": ("open", "submitted"),
        },
        reason="Frau Reich rief an",
        people=[{"name": "Rita Reich", "role": "provider"}],
        count=2,
    )
    commit(session)
    frozen_clock.forward(days=366 * JOURNAL_YEARS)
    assert walk(database, [KEEPINGS[Kind.JOURNAL]]).removed == {Kind.JOURNAL: 0}
    frozen_clock.forward(seconds=1)
    assert walk(database, [KEEPINGS[Kind.JOURNAL]]).removed == {Kind.JOURNAL: 1}
    session.expire_all()
    with transaction(session):
        entry = session.scalars(select(JournalEntry)).one()
        assert (entry.event, entry.subject_table) == (JournalEvent.CONTACT_CHANGED, "app_user")
        assert (entry.actor_id, entry.actor_name, entry.subject_id) == (None, "", "")
        assert entry.changes == {
            "email": [None, None],
            "seats_free": [3, 4],
            "starts_on": ["2026-12-01", "2026-12-08"],
            "status": ["open", "submitted"],
        }
        assert entry.details == {
            "reason": None,
            "people": [{"name": None, "role": "provider"}],
            "count": 2,
        }
        row = session.execute(text("SELECT * FROM journal_entry")).one()
        assert "eich" not in str(row)
