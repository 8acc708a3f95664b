"""Who reports for a provider: invited, let go, and what ends with the last role."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from kursliste.domain.errors import (
    NotFoundError,
    NotPermittedError,
    Rule,
    RuleViolationError,
)
from kursliste.domain.permissions import Grant, Role
from kursliste.infrastructure import clock
from kursliste.masterdata import member_actions as actions
from kursliste.masterdata.house_queries import members_of
from kursliste.models import OutgoingMail, SignInLink, User, UserSession
from tests import builders
from tests.masterdata.scenes import entries
from tests.reporting.scenes import Scene, a_scene

LINK = "http://localhost/anmelden"


@pytest.fixture
def scene(session) -> Scene:
    return a_scene(session)


def invite(session, scene, actor=None, **more):
    facts = {"name": "Nora Neu", "email": "Nora@Example.org", **more}
    actor = actor or scene.actor
    return actions.invite_member(session, scene.provider, **facts, link=LINK, actor=actor)


def remove(session, scene, user, actor=None):
    actor = actor or scene.actor
    return actions.remove_member(session, scene.provider, user, actor=actor)


def account(session, email="nora@example.org"):
    session.flush()
    return session.scalars(select(User).where(User.email == email)).one()


def roles(user):
    return [(held.role, held.district_id, held.provider_id) for held in user.memberships]


def signed_in(session, user):
    now = clock.now()
    later = now + timedelta(days=1)
    keys = {"user_id": user.id, "created_at": now, "ends_at": later}
    session.add(UserSession(token_hash=f"s{user.id}", seen_at=now, **keys))
    session.add(SignInLink(token_hash=f"l{user.id}", code_hash="c", bind_hash="b", **keys))
    session.flush()


def ways_in(session):
    sessions = session.scalars(select(UserSession.user_id).order_by(UserSession.user_id)).all()
    links = session.scalars(select(SignInLink.user_id).order_by(SignInLink.user_id)).all()
    return list(sessions), list(links)


def provider_role(provider):
    return (Role.PROVIDER, None, provider.id)


# ---- inviting


def test_an_unknown_person_gets_an_account_and_a_mail(session, scene):
    assert invite(session, scene) is None

    user = account(session)
    assert (user.name, user.is_active, roles(user)) == (
        "Nora Neu",
        True,
        [provider_role(scene.provider)],
    )
    (mail,) = session.scalars(select(OutgoingMail))
    assert (mail.to_address, mail.subject) == (
        "nora@example.org",
        "Sie melden jetzt für Volkshochschule Neißebogen",
    )
    assert mail.body == (
        "Guten Tag Nora Neu,\n\n"
        "Rita Meldung hat Sie eingeladen, die Deutschkurse von Volkshochschule Neißebogen zu "
        "melden.\n\n"
        "Das ist Ihre Aufgabe: Einmal im Monat schreiben wir Ihnen. Dann sehen Sie nach, ob die "
        "Kurse noch stimmen, ändern, was neu ist, und schicken die Meldung ab. Das dauert wenige "
        "Minuten. Ihre Koordination prüft die Meldung und veröffentlicht die Kursliste.\n\n"
        "So melden Sie sich an: Öffnen Sie http://localhost/anmelden und geben Sie Ihre "
        "E-Mail-Adresse ein: nora@example.org. Sie bekommen dann einen Link, der Sie anmeldet. Ein "
        "Passwort brauchen Sie nicht.\n\n"
        "Melden Sie die Kurse nicht? Dann sagen Sie es Rita Meldung oder Ihrer Koordination.\n\n"
        "kursliste – diese E-Mail wurde automatisch geschickt.\n"
    )
    name = scene.provider.name
    assert entries(session) == [
        ("user:added", "app_user", {}, {}),
        ("membership:added", "app_user", {}, {"provider": name}),
    ]


def test_a_known_person_keeps_name_and_other_roles(session, scene):
    other = builders.a_provider(session, scene.district, name="Anderes Haus")
    user = builders.a_reporter(session, other, name="Nora Alt", email="nora@example.org")

    assert invite(session, scene, actor=scene.coordinator.as_actor()) is None

    session.flush()
    assert (user.name, roles(user)) == (
        "Nora Alt",
        [provider_role(other), provider_role(scene.provider)],
    )
    assert [event for event, *_ in entries(session)] == ["membership:added"]
    (mail,) = session.scalars(select(OutgoingMail))
    assert "Karl Prüfer hat Sie eingeladen" in mail.body


def test_a_deactivated_account_begins_anew_with_this_role_only(session, scene):
    grants = [
        Grant(Role.COORDINATOR, district_id=scene.district.id),
        Grant(Role.PROVIDER, provider_id=scene.provider.id),
    ]
    user = builders.a_user(session, *grants, email="nora@example.org", is_active=False)

    assert invite(session, scene) is None

    session.flush()
    session.refresh(user, ["memberships"])
    assert (user.is_active, roles(user)) == (True, [provider_role(scene.provider)])


def test_who_reports_already_is_not_invited_again(session, scene):
    for email in ("rita@example.org", " RITA@example.org"):
        with pytest.raises(RuleViolationError) as caught:
            invite(session, scene, email=email)
        assert (caught.value.rule, caught.value.field) == (Rule.MEMBER_ALREADY, "email")
    assert session.scalars(select(OutgoingMail)).all() == []


@pytest.mark.parametrize(
    ("more", "rule", "field"),
    [
        ({"email": "a@b.example, c@d.example"}, Rule.VALUE_UNKNOWN, "email"),
        ({"name": "  "}, Rule.VALUE_MISSING, "name"),
    ],
)
def test_a_bad_address_and_a_missing_name_are_refused(session, scene, more, rule, field):
    with pytest.raises(RuleViolationError) as caught:
        invite(session, scene, **more)
    assert (caught.value.rule, caught.value.field) == (rule, field)


def test_others_may_neither_invite_nor_remove(session, scene):
    weimar = builders.a_district(session, "weimar")
    for user in (
        builders.a_reporter(session, builders.a_provider(session, weimar, name="Fremd")),
        builders.a_coordinator(session, weimar),
        builders.a_counsellor(session, scene.district),
    ):
        with pytest.raises(NotPermittedError):
            invite(session, scene, actor=user.as_actor())
        with pytest.raises(NotPermittedError):
            remove(session, scene, scene.person, actor=user.as_actor())


# ---- letting go


@pytest.mark.asvs("7.4.2")
def test_whoever_has_no_role_left_is_out_at_once(session, scene):
    leaving = builders.a_reporter(session, scene.provider)
    for user in (leaving, scene.person):
        signed_in(session, user)

    assert remove(session, scene, leaving) is True

    session.flush()
    assert (leaving.is_active, leaving.memberships) == (False, [])
    assert ways_in(session) == ([scene.person.id], [scene.person.id])
    assert members_of(session, scene.provider) == [scene.person]
    name = scene.provider.name
    assert entries(session) == [
        ("membership:removed", "app_user", {}, {"provider": name}),
        ("user:deactivated", "app_user", {}, {"provider": name}),
    ]


def test_whoever_has_another_role_stays_signed_in(session, scene):
    other = builders.a_provider(session, scene.district, name="Anderes Haus")
    user = builders.a_reporter(session, other, scene.provider)
    signed_in(session, user)

    assert remove(session, scene, user) is False

    session.flush()
    assert (user.is_active, roles(user)) == (True, [provider_role(other)])
    assert ways_in(session) == ([user.id], [user.id])
    assert [event for event, *_ in entries(session)] == ["membership:removed"]


def test_one_may_leave_but_not_as_the_last(session, scene):
    with pytest.raises(RuleViolationError) as caught:
        remove(session, scene, scene.person)
    assert caught.value.rule is Rule.LAST_MEMBER

    builders.a_reporter(session, scene.provider)
    assert remove(session, scene, scene.person) is True


def test_a_coordinator_may_remove_the_last(session, scene):
    assert remove(session, scene, scene.person, actor=scene.coordinator.as_actor()) is True
    assert members_of(session, scene.provider) == []


def test_who_does_not_report_here_is_not_there(session, scene):
    builders.a_reporter(session, scene.provider)
    other = builders.a_provider(session, scene.district, name="Anderes Haus")
    with pytest.raises(NotFoundError):
        remove(session, scene, builders.a_reporter(session, other))
