"""What holds when many try at once, and who may do what (SECURITY.md, T9, T14, T15)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from kursliste.domain.errors import NotPermittedError, Rule, RuleViolationError
from kursliste.domain.permissions import Actor
from kursliste.domain.sign_in import LINKS_PER_NETWORK
from kursliste.identity import actions
from kursliste.identity.beginning import Browser
from kursliste.infrastructure.counting import counted
from kursliste.infrastructure.database import transaction
from kursliste.models import RateCounter, SignInLink, UserSession
from tests import builders
from tests.identity.scenes import RITA, letter, mails, sessions

NOBODY = Actor.anonymous()
ASKING = Browser(bind="b" * 43, address="192.0.2.7", device="Firefox auf Linux")


def ask(session, browser=ASKING, email=RITA):
    with transaction(session):
        actions.request_link(
            session,
            email,
            browser=browser,
            link_for=lambda token: f"http://localhost/anmelden/{token}",
            site="http://localhost",
            actor=NOBODY,
        )


def at_once(database, count, act):
    """Let ``act(session)`` happen ``count`` times in threads; return what came out of each."""

    def one(_number):
        with database.session() as session:
            try:
                with transaction(session):
                    return act(session)
            except RuleViolationError as violation:
                return violation.rule

    with ThreadPoolExecutor(12) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.asvs("6.5.1", "15.4.2")
def test_of_twelve_who_press_the_same_link_one_gets_in(database, session, rita):
    ask(session)
    token = letter(session).token
    found = at_once(
        database,
        12,
        lambda own: actions.redeem_link(own, token, browser=ASKING, actor=NOBODY),
    )
    assert sum(one is not None for one in found) == 1
    assert len(sessions(session)) == 1


def test_of_twelve_who_type_the_same_code_one_gets_in(database, session, rita):
    ask(session)
    code = letter(session).code
    found = at_once(
        database, 12, lambda own: actions.redeem_code(own, code, browser=ASKING, actor=NOBODY)
    )
    assert sum(one is not None for one in found) == 1
    assert len(sessions(session)) == 1


@pytest.mark.asvs("6.6.3")
def test_of_forty_wrong_codes_at_once_five_are_looked_at(database, session, rita):
    ask(session)
    code = letter(session).code
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    found = at_once(
        database, 40, lambda own: actions.redeem_code(own, wrong, browser=ASKING, actor=NOBODY)
    )
    assert sorted(map(str, found)) == ["None"] * 30 + ["too_many_tries"] * 10
    assert session.scalar(select(SignInLink.code_tries)) == 5


@pytest.mark.asvs("6.3.1")
def test_forty_tries_at_once_are_counted_one_by_one(database, session):
    found = at_once(database, 40, lambda own: counted(own, "key", timedelta(minutes=15)))
    assert sorted(found) == list(range(1, 41))
    assert session.scalars(select(RateCounter.count)).all() == [40]


def test_of_forty_who_ask_for_mail_at_once_three_mails_are_sent(database, session, rita):
    def act(own):
        actions.request_link(
            own,
            RITA,
            browser=ASKING,
            link_for=lambda token: f"http://localhost/anmelden/{token}",
            site="http://localhost",
            actor=NOBODY,
        )

    found = at_once(database, 40, act)
    assert found.count(Rule.TOO_MANY_TRIES) == 20
    assert len(mails(session)) == 3


def test_a_window_begins_anew(session, frozen_clock):
    window = timedelta(minutes=15)
    assert [counted(session, "a", window), counted(session, "a", window)] == [1, 2]
    assert counted(session, "b", window) == 1
    frozen_clock.forward(minutes=14, seconds=59)
    assert counted(session, "a", window) == 3
    frozen_clock.forward(seconds=1)
    assert counted(session, "a", window) == 1


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("192.0.2.7", "192.0.2.8", False),
        ("2001:db8:1:2:3::4", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::4", "2001:db8:1:3::4", False),
        ("", "nonsense", True),
    ],
)
def test_one_place_is_an_ipv4_address_or_an_ipv6_network(session, first, second, is_same):
    for number in range(LINKS_PER_NETWORK.most):
        ask(session, Browser("b" * 43, first), f"person{number}@example.org")
    if is_same:
        with pytest.raises(RuleViolationError) as refused:
            ask(session, Browser("b" * 43, second), "next@example.org")
        assert (refused.value.rule, refused.value.facts) == (Rule.TOO_MANY_TRIES, {"minutes": 60})
    else:
        ask(session, Browser("b" * 43, second), "next@example.org")


def test_an_account_outside_the_demo_world_has_no_demo_button(session, rita):
    assert actions.sign_in_demo_person(session, rita, browser=ASKING, actor=NOBODY) is None
    assert sessions(session) == []


@pytest.mark.asvs("8.2.2")
def test_only_the_own_sign_ins_can_be_ended(session, rita):
    stranger = builders.a_user(session, demo_slug="admin")
    rita.demo_slug = "traeger-goerlitz-1"
    for user in (rita, stranger):
        actions.sign_in_demo_person(session, user, browser=Browser(), actor=NOBODY)
    first, second = session.scalars(select(UserSession).order_by(UserSession.id)).all()
    actions.sign_out(session, second.id, actor=rita.as_actor())
    assert actions.end_other_sessions(session, first.id, actor=rita.as_actor()) == 0
    assert len(session.scalars(select(UserSession)).all()) == 2


def test_nobody_signed_in_has_no_sign_ins_to_end(session):
    with pytest.raises(NotPermittedError):
        actions.sign_out(session, 1, actor=NOBODY)
    with pytest.raises(NotPermittedError):
        actions.end_other_sessions(session, 1, actor=NOBODY)
