"""The provider's pages: own reports, one course, submitting."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.errors import ConflictError, RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.domain.prefill import next_run
from kursliste.domain.report import EDITABLE, ReportAction, ReportStatus, allowed_actions
from kursliste.domain.round import RoundStatus
from kursliste.infrastructure import clock
from kursliste.infrastructure.codes import Codes
from kursliste.infrastructure.database import transaction
from kursliste.masterdata.house_queries import lists_of
from kursliste.models.report import Report, ReportedCourse
from kursliste.reporting import (
    actions,
    answer_routes,
    draft_routes,
    editing,
    interim_queries,
    interim_routes,
    queries,
    report_page,
    revision_actions,
    sheet_routes,
    table_routes,
)
from kursliste.reporting.blueprint import bp, review_link
from kursliste.reporting.forms import empty_table, suggestion
from kursliste.reporting.listed import bound_course_form, told_new
from kursliste.web.access import requires
from kursliste.web.codes import codes
from kursliste.web.conflicts import both_versions
from kursliste.web.context import current_actor, db_session
from kursliste.web.forms import BaseForm
from kursliste.web.links import absolute

# Naming the other groups of pages here is what puts them on the blueprint.
__all__ = [
    "answer_routes",
    "bp",
    "draft_routes",
    "interim_routes",
    "sheet_routes",
    "table_routes",
]


@bp.get("")
@requires(Permission.REPORT_READ)
def own_reports() -> ResponseReturnValue:
    """Show my reports: whose, for which month, how far, how long there is."""
    reports = queries.own_reports(db_session(), current_actor())
    today = clock.today()
    to_do = [found for found in reports if found.status in (ReportStatus.OPEN, *EDITABLE)]
    return render_template(
        "reporting/own_reports.html",
        waiting=[found for found in to_do if found.round.status is RoundStatus.OPEN],
        missed=[found for found in to_do if found.round.status is RoundStatus.CLOSED],
        sent=[found for found in reports if found not in to_do],
        published=interim_queries.count_published(db_session(), current_actor()),
        days_left={found.id: report_page.days_left(found.round.due_on, today) for found in reports},
    )


@bp.post("/<key:report_id>/beginnen")
@requires(Permission.REPORT_START)
def start(report_id: int) -> ResponseReturnValue:
    """Fill the report from the month before; pressed twice, it is simply opened.

    Who works in Excel goes on there (``sheet``) and need not see the table of the page.
    """
    session, actor = db_session(), current_actor()
    found = queries.own_report(session, actor, report_id)
    if ReportAction.START in allowed_actions(found.status):
        with transaction(session):
            actions.start_report(session, found, actor=actor)
    then = "reporting.sheet" if "sheet" in request.form else "reporting.report"
    return redirect(url_for(then, report_id=report_id))


@bp.route("/<key:report_id>/kurse/neu", methods=["GET", "POST"])
@requires(Permission.REPORT_EDIT)
def add_course(report_id: int) -> ResponseReturnValue:
    """Add a course: first its type, then a form that suggests what is usual for it."""
    session, actor = db_session(), current_actor()
    found = queries.own_report(session, actor, report_id)
    editing.check_editable(found)
    copied = _copied(found)
    like = copied or (found.courses[-1] if found.courses else None)
    offered = codes().offered(found.month)
    values = next_run(copied.facts()) if copied else _usual(offered, like)
    lists = lists_of(session, found.provider)
    form = bound_course_form(offered, request.form, values, lists, like)
    if request.method == "POST" and form.validate():
        try:
            with transaction(session):
                row = actions.add_course(session, found, form.facts(), actor=actor)
        except RuleViolationError as violation:
            form.show(violation)
        else:
            flash(" ".join([f"Hinzugefügt: {row.title}.", *told_new(row, lists)]), "success")
            return redirect(url_for("reporting.report", report_id=report_id))
    page = render_template(
        "reporting/add_course.html",
        report=found,
        form=form,
        copied=copied,
        course_types=offered.words.course_types,
        ended_type=_ended(offered, copied),
        is_chosen=copied or "art" in request.args or request.method == "POST",
    )
    return page, 422 if request.method == "POST" else 200


def _copied(found: Report) -> ReportedCourse | None:
    """Return the course whose next run is added (``?kopie=``), or None."""
    row_id = request.args.get("kopie", type=int)
    if row_id is None:
        return None
    return queries.own_row(db_session(), current_actor(), found.id, row_id)


def _usual(offered: Codes, like: ReportedCourse | None) -> dict[str, object]:
    return suggestion(offered, request.args.get("art", ""), like)


def _ended(offered: Codes, copied: ReportedCourse | None) -> str:
    """Return the name of the type that a new run can no longer have; empty if it can."""
    if copied is None or copied.course_type in offered.course_types:
        return ""
    return codes().course_types[copied.course_type].label


@bp.route("/<key:report_id>/kurse/<key:row_id>", methods=["GET", "POST"])
@requires(Permission.REPORT_EDIT)
def edit_course(report_id: int, row_id: int) -> ResponseReturnValue:
    """Change a course in four short sections."""
    session, actor = db_session(), current_actor()
    row = queries.own_row(session, actor, report_id, row_id)
    editing.check_editable(row.report)
    lists = lists_of(session, row.report.provider)
    offered = codes().offered(row.report.month, row.course_type)
    form = bound_course_form(offered, request.form, row.facts(), lists, row)
    version = request.form.get("version", row.version, type=int)
    if request.method == "POST" and form.validate():
        confirm = "confirm" in request.form
        try:
            with transaction(session):
                changes = actions.change_course(
                    session, row, form.facts(), seen_version=version, actor=actor, confirm=confirm
                )
        except ConflictError as conflict:
            return both_versions(conflict, {"version": row.version})
        except RuleViolationError as violation:
            form.show(violation)
        else:
            told = [report_page.saved(row.title, changes, is_confirmed=confirm)]
            flash(" ".join([*told, *told_new(row, lists)]), "success")
            return redirect(url_for("reporting.report", report_id=report_id))
    page = render_template(
        "reporting/edit_course.html",
        report=row.report,
        row=row,
        form=form,
        version=version,
        notices=report_page.notices(row, codes()),
    )
    return page, 422 if request.method == "POST" else 200


@bp.route("/<key:report_id>/einreichen", methods=["GET", "POST"])
@requires(Permission.REPORT_SUBMIT)
def submit(report_id: int) -> ResponseReturnValue:
    """Show what changes for the reader, ask once, send the report."""
    session, actor = db_session(), current_actor()
    found = queries.own_report(session, actor, report_id)
    here = url_for("reporting.report", report_id=report_id)
    if ReportAction.SUBMIT not in report_page.buttons(found):
        return redirect(here)
    form = BaseForm()
    if request.method == "POST":
        try:
            with transaction(session):
                actions.submit_report(
                    session,
                    found,
                    actor=actor,
                    link=absolute("reporting.report", report_id=report_id),
                    review_link=review_link(found),
                    confirm_all="confirm" in request.form,
                    nil="nil" in request.form,
                )
        except RuleViolationError as violation:
            form.show(violation)
        else:
            # Whoever sent it for a provider goes back to the review: the word is used up.
            return redirect(review_link(found) if actor.on_behalf else here)
    before = queries.previous_rows(session, found)
    page = render_template(
        "reporting/submit.html",
        report=found,
        form=form,
        view=report_page.view_of(found, codes(), empty_table()),
        changes=report_page.reader_changes(before, queries.listed_rows(found)),
        is_first=not before,
    )
    return page, 422 if request.method == "POST" else 200


@bp.post("/<key:report_id>/zuruecknehmen")
@requires(Permission.REPORT_SUBMIT)
def take_back(report_id: int) -> ResponseReturnValue:
    """Take a submitted report back to change it."""
    session, actor = db_session(), current_actor()
    found = queries.own_report(session, actor, report_id)
    with transaction(session):
        actions.take_back_report(session, found, actor=actor)
    flash("Ihre Meldung ist zurückgenommen. Reichen Sie sie nach dem Ändern neu ein.", "info")
    return redirect(url_for("reporting.report", report_id=report_id))


@bp.post("/<key:report_id>/aendern")
@requires(Permission.REPORT_SUBMIT)
def revise(report_id: int) -> ResponseReturnValue:
    """Open an approved report for changes; the approved version stays in the list meanwhile."""
    session, actor = db_session(), current_actor()
    found = queries.own_report(session, actor, report_id)
    with transaction(session):
        revision_actions.revise_report(session, found, actor=actor)
    return redirect(url_for("reporting.report", report_id=report_id))


@bp.post("/<key:report_id>/verwerfen")
@requires(Permission.REVISION_DISCARD)
def discard(report_id: int) -> ResponseReturnValue:
    """Throw the changes since the approval away."""
    session, actor = db_session(), current_actor()
    found = queries.own_report(session, actor, report_id)
    with transaction(session):
        revision_actions.discard_revision(session, found, actor=actor)
    flash("Ihre Änderungen sind verworfen. Es gilt die freigegebene Meldung.", "info")
    return redirect(url_for("reporting.report", report_id=report_id))
