"""Pages that belong to the instance: health, imprint, privacy, accessibility."""

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kursliste.web.access import public
from kursliste.web.context import db_session, shelf

bp = Blueprint("pages", __name__)


@bp.get("/gesund")
@public
def alive() -> ResponseReturnValue:
    """Answer as long as the process lives."""
    return jsonify(status="ok")


@bp.get("/bereit")
@public
def ready() -> ResponseReturnValue:
    """Answer 200 if database and shelf can be used, else 503 with what fails."""
    checks = {"database": _database_answers(), "shelf": shelf().is_writable()}
    return jsonify(checks), 200 if all(checks.values()) else 503


def _database_answers() -> bool:
    try:
        return bool(db_session().scalar(text("SELECT 1")) == 1)
    except DBAPIError:
        return False


@bp.get("/impressum")
@public
def imprint() -> ResponseReturnValue:
    """Show who runs this instance."""
    return render_template("pages/imprint.html")


@bp.get("/datenschutz")
@public
def privacy() -> ResponseReturnValue:
    """Tell which personal data are kept, why, and for how long."""
    return render_template("pages/privacy.html")


@bp.get("/barrierefreiheit")
@public
def accessibility() -> ResponseReturnValue:
    """Tell how accessible the pages are and whom to write to."""
    return render_template("pages/accessibility.html")
