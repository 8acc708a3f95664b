"""Giving courses to another provider: choose, see what happens, then do it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.calendar import Month
from kursliste.domain.errors import ConflictError, RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.infrastructure.database import transaction
from kursliste.masterdata.queries import coordinated_district
from kursliste.review import giving, provider_queries
from kursliste.review.blueprint import bp
from kursliste.review.giving import GivingPlan
from kursliste.review.giving_actions import give_courses
from kursliste.review.giving_forms import GivingForm
from kursliste.review.handover_routes import ONE_PROVIDER
from kursliste.review.merging_routes import MOVED_ON
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session
from kursliste.web.links import absolute

EDIT = "edit"


@bp.route(f"{ONE_PROVIDER}/kurse-uebergeben", methods=["GET", "POST"])
@requires(Permission.COURSES_HAND_OVER)
def give(district: str, provider_id: int) -> ResponseReturnValue:
    """Choose courses, receiver and month; show what would happen; do it once confirmed."""
    session, actor = db_session(), current_actor()
    home = coordinated_district(session, actor, district)
    giver = provider_queries.reviewed_provider(session, actor, home, provider_id)
    back = url_for("review.provider", district=district, provider_id=provider_id)
    if not giver.is_active:
        return redirect(back)
    courses = giving.courses_of(session, giver, home)
    others = giving.receivers(session, giver, home)
    form = GivingForm(request.form).of(courses, others, giving.months(session, home))
    context = {"district": home, "giver": giver, "form": form, "back": back}
    is_sent = request.method == "POST" and EDIT not in request.form
    if not (is_sent and form.validate()):
        page = render_template("review/give.html", courses=courses, others=others, **context)
        return page, 422 if is_sent else 200
    receiver = next(one for one in others if one.id == form.receiver.data)
    keys, month = form.courses.data or [], Month.parse(form.month.data or "")
    plan = giving.giving_plan(session, home, giver, receiver, keys=keys, month=month)
    status = _done(form, plan) if form.seal.data else 200
    if status is None:
        flash(f"Die Kurse gehören jetzt zu {receiver.name}.", "success")
        return redirect(back)
    plan = giving.giving_plan(session, home, giver, receiver, keys=keys, month=month)
    return render_template("review/give_confirm.html", plan=plan, **context), status


def _done(form: GivingForm, plan: GivingPlan) -> int | None:
    """Give the courses away; return None, or with which status the page says why not."""
    session, link = db_session(), absolute("reporting.own_reports")
    seal = form.seal.data or ""
    try:
        with transaction(session):
            give_courses(session, plan, seal=seal, link=link, actor=current_actor())
    except ConflictError:
        form.form_errors.append(MOVED_ON)
        return 409
    except RuleViolationError as violation:
        form.show(violation)
        return 422
    return None
