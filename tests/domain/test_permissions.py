"""Every permission for every role and every relation between person and thing."""

from datetime import date
from itertools import product

import pytest

from kursliste.domain.course import ConfirmedHow
from kursliste.domain.errors import NotPermittedError
from kursliste.domain.permissions import (
    PERMISSIONS,
    Actor,
    Grant,
    OnBehalf,
    Permission,
    Role,
    Scope,
    may,
    may_somewhere,
    require,
)

HERE, ELSEWHERE = 1, 2
MINE, OTHERS = 10, 20
ME, SOMEBODY = 100, 200
REPORT, OTHER_REPORT = 7, 8

ACTORS = {
    "nobody": Actor.anonymous(),
    "provider": Actor(ME, "Rita", frozenset({Grant(Role.PROVIDER, provider_id=MINE)})),
    "coordinator": Actor(ME, "Karl", frozenset({Grant(Role.COORDINATOR, district_id=HERE)})),
    "counsellor": Actor(ME, "Cora", frozenset({Grant(Role.COUNSELLOR, district_id=HERE)})),
    "coordinator_with_word": Actor(
        ME,
        "Karl",
        frozenset({Grant(Role.COORDINATOR, district_id=HERE)}),
        OnBehalf(REPORT, "Rita", ConfirmedHow.TELEPHONE, date(2026, 11, 24)),
    ),
    "administrator": Actor(ME, "Adam", frozenset({Grant(Role.ADMINISTRATOR)})),
}
SCOPES = {
    "mine": Scope(district_id=HERE, provider_id=MINE, user_id=ME, report_id=OTHER_REPORT),
    "others_here": Scope(district_id=HERE, provider_id=OTHERS, user_id=SOMEBODY, report_id=REPORT),
    "mine_elsewhere": Scope(
        district_id=ELSEWHERE, provider_id=MINE, user_id=SOMEBODY, report_id=REPORT
    ),
    "others_elsewhere": Scope(district_id=ELSEWHERE, provider_id=OTHERS, user_id=SOMEBODY),
    "nothing": Scope(),
}
OWN = {("provider", "mine"), ("provider", "mine_elsewhere")}
DISTRICT = {
    (name, scope)
    for name in ("coordinator", "coordinator_with_word")
    for scope in ("mine", "others_here")
}
WITH_WORD = {("coordinator_with_word", "others_here")}
COUNSELLED = {("counsellor", "mine"), ("counsellor", "others_here")}
SELF = {(name, "mine") for name in ACTORS if name not in {"nobody", "administrator"}}
EVERYBODY = {(name, scope) for name in ACTORS if name != "administrator" for scope in SCOPES}

GRANTED = {
    Permission.SIGN_IN: EVERYBODY,
    Permission.ACCOUNT_USE: SELF,
    Permission.DISTRICT_ADD: set(),
    Permission.COURSE_LIST_ADD: set(),
    Permission.USER_ADD: set(),
    Permission.USER_MANAGE: set(),
    Permission.OUTBOX_MANAGE: set(),
    Permission.JOURNAL_READ: DISTRICT,
    Permission.SITE_EDIT: set(),
    Permission.CODES_LOAD: set(),
    Permission.CODES_EDIT: set(),
    Permission.DISTRICT_EDIT: set(),
    Permission.PROVIDER_EDIT: DISTRICT,
    Permission.PROVIDER_MAINTAIN: OWN | DISTRICT,
    Permission.PROVIDER_MERGE: DISTRICT,
    Permission.COURSES_HAND_OVER: DISTRICT,
    Permission.MEMBER_MANAGE: OWN | DISTRICT,
    Permission.LIST_CONFIGURE: DISTRICT,
    Permission.ROUND_OPEN: DISTRICT,
    Permission.LIST_TAKE_OVER: DISTRICT,
    Permission.REPORT_READ: OWN | DISTRICT,
    Permission.REPORT_START: OWN | DISTRICT,
    Permission.REPORT_EDIT: OWN | WITH_WORD,
    Permission.REPORT_SUBMIT: OWN | WITH_WORD,
    Permission.REVISION_DISCARD: OWN | DISTRICT,
    Permission.STATEMENT_TAKE: DISTRICT,
    Permission.REPORT_REVIEW: DISTRICT,
    Permission.CORRECTION_ANSWER: OWN | WITH_WORD,
    Permission.NOTE_WRITE: DISTRICT,
    Permission.QUESTION_ANSWER: OWN | WITH_WORD,
    Permission.INTERIM_REPORT: OWN,
    Permission.EDITION_PUBLISH: DISTRICT,
    Permission.EDITION_WITHDRAW: DISTRICT,
    Permission.PERSON_ERASE: DISTRICT,
    Permission.SUBSCRIBE: EVERYBODY,
    Permission.SUBSCRIPTION_MANAGE: DISTRICT,
    Permission.MAILING_SEND: DISTRICT,
    Permission.EDITION_READ_INTERNAL: DISTRICT | COUNSELLED,
    Permission.EDITION_READ_ALL: DISTRICT,
    Permission.COURSE_NOTE_WRITE: DISTRICT | COUNSELLED,
    Permission.SEARCH_SAVE: SELF - {("provider", "mine")},
    Permission.COURSE_NOTE_REMOVE: DISTRICT | {("counsellor", "mine")},
    Permission.HINT_GIVE: EVERYBODY,
    Permission.HINT_SETTLE: OWN | DISTRICT,
}


def test_every_permission_has_its_clauses_and_its_test():
    assert set(PERMISSIONS) == set(Permission) == set(GRANTED)


@pytest.mark.asvs("2.3.5", "8.2.1")
@pytest.mark.con10("A2")
@pytest.mark.parametrize("permission", Permission)
def test_who_may_what_to_whose(permission):
    held = {
        (name, scope)
        for name, scope in product(ACTORS, SCOPES)
        if may(ACTORS[name], permission, SCOPES[scope])
    }

    administrators = {("administrator", scope) for scope in SCOPES}
    assert held == GRANTED[permission] | administrators


@pytest.mark.parametrize("permission", Permission)
def test_the_first_gate_lets_in_whoever_may_something(permission):
    let_in = {name for name, actor in ACTORS.items() if may_somewhere(actor, permission)}

    assert let_in == {name for name, _ in GRANTED[permission]} | {"administrator"}


def test_lacking_a_permission_is_an_error_that_names_it():
    require(ACTORS["provider"], Permission.REPORT_EDIT, SCOPES["mine"])
    with pytest.raises(NotPermittedError, match="user 100 lacks report:edit"):
        require(ACTORS["provider"], Permission.REPORT_EDIT, SCOPES["others_here"])


def test_a_person_with_several_roles_holds_all_of_them():
    actor = Actor(
        ME,
        "Paula",
        frozenset(
            {
                Grant(Role.PROVIDER, provider_id=MINE),
                Grant(Role.PROVIDER, provider_id=OTHERS),
                Grant(Role.COORDINATOR, district_id=ELSEWHERE),
            }
        ),
    )

    assert actor.provider_ids == {MINE, OTHERS}
    assert actor.district_ids(Role.COORDINATOR) == {ELSEWHERE}
    assert actor.district_ids(Role.COUNSELLOR) == frozenset()
    assert actor.has_role(Role.PROVIDER)
    assert not actor.has_role(Role.COUNSELLOR)
    assert may(actor, Permission.REPORT_EDIT, SCOPES["others_here"])


def test_who_is_signed_in_and_who_is_the_system():
    assert [name for name, actor in ACTORS.items() if not actor.is_signed_in] == ["nobody"]
    assert Actor.system() == Actor(None, "System", frozenset({Grant(Role.ADMINISTRATOR)}))
    assert Actor.system().is_administrator
    assert not Actor.system().is_signed_in


def test_a_role_without_a_district_reaches_no_thing_without_a_district():
    odd = Actor(ME, "", frozenset({Grant(Role.COORDINATOR)}))
    assert not may(odd, Permission.REPORT_REVIEW, Scope())
