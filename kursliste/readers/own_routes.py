"""The pages behind the links of a reader's mails: confirm, change, end. The key is all it takes.

Looking changes nothing: mail scanners open every link. What acts is a button, and the one-click
address of RFC 8058, which mail programs call by POST without any token of ours.
"""

from typing import Final

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.catalogue.search import FLAGS
from kursliste.domain.errors import RuleViolationError
from kursliste.domain.subscription import has_lapsed
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.models.subscription import Subscription
from kursliste.readers import actions, queries
from kursliste.readers.blueprint import bp
from kursliste.readers.wishes import Wishes, told, wishes_of
from kursliste.web.access import public
from kursliste.web.context import current_actor, db_session
from kursliste.web.error_words import message
from kursliste.web.languages import LANGUAGES, known
from kursliste.web.languages import gettext as _
from kursliste.web.speaking import speaks

KEY: Final = "<string(minlength=43, maxlength=43):key>"


@bp.get(f"/abo/{KEY}")
@public
@speaks
def subscription(key: str) -> ResponseReturnValue:
    """Show what a mail's link leads to: a button to confirm, or what can be changed."""
    found = _found(key)
    if found is None:
        return _gone()
    if found.is_active:
        return _own_page(key, found, _stored(found))
    is_late = found.confirmed_at is None and has_lapsed(found.requested_at, clock.now())
    words = told(db_session(), found.district, found.filters)
    return _private(
        render_template(
            "readers/confirm.html", key=key, subscription=found, is_late=is_late, words=words
        )
    )


@bp.post(f"/abo/{KEY}/bestaetigen")
@public
@speaks
def confirm(key: str) -> ResponseReturnValue:
    """Begin to write to the reader."""
    with transaction(db_session()):
        found = actions.confirm_subscription(db_session(), key, actor=current_actor())
    if found is None:
        return _gone()
    told = _("Ihr Abo ist bestätigt. Sie bekommen eine E-Mail, wenn eine neue Liste da ist.")
    flash(told, "success")
    return redirect(url_for("readers.subscription", key=key))


@bp.post(f"/abo/{KEY}")
@public
@speaks
def change(key: str) -> ResponseReturnValue:
    """Change the filter, and whether to write when nothing is new."""
    found = _found(key)
    if found is None:
        return _gone()
    arguments = request.form.to_dict(flat=False)
    wishes = wishes_of(db_session(), found.district, arguments, stored=found.filters)
    always = "always" in request.form
    if wishes.search.unknown:
        return _own_page(key, found, wishes, status=422)
    try:
        with transaction(db_session()):
            actions.change_subscription(
                db_session(),
                key,
                wishes.filters,
                always=always,
                language=_chosen_language(found),
                actor=current_actor(),
            )
    except RuleViolationError as violation:
        return _own_page(key, found, wishes, problem=message(violation), status=422)
    flash(_("Gespeichert. Das gilt ab der nächsten Liste."), "success")
    return redirect(url_for("readers.subscription", key=key))


@bp.get(f"/abo/{KEY}/abbestellen")
@public
@speaks
def ask_to_end(key: str) -> ResponseReturnValue:
    """Show the button that ends the subscription."""
    found = _found(key)
    if found is None:
        return _gone()
    words = told(db_session(), found.district, found.filters)
    return _private(render_template("readers/end.html", key=key, subscription=found, words=words))


@bp.post(f"/abo/{KEY}/abbestellen")
@public
@speaks
def end(key: str) -> ResponseReturnValue:
    """End the subscription, or all of the address; answered at once, without a redirect."""
    found = _found(key)
    district = found.district if found else None
    with transaction(db_session()):
        count = actions.end_subscription(
            db_session(), key, everything="alle" in request.form, actor=current_actor()
        )
    return _private(render_template("readers/ended.html", count=count, district=district))


def _found(key: str) -> Subscription | None:
    mail = queries.mail_by_key_or_none(db_session(), key)
    return mail.subscription if mail else None


def _stored(found: Subscription) -> Wishes:
    return wishes_of(db_session(), found.district, found.filters, stored=found.filters)


def _own_page(
    key: str,
    found: Subscription,
    wishes: Wishes,
    *,
    problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    others = queries.others_of(db_session(), found)
    page = render_template(
        "readers/subscription.html",
        key=key,
        subscription=found,
        wishes=wishes,
        always="always" in request.form if request.method == "POST" else found.always,
        words=told(db_session(), found.district, found.filters),
        others=[(one, told(db_session(), one.district, one.filters)) for one in others],
        flags=FLAGS,
        languages=LANGUAGES.values(),
        mails_in=_chosen_language(found),
        problem=problem,
    )
    return _private(page, status)


def _chosen_language(found: Subscription) -> str:
    """Return what the mails shall be written in: as chosen in the form, else as it was."""
    return known(request.form.get("mails_in", found.language))


def _gone() -> ResponseReturnValue:
    """One answer for keys that never were and for subscriptions that ended."""
    return _private(render_template("readers/gone.html"), 404)


def _private(page: str, status: int = 200) -> Response:
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
