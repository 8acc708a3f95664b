"""Signing in with the account of an authority: there, back, connect, disconnect.

The start is a link and no form: our content policy lets forms go nowhere else (SECURITY.md, T20).
What a try needs lies in the signed cookie of the form session, and is taken out when it comes back.
"""

import hmac
import logging
from dataclasses import asdict
from typing import Final

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask import session as form_session
from flask.typing import ResponseReturnValue

from kursliste.domain.errors import RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.identity import actions
from kursliste.identity.routes import browser_here, welcome
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.openid import IdentityProvider, OpenIdError, Try, new_try
from kursliste.web.access import proves_again, public, requires, safe_next
from kursliste.web.context import current_actor, db_session, settings
from kursliste.web.error_words import message
from kursliste.web.links import absolute

log = logging.getLogger(__name__)

bp: Final = Blueprint("openid", __name__)
TRY: Final = "openid"
LONGEST_CODE: Final = 2_000


def provider() -> IdentityProvider:
    """Return the identity provider of this instance; without one the address does not exist."""
    chosen = settings().openid
    if chosen is None:
        abort(404)
    known: IdentityProvider | None = current_app.extensions.get("openid")
    if known is None or known.settings != chosen:
        known = current_app.extensions["openid"] = IdentityProvider(chosen)
    return known


@bp.get("/anmelden/behoerde")
@public
def start() -> ResponseReturnValue:
    """Send the browser to the identity provider."""
    return _leave(connects=False)


@bp.get("/konto/behoerde/verbinden")
@requires(Permission.ACCOUNT_USE)
@proves_again
def connect() -> ResponseReturnValue:
    """Send a signed-in person to the identity provider, to connect the account they have there."""
    return _leave(connects=True)


def _leave(*, connects: bool) -> ResponseReturnValue:
    one = new_try(anew=current_actor().is_signed_in)
    try:
        address = provider().way_there(one, back=_back())
    except OpenIdError as error:
        return _refused(error, 503)
    form_session[TRY] = asdict(one) | {
        "for": current_actor().user_id if connects else None,
        "connects": connects,
        "next": safe_next(request.args.get("next")),
    }
    return redirect(address)


@bp.get("/anmelden/behoerde/zurueck")
@public
def back() -> ResponseReturnValue:
    """Take up the browser that comes back; a try holds once, in the browser that began it."""
    there, kept = provider(), form_session.pop(TRY, None)
    code, state = request.args.get("code", ""), request.args.get("state", "")
    if not kept or not hmac.compare_digest(str(kept["state"]), state):
        return _refused(OpenIdError("state"), 400)
    if request.args.get("iss", there.settings.issuer) != there.settings.issuer:
        return _refused(OpenIdError("mix-up"), 400)
    if not code or len(code) > LONGEST_CODE:
        return _refused(OpenIdError(f"no code, {request.args.get('error', '')[:40]!r}"), 400)
    one = Try(kept["state"], kept["nonce"], kept["verifier"], kept["signed_in_since"])
    try:
        subject = there.subject_behind(code, one, back=_back())
    except OpenIdError as error:
        return _refused(error, 400)
    if kept["connects"]:
        return _connected(there, subject.name, kept["for"])
    with transaction(db_session()):
        found = actions.sign_in_with_identity(
            db_session(),
            there.settings.issuer,
            subject.name,
            took_two_factors=subject.took_two_factors,
            browser=browser_here(),
            actor=current_actor(),
        )
    if found is None:
        return render_template("identity/not_connected.html"), 403
    return welcome(found, kept["next"])


def _connected(there: IdentityProvider, subject: str, user_id: int | None) -> ResponseReturnValue:
    actor = current_actor()
    if actor.user_id is None or actor.user_id != user_id:
        return _refused(OpenIdError("another person"), 400)
    try:
        with transaction(db_session()):
            actions.link_identity(
                db_session(),
                there.settings.issuer,
                subject,
                site=settings().base_url,
                actor=actor,
            )
    except RuleViolationError as violation:
        flash(message(violation), "danger")
    else:
        flash("Das Konto Ihrer Behörde ist verbunden. Sie können sich damit anmelden.", "success")
    return redirect(url_for("identity.account"))


@bp.post("/konto/behoerde/trennen")
@requires(Permission.ACCOUNT_USE)
@proves_again
def disconnect() -> ResponseReturnValue:
    """Let the account of the authority sign me in no longer."""
    issuer = provider().settings.issuer
    with transaction(db_session()):
        actions.unlink_identity(db_session(), issuer, actor=current_actor())
    flash(
        "Das Konto Ihrer Behörde ist getrennt. Sie melden sich wieder mit dem Link an.", "success"
    )
    return redirect(url_for("identity.account"))


def _back() -> str:
    return absolute("openid.back")


def _refused(error: OpenIdError, status: int) -> ResponseReturnValue:
    log.warning("openid_refused: %s", error)
    return render_template("identity/openid_refused.html", is_down=status == 503), status  # noqa: PLR2004 -- unavailable
