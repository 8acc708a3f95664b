"""The table of a report: every button saves what was typed before it does its own thing."""

from collections.abc import Callable, Collection

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.course import LateEntry
from kursliste.domain.errors import ConflictError, RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.domain.report import EDITABLE
from kursliste.infrastructure.database import transaction
from kursliste.models.report import Report
from kursliste.reporting import actions, late_actions, queries, report_page
from kursliste.reporting.blueprint import bp
from kursliste.reporting.forms import MonthlyTable, empty_table, prefix_of
from kursliste.reporting.hint_queries import open_hints
from kursliste.web.access import requires
from kursliste.web.codes import codes
from kursliste.web.conflicts import both_versions
from kursliste.web.context import current_actor, db_session


@bp.get("/<key:report_id>")
@requires(Permission.REPORT_READ)
def report(report_id: int) -> ResponseReturnValue:
    """Show a report: what is asked, the table of its courses, what happened so far."""
    return _report_page(queries.own_report(db_session(), current_actor(), report_id))


def _report_page(
    found: Report, table: MonthlyTable | None = None, status: int = 200
) -> ResponseReturnValue:
    table = table or empty_table()
    before = queries.rows_before(db_session(), found) if found.status in EDITABLE else ()
    late = queries.late_courses(found, before)
    page = render_template(
        "reporting/report.html",
        report=found,
        view=report_page.view_of(found, codes(), table, before),
        form=table,
        mistakes=table.mistakes(found.courses),
        statuses=codes().words.statuses,
        late_entries=[(word, word) for word in LateEntry],
        late=late,
        history=queries.history(db_session(), found),
        hints=open_hints(
            db_session(),
            current_actor(),
            provider_id=found.provider_id,
            district_id=found.district_id,
        ),
    )
    return page, status


Verb = Callable[[Report, MonthlyTable], str]


def _through_table(report_id: int, verb: Verb, then: str | None = None) -> ResponseReturnValue:
    """Save what was typed into the table and do ``verb``: no button throws typing away."""
    session = db_session()
    found = queries.own_report(session, current_actor(), report_id)
    table = MonthlyTable(found.courses, request.form, codes())
    if not table.validate():
        return _report_page(found, table, 422)
    try:
        with transaction(session):
            told = verb(found, table)
    except ConflictError as conflict:
        versions = {f"{prefix_of(row)}version": row.version for row in found.courses}
        here = url_for("reporting.save", report_id=report_id)
        return both_versions(conflict, versions, action=here)
    except RuleViolationError as violation:
        table.show(violation)
        return _report_page(found, table, 422)
    if told:
        flash(told, "success")
    return redirect(then or url_for("reporting.report", report_id=report_id))


def save_table(found: Report, table: MonthlyTable, confirm: Collection[int] = ()) -> int:
    """Take over the table inside the caller's transaction; return how many courses changed."""
    changes = actions.change_monthly(
        db_session(), found, table.edits(), actor=current_actor(), confirm=confirm
    )
    return sum(bool(moved) for moved in changes.values())


@bp.post("/<key:report_id>")
@requires(Permission.REPORT_EDIT)
def save(report_id: int) -> ResponseReturnValue:
    """Save the table; with ``confirm`` the changed courses are confirmed too."""

    def verb(found: Report, table: MonthlyTable) -> str:
        is_confirming = "confirm" in request.form
        told = _take_module(found, table)
        changed = save_table(found, table, table.changed(found.courses) if is_confirming else ())
        if told:
            return told
        if not changed:
            return ""
        told = f"{report_page.courses(changed)} gespeichert"
        return f"{told} und bestätigt." if is_confirming else f"{told}, noch nicht bestätigt."

    return _through_table(report_id, verb, _next_page(report_id))


def _take_module(found: Report, table: MonthlyTable) -> str:
    """Type the module that the calendar suggests for one row, where its button was pressed."""
    key = request.form.get("module", type=int)
    row = next((row for row in found.courses if row.id == key), None)
    if row is None or key not in table.forms:
        return ""
    module = report_page.module_of(row, queries.rows_before(db_session(), found))
    if module is None:
        return ""
    table.forms[row.id].current_module.data = module
    return f"Modul {module} gespeichert, noch nicht bestätigt: {row.title}."


def _next_page(report_id: int) -> str | None:
    """Return where the pressed button leads after saving; None for the report itself."""
    if "submit" in request.form:
        return url_for("reporting.submit", report_id=report_id)
    if "add" in request.form:
        return url_for("reporting.add_course", report_id=report_id)
    if "sheet" in request.form:
        return url_for("reporting.sheet", report_id=report_id)
    copied = request.form.get("copy", type=int)
    if copied is not None:
        return url_for("reporting.add_course", report_id=report_id, kopie=copied)
    row_id = request.form.get("edit", type=int)
    if row_id is not None:
        return url_for("reporting.edit_course", report_id=report_id, row_id=row_id)
    return None


@bp.post("/<key:report_id>/bestaetigen")
@requires(Permission.REPORT_EDIT)
def confirm_rest(report_id: int) -> ResponseReturnValue:
    """Save the table and confirm every course that nobody confirmed this month."""

    def verb(found: Report, table: MonthlyTable) -> str:
        save_table(found, table)
        count = actions.confirm_rest(db_session(), found, actor=current_actor())
        return f"{report_page.courses(count)} bestätigt." if count else "Alles ist schon bestätigt."

    return _through_table(report_id, verb)


@bp.post("/<key:report_id>/kurse/<key:row_id>/bestaetigen")
@requires(Permission.REPORT_EDIT)
def confirm_course(report_id: int, row_id: int) -> ResponseReturnValue:
    """Save the table and confirm one course."""

    def verb(found: Report, table: MonthlyTable) -> str:
        row = queries.own_row(db_session(), current_actor(), report_id, row_id)
        save_table(found, table, {row_id})
        if row_id not in table.forms:
            actions.confirm_course(db_session(), row, actor=current_actor())
        return f"Bestätigt: {row.title}."

    return _through_table(report_id, verb)


@bp.post("/<key:report_id>/kurse/<key:row_id>/beenden")
@requires(Permission.REPORT_EDIT)
def end_course(report_id: int, row_id: int) -> ResponseReturnValue:
    """Save the table and end one course."""

    def verb(found: Report, table: MonthlyTable) -> str:
        row = queries.own_row(db_session(), current_actor(), report_id, row_id)
        save_table(found, table)
        actions.end_course(db_session(), row, actor=current_actor())
        return f"Beendet: {row.title}. Der Kurs steht nicht mehr in der Liste."

    return _through_table(report_id, verb)


@bp.post("/<key:report_id>/kurse/<key:row_id>/absagen")
@requires(Permission.REPORT_EDIT)
def cancel_course(report_id: int, row_id: int) -> ResponseReturnValue:
    """Save the table and cancel one course."""

    def verb(found: Report, table: MonthlyTable) -> str:
        row = queries.own_row(db_session(), current_actor(), report_id, row_id)
        save_table(found, table)
        actions.cancel_course(db_session(), row, actor=current_actor())
        return f"Abgesagt: {row.title}. Die nächste Kursliste zeigt den Kurs noch als abgesagt."

    return _through_table(report_id, verb)


@bp.post("/<key:report_id>/kurse/<key:row_id>/weiterfuehren")
@requires(Permission.REPORT_EDIT)
def resume_course(report_id: int, row_id: int) -> ResponseReturnValue:
    """Save the table and take back the end or the cancellation of one course."""

    def verb(found: Report, table: MonthlyTable) -> str:
        row = queries.own_row(db_session(), current_actor(), report_id, row_id)
        save_table(found, table)
        actions.resume_course(db_session(), row, actor=current_actor())
        return f"Geht weiter: {row.title}."

    return _through_table(report_id, verb)


@bp.post("/<key:report_id>/nachholen")
@requires(Permission.REPORT_EDIT)
def adopt_course(report_id: int) -> ResponseReturnValue:
    """Save the table and fetch a course of the last report, or say that it has ended."""
    is_ended = "ended" in request.form
    course_id = request.form.get("ended" if is_ended else "adopt", "")

    def verb(found: Report, table: MonthlyTable) -> str:
        save_table(found, table)
        row = late_actions.adopt_course(
            db_session(), found, course_id, actor=current_actor(), is_ended=is_ended
        )
        return f"{'Beendet' if is_ended else 'Nachgeholt, noch nicht bestätigt'}: {row.title}."

    return _through_table(report_id, verb)
