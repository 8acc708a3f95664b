"""Proposals of providers that stand twice: shown, dismissed for good."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from kursliste.domain.errors import NotFoundError, NotPermittedError
from kursliste.domain.events import JournalEvent
from kursliste.domain.same_house import Likeness
from kursliste.infrastructure.database import transaction
from kursliste.models import Contact, District, JournalEntry, KnownApart, Provider
from kursliste.review.twice import probably_twice
from kursliste.review.twice_actions import tell_apart
from tests import builders
from tests.review.scene import Statements, a_scene
from tests.review.test_routes import BOARD
from tests.signing_in import sign_in


@pytest.fixture
def scene(session):
    return a_scene(session)


@pytest.fixture
def twin(session, scene):
    return builders.a_provider(session, scene.district, name="Volkshochschule Neißebogen e. V.")


def pairs(session, scene):
    found = probably_twice(session, scene.actor, scene.district)
    return [(pair.one.name, pair.other.name, pair.why) for pair in found]


def test_pairs_of_the_district(session, scene, twin):
    weimar = builders.a_district(session, "weimar")
    builders.a_provider(session, weimar, name="VHS Neißebogen")
    builders.a_provider(session, scene.district, name="VHS Neißebogen", is_active=False)
    assert pairs(session, scene) == [(scene.provider.name, twin.name, Likeness.NAME)]
    stranger = builders.a_coordinator(session, weimar).as_actor()
    with pytest.raises(NotFoundError):
        probably_twice(session, stranger, scene.district)


def test_addresses_of_contacts_count_too(session, scene):
    scene.provider.town, scene.provider.email = "Zittau", "kurse@vhs.example"
    lernhof = builders.a_provider(session, scene.district, name="Lernhof", town="Zittau")
    session.add(Contact(provider_id=lernhof.id, name="Ute", email="ute@vhs.example"))
    session.flush()
    assert pairs(session, scene) == [(scene.provider.name, "Lernhof", Likeness.MAIL_AND_TOWN)]


def test_the_number_of_statements_does_not_grow(session, scene, twin):
    counts = []
    for _ in range(2):
        session.flush()
        session.expire_all()
        actor, district = scene.actor, session.get_one(District, scene.district.id)
        district.scope  # noqa: B018 -- loads it
        with Statements(session) as asked:
            probably_twice(session, actor, district)
        counts.append(asked.count)
        for number in range(3):
            builders.a_provider(session, scene.district, name=f"VHS Neißebogen {number}")
    assert counts[0] == counts[1]


def test_those_told_apart_do_not_come_back(session, scene, twin):
    tell_apart(session, scene.district, twin, scene.provider, actor=scene.actor)
    tell_apart(session, scene.district, scene.provider, twin, actor=scene.actor)
    session.flush()

    assert pairs(session, scene) == []
    [known] = session.scalars(select(KnownApart)).all()
    assert (known.one_id, known.other_id) == (scene.provider.id, twin.id)
    event = JournalEvent.PROVIDERS_TOLD_APART
    [entry] = session.scalars(select(JournalEntry).where(JournalEntry.event == event)).all()
    assert (entry.provider_id, entry.details) == (scene.provider.id, {"provider": twin.name})
    assert entry.is_internal


def test_said_by_several_at_once_it_is_kept_once(database, session, scene, twin):
    keys, home, actor = (scene.provider.id, twin.id), scene.district.id, scene.actor
    with transaction(session):
        pass

    def press(number):
        with database.session() as own, transaction(own):
            one, other = (own.get_one(Provider, key) for key in (keys, keys[::-1])[number % 2])
            tell_apart(own, own.get_one(District, home), one, other, actor=actor)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(press, range(4)))
    assert len(session.scalars(select(KnownApart)).all()) == 1


def test_nobody_else_tells_them_apart(session, scene, twin):
    weimar = builders.a_district(session, "weimar")
    for person in (
        builders.a_reporter(session, twin),
        builders.a_counsellor(session, scene.district),
        builders.a_coordinator(session, weimar),
    ):
        with pytest.raises(NotPermittedError):
            tell_apart(session, scene.district, scene.provider, twin, actor=person.as_actor())


def test_the_page_proposes_and_forgets(session, client, scene, twin):
    sign_in(client, session, scene.coordinator)
    client.get(f"{BOARD}/uebergabe")
    assert f"{BOARD}/doppelte" in [a.get("href") for a in client.page.select("main a")]
    client.get(f"{BOARD}/doppelte")
    line = client.page.rows()[-1]
    assert line[:3] == [scene.provider.name, twin.name, "gleicher Name"]
    merge = f"{BOARD}/traeger/{twin.id}/zusammenfuehren/{scene.provider.id}"
    assert merge in [a.get("href") for a in client.page.select("main a")]
    client.get(merge)

    client.get(f"{BOARD}/doppelte")
    client.submit("main form")
    client.follow()
    assert "In diesem Kreis sieht kein Träger doppelt aus." in client.page.text()
    client.post(f"{BOARD}/traeger/{twin.id}/nicht-doppelt/{twin.id}", {})
    assert len(session.scalars(select(KnownApart)).all()) == 1


def test_nobody_else_finds_the_page(session, client, scene, twin):
    weimar = a_scene(session, "weimar", name="VHS Ilm")
    for person, status in (
        (weimar.coordinator, 404),
        (builders.a_reporter(session, twin), 403),
        (builders.a_counsellor(session, scene.district), 403),
    ):
        sign_in(client, session, person)
        client.get(f"{BOARD}/doppelte", status)
