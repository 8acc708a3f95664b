"""How long a browser stays signed in, by the roles that the person holds now."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.domain.sign_in import (
    CODES_PER_NETWORK,
    LINKS_PER_NETWORK,
    PROVIDER_STAYS,
    STAFF_IDLE,
    STAFF_STAYS,
    hashed,
    is_over,
    is_remembered,
    session_end,
)

BEGUN = datetime(2026, 11, 24, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NOBODY = Actor(1)
REPORTER = Actor(1, "", frozenset({Grant(Role.PROVIDER, provider_id=1)}))
COUNSELLOR = Actor(1, "", frozenset({Grant(Role.COUNSELLOR, district_id=1)}))
BOTH = Actor(1, "", REPORTER.grants | {Grant(Role.COORDINATOR, district_id=1)})


@pytest.mark.parametrize(
    ("actor", "remembered"),
    [(NOBODY, False), (REPORTER, True), (COUNSELLOR, False), (BOTH, False)],
)
def test_only_who_just_reports_is_remembered_for_weeks(actor, remembered):
    assert is_remembered(actor) is remembered
    stays = PROVIDER_STAYS if remembered else STAFF_STAYS
    assert session_end(actor, BEGUN) == BEGUN + stays


@pytest.mark.parametrize(
    ("actor", "seen", "now", "over"),
    [
        (REPORTER, BEGUN, BEGUN + PROVIDER_STAYS - SECOND, False),
        (REPORTER, BEGUN + PROVIDER_STAYS, BEGUN + PROVIDER_STAYS, True),
        (COUNSELLOR, BEGUN, BEGUN + STAFF_IDLE, False),
        (COUNSELLOR, BEGUN, BEGUN + STAFF_IDLE + SECOND, True),
        (COUNSELLOR, BEGUN + STAFF_STAYS, BEGUN + STAFF_STAYS, True),
        (BOTH, BEGUN + STAFF_STAYS - 2 * SECOND, BEGUN + STAFF_STAYS - SECOND, False),
    ],
)
def test_a_session_ends_by_idleness_or_by_age(actor, seen, now, over):
    assert is_over(actor, begun=BEGUN, seen=seen, now=now) is over


def test_limits_tell_their_minutes():
    assert (LINKS_PER_NETWORK.minutes, CODES_PER_NETWORK.minutes) == (60, 15)


def test_a_secret_is_stored_as_its_hash():
    assert hashed("geheim") == hashlib.sha256(b"geheim").hexdigest()
