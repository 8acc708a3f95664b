"""One page for each way a request can fail; the page for a failed page needs nothing at all.

Readers are told in the language of the page that they came from, staff in German.
"""

import errno
import logging
import secrets
from collections.abc import Mapping
from typing import Final

from flask import Flask, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, NoResultFound, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from kursliste.domain.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    RuleViolationError,
    ShelfError,
    TransitionRefusedError,
)
from kursliste.settings import resource_dir
from kursliste.web import error_words
from kursliste.web.context import current_actor
from kursliste.web.languages import N_, gettext
from kursliste.web.problems import FOR_PROGRAMS, Problem, problem
from kursliste.web.speaking import speak_of_failure

log = logging.getLogger(__name__)

UNAVAILABLE: Final = 503
CANNOT_WRITE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
RETRY_AFTER_S: Final = 30
SIGNING_IN: Final = ("/anmelden", "/konto")

STALE_FORM: Final = N_(
    "Diese Seite war nicht mehr gültig. Gehen Sie zurück, laden Sie die Seite neu und senden Sie "
    "das Formular noch einmal."
)

STALE_AND_KEPT: Final = N_(
    "Diese Seite war nicht mehr gültig. Senden Sie Ihre Angaben noch einmal."
)

STATUS_OF: dict[type[Exception], int] = {
    NoResultFound: 404,
    NotFoundError: 404,
    NotPermittedError: 403,
    TransitionRefusedError: 409,
    StaleDataError: 409,
    IntegrityError: 409,
    ConflictError: 409,
    ShelfError: 503,
    RuleViolationError: 422,
    OperationalError: 503,
}

REFUSALS: Final = {403: "request_refused", 411: "body_refused", 413: "body_refused"}
"""Answers of the gates that nobody gets who uses the pages as they are."""


def init_app(app: Flask) -> None:
    """Answer every error with a page that says what to do next."""
    for error_class in STATUS_OF:
        app.register_error_handler(error_class, _page_for_known)
    app.register_error_handler(CSRFError, _page_for_stale_form)
    app.register_error_handler(HTTPException, _page_for_http)
    app.register_error_handler(OSError, _page_for_disk)
    app.register_error_handler(Exception, _page_for_unknown)


def _page_for_known(error: Exception) -> ResponseReturnValue:
    status = next(code for kind, code in STATUS_OF.items() if isinstance(error, kind))
    if isinstance(error, NotPermittedError):
        _note_refusal("authz_denied")
    if isinstance(error, NoResultFound | NotFoundError) and current_actor().is_signed_in:
        _note_refusal("not_theirs_or_not_there")  # queries do not tell the two apart
    if isinstance(error, OperationalError):
        log.error("database unavailable: %s", error.orig)
    if isinstance(error, IntegrityError):
        # Two people did the same at one moment, and the database kept the rule. Should a rule of
        # ours be missing instead, the log tells which.
        # PostgreSQL names the values on the next line, an address of mail among them.
        log.error("refused by the database: %s", str(error.orig).partition("\n")[0])
    rule = error if isinstance(error, RuleViolationError) else None
    return error_page(status, rule=rule, offers_again=status == UNAVAILABLE)


def _note_refusal(what: str) -> None:
    """Log that somebody was kept out: who, and at which page; an address may hold a secret."""
    log.warning("%s: user %s at %s", what, current_actor().user_id, request.endpoint)


def _page_for_stale_form(_error: Exception) -> ResponseReturnValue:
    _note_refusal("form_token_refused")
    # The browser vouches that one of our own pages sent it; what others send is not offered again.
    is_ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if is_ours and _sent():
        return error_page(400, message=STALE_AND_KEPT, offers_again=True)
    return error_page(400, message=STALE_FORM)


def _page_for_http(error: Exception) -> ResponseReturnValue:
    if not isinstance(error, HTTPException) or error.code is None or error.code < 400:  # noqa: PLR2004
        return error.get_response() if isinstance(error, HTTPException) else error_page(500)
    if error.code in REFUSALS:
        _note_refusal(REFUSALS[error.code])
    if request.path.startswith(FOR_PROGRAMS):
        response = problem(error.code, _detail(error), _errors(error))
    elif isinstance(error, SecurityError):
        # Under a name that is not ours no address can be built, so a page cannot either; the name
        # is not logged: anybody can send any.
        log.warning("host_not_trusted")
        response = make_response(_bare_page(), error.code)
    else:
        response = make_response(error_page(error.code, offers_again=error.code == UNAVAILABLE))
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response


def _detail(error: HTTPException) -> str | None:
    return error.description if isinstance(error, Problem) else None


def _errors(error: HTTPException) -> Mapping[str, object] | None:
    """Return what is wrong by parameter: of ours, or as webargs tells it."""
    if isinstance(error, Problem):
        return error.errors
    told = getattr(error, "data", None) or {}
    return told.get("messages") if isinstance(told, dict) else None


def _page_for_disk(error: OSError) -> ResponseReturnValue:
    """Tell that a disk is full or read-only: the one for temporary files, where uploads arrive."""
    if error.errno not in CANNOT_WRITE:
        return _page_for_unknown(error)
    log.error("nothing can be written: %s", error.strerror)
    return error_page(UNAVAILABLE, message=error_words.DISK_FULL)


def _page_for_unknown(error: Exception) -> ResponseReturnValue:
    # People read out the number that all log lines of their request carry.
    incident = g.get("request_id") or secrets.token_hex(4)
    log.error("incident %s", incident, exc_info=error)
    return error_page(500, incident=incident)


def error_page(
    status: int,
    *,
    message: str | None = None,
    rule: RuleViolationError | None = None,
    incident: str | None = None,
    offers_again: bool = False,
) -> ResponseReturnValue:
    """Return the page for ``status``, for programs a problem; never raises.

    ``message``, or what the broken ``rule`` says, stands in place of the usual advice.
    ``offers_again``: what was typed stands on the page, to be sent once more with one button.
    """
    if request.path.startswith(FOR_PROGRAMS):
        return problem(status, error_words.message(rule) if rule else message)
    try:
        speak_of_failure()
        words = _words(status, message, rule)
        again = _sent() if offers_again else []
        page = _page({**words, "status": status, "incident": incident, "again": again})
    except Exception:
        log.exception("the error page failed")
        page = _bare_page()
    headers = {"Vary": "Accept-Language, Referer", "Cache-Control": "private, no-store"}
    if status == UNAVAILABLE:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    return page, status, headers


def _bare_page() -> str:
    """Return the page that needs nothing at all."""
    return (resource_dir("templates") / "errors" / "bare.html").read_text(encoding="utf-8")


def _words(
    status: int, message: str | None, rule: RuleViolationError | None
) -> dict[str, str | None]:
    heading, advice = error_words.HTTP_STATUS.get(status, error_words.HTTP_STATUS[500])
    told = error_words.message(rule) if rule else gettext(message or advice)
    return {"heading": gettext(heading), "message": told}


def _page(words: Mapping[str, object]) -> str:
    """Return the page; one without navigation, and so without the database, where that is away."""
    action = request.full_path.rstrip("?")
    try:
        return render_template("errors/error.html", **words, action=action)
    except Exception:
        log.exception("the error page failed")
        template = current_app.jinja_env.get_template("errors/again.html")
        return template.render(**words, action=action)


def _sent() -> list[tuple[str, str]]:
    """Return what was typed, to be sent once more with one button; a form without files only.

    A form says which version it saw, so sending it twice saves once. Nothing of a sign-in comes
    back: codes do not belong into a page.
    """
    if request.method != "POST" or request.files or request.path.startswith(SIGNING_IN):
        return []
    return [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
