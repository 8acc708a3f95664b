"""The page for updates between two editions: seats and status of published courses."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.errors import ConflictError
from kursliste.domain.permissions import Permission
from kursliste.infrastructure.database import transaction
from kursliste.models.interim import InterimUpdate
from kursliste.reporting import interim_actions, interim_page, interim_queries
from kursliste.reporting.blueprint import bp
from kursliste.reporting.interim_actions import CHANGEABLE
from kursliste.reporting.interim_page import InterimTable
from kursliste.web.access import requires
from kursliste.web.codes import codes
from kursliste.web.conflicts import both_versions
from kursliste.web.context import current_actor, db_session


@bp.get("/zwischenmeldung")
@requires(Permission.INTERIM_REPORT)
def interim() -> ResponseReturnValue:
    """Show all published courses in one table; ``?kurs=`` leads to one of them."""
    return _page(_table())


@bp.post("/zwischenmeldung")
@requires(Permission.INTERIM_REPORT)
def report_interim() -> ResponseReturnValue:
    """Take over whatever was typed, for all courses at once, and say what readers see now."""
    table = _table()
    if not table.validate():
        return _page(table, 422)
    here = url_for("reporting.interim")
    try:
        updates = _save(table)
    except ConflictError as conflict:
        return both_versions(conflict, interim_page.seen_of(_published()), action=here)
    flash(interim_page.saved(updates, _published(), codes()), "success" if updates else "info")
    if _is_lost(table):
        flash(
            "Ein Kurs steht nicht mehr in der aktuellen Kursliste. Für ihn ist nichts gespeichert.",
            "warning",
        )
    return redirect(here)


def _save(table: InterimTable) -> list[InterimUpdate]:
    """All or nothing, also for a person who reports for several providers."""
    session, actor = db_session(), current_actor()
    with transaction(session):
        return [
            update
            for provider_id, tellings in table.tellings().items()
            for update in interim_actions.report_interim(
                session, provider_id, tellings, actor=actor
            )
        ]


def _published() -> Sequence[interim_queries.Published]:
    return interim_queries.published_courses(db_session(), current_actor())


def _table() -> InterimTable:
    return InterimTable(_published(), request.form, codes())


def _is_lost(table: InterimTable) -> bool:
    """Whether something was typed for a course that is not, or no longer, among the published."""
    known = [interim_page.prefix_of(one.entry.course_id) for one in table.courses]
    typed = [name for name, value in request.form.items() if value.strip()]
    ends = tuple(f"-{name}" for name in CHANGEABLE)
    return any(name.endswith(ends) and not name.startswith(tuple(known)) for name in typed)


def _page(table: InterimTable, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "reporting/interim.html",
        rows=interim_page.rows_of(table, codes(), request.args.get("kurs", "")),
        form=table,
        mistakes=table.mistakes(),
        statuses=codes().words.statuses.items(),
    )
    return page, status
