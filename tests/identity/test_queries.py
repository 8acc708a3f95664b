"""Finding accounts: whose, in which order, in how many statements."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import NoResultFound

from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.identity import queries
from kursliste.infrastructure import clock
from kursliste.models import UserSession
from tests import builders


@pytest.fixture
def statements(database):
    """The statements since the test began to listen."""
    seen = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
    return seen


def a_session(session, user, **more):
    row = UserSession(
        user_id=user.id,
        token_hash=more.pop("token_hash"),
        created_at=clock.now(),
        seen_at=more.pop("seen_at", clock.now()),
        ends_at=clock.now() + timedelta(days=1),
    )
    session.add(row)
    session.flush()
    return row


def test_an_account_is_found_by_its_address_while_it_is_active(session):
    user = builders.a_user(session, email="rita@example.org")
    assert queries.active_user_by_email_or_none(session, "rita@example.org") is user
    assert queries.active_user_by_email_or_none(session, "other@example.org") is None
    user.is_active = False
    assert queries.active_user_by_email_or_none(session, "rita@example.org") is None
    assert queries.active_user_or_none(session, user.id) is None


def test_demo_persons_are_the_active_ones_with_a_slug(session):
    admin = builders.a_user(session, demo_slug="admin")
    builders.a_user(session, demo_slug="beratung-weimar", is_active=False)
    builders.a_user(session)
    assert queries.demo_slugs(session) == {"admin"}
    assert queries.demo_user_or_none(session, "admin") is admin
    assert queries.demo_user_or_none(session, "beratung-weimar") is None


def test_the_own_account_is_the_actors(session):
    user = builders.a_user(session)
    assert queries.own_account(session, user.as_actor()) is user
    with pytest.raises(NoResultFound):
        queries.own_account(session, Actor.anonymous())


@pytest.mark.parametrize("count", [1, 3])
def test_own_roles_name_providers_and_districts_in_one_statement(session, statements, count):
    goerlitz = builders.a_district(session)
    providers = [builders.a_provider(session, name=f"Träger {n}") for n in range(count)]
    user = builders.a_user(
        session,
        Grant(Role.ADMINISTRATOR),
        Grant(Role.COUNSELLOR, district_id=goerlitz.id),
        *(Grant(Role.PROVIDER, provider_id=p.id) for p in reversed(providers)),
    )
    builders.a_coordinator(session, goerlitz)
    statements.clear()
    assert queries.own_roles(session, user.as_actor()) == [
        (Role.ADMINISTRATOR, ""),
        (Role.COUNSELLOR, "Landkreis Goerlitz"),
        *((Role.PROVIDER, f"Träger {n}") for n in range(count)),
    ]
    assert len(statements) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_own_sessions_come_newest_first_in_one_statement(session, statements, count):
    user, other = builders.a_user(session), builders.a_user(session)
    a_session(session, other, token_hash="other")
    rows = [
        a_session(session, user, token_hash=str(n), seen_at=clock.now() + timedelta(hours=n // 2))
        for n in range(count)
    ]
    statements.clear()
    assert queries.own_sessions(session, user.as_actor()) == list(reversed(rows))
    assert len(statements) == 1
