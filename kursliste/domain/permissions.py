"""Who may do what, in one table: a permission holds if any one clause holds whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kursliste.domain.course import ConfirmedHow
from kursliste.domain.errors import NotPermittedError


class Role(StrEnum):
    PROVIDER = "provider"
    COORDINATOR = "coordinator"
    COUNSELLOR = "counsellor"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    SIGN_IN = "account:sign_in"
    ACCOUNT_USE = "account:use"
    DISTRICT_ADD = "district:add"
    DISTRICT_EDIT = "district:edit"
    COURSE_LIST_ADD = "course_list:add"
    USER_ADD = "user:add"
    USER_MANAGE = "user:manage"
    OUTBOX_MANAGE = "outbox:manage"
    JOURNAL_READ = "journal:read"
    SITE_EDIT = "site:edit"
    CODES_LOAD = "codes:load"
    CODES_EDIT = "codes:edit"
    PROVIDER_EDIT = "provider:edit"
    PROVIDER_MAINTAIN = "provider:maintain"
    PROVIDER_MERGE = "provider:merge"
    COURSES_HAND_OVER = "courses:hand_over"
    MEMBER_MANAGE = "member:manage"
    LIST_CONFIGURE = "list:configure"
    ROUND_OPEN = "round:open"
    LIST_TAKE_OVER = "list:take_over"
    REPORT_READ = "report:read"
    REPORT_START = "report:start"
    REPORT_EDIT = "report:edit"
    REPORT_SUBMIT = "report:submit"
    REVISION_DISCARD = "revision:discard"
    STATEMENT_TAKE = "statement:take"
    REPORT_REVIEW = "report:review"
    CORRECTION_ANSWER = "correction:answer"
    NOTE_WRITE = "note:write"
    QUESTION_ANSWER = "question:answer"
    INTERIM_REPORT = "interim:report"
    EDITION_PUBLISH = "edition:publish"
    EDITION_WITHDRAW = "edition:withdraw"
    SUBSCRIBE = "subscription:order"
    SUBSCRIPTION_MANAGE = "subscription:manage"
    MAILING_SEND = "mailing:send"
    PERSON_ERASE = "person:erase"
    EDITION_READ_INTERNAL = "edition:read_internal"
    EDITION_READ_ALL = "edition:read_all"
    COURSE_NOTE_WRITE = "course_note:write"
    COURSE_NOTE_REMOVE = "course_note:remove"
    SEARCH_SAVE = "search:save"
    HINT_GIVE = "hint:give"
    HINT_SETTLE = "hint:settle"


@dataclass(frozen=True)
class Grant:
    """One role of one person: for a provider, for a district, or for the whole instance."""

    role: Role
    district_id: int | None = None
    provider_id: int | None = None


@dataclass(frozen=True)
class OnBehalf:
    """The word of a provider for one report, taken by telephone or mail (see ADR 0013).

    ``told_by`` is the provider's person, ``how`` and ``told_on`` the way and the day of their
    word: a confirmation made with it names them.
    """

    report_id: int
    told_by: str
    how: ConfirmedHow
    told_on: date


@dataclass(frozen=True)
class Actor:
    """The person (or machine) behind an action, reduced to what rules need to know.

    ``user_id`` is None for nobody signed in and for the system itself. ``on_behalf`` is set while
    a coordinator types what a provider said.
    """

    user_id: int | None = None
    name: str = ""
    grants: frozenset[Grant] = frozenset()
    on_behalf: OnBehalf | None = None

    @classmethod
    def anonymous(cls) -> "Actor":
        """Return somebody who is not signed in."""
        return cls()

    @classmethod
    def system(cls, name: str = "System") -> "Actor":
        """Return the system itself: command line, scheduler, demo loader."""
        return cls(name=name, grants=frozenset({Grant(Role.ADMINISTRATOR)}))

    @property
    def is_signed_in(self) -> bool:
        """Whether a person stands behind the request."""
        return self.user_id is not None

    @property
    def is_administrator(self) -> bool:
        """Whether the whole instance is theirs to run."""
        return any(grant.role is Role.ADMINISTRATOR for grant in self.grants)

    def has_role(self, role: Role) -> bool:
        """Whether any grant is of ``role``."""
        return any(grant.role is role for grant in self.grants)

    def district_ids(self, *roles: Role) -> frozenset[int]:
        """Return the districts in which the actor holds one of ``roles``."""
        return frozenset(
            grant.district_id
            for grant in self.grants
            if grant.role in roles and grant.district_id is not None
        )

    @property
    def provider_ids(self) -> frozenset[int]:
        """Return the providers that the actor reports for."""
        return frozenset(
            grant.provider_id for grant in self.grants if grant.provider_id is not None
        )


@dataclass(frozen=True)
class Scope:
    """The thing acted upon, reduced to whose it is."""

    district_id: int | None = None
    provider_id: int | None = None
    user_id: int | None = None
    report_id: int | None = None


Predicate = Callable[[Actor, Scope], bool]


def owns_provider(actor: Actor, scope: Scope) -> bool:
    """The thing belongs to a provider that the actor reports for."""
    return scope.provider_id is not None and scope.provider_id in actor.provider_ids


def coordinates(actor: Actor, scope: Scope) -> bool:
    """The thing lies in a district that the actor coordinates."""
    return scope.district_id in actor.district_ids(Role.COORDINATOR)


def speaks_for(actor: Actor, scope: Scope) -> bool:
    """The thing is the one report for which the actor has its provider's word."""
    return actor.on_behalf is not None and actor.on_behalf.report_id == scope.report_id


def counsels_in(actor: Actor, scope: Scope) -> bool:
    """The thing lies in a district in which the actor counsels."""
    return scope.district_id in actor.district_ids(Role.COUNSELLOR)


def is_self(actor: Actor, scope: Scope) -> bool:
    """The thing is the actor's own account."""
    return actor.user_id is not None and actor.user_id == scope.user_id


def advises(actor: Actor, _scope: Scope) -> bool:
    """The actor counsels or coordinates somewhere."""
    return actor.has_role(Role.COUNSELLOR) or actor.has_role(Role.COORDINATOR)


_ANYBODY: Final[tuple[Predicate, ...]] = ()
_ADMINISTRATOR_ONLY: Final[tuple[tuple[Predicate, ...], ...]] = ()
_REPORTING: Final[tuple[tuple[Predicate, ...], ...]] = (
    (owns_provider,),
    (coordinates, speaks_for),
)

PERMISSIONS: Final[Mapping[Permission, tuple[tuple[Predicate, ...], ...]]] = MappingProxyType(
    {
        Permission.SIGN_IN: (_ANYBODY,),
        Permission.ACCOUNT_USE: ((is_self,),),
        Permission.DISTRICT_ADD: _ADMINISTRATOR_ONLY,
        Permission.DISTRICT_EDIT: _ADMINISTRATOR_ONLY,
        Permission.COURSE_LIST_ADD: _ADMINISTRATOR_ONLY,
        Permission.USER_ADD: _ADMINISTRATOR_ONLY,
        Permission.USER_MANAGE: _ADMINISTRATOR_ONLY,
        Permission.OUTBOX_MANAGE: _ADMINISTRATOR_ONLY,
        Permission.JOURNAL_READ: ((coordinates,),),
        Permission.SITE_EDIT: _ADMINISTRATOR_ONLY,
        Permission.CODES_LOAD: _ADMINISTRATOR_ONLY,
        Permission.CODES_EDIT: _ADMINISTRATOR_ONLY,
        Permission.PROVIDER_EDIT: ((coordinates,),),
        Permission.PROVIDER_MAINTAIN: ((owns_provider,), (coordinates,)),
        Permission.PROVIDER_MERGE: ((coordinates,),),
        Permission.COURSES_HAND_OVER: ((coordinates,),),
        Permission.MEMBER_MANAGE: ((owns_provider,), (coordinates,)),
        Permission.LIST_CONFIGURE: ((coordinates,),),
        Permission.ROUND_OPEN: ((coordinates,),),
        Permission.LIST_TAKE_OVER: ((coordinates,),),
        Permission.REPORT_READ: ((owns_provider,), (coordinates,)),
        Permission.REPORT_START: ((owns_provider,), (coordinates,)),
        Permission.REPORT_EDIT: _REPORTING,
        Permission.REPORT_SUBMIT: _REPORTING,
        Permission.REVISION_DISCARD: ((owns_provider,), (coordinates,)),
        Permission.STATEMENT_TAKE: ((coordinates,),),
        Permission.REPORT_REVIEW: ((coordinates,),),
        Permission.CORRECTION_ANSWER: _REPORTING,
        Permission.NOTE_WRITE: ((coordinates,),),
        Permission.QUESTION_ANSWER: _REPORTING,
        Permission.INTERIM_REPORT: ((owns_provider,),),
        Permission.EDITION_PUBLISH: ((coordinates,),),
        Permission.EDITION_WITHDRAW: ((coordinates,),),
        Permission.SUBSCRIBE: (_ANYBODY,),
        Permission.SUBSCRIPTION_MANAGE: ((coordinates,),),
        Permission.MAILING_SEND: ((coordinates,),),
        Permission.PERSON_ERASE: ((coordinates,),),
        Permission.EDITION_READ_INTERNAL: ((coordinates,), (counsels_in,)),
        Permission.EDITION_READ_ALL: ((coordinates,),),
        Permission.COURSE_NOTE_WRITE: ((coordinates,), (counsels_in,)),
        Permission.SEARCH_SAVE: ((is_self, advises),),
        Permission.COURSE_NOTE_REMOVE: ((coordinates,), (counsels_in, is_self)),
        Permission.HINT_GIVE: (_ANYBODY,),
        Permission.HINT_SETTLE: ((owns_provider,), (coordinates,)),
    }
)
"""An administrator may do all of it; see :func:`may`."""


def may(actor: Actor, permission: Permission, scope: Scope) -> bool:
    """Return whether ``actor`` holds ``permission`` for the thing in ``scope``."""
    if actor.is_administrator:
        return True
    return any(all(holds(actor, scope) for holds in clause) for clause in PERMISSIONS[permission])


def may_somewhere(actor: Actor, permission: Permission) -> bool:
    """Return whether ``actor`` holds ``permission`` for anything at all; a page's first gate."""
    report_id = actor.on_behalf.report_id if actor.on_behalf else None
    scopes = [Scope(user_id=actor.user_id)]
    scopes += [
        Scope(
            district_id=grant.district_id,
            provider_id=grant.provider_id,
            user_id=actor.user_id,
            report_id=report_id,
        )
        for grant in actor.grants
    ]
    return any(may(actor, permission, scope) for scope in scopes)


def require(actor: Actor, permission: Permission, scope: Scope) -> None:
    """Raise NotPermittedError unless ``actor`` holds ``permission`` for ``scope``."""
    if not may(actor, permission, scope):
        msg = f"user {actor.user_id} lacks {permission}"
        raise NotPermittedError(msg)
