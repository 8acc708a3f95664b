"""Ordering, confirming, changing and ending; what nobody may learn, and what is forgotten."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from kursliste.domain.errors import ConflictError, NotPermittedError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.subscription import (
    CONFIRM_WITHIN,
    MOST_OF_ONE_ADDRESS,
    MOST_VALUES,
    REQUESTS_PER_ADDRESS,
    REQUESTS_PER_NETWORK,
)
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.models import (
    JournalEntry,
    MailingRules,
    MailStatus,
    OutgoingMail,
    ReaderMail,
    Subscription,
)
from kursliste.readers import actions
from kursliste.readers.actions import Wish
from kursliste.readers.links import Links
from tests.builders import a_coordinator, a_district, a_list, an_actor
from tests.readers.scenes import BASE, NOBODY, a_reader, key_in, mails_to, tick

READER = "leserin@example.org"
ZITTAU = {"ort": ["Zittau"]}


@pytest.fixture
def course_list(session):
    return a_list(session, a_district(session))


@pytest.fixture
def desk(session, course_list):
    return an_actor(a_coordinator(session, course_list.district, name="Karla Kreis"))


def order(session, course_list, email=READER, *, address="192.0.2.1", **more):
    with transaction(session):
        actions.request_subscription(
            session,
            course_list,
            Wish(email=email, filters=more.pop("filters", {}), **more),
            address=address,
            links=Links(BASE),
            actor=NOBODY,
        )


def newest_key(session, email=READER):
    return key_in(mails_to(session, email)[-1].body)


def number_of(session, model):
    return session.scalar(select(func.count()).select_from(model))


def refusal(act, *arguments, **more):
    with pytest.raises(RuleViolationError) as caught:
        act(*arguments, **more)
    return caught.value.rule


def test_an_order_is_confirmed_by_the_link_of_its_mail_and_journalled_without_the_address(
    session, course_list, frozen_clock
):
    order(session, course_list, filters=ZITTAU, filter_words=["Ort: Zittau"], always=True)
    found = session.scalars(select(Subscription)).one()
    assert (found.filters, found.always, found.is_active) == (ZITTAU, True, False)
    mail = mails_to(session, READER)[0]
    assert "Ihr Filter: Ort: Zittau" in mail.body
    assert f"{BASE}/abo/" in mail.body
    assert "Der Link gilt 7 Tage." in mail.body
    key = newest_key(session)
    assert session.scalars(select(ReaderMail)).one().key_hash != key
    frozen_clock.forward(hours=1)
    with transaction(session):
        confirmed = actions.confirm_subscription(session, key, actor=NOBODY)
    assert confirmed is not None and confirmed.is_active
    assert confirmed.confirmed_at == clock.now()
    frozen_clock.forward(hours=1)
    with transaction(session):  # pressing twice does no harm
        again = actions.confirm_subscription(session, key, actor=NOBODY)
    assert again is not None and again.confirmed_at == clock.now() - timedelta(hours=1)
    entries = session.scalars(select(JournalEntry).order_by(JournalEntry.id)).all()
    assert [entry.event for entry in entries][1:] == [
        JournalEvent.SUBSCRIPTION_REQUESTED,
        JournalEvent.SUBSCRIPTION_CONFIRMED,
    ]
    assert READER not in str([(entry.details, entry.changes) for entry in entries])


def test_the_text_with_the_key_is_wiped_when_the_mail_has_left(session, database, course_list):
    order(session, course_list)
    key = newest_key(session)
    assert tick(session, database).sent == 1
    session.expire_all()
    mail = session.scalars(select(OutgoingMail)).one()
    assert key not in mail.body


def test_a_key_that_is_too_late_or_unknown_confirms_nothing(session, course_list, frozen_clock):
    order(session, course_list)
    key = newest_key(session)
    frozen_clock.forward(seconds=CONFIRM_WITHIN.total_seconds())
    assert actions.confirm_subscription(session, key, actor=NOBODY) is None
    assert actions.confirm_subscription(session, "x" * 43, actor=NOBODY) is None
    assert actions.change_subscription(session, "x" * 43, {}, always=False, actor=NOBODY) is None
    assert actions.end_subscription(session, "x" * 43, everything=False, actor=NOBODY) == 0


def test_ordering_again_asks_again_and_once_confirmed_says_that_it_is_there(
    session, course_list, frozen_clock
):
    order(session, course_list)
    frozen_clock.forward(hours=2)
    order(session, course_list, always=True)
    found = session.scalars(select(Subscription)).one()
    assert (found.requested_at, found.always) == (clock.now(), True)
    with transaction(session):
        actions.confirm_subscription(session, newest_key(session), actor=NOBODY)
    order(session, course_list)
    assert number_of(session, Subscription) == 1
    subjects = [mail.subject for mail in mails_to(session, READER)]
    assert [subject.split()[0] for subject in subjects] == ["Bitte", "Bitte", "Sie"]
    assert "haben Sie schon" in mails_to(session, READER)[-1].body


@pytest.mark.asvs("2.3.2", "2.4.1")
@pytest.mark.con10("A6")
def test_who_asks_too_often_is_told_and_an_address_gets_few_mails(session, course_list):
    for _ in range(REQUESTS_PER_ADDRESS.most + 2):
        order(session, course_list)
    assert len(mails_to(session, READER)) == REQUESTS_PER_ADDRESS.most
    for number in range(REQUESTS_PER_NETWORK.most - REQUESTS_PER_ADDRESS.most - 2):
        order(session, course_list, f"person{number}@example.org")
    assert refusal(order, session, course_list, "a@example.org") is Rule.TOO_MANY_TRIES
    order(session, course_list, "a@example.org", address="192.0.2.2")
    assert len(mails_to(session, "a@example.org")) == 1


def test_an_address_may_have_several_but_not_any_number(session, course_list, frozen_clock):
    for number in range(MOST_OF_ONE_ADDRESS):
        a_reader(session, course_list, READER, filters={"q": [f"Kurs {number}"]})
    order(session, course_list)
    assert number_of(session, Subscription) == MOST_OF_ONE_ADDRESS
    assert mails_to(session, READER) == []
    too_long = {"ort": [str(number) for number in range(MOST_VALUES + 1)]}
    assert refusal(order, session, course_list, filters=too_long) is Rule.FILTER_TOO_LONG


def test_a_filter_is_changed_unless_there_is_one_like_it(session, course_list):
    order(session, course_list)
    key = newest_key(session)
    with transaction(session):
        actions.confirm_subscription(session, key, actor=NOBODY)
        changed = actions.change_subscription(session, key, ZITTAU, always=True, actor=NOBODY)
    assert changed is not None
    assert (changed.filters, changed.always) == (ZITTAU, True)
    with transaction(session):  # the same once more is no other
        actions.change_subscription(session, key, ZITTAU, always=False, actor=NOBODY)
    a_reader(session, course_list, READER, filters={"niveau": ["A2"]})

    def change(filters):
        actions.change_subscription(session, key, filters, always=False, actor=NOBODY)

    assert refusal(change, {"niveau": ["A2"]}) is Rule.SUBSCRIPTION_KNOWN
    assert refusal(change, {"ort": ["x"] * (MOST_VALUES + 1)}) is Rule.FILTER_TOO_LONG


@pytest.mark.asvs("14.2.7")
def test_ending_forgets_the_address_everywhere(session, database, course_list):
    order(session, course_list)
    key = newest_key(session)
    tick(session, database)  # the first mail has left
    order(session, course_list)  # the second waits
    a_reader(session, course_list, READER, filters=ZITTAU)
    other = a_reader(session, course_list, "andere@example.org")
    with transaction(session):
        assert actions.end_subscription(session, key, everything=False, actor=NOBODY) == 1
    assert [one.filters for one in session.scalars(select(Subscription).order_by(Subscription.id))]
    mails = session.scalars(select(OutgoingMail)).all()
    assert [(mail.state, mail.to_address) for mail in mails] == [(MailStatus.SENT, "")]
    assert actions.end_subscription(session, key, everything=False, actor=NOBODY) == 0
    left = session.scalars(select(Subscription).order_by(Subscription.id)).all()
    assert [one.email for one in left] == [READER, other.email]
    events = session.scalars(select(JournalEntry.event).order_by(JournalEntry.id)).all()
    assert events[-1] is JournalEvent.SUBSCRIPTION_ENDED


def test_ending_everything_ends_what_the_address_has_and_no_more(session, course_list):
    order(session, course_list)
    key = newest_key(session)
    with transaction(session):
        actions.confirm_subscription(session, key, actor=NOBODY)
    elsewhere = a_list(session, a_district(session, "weimar"))
    a_reader(session, elsewhere, READER, filters=ZITTAU)
    other = a_reader(session, course_list, "andere@example.org")
    with transaction(session):
        assert actions.end_subscription(session, key, everything=True, actor=NOBODY) == 2
    assert session.scalars(select(Subscription.id)).all() == [other.id]


def test_a_mail_that_is_leaving_is_forgotten_as_soon_as_it_has_left(session, database, course_list):
    order(session, course_list)
    key = newest_key(session)
    with transaction(session):
        mail = session.scalars(select(OutgoingMail)).one()
        mail.claimed_until = clock.now() + timedelta(minutes=5)
        actions.end_subscription(session, key, everything=False, actor=NOBODY)
    with transaction(session):
        mail = session.scalars(select(OutgoingMail)).one()
        assert mail.to_address == READER
        mail.claimed_until = None
    assert tick(session, database).sent == 1
    assert tick(session, database).forgotten == 1
    assert tick(session, database).forgotten == 0
    session.expire_all()
    assert session.scalars(select(OutgoingMail.to_address)).all() == [""]


def test_orders_that_nobody_confirms_are_deleted_with_their_mail(
    session, database, course_list, frozen_clock
):
    order(session, course_list)
    kept = a_reader(session, course_list, "andere@example.org")
    tick(session, database)
    frozen_clock.forward(seconds=CONFIRM_WITHIN.total_seconds() - 1)
    tick(session, database)
    session.expire_all()
    assert len(session.scalars(select(Subscription.id)).all()) == 2
    frozen_clock.forward(hours=1)  # when the table is walked next
    assert tick(session, database).forgotten == 1
    session.expire_all()
    assert session.scalars(select(Subscription.id)).all() == [kept.id]
    assert session.scalars(select(OutgoingMail.to_address)).all() == [""]


def test_a_coordinator_invites_and_removes_in_the_own_district(session, course_list, desk):
    wish = Wish(email=READER, filters={})
    with transaction(session):
        actions.invite_reader(session, course_list, wish, links=Links(BASE), actor=desk)
    assert not session.scalars(select(Subscription)).one().is_active
    assert "Karla Kreis möchte Sie" in mails_to(session, READER)[0].body
    a_reader(session, course_list, READER, filters=ZITTAU)
    elsewhere = a_list(session, a_district(session, "weimar"))
    a_reader(session, elsewhere, READER)
    with transaction(session):
        assert actions.remove_reader(session, course_list, READER, actor=desk) == 2
    assert actions.remove_reader(session, course_list, READER, actor=desk) == 0
    with pytest.raises(NotPermittedError):
        actions.remove_reader(session, elsewhere, READER, actor=desk)
    with pytest.raises(NotPermittedError):
        actions.invite_reader(session, elsewhere, wish, links=Links(BASE), actor=desk)
    assert number_of(session, Subscription) == 1


def test_two_who_change_the_rules_do_not_overwrite_each_other(session, course_list, desk):
    def change(seen, *, attaches=True, most_kb=200):
        with transaction(session):
            actions.change_mailing_rules(
                session,
                course_list,
                attaches=attaches,
                most_kb=most_kb,
                seen_version=seen,
                actor=desk,
            )

    change(0)
    rules = session.scalars(select(MailingRules)).one()
    assert (rules.attaches, rules.most_kb, rules.version) == (True, 200, 1)
    with pytest.raises(ConflictError):
        change(0, attaches=False)
    change(1, most_kb=300)
    assert session.scalars(select(MailingRules)).one().most_kb == 300
