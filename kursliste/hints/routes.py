"""The public form of a hint, and the page on which hints are settled."""

from typing import Final

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.hint import HintReason
from kursliste.domain.permissions import Permission
from kursliste.hints import actions, queries
from kursliste.infrastructure.database import transaction
from kursliste.reporting.hint_queries import open_hint, open_hints
from kursliste.web.access import public, requires
from kursliste.web.context import current_actor, db_session
from kursliste.web.forms import BaseForm
from kursliste.web.hint_words import HINT_REASON
from kursliste.web.languages import gettext as _
from kursliste.web.links import absolute
from kursliste.web.speaking import speaks

__all__ = ["bp"]

bp: Final = Blueprint("hints", __name__)
FORM: Final = "/kurse/<course_id>/stimmt-nicht-mehr"


class HintForm(BaseForm):
    """What is not right any more; ``website`` is a trap that people do not see."""

    reason = RadioField()
    comment = TextAreaField()
    website = StringField()


def _form() -> HintForm:
    form = HintForm(request.form)
    form.reason.label.text = _("Was stimmt nicht mehr?")
    form.reason.choices = [(reason.value, _(words)) for reason, words in HINT_REASON.items()]
    form.reason.validators = [InputRequired(_("Wählen Sie aus, was nicht mehr stimmt."))]
    form.comment.label.text = _("Möchten Sie etwas dazu sagen? (freiwillig)")
    form.comment.description = _("Höchstens 300 Zeichen. Schreiben Sie keine Namen von Personen.")
    return form


@bp.route(FORM, methods=["GET", "POST"])
@public
@speaks
def give(course_id: str) -> ResponseReturnValue:
    """Ask what is not right any more, and pass it on."""
    entry, edition = queries.published(db_session(), course_id)
    form = _form()
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                return _given(course_id, form)
            except RuleViolationError as violation:
                form.show(violation)
                status = 429 if violation.rule is Rule.TOO_MANY_TRIES else 422
    page = render_template("hints/give.html", entry=entry, edition=edition, form=form)
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _given(course_id: str, form: HintForm) -> ResponseReturnValue:
    if not form.website.data:  # a program filled in what nobody sees
        with transaction(db_session()):
            actions.give_hint(
                db_session(),
                course_id,
                reason=HintReason(form.reason.data),
                comment=form.comment.data or "",
                address=request.remote_addr or "",
                link=absolute("hints.own"),
                actor=current_actor(),
            )
    return redirect(url_for("hints.thanks", course_id=course_id))


@bp.get(f"{FORM}/danke")
@public
@speaks
def thanks(course_id: str) -> ResponseReturnValue:
    """Say what happens next."""
    entry, edition = queries.published(db_session(), course_id)
    return render_template("hints/thanks.html", entry=entry, edition=edition)


@bp.get("/hinweise")
@requires(Permission.HINT_SETTLE)
def own() -> ResponseReturnValue:
    """List the open hints about one's own courses, or those of one's district."""
    found = open_hints(db_session(), current_actor())
    return render_template("hints/own.html", hints=found)


@bp.post("/hinweise/<key:hint_id>/erledigt")
@requires(Permission.HINT_SETTLE)
def settle(hint_id: int) -> ResponseReturnValue:
    """Say that a hint was looked at."""
    session, actor = db_session(), current_actor()
    hint = open_hint(session, actor, hint_id)
    with transaction(session):
        actions.settle_hint(session, hint, actor=actor)
    flash(f"Der Hinweis zu „{hint.title}“ ist erledigt.", "success")
    return redirect(url_for("hints.own"))
