"""The small parts: devices, demo buttons, how long a sign-in lasts."""

from datetime import UTC, datetime, timedelta

import pytest

from kursliste.demo.places import DISTRICTS, PROVIDERS
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.domain.sign_in import is_over, is_remembered, session_end
from kursliste.identity.demo_people import PEOPLE, buttons_by_role
from kursliste.identity.devices import device_of

BEGUN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PROVIDER = Grant(Role.PROVIDER, provider_id=1)
COORDINATOR = Grant(Role.COORDINATOR, district_id=1)


WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (f"{WINDOWS} Gecko/20100101 Firefox/140.0", "Firefox auf Windows"),
        (f"{WINDOWS} {CHROME} Safari/537.36 Edg/140.0.0.0", "Edge auf Windows"),
        (f"{PHONE} Version/18.0 Mobile/15E148 Safari/604.1", "Safari auf dem iPhone"),
        (f"Mozilla/5.0 (Linux; Android 15) {CHROME} Mobile Safari/537.36", "Chrome auf Android"),
        ("<script>alert(1)</script>", "Unbekannter Browser"),
        ("", "Unbekannter Browser"),
    ],
)
def test_a_device_is_named_in_words_of_ours(user_agent, device):
    assert device_of(user_agent) == device


def test_the_demo_buttons_name_what_the_demo_world_has():
    houses = {
        person.slug: PROVIDERS[person.district][person.provider - 1].name
        for person in PEOPLE
        if person.role is Role.PROVIDER
    }
    districts = {district.slug: district.name for district in DISTRICTS}
    for person in PEOPLE:
        if person.role is Role.PROVIDER:
            assert person.label.rsplit(" (", 1)[0] == houses[person.slug]
        elif person.district:
            assert person.label == districts[person.district]


def test_groups_without_anybody_are_left_out():
    assert buttons_by_role(()) == []
    assert [(role, [b.slug for b in found]) for role, found in buttons_by_role(["admin"])] == [
        (Role.ADMINISTRATOR, ["admin"])
    ]


@pytest.mark.parametrize(
    ("grants", "remembered"),
    [
        ({PROVIDER}, True),
        ({PROVIDER, Grant(Role.PROVIDER, provider_id=2)}, True),
        ({PROVIDER, COORDINATOR}, False),
        ({COORDINATOR}, False),
        ({Grant(Role.COUNSELLOR, district_id=1)}, False),
        ({Grant(Role.ADMINISTRATOR)}, False),
        (set(), False),
    ],
)
def test_only_who_just_reports_is_remembered(grants, remembered):
    actor = Actor(1, "Rita", frozenset(grants))
    assert is_remembered(actor) is remembered
    stays = timedelta(days=60) if remembered else timedelta(hours=12)
    assert session_end(actor, BEGUN) == BEGUN + stays


@pytest.mark.parametrize(
    ("grant", "idle", "age", "over"),
    [
        (PROVIDER, timedelta(days=50), timedelta(days=50), False),
        (PROVIDER, timedelta(0), timedelta(days=60), True),
        (COORDINATOR, timedelta(minutes=60), timedelta(hours=2), False),
        (COORDINATOR, timedelta(minutes=60, seconds=1), timedelta(hours=2), True),
        (COORDINATOR, timedelta(0), timedelta(hours=11, minutes=59), False),
        (COORDINATOR, timedelta(0), timedelta(hours=12), True),
    ],
)
def test_a_sign_in_is_over_by_age_or_idleness(grant, idle, age, over):
    actor = Actor(1, "Rita", frozenset({grant}))
    now = BEGUN + age
    assert is_over(actor, begun=BEGUN, seen=now - idle, now=now) is over
