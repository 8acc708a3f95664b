"""The second step of signing in, and the app that it asks for (ADR 45)."""

from collections.abc import Callable
from typing import Final, TypeVar

import segno
from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as form_session
from flask.typing import ResponseReturnValue

from kursliste.domain.errors import RuleViolationError
from kursliste.domain.permissions import Actor, Permission
from kursliste.domain.second_factor import DEVICE_HOLDS, needs_second_factor, written
from kursliste.identity import queries, second_factor_actions
from kursliste.identity.beginning import SignedIn
from kursliste.identity.forms import SecondStepForm
from kursliste.identity.routes import (
    NEXT,
    browser_here,
    device_cookie_name,
    redirect_signed_in,
    remembered_person,
    set_secret_cookie,
    welcome,
)
from kursliste.identity.second_factor_actions import Proof
from kursliste.infrastructure.app_codes import enrolment_address
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.sealing import unsealed_or_none
from kursliste.models.identity import SecondFactor
from kursliste.web.access import (
    at_the_door,
    is_proven,
    prove_again,
    proves_again,
    public,
    requires,
    safe_next,
)
from kursliste.web.context import current_actor, db_session, settings

T = TypeVar("T")
bp: Final = Blueprint("second_factor", __name__)
WRONG: Final = (
    "Dieser Code gilt nicht. Warten Sie, bis die App den nächsten zeigt, und prüfen Sie die Uhr "
    "Ihres Telefons. Jeder Code gilt nur einmal."
)


@bp.route("/anmelden/zweiter-schritt", methods=["GET", "POST"])
@public
def second_step() -> ResponseReturnValue:
    """Ask who took the first step for the code of their app; who has none sets one up first."""
    waiting = at_the_door()
    if waiting is None:
        return redirect(url_for("identity.sign_in"))
    if not waiting.has_app:
        return redirect(url_for("second_factor.app"))
    form = SecondStepForm(request.form)

    def finish() -> tuple[SignedIn, str | None] | None:
        found = second_factor_actions.pass_second_step(
            db_session(), _proof(form), site=settings().base_url, actor=waiting.actor
        )
        if found is None:
            return None
        if not form.remembers.data:
            return found, None
        device = second_factor_actions.remember_device(
            db_session(), browser=browser_here(), actor=waiting.actor
        )
        return found, device

    done, status = _tried(form, finish)
    if done is not None:
        signed_in, device = done
        response = welcome(signed_in, form_session.get(NEXT))
        if device:
            set_secret_cookie(response, device_cookie_name(), device, DEVICE_HOLDS)
        return response
    return render_template("identity/second_step.html", form=form), status


@bp.route("/anmelden/geraet", methods=["GET", "POST"])
@public
def on_device() -> ResponseReturnValue:
    """Sign in on a remembered device with the app alone."""
    person = remembered_person()
    if person is None:
        return redirect(url_for("identity.sign_in"))
    form = SecondStepForm(request.form)
    found, status = _tried(
        form,
        lambda: second_factor_actions.sign_in_on_device(
            db_session(),
            request.cookies.get(device_cookie_name(), ""),
            _proof(form),
            actor=current_actor(),
        ),
    )
    if found is not None:
        return welcome(found, request.form.get(NEXT))
    return render_template(
        "identity/on_device.html",
        form=form,
        person=person,
        next=safe_next(request.values.get(NEXT)) or "",
    ), status


@bp.route("/konto/bestaetigen", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_USE)
def confirm() -> ResponseReturnValue:
    """Ask for the code again before something that cannot be undone."""
    form = SecondStepForm(request.form)
    there = safe_next(request.values.get(NEXT)) or url_for("identity.account")
    found, status = _tried(
        form,
        lambda: second_factor_actions.confirm_again(
            db_session(), _proof(form), site=settings().base_url, actor=current_actor()
        ),
    )
    if found is not None:
        return redirect_signed_in(there, found)
    return render_template("identity/confirm.html", form=form, next=there), status


@bp.get("/anmelden/app")
@public
def app() -> ResponseReturnValue:
    """Say what the app is for; show its picture once it was begun, and ask for a first code."""
    actor = _whoever()
    known = queries.own_second_factor_or_none(db_session(), actor)
    if known is not None and known.confirmed_at is not None:
        return redirect(url_for("identity.account"))
    return _app_page(SecondStepForm(), actor, known), 200


@bp.post("/anmelden/app")
@public
def begin_app() -> ResponseReturnValue:
    """Begin to set up an app: between the steps, or from the own account."""
    if at_the_door() is None and current_actor().is_signed_in and not is_proven(reading=True):
        return prove_again()
    with transaction(db_session()):
        second_factor_actions.begin_app(
            db_session(), secret_keys=settings().secret_keys, actor=_whoever()
        )
    return redirect(url_for("second_factor.app"))


@bp.post("/anmelden/app/pruefen")
@public
def set_up_app() -> ResponseReturnValue:
    """Let the app count if its first code is right, and show the paper codes once."""
    if at_the_door() is None and current_actor().is_signed_in and not is_proven(reading=False):
        return prove_again()
    actor, form = _whoever(), SecondStepForm(request.form)
    codes, status = _tried(
        form,
        lambda: second_factor_actions.set_up_app(
            db_session(), _proof(form), site=settings().base_url, actor=actor
        ),
    )
    if codes is not None:
        return _codes_page(codes, is_new=True)
    known = queries.own_second_factor_or_none(db_session(), actor)
    return _app_page(form, actor, known), status


@bp.post("/konto/ersatzcodes")
@requires(Permission.ACCOUNT_USE)
@proves_again
def new_paper_codes() -> ResponseReturnValue:
    """Make ten new paper codes and show them once."""
    with transaction(db_session()):
        codes = second_factor_actions.new_paper_codes(db_session(), actor=current_actor())
    return _codes_page(codes, is_new=False)


@bp.post("/konto/app/entfernen")
@requires(Permission.ACCOUNT_USE)
@proves_again
def remove_app() -> ResponseReturnValue:
    """Take the app away, for a new phone; staff set up the next one at once."""
    with transaction(db_session()):
        second_factor_actions.remove_app(
            db_session(), site=settings().base_url, actor=current_actor()
        )
    flash("Die App ist entfernt. Richten Sie die App auf dem neuen Telefon ein.", "success")
    return redirect(url_for("second_factor.app"))


def _tried(form: SecondStepForm, act: Callable[[], T | None]) -> tuple[T | None, int]:
    """Return what ``act`` gave for a code that was typed and holds, else None and the status.

    Tries that fail are committed: they are counted.
    """
    if request.method != "POST":
        return None, 200
    if not form.validate():
        return None, 422
    try:
        with transaction(db_session()):
            found = act()
    except RuleViolationError as violation:
        form.show(violation)
        return None, 429
    if found is None:
        form.code.errors = [*form.code.errors, WRONG]
        return None, 422
    return found, 200


def _proof(form: SecondStepForm) -> Proof:
    return Proof(form.code.data or "", browser_here(), settings().secret_keys)


def _whoever() -> Actor:
    """Return who waits at the door or is signed in; both may set up an app."""
    waiting = at_the_door()
    actor = waiting.actor if waiting else current_actor()
    if not actor.is_signed_in:
        abort(404)
    return actor


def _app_page(form: SecondStepForm, actor: Actor, known: SecondFactor | None) -> str:
    secret = known and unsealed_or_none(known.sealed_secret, secret_keys=settings().secret_keys)
    account = queries.own_account(db_session(), actor)
    address = secret and enrolment_address(secret, account=account.email, site="kursliste")
    return render_template(
        "identity/app.html",
        form=form,
        picture=segno.make(address, error="m").svg_inline(scale=5, border=2) if address else None,
        secret=secret and " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        address=address,
        must=settings().second_factor and needs_second_factor(actor),
    )


def _codes_page(codes: list[str], *, is_new: bool) -> ResponseReturnValue:
    response = make_response(
        render_template(
            "identity/paper_codes.html",
            codes=[written(code) for code in codes],
            is_new=is_new,
            next=safe_next(form_session.get(NEXT)) or url_for("identity.account"),
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response
