"""A district's list: when it asks and reminds, and the dates of one round."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.calendar import Month
from kursliste.domain.errors import ConflictError, Rule, RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.domain.round import REOPENED_FOR, RoundStatus
from kursliste.domain.schedule import check_setup
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.masterdata import list_actions, round_actions
from kursliste.masterdata.blueprint import bp
from kursliste.masterdata.list_forms import ListForm, ReopenForm, RoundForm
from kursliste.masterdata.list_page import ListPage, coming_rounds, days_of, list_page, setup_of
from kursliste.masterdata.queries import coordinated_district, list_of, round_of
from kursliste.models.report import Round
from kursliste.web.access import requires
from kursliste.web.conflicts import both_versions
from kursliste.web.context import current_actor, db_session
from kursliste.web.error_words import message
from kursliste.web.labels import shown

ONE_ROUND = "/kreise/<slug:district>/abfragen/<month:month>"


@bp.get("/kreise/<slug:district>/termine")
@requires(Permission.LIST_CONFIGURE)
def dates(district: str) -> ResponseReturnValue:
    """Show when a list asks and reminds, with the days that follow from it."""
    page = _page(district)
    return _dates_page(page, ListForm(obj=page.course_list))


@bp.post("/kreise/<slug:district>/termine")
@requires(Permission.LIST_CONFIGURE)
def configure(district: str) -> ResponseReturnValue:
    """Change the dates of a list; with ``preview`` only show what would follow."""
    session, page = db_session(), _page(district)
    form = ListForm(request.form)
    if not form.validate():
        return _dates_page(page, form, 422)
    here = url_for("masterdata.dates", district=district, liste=request.args.get("liste"))
    try:
        if "preview" in request.form:
            check_setup(form.setup)
            return _dates_page(page, form)
        with transaction(session):
            is_changed = list_actions.configure_list(
                session,
                page.course_list,
                form.setup,
                seen_version=form.seen_version,
                actor=current_actor(),
            )
    except RuleViolationError as violation:
        form.show(violation)
        return _dates_page(page, form, 422)
    except ConflictError as conflict:
        versions = {form.version.name: page.course_list.version}
        return both_versions(conflict, versions, action=here)
    _tell(is_changed, "Die Termine sind gespeichert.")
    return redirect(here)


def _page(district: str) -> ListPage:
    return list_page(db_session(), current_actor(), district, request.args.get("liste"))


def _dates_page(page: ListPage, form: ListForm, status: int = 200) -> ResponseReturnValue:
    """Show the form with the rounds that follow from it, or from what is stored if it is wrong."""
    setup = setup_of(page.course_list) if form.errors else form.setup
    body = render_template(
        "masterdata/dates.html",
        page=page,
        form=form,
        reminds=setup.reminds,
        coming=coming_rounds(db_session(), page.course_list, setup),
    )
    return body, status


@bp.get(ONE_ROUND)
@requires(Permission.LIST_CONFIGURE)
def round_dates(district: str, month: Month) -> ResponseReturnValue:
    """Show the dates of one round."""
    return _round_page(_round(district, month))


@bp.post(ONE_ROUND)
@requires(Permission.LIST_CONFIGURE)
def move_round(district: str, month: Month) -> ResponseReturnValue:
    """Give an open round another deadline or end."""
    session, asked = db_session(), _round(district, month)
    here = _address(asked)
    if asked.status is RoundStatus.CLOSED:
        flash(message(RuleViolationError(Rule.ROUND_NOT_OPEN, month=month)), "error")
        return redirect(here)
    form = RoundForm(request.form)
    if not form.validate() or form.due_on.data is None:
        return _round_page(asked, form, status=422)
    try:
        with transaction(session):
            is_changed = round_actions.move_round(
                session,
                asked,
                due_on=form.due_on.data,
                open_until=form.open_until.data,
                seen_version=form.seen_version,
                actor=current_actor(),
            )
    except RuleViolationError as violation:
        form.show(violation)
        return _round_page(asked, form, status=422)
    except ConflictError as conflict:
        return both_versions(conflict, {form.version.name: asked.version}, action=here)
    _tell(is_changed, f"Die Termine der Abfrage für {shown(month)} sind gespeichert.")
    return redirect(here)


@bp.post(f"{ONE_ROUND}/schliessen")
@requires(Permission.LIST_CONFIGURE)
def close_round(district: str, month: Month) -> ResponseReturnValue:
    """Close a round before its time."""
    session, asked = db_session(), _round(district, month)
    try:
        with transaction(session):
            round_actions.close_now(session, asked, actor=current_actor())
    except RuleViolationError as violation:
        flash(message(violation), "info")
    else:
        flash(f"Die Abfrage für {shown(month)} ist abgeschlossen.", "success")
    return redirect(_address(asked))


@bp.post(f"{ONE_ROUND}/oeffnen")
@requires(Permission.LIST_CONFIGURE)
def reopen_round(district: str, month: Month) -> ResponseReturnValue:
    """Open a closed round again until the end of a day."""
    session, asked = db_session(), _round(district, month)
    form = ReopenForm(request.form)
    if not form.validate():
        return _round_page(asked, reopening=form, status=422)
    try:
        with transaction(session):
            round_actions.reopen_round(session, asked, until=form.until.data, actor=current_actor())
    except RuleViolationError as violation:
        form.until.errors = [*form.until.errors, message(violation)]
        return _round_page(asked, reopening=form, status=422)
    flash(
        f"Die Abfrage für {shown(month)} ist wieder offen, bis {shown(asked.open_until)}.",
        "success",
    )
    return redirect(_address(asked))


def _round(district: str, month: Month) -> Round:
    session = db_session()
    found = coordinated_district(session, current_actor(), district)
    return round_of(session, list_of(session, found, request.args.get("liste")), month)


def _address(asked: Round) -> str:
    return url_for(
        "masterdata.round_dates",
        district=asked.district.slug,
        month=asked.month,
        liste=request.args.get("liste"),
    )


def _round_page(
    asked: Round,
    form: RoundForm | None = None,
    *,
    reopening: ReopenForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    body = render_template(
        "masterdata/round.html",
        round=asked,
        is_open=asked.status is RoundStatus.OPEN,
        days=days_of(asked),
        form=form or RoundForm(obj=asked),
        reopening=reopening or ReopenForm(until=clock.today() + REOPENED_FOR),
        list_slug=request.args.get("liste"),
    )
    return body, status


def _tell(is_changed: bool, words: str) -> None:  # noqa: FBT001 -- the answer of an action
    flash(words if is_changed else "Es hat sich nichts geändert.", "success")
