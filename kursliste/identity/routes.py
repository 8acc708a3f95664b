"""Signing in and out, and the own account."""

import re
import secrets
from datetime import timedelta
from typing import Final

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import (
    session as form_session,
)
from flask.typing import ResponseReturnValue

from kursliste.domain.errors import RuleViolationError
from kursliste.domain.permissions import Actor, Permission, Role
from kursliste.domain.second_factor import awaits_second_step
from kursliste.domain.sign_in import LINK_HOLDS
from kursliste.identity import actions, queries
from kursliste.identity.beginning import Browser, SignedIn
from kursliste.identity.demo_people import SLUGS, WHAT_THEY_DO, buttons_by_role
from kursliste.identity.devices import device_of
from kursliste.identity.forms import CodeForm, MailForm
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.models.identity import User, UserIdentity
from kursliste.web.access import (
    at_the_door,
    proves_again,
    public,
    requires,
    safe_next,
    session_cookie_name,
)
from kursliste.web.context import current_actor, db_session, is_https, settings
from kursliste.web.links import absolute

bp = Blueprint("identity", __name__)
BIND: Final = re.compile(r"[A-Za-z0-9_-]{43}")
NEXT: Final = "next"


@bp.route("/anmelden", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Ask for the address to mail a link to; in the demo also show a button for each person."""
    form = MailForm(request.form)
    if request.method != "POST" or not form.validate():
        return _sign_in_page(form, 422 if request.method == "POST" else 200)
    browser = browser_here(bind=_bind() or secrets.token_urlsafe(32))
    try:
        with transaction(db_session()):
            actions.request_link(
                db_session(),
                form.address,
                browser=browser,
                link_for=lambda token: absolute("identity.link", token=token),
                site=settings().base_url,
                actor=current_actor(),
            )
    except RuleViolationError as violation:
        form.show(violation)
        return _sign_in_page(form, 429)
    form_session[NEXT] = safe_next(request.form.get(NEXT))
    response = make_response(redirect(url_for("identity.redeem_code")))
    set_secret_cookie(response, _bind_name(), browser.bind, LINK_HOLDS)
    return response


@bp.route("/anmelden/code", methods=["GET", "POST"])
@public
def redeem_code() -> ResponseReturnValue:
    """Say that a mail is on its way, the same for every address; take the code out of it."""
    form = CodeForm(request.form)
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with transaction(db_session()):
                    found = actions.redeem_code(
                        db_session(), form.digits, browser=browser_here(), actor=current_actor()
                    )
            except RuleViolationError as violation:
                form.show(violation)
                status = 429
            else:
                if found is not None:
                    return welcome(found, form_session.get(NEXT))
                form.code.errors = [*form.code.errors, WRONG_CODE]
    return render_template("identity/code.html", form=form), status


WRONG_CODE: Final = (
    "Dieser Code gilt nicht. Prüfen Sie die Ziffern und nehmen Sie die neueste E-Mail. Nach fünf "
    "Versuchen oder zehn Minuten brauchen Sie einen neuen Code."
)


@bp.route("/anmelden/<token>", methods=["GET", "POST"])
@public
def link(token: str) -> ResponseReturnValue:
    """Show one button; only pressing it uses the link up (mail scanners open every link)."""
    if request.method != "POST":  # HEAD looks too, and must not press the button
        page = make_response(
            render_template("identity/link.html", token=token, is_asking_browser=bool(_bind()))
        )
        page.headers["Cache-Control"] = "no-store"
        return page
    with transaction(db_session()):
        found = actions.redeem_link(
            db_session(), token, browser=browser_here(), actor=current_actor()
        )
    if found is None:
        return render_template("identity/link_refused.html"), 400
    return welcome(found, form_session.get(NEXT))


@bp.post("/anmelden/demo")
@public
def demo_sign_in() -> ResponseReturnValue:
    """Sign in a person of the demo world; outside the demo this address does not exist."""
    slug = request.form.get("person", "")
    if not settings().demo or slug not in SLUGS:
        abort(404)
    with transaction(db_session()):
        user = queries.demo_user_or_none(db_session(), slug)
        found = user and actions.sign_in_demo_person(
            db_session(), user, browser=browser_here(), actor=current_actor()
        )
    if not found:
        flash("Diese Person gibt es in der Datenbank noch nicht. " + LOAD_DEMO, "warning")
        return redirect(url_for("identity.sign_in"))
    return welcome(found, request.form.get(NEXT))


LOAD_DEMO: Final = "Laden Sie zuerst die Demowelt: kursliste demo load."


@bp.post("/abmelden")
@public
def sign_out() -> ResponseReturnValue:
    """End the sign-in on the server and forget it in the browser."""
    session_id, waiting = _session_id(), at_the_door()
    if session_id is not None:
        actor = waiting.actor if waiting else current_actor()
        with transaction(db_session()):
            actions.sign_out(db_session(), session_id, actor=actor)
    form_session.clear()
    flash("Sie sind abgemeldet.", "success")
    response = make_response(redirect(url_for("catalogue.start")))
    for name in (session_cookie_name(), _bind_name()):
        _delete_cookie(response, name)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.get("/konto")
@requires(Permission.ACCOUNT_USE)
def account() -> ResponseReturnValue:
    """Show who I am here, what I may, and where I am signed in."""
    session, actor = db_session(), current_actor()
    return render_template(
        "identity/account.html",
        account=queries.own_account(session, actor),
        roles=queries.own_roles(session, actor),
        sessions=queries.own_sessions(session, actor),
        openid=settings().openid,
        identity=_own_identity(),
        codes_left=queries.paper_codes_left(session, actor),
        devices=queries.own_devices(session, actor, clock.now()),
        current_id=_session_id(),
    )


def _own_identity() -> UserIdentity | None:
    chosen = settings().openid
    if chosen is None:
        return None
    return queries.own_identity_or_none(db_session(), current_actor(), chosen.issuer)


@bp.post("/konto/abmelden")
@requires(Permission.ACCOUNT_USE)
@proves_again
def end_sessions() -> ResponseReturnValue:
    """End my sign-ins everywhere but here."""
    with transaction(db_session()):
        count = actions.end_other_sessions(db_session(), _session_id() or 0, actor=current_actor())
    words = "Ein anderes Gerät ist" if count == 1 else f"{count} andere Geräte sind"
    flash(f"{words} abgemeldet.", "success")
    return redirect(url_for("identity.account"))


@bp.post("/konto/abmelden/<key:session_id>")
@requires(Permission.ACCOUNT_USE)
@proves_again
def end_session(session_id: int) -> ResponseReturnValue:
    """End my sign-in on one other device."""
    with transaction(db_session()):
        device = actions.end_session(db_session(), session_id, actor=current_actor())
    if device is None:
        flash("Dieses Gerät war schon abgemeldet.", "info")
    else:
        flash(f"{device or 'Das Gerät'} ist abgemeldet.", "success")
    return redirect(url_for("identity.account"))


@bp.post("/konto/geraet/<key:device_id>/vergessen")
@requires(Permission.ACCOUNT_USE)
@proves_again
def forget_device(device_id: int) -> ResponseReturnValue:
    """Ask for a mail again on one device."""
    with transaction(db_session()):
        device = actions.forget_device(db_session(), device_id, actor=current_actor())
    if device is None:
        flash("Auf diesem Gerät war die E-Mail schon wieder nötig.", "info")
    else:
        flash(f"{device or 'Das Gerät'}: Hier ist wieder die E-Mail nötig.", "success")
    return redirect(url_for("identity.account"))


def start_page(actor: Actor) -> str:
    """Return the address where the person's work begins."""
    if actor.has_role(Role.PROVIDER):
        return url_for("reporting.own_reports")
    if actor.has_role(Role.COORDINATOR):
        return url_for("review.start")
    return url_for("catalogue.start")


def _sign_in_page(form: MailForm, status: int) -> ResponseReturnValue:
    is_demo = settings().demo
    groups = buttons_by_role(queries.demo_slugs(db_session())) if is_demo else []
    return render_template(
        "identity/sign_in.html",
        form=form,
        next=safe_next(request.values.get(NEXT)) or "",
        is_demo=is_demo,
        groups=groups,
        what_they_do=WHAT_THEY_DO,
        load_demo=LOAD_DEMO,
        openid=settings().openid,
        remembered=remembered_person(),
    ), status


def welcome(found: SignedIn, target: str | None) -> Response:
    """Give the browser its new secret; nothing of the time before the sign-in is kept."""
    form_session.clear()
    there = safe_next(target) or start_page(found.actor)
    if awaits_second_step(
        found.actor,
        has_app=found.has_app,
        passed_at=found.passed_at,
        staff_must=settings().second_factor,
    ):
        form_session[NEXT], there = safe_next(target), url_for("second_factor.second_step")
    response = redirect_signed_in(there, found)
    _delete_cookie(response, _bind_name())
    return response


def redirect_signed_in(there: str, found: SignedIn) -> Response:
    """Send the browser on with the secret of its session, kept for weeks by who is remembered."""
    response = make_response(redirect(there))
    holds = found.ends_at - found.begun_at if found.is_remembered else None
    set_secret_cookie(response, session_cookie_name(), found.secret, holds)
    return response


def browser_here(bind: str | None = None) -> Browser:
    """Return where the request comes from."""
    return Browser(
        bind=_bind() if bind is None else bind,
        address=request.remote_addr or "",
        device=device_of(request.headers.get("User-Agent", "")),
        session_id=_session_id(),
    )


def device_cookie_name() -> str:
    """Return the name of the cookie by which a remembered device is known."""
    return "__Host-geraet" if is_https() else "geraet"


def remembered_person() -> User | None:
    """Return whom this browser remembers, None where it remembers nobody."""
    secret = request.cookies.get(device_cookie_name(), "")
    if not secret:
        return None
    return queries.person_of_device_or_none(db_session(), secret, clock.now())


def _session_id() -> int | None:
    found: int | None = g.get("user_session_id")
    waiting = at_the_door()
    return waiting.session_id if waiting else found


def _bind_name() -> str:
    return "__Host-anm" if is_https() else "anm"


def _bind() -> str:
    """Return the secret that ties links to this browser, empty if it has none of ours.

    A second mail within the ten minutes keeps it, so that the first mail's link holds as well.
    """
    given = request.cookies.get(_bind_name(), "")
    return given if BIND.fullmatch(given) else ""


def set_secret_cookie(response: Response, name: str, value: str, holds: timedelta | None) -> None:
    """Give the browser a secret that no script reads; None ends it with the browser."""
    response.set_cookie(
        name, value, max_age=holds, secure=is_https(), httponly=True, samesite="Lax", path="/"
    )


def _delete_cookie(response: Response, name: str) -> None:
    response.delete_cookie(name, secure=is_https(), httponly=True, samesite="Lax", path="/")
