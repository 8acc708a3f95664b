"""Every view says who may enter: ``@requires(...)`` or ``@public``; a test counts them."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Final, ParamSpec
from urllib.parse import urlsplit

from flask import Flask, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import joinedload, selectinload

from kursliste.domain.errors import NotPermittedError
from kursliste.domain.permissions import Actor, Permission, may_somewhere
from kursliste.domain.second_factor import HALF_HOLDS, STEP_UP, awaits_second_step, is_fresh
from kursliste.domain.sign_in import hashed, is_over
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.models.identity import User, UserSession
from kursliste.web.context import (
    READING,
    current_actor,
    database,
    db_session,
    is_https,
    settings,
)

log = logging.getLogger(__name__)

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]
ACCESS_MARK: Final = "kursliste_access"
SEEN_EVERY: Final = timedelta(minutes=5)
LONGEST_NEXT: Final = 500
FIRST_PRINTABLE: Final = 0x21
DELETE: Final = 0x7F


def requires(permission: Permission, *, steps_up: bool = True) -> Callable[[View[P]], View[P]]:
    """Let in whoever holds ``permission`` for something; queries and actions check for what.

    Where the permission is dangerous (``STEP_UP``), the app is asked for again; who has none cannot
    be asked. Pages that only list say ``steps_up=False``.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            actor = current_actor()
            if not actor.is_signed_in:
                return redirect(url_for("identity.sign_in", next=_way_back()))
            if not may_somewhere(actor, permission):
                msg = f"{permission} needed"
                raise NotPermittedError(msg)
            asks = permission in STEP_UP and steps_up and g.person.has_second_factor
            if asks and not is_proven(reading=request.method in READING):
                return prove_again()
            return view(*args, **kwargs)

        setattr(guarded, ACCESS_MARK, permission)
        return guarded

    return decorate


def proves_again(view: View[P]) -> View[P]:
    """Let in who proved lately that it is them: for what changes how one gets into an own account.

    Below ``@requires``. Who has an app is asked for it, everybody else for a new sign-in (ASVS
    5.0, 7.5.1 and 7.5.2).
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        return view(*args, **kwargs) if is_proven(reading=True) else prove_again()

    return guarded


def public(view: View[P]) -> View[P]:
    """Let everybody in."""
    setattr(view, ACCESS_MARK, "public")
    return view


def is_proven(*, reading: bool) -> bool:
    """Return whether the app was asked for lately, or the sign-in of who has none is new.

    ``reading`` is False where a form was filled in: that may take longer.
    """
    at = g.second_factor_at if g.person.has_second_factor else g.signed_in_at
    return is_fresh(at, clock.now(), reading=reading)


def prove_again() -> ResponseReturnValue:
    """Send whoever has an app to the page that asks for it, everybody else to sign in anew."""
    back = _way_back() or url_for("identity.account")
    if g.person.has_second_factor:
        return redirect(url_for("second_factor.confirm", next=back))
    flash(SIGN_IN_AGAIN, "info")
    return redirect(url_for("identity.sign_in", next=back))


SIGN_IN_AGAIN: Final = (
    "Damit niemand sonst Ihren Zugang ändert: Melden Sie sich noch einmal an, zum Beispiel mit "
    "einem neuen Link. Danach geht es hier weiter."
)


def _way_back() -> str | None:
    """Return a page that can be opened after the sign-in; a form is not sent again by a redirect.

    Where the address itself only takes forms, it is the page that held the form.
    """
    if request.method in READING:
        return request.full_path.rstrip("?")
    addresses = current_app.create_url_adapter(request)
    if addresses is not None and addresses.test(request.path, "GET"):
        return request.path
    held_the_form = urlsplit(request.referrer or "")
    return safe_next(held_the_form.path) if held_the_form.netloc == request.host else None


def session_cookie_name() -> str:
    """Return the name of the sign-in cookie; ``__Host-`` needs https."""
    return "__Host-sid" if is_https() else "sid"


def safe_next(target: str | None) -> str | None:
    """Return ``target`` if it is a path on this site, else None (SECURITY.md, rule 33)."""
    if not target or len(target) > LONGEST_NEXT or target[0] != "/":
        return None
    odd = any(ord(c) < FIRST_PRINTABLE or c == "\\" or ord(c) == DELETE for c in target)
    if odd or target.startswith("//"):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


@dataclass(frozen=True)
class AtTheDoor:
    """Who took the first step only: nobody for every page but those of the second step."""

    actor: Actor
    session_id: int
    has_app: bool


def at_the_door() -> AtTheDoor | None:
    """Return who waits between the two steps in this browser."""
    found: AtTheDoor | None = g.get("at_the_door")
    return found


def load_actor() -> None:
    """Run before each request: find the person behind the sign-in cookie, read fresh each time.

    Between the two steps the browser is nobody: what forgets to ask about it lets nobody in.
    """
    secret = request.cookies.get(session_cookie_name())
    if not secret or request.endpoint == "static":
        return
    now = clock.now()
    query = (
        select(UserSession)
        .where(UserSession.token_hash == hashed(secret), UserSession.ends_at > now)
        .options(
            selectinload(UserSession.user).options(
                joinedload(User.second_factor), selectinload(User.memberships)
            )
        )
    )
    found = db_session().scalar(query)
    if found is None or not found.user.is_active:
        return
    actor = found.user.as_actor()
    if is_over(actor, begun=found.created_at, seen=found.seen_at, now=now):
        return
    has_app, passed_at = found.user.has_second_factor, found.second_factor_at
    if awaits_second_step(
        actor, has_app=has_app, passed_at=passed_at, staff_must=settings().second_factor
    ):
        if now - found.created_at <= HALF_HOLDS:
            g.at_the_door = AtTheDoor(actor, found.id, has_app)
        return
    g.actor = actor
    g.second_factor_at = passed_at
    g.signed_in_at = found.created_at
    g.person = found.user  # a session forgets what nobody holds, and would ask for them again
    g.user_session_id = found.id
    if now - found.seen_at > SEEN_EVERY:
        _touch(found.id)


def _touch(session_id: int) -> None:
    """Note that the person is active, in a short transaction of its own.

    Where nothing can be written (a full disk), reading goes on: a session that is not noted ends
    earlier, never later.
    """
    db_session().close()  # an open reader would hold the writer up on SQLite
    try:
        with database().session() as session, transaction(session):
            row = session.get(UserSession, session_id)
            if row is not None:
                row.seen_at = clock.now()
    except OperationalError as error:
        log.warning("not noted that somebody is active: %s", error.orig)


def init_app(app: Flask) -> None:
    """Ask who is there before every request."""
    app.before_request(load_actor)
