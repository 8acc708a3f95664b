"""Drafts: a row saves itself while somebody types; without scripts the table's buttons do it."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from kursliste.domain.errors import ConflictError, NotFoundError, RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.infrastructure.database import transaction
from kursliste.models.report import Report, ReportedCourse
from kursliste.reporting import queries, report_page
from kursliste.reporting.blueprint import bp
from kursliste.reporting.forms import MonthlyTable, empty_table
from kursliste.reporting.table_routes import save_table
from kursliste.web.access import requires
from kursliste.web.codes import codes
from kursliste.web.context import current_actor, db_session


@bp.post("/<key:report_id>/kurse/<key:row_id>/entwurf")
@requires(Permission.REPORT_EDIT)
def save_draft(report_id: int, row_id: int) -> ResponseReturnValue:
    """Save what was typed into one row; answer with a piece of the page.

    What cannot be saved stays in its box: 422 says what is wrong, 409 what somebody else wrote
    meanwhile. The person decides about it when they save with a button.
    """
    session = db_session()
    found = queries.own_report(session, current_actor(), report_id)
    row = next((row for row in found.courses if row.id == row_id), None)
    if row is None:
        raise NotFoundError(f"row {row_id} of report {report_id}")
    table = MonthlyTable([row], request.form, codes())
    if not table.validate():
        return _piece(found, row, 422, wrong=_mistakes(table))
    try:
        with transaction(session):
            changed = save_table(found, table)
    except ConflictError as conflict:
        return _piece(found, row, 409, wrong=_conflict(conflict))
    except RuleViolationError as violation:
        table.show(violation)
        return _piece(found, row, 422, wrong=" ".join(table.form_errors))
    return _piece(found, row, 200, told="Entwurf gespeichert." if changed else "Nichts geändert.")


def _mistakes(table: MonthlyTable) -> str:
    return " ".join(
        f"{field.label.text}: {error}"
        for form in table.forms.values()
        for field in form
        for error in field.errors[-1:]
    )


def _conflict(conflict: ConflictError) -> str:
    found = "; ".join(
        f"{heading}: Sie „{mine or 'leer'}“, jetzt „{theirs or 'leer'}“"
        for heading, mine, theirs in conflict.differences
    )
    return (
        f"Inzwischen hat jemand anderes diesen Kurs geändert ({found}). Ihr Wert ist noch nicht "
        "gespeichert. Drücken Sie „Änderungen speichern“, dann wählen Sie."
    )


def _piece(
    found: Report, row: ReportedCourse, status: int, *, told: str = "", wrong: str = ""
) -> ResponseReturnValue:
    seen = report_page.view_of(found, codes(), empty_table())
    view = next(view for view in seen.rows if view.row.id == row.id)
    page = render_template(
        "reporting/draft.html",
        view=view,
        report_id=found.id,
        summary=seen.summary,
        told=told,
        wrong=wrong,
        # What the boxes may show as stored; after a refusal they keep what they knew.
        stored={} if wrong else view.stored,
    )
    return page, status
