"""Ordering a mail for each new list: from the public page, with its filters, without an account."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.catalogue.queries import district_by_slug
from kursliste.domain.errors import NotFoundError, Rule, RuleViolationError
from kursliste.domain.subscription import CONFIRM_WITHIN
from kursliste.infrastructure.database import transaction
from kursliste.models.masterdata import CourseList, District
from kursliste.readers import actions, queries
from kursliste.readers.actions import Wish
from kursliste.readers.blueprint import bp, links
from kursliste.readers.forms import OrderForm
from kursliste.readers.wishes import Wishes, wishes_of
from kursliste.web.access import public
from kursliste.web.context import current_actor, db_session
from kursliste.web.languages import current_language
from kursliste.web.speaking import speaks


@bp.route("/kurslisten/<slug:district>/abo", methods=["GET", "POST"])
@public
@speaks
def order(district: str) -> ResponseReturnValue:
    """Take an order; the filter of the list's page comes along in the address."""
    found, course_list = _list(district)
    wishes = wishes_of(db_session(), found, request.args.to_dict(flat=False))
    form = OrderForm(request.form)
    if request.method == "GET":
        return _page(found, course_list, wishes, form, 200)
    if not form.validate():
        return _page(found, course_list, wishes, form, 422)
    try:
        with transaction(db_session()):
            actions.request_subscription(
                db_session(),
                course_list,
                Wish(
                    email=form.address,
                    filters=wishes.filters,
                    filter_words=wishes.filter_words,
                    always=bool(form.always.data and wishes.filters),
                    language=current_language().code,
                ),
                address=request.remote_addr or "",
                links=links(),
                actor=current_actor(),
            )
    except RuleViolationError as violation:
        form.show(violation)
        status = 429 if violation.rule is Rule.TOO_MANY_TRIES else 422
        return _page(found, course_list, wishes, form, status)
    return redirect(url_for("readers.ordered", district=district))


@bp.get("/kurslisten/<slug:district>/abo/bestellt")
@public
@speaks
def ordered(district: str) -> ResponseReturnValue:
    """Say that a mail is on its way, the same for every address."""
    found = district_by_slug(db_session(), district)
    return render_template("readers/ordered.html", district=found, days=CONFIRM_WITHIN.days)


def _list(slug: str) -> tuple[District, CourseList]:
    found = district_by_slug(db_session(), slug)
    course_list = queries.first_list_or_none(db_session(), found)
    if course_list is None:
        raise NotFoundError(f"list of {slug}")
    return found, course_list


def _page(
    district: District, course_list: CourseList, wishes: Wishes, form: OrderForm, status: int
) -> ResponseReturnValue:
    return render_template(
        "readers/order.html",
        district=district,
        course_list=course_list,
        wishes=wishes,
        form=form,
        days=CONFIRM_WITHIN.days,
    ), status
