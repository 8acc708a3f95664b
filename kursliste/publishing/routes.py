"""The page from which a month is published."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.calendar import Month
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.infrastructure.database import transaction
from kursliste.publishing import actions, erasure_routes, order_routes, queries, withdrawal_routes
from kursliste.publishing.blueprint import bp
from kursliste.publishing.checklist import checklist as month_checklist
from kursliste.publishing.forms import PublishForm
from kursliste.web.access import requires
from kursliste.web.codes import codes
from kursliste.web.context import current_actor, db_session, shelf

__all__ = ["bp", "erasure_routes", "order_routes", "withdrawal_routes"]


@bp.route("/veroeffentlichung/<slug:district>/<month:month>", methods=["GET", "POST"])
@requires(Permission.EDITION_PUBLISH)
def checklist(district: str, month: Month) -> ResponseReturnValue:
    """Show what is still open in a month, and publish it."""
    session, actor = db_session(), current_actor()
    found = queries.round_to_publish(session, actor, district, month)
    form = PublishForm(request.form)
    if request.method == "GET":
        form.mails_readers.process_data("ja")
        return _page(district, month, form, 200)
    if not form.validate():
        return _page(district, month, form, 422)
    try:
        with transaction(session):
            edition = actions.publish_edition(
                session,
                shelf(),
                course_list=found.course_list,
                month=month,
                seen_number=form.seen,
                reason=form.reason.data or "",
                actor=actor,
                mails_readers=form.mails_readers.data == "ja",
            )
    except RuleViolationError as violation:
        form.show(violation)
        return _page(district, month, form, 409 if violation.rule is Rule.EDITION_MOVED_ON else 422)
    flash(f"Die Ausgabe {edition.name} ist veröffentlicht.", "success")
    return redirect(url_for("publishing.checklist", district=district, month=month))


def _page(district: str, month: Month, form: PublishForm, status: int) -> ResponseReturnValue:
    found = month_checklist(db_session(), current_actor(), district, month, codes())
    # Only a page that shows the newest edition may let it be replaced.
    form.seen_number.raw_data, form.seen_number.data = None, found.newest
    return render_template("publishing/checklist.html", month=found, form=form), status
