"""Who needs a second step to sign in, how long it counts, and what needs it again (ADR 45).

The first step proves the mailbox (link or code) or a remembered device, the second an app on the
person's phone (TOTP, RFC 6238) or one of ten paper codes.
"""

import re
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Final

from kursliste.domain.limit import Limit
from kursliste.domain.permissions import Actor, Permission, Role
from kursliste.domain.sign_in import hashed

APP_DIGITS: Final = 6
STEP: Final = timedelta(seconds=30)
STEPS_EITHER_WAY: Final = 1
"""How many steps of 30 seconds a phone's clock may be wrong."""

TRIES: Final = Limit(5, timedelta(minutes=15))
TRIES_PER_NETWORK: Final = Limit(30, timedelta(minutes=15))
PAPER_CODES: Final = 10
PAPER_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without i, l, o, 0 and 1: people copy these codes from paper."""

PAPER_LENGTH: Final = 12
HALF_HOLDS: Final = timedelta(minutes=30)
DEVICE_HOLDS: Final = timedelta(days=30)
COUNTS_FOR: Final = timedelta(minutes=15)
FORM_HOLDS: Final = timedelta(minutes=60)
STAFF: Final = (Role.COORDINATOR, Role.ADMINISTRATOR)

STEP_UP: Final[AbstractSet[Permission]] = frozenset(
    {
        Permission.PERSON_ERASE,
        Permission.USER_ADD,
        Permission.USER_MANAGE,
        Permission.EDITION_WITHDRAW,
    }
)
"""What is asked for again before it is done (BSI CON.10.A12, SECURITY.md rule 20)."""


def needs_second_factor(actor: Actor) -> bool:
    """Return whether the person's roles reach so far that one step is too little."""
    return any(actor.has_role(role) for role in STAFF)


def awaits_second_step(
    actor: Actor, *, has_app: bool, passed_at: datetime | None, staff_must: bool
) -> bool:
    """Return whether somebody who took the first step is still nobody: the second is to come.

    Who set up an app is always asked for it; staff without one set it up first, where the instance
    asks for it (``staff_must``).
    """
    return passed_at is None and (has_app or (staff_must and needs_second_factor(actor)))


def is_fresh(passed_at: datetime | None, now: datetime, *, reading: bool) -> bool:
    """Return whether the second step was taken so lately that it counts for what is dangerous.

    A page is opened within 15 minutes of it; its form may be filled in for an hour, so that
    nothing that was typed is lost.
    """
    return passed_at is not None and now - passed_at <= (COUNTS_FOR if reading else FORM_HOLDS)


def code_digits(typed: str) -> str:
    """Return what somebody typed without blanks, hyphens and capitals."""
    return re.sub(r"[\s-]", "", typed).lower()


def is_app_code(typed: str) -> bool:
    """Return whether this has the form of a code of the app."""
    return re.fullmatch(rf"[0-9]{{{APP_DIGITS}}}", code_digits(typed)) is not None


def is_paper_code(typed: str) -> bool:
    """Return whether this has the form of a code from paper."""
    found = code_digits(typed)
    return len(found) == PAPER_LENGTH and set(found) <= set(PAPER_ALPHABET)


def paper_secret(user_id: int | None, code: str) -> str:
    """Return what is hashed of a paper code: it belongs to one person.

    The SHA-256 in between is what was stored before codes were hashed slowly (ADR 45).
    """
    return hashed(f"{user_id}:{code}")


def written(code: str) -> str:
    """Return a paper code as it is printed: in groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
