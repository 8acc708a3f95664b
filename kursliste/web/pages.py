"""Pages that belong to the instance: health, imprint, privacy, accessibility."""

from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, abort, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kursliste.domain.site import SiteTextKey
from kursliste.infrastructure import clock
from kursliste.infrastructure.mailbox import mail_is_stuck
from kursliste.web.access import public
from kursliste.web.context import db_session, settings, shelf
from kursliste.web.operator_words import operator_text

bp = Blueprint("pages", __name__)
SECURITY_TXT_HOLDS: Final = timedelta(days=180)
"""RFC 9116 recommends less than a year."""


@bp.get("/gesund")
@public
def alive() -> ResponseReturnValue:
    """Answer as long as the process lives."""
    return jsonify(status="ok")


@bp.get("/bereit")
@public
def ready() -> ResponseReturnValue:
    """Answer 200 if database and shelf can be used, else 503; tell how mail does as well.

    Mail is well while none has been due for longer than an hour: the server that answers here does
    not send. A mail that is stuck is told and does not take the whole site out of its balancer.
    """
    needed = {"database": _database_answers(), "shelf": shelf().is_writable()}
    mail = needed["database"] and not mail_is_stuck(db_session())
    return jsonify(needed | {"mail": mail}), 200 if all(needed.values()) else 503


def _database_answers() -> bool:
    try:
        return bool(db_session().scalar(text("SELECT 1")) == 1)
    except DBAPIError:
        return False


@bp.get("/.well-known/security.txt")
@public
def security_txt() -> ResponseReturnValue:
    """Say whom to tell about a hole (RFC 9116); without a contact the address does not exist."""
    contact = settings().security_contact
    if not contact:
        abort(404)
    expires = (clock.now() + SECURITY_TXT_HOLDS).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: de, en",
        f"Canonical: {settings().base_url}/.well-known/security.txt",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/impressum")
@public
def imprint() -> ResponseReturnValue:
    """Show who runs this instance."""
    return render_template("pages/imprint.html", operator_text=operator_text(SiteTextKey.IMPRINT))


@bp.get("/datenschutz")
@public
def privacy() -> ResponseReturnValue:
    """Tell which personal data are kept, why, and for how long."""
    return render_template("pages/privacy.html", operator_text=operator_text(SiteTextKey.PRIVACY))


@bp.get("/barrierefreiheit")
@public
def accessibility() -> ResponseReturnValue:
    """Tell how accessible the pages are and whom to write to."""
    return render_template(
        "pages/accessibility.html", operator_text=operator_text(SiteTextKey.ACCESSIBILITY)
    )
