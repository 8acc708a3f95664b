"""The way through Excel: download the prefilled table, upload it, look at what changes, agree."""

import io

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import CombinedMultiDict

from kursliste.domain.errors import ConflictError, RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.infrastructure.database import transaction
from kursliste.intake.queries import code_tables_of
from kursliste.intake.sheet import read_sheets
from kursliste.intake.uploads import count_upload
from kursliste.models.report import Report
from kursliste.reporting import editing, queries, sheet_actions, sheet_page, sheet_state
from kursliste.reporting.blueprint import bp
from kursliste.reporting.round_trip import ReadTable, read_table
from kursliste.reporting.sheet_page import SheetFileForm
from kursliste.reporting.workbook import build_workbook
from kursliste.web.access import requires
from kursliste.web.codes import codes
from kursliste.web.context import current_actor, db_session

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _editable(report_id: int) -> Report:
    found = queries.own_report(db_session(), current_actor(), report_id)
    editing.check_editable(found)
    return found


@bp.get("/<key:report_id>/tabelle")
@requires(Permission.REPORT_EDIT)
def sheet(report_id: int) -> ResponseReturnValue:
    """Show the way through Excel: download here, upload here."""
    return _upload_page(_editable(report_id), SheetFileForm())


@bp.get("/<key:report_id>/tabelle.xlsx")
@requires(Permission.REPORT_EDIT)
def download_sheet(report_id: int) -> ResponseReturnValue:
    """Send the prefilled table of a report that may be changed."""
    found = _editable(report_id)
    return send_file(
        io.BytesIO(build_workbook(found, codes())),
        mimetype=XLSX,
        as_attachment=True,
        download_name=f"Meldung-{found.month}-{found.district.slug}.xlsx",
    )


@bp.post("/<key:report_id>/tabelle.xlsx")
@requires(Permission.REPORT_EDIT)
def upload_sheet(report_id: int) -> ResponseReturnValue:
    """Show what an uploaded table changes; with ``state`` take over what was shown."""
    form = SheetFileForm(CombinedMultiDict([request.files, request.form]))
    try:
        if "state" in request.form:
            return _answered(report_id)
        if form.validate():
            return _read(report_id, form)
    except RuleViolationError as violation:
        form.show(violation)
    return _upload_page(_editable(report_id), form)


def _read(report_id: int, form: SheetFileForm) -> ResponseReturnValue:
    """Read the file while no transaction is open: that takes seconds, and nobody shall wait."""
    session = db_session()
    with transaction(session):
        found = _editable(report_id)
        tables = code_tables_of(session)
        count_upload(session, actor=current_actor())
    sheets = read_sheets(form.file.data.read(), form.file.data.filename)
    found = _editable(report_id)
    return _difference(found, read_table(sheets, found, codes=codes(), tables=tables))


def _answered(report_id: int) -> ResponseReturnValue:
    session, actor = db_session(), current_actor()
    found = _editable(report_id)
    state = sheet_state.unpack(request.form["state"], found, person=actor.user_id, secret=_secret())
    if "apply" not in request.form:  # after a conflict: the same table against what is stored now
        return _difference(found, state.table)
    view = sheet_page.view_of(state.table, found, codes())
    form = sheet_page.sheet_form(view, request.form)
    if not form.validate():
        return _difference_page(found, view, form, request.form["state"]), 422
    edits = sheet_page.edits_of(state.table, view, state.versions, form)
    here = url_for("reporting.report", report_id=report_id)
    onward = url_for("reporting.submit", report_id=report_id)
    then = onward if request.form["apply"] == "submit" else here
    if edits.is_empty:
        flash("Die Tabelle ändert nichts. Bestätigt ist damit noch nichts.", "info")
        return redirect(then)
    try:
        with transaction(session):
            result = sheet_actions.apply_sheet(session, found, edits, actor=actor)
    except ConflictError as conflict:
        page = render_template(
            "reporting/sheet_conflict.html",
            report=found,
            conflicts=conflict.differences,
            state=request.form["state"],
            reload_url=here,
        )
        return page, 409
    except RuleViolationError as violation:
        form.show(violation)
        return _difference_page(found, view, form, request.form["state"]), 422
    flash(f"Tabelle übernommen: {sheet_page.told(result)}.", "success")
    return redirect(then)


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _difference(found: Report, table: ReadTable) -> ResponseReturnValue:
    view = sheet_page.view_of(table, found, codes())
    state = sheet_state.pack(table, found, person=current_actor().user_id, secret=_secret())
    return _difference_page(found, view, sheet_page.sheet_form(view), state)


def _difference_page(
    found: Report, view: sheet_page.SheetView, form: sheet_page.SheetForm, state: str
) -> str:
    return render_template(
        "reporting/sheet_difference.html",
        report=found,
        view=view,
        form=form,
        questions=[form[sheet_page.fate_name(row.id)] for row in view.missing],
        state=state,
    )


def _upload_page(found: Report, form: SheetFileForm) -> ResponseReturnValue:
    page = render_template("reporting/sheet_upload.html", report=found, form=form)
    return page, 422 if request.method == "POST" else 200
