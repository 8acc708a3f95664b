"""The page on which a time is set at which a month is published, moved, or given up."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.calendar import Month
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.domain.publication import instant_of
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.models.report import Round
from kursliste.publishing import queries
from kursliste.publishing.blueprint import bp
from kursliste.publishing.forms import OrderForm
from kursliste.publishing.mailing import readers_of
from kursliste.publishing.order_actions import cancel_publication, order_publication
from kursliste.publishing.order_queries import order_or_none
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session
from kursliste.web.filters import instant

PAGE = "/veroeffentlichung/<slug:district>/<month:month>/termin"


@bp.route(PAGE, methods=["GET", "POST"])
@requires(Permission.EDITION_PUBLISH)
def order(district: str, month: Month) -> ResponseReturnValue:
    """Let the month be published at a day and a time."""
    session, actor = db_session(), current_actor()
    found = queries.round_to_publish(session, actor, district, month)
    form = OrderForm(request.form)
    if request.method == "GET":
        form.mails_readers.process_data("ja")
        return _page(found, form, 200)
    if not form.validate() or form.day.data is None or form.at.data is None:
        return _page(found, form, 422)
    try:
        with transaction(session):
            made = order_publication(
                session,
                found,
                due_at=instant_of(form.day.data, form.at.data, now=clock.now()),
                seen_number=form.seen,
                reason=form.reason.data or "",
                mails_readers=form.mails_readers.data == "ja",
                actor=actor,
            )
    except RuleViolationError as violation:
        form.show(violation)
        return _page(found, form, 409 if violation.rule is Rule.EDITION_MOVED_ON else 422)
    flash(f"Die Liste erscheint von selbst am {instant(made.due_at)}.", "success")
    return redirect(url_for("publishing.checklist", district=district, month=month))


@bp.post(f"{PAGE}/loeschen")
@requires(Permission.EDITION_PUBLISH)
def cancel_order(district: str, month: Month) -> ResponseReturnValue:
    """Give the time up; nothing is published by itself then."""
    session, actor = db_session(), current_actor()
    found = queries.round_to_publish(session, actor, district, month)
    with transaction(session):
        is_gone = cancel_publication(session, found, actor=actor)
    told = "Der Termin ist gelöscht. Die Liste erscheint nicht von selbst."
    flash(told if is_gone else "Es gab keinen Termin mehr.", "success" if is_gone else "info")
    return redirect(url_for("publishing.checklist", district=district, month=month))


def _page(asked: Round, form: OrderForm, status: int) -> ResponseReturnValue:
    session = db_session()
    newest = queries.newest_number(session, asked.course_list, asked.month)
    # Only a page that shows the newest edition may let it be replaced.
    form.seen_number.raw_data, form.seen_number.data = None, newest
    return render_template(
        "publishing/order.html",
        asked=asked,
        form=form,
        newest=newest,
        order=order_or_none(session, asked),
        readers=readers_of(session, asked.course_list),
    ), status
