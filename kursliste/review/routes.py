"""The pages of a coordinator: the month's board, a report, a question."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.errors import ConflictError, NotFoundError, RuleViolationError
from kursliste.domain.permissions import Actor, Permission
from kursliste.domain.statement import TAKEN_IN
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.masterdata.actions import open_round as open_month
from kursliste.masterdata.queries import coordinated_district, list_of, round_of
from kursliste.models.report import Report
from kursliste.reporting.hint_queries import open_hints
from kursliste.reporting.revision_actions import discard_revision
from kursliste.review import (
    actions,
    ask_routes,
    call_routes,
    correction_routes,
    fast_routes,
    giving_routes,
    handover_routes,
    merging_routes,
    queries,
    statement_routes,
    twice_routes,
)
from kursliste.review.blueprint import ONE_REPORT, bp
from kursliste.review.fast_routes import together_told
from kursliste.review.forms import CarryAllForm, NoteForm
from kursliste.review.month_page import month_page
from kursliste.review.onward import go_on
from kursliste.review.provider_queries import notes_about
from kursliste.review.report_page import report_page
from kursliste.web.access import requires
from kursliste.web.codes import codes
from kursliste.web.context import current_actor, db_session
from kursliste.web.error_words import message
from kursliste.web.forms import VersionedForm, number
from kursliste.web.labels import shown

# Naming the other groups of pages here is what puts them on the blueprint.
__all__ = [
    "ask_routes",
    "bp",
    "call_routes",
    "correction_routes",
    "fast_routes",
    "giving_routes",
    "handover_routes",
    "merging_routes",
    "statement_routes",
    "twice_routes",
]

Decision = Callable[[Session, Report, Actor, int], None]


@bp.get("/pruefung")
@requires(Permission.REPORT_REVIEW)
def start() -> ResponseReturnValue:
    """Go to the only district, or let the person choose one."""
    districts = queries.coordinated_districts(db_session(), current_actor())
    if len(districts) == 1:
        return redirect(url_for("review.board", district=districts[0].slug))
    return render_template("review/districts.html", districts=districts)


@bp.get("/pruefung/<slug:district>")
@requires(Permission.REPORT_REVIEW)
def board(district: str) -> ResponseReturnValue:
    """Show the month of a district: the newest round, or ``?monat=``."""
    session, actor = db_session(), current_actor()
    page = month_page(session, actor, district, _month(request.args.get("monat")))
    asked = page.board and page.board.round
    decided = _decided(session, actor, asked.id) if asked else None
    together = together_told(session, actor, asked) if asked else None
    return render_template("review/board.html", page=page, decided=decided, together=together)


@bp.post("/pruefung/<slug:district>/abfrage")
@requires(Permission.REPORT_REVIEW)
def open_round(district: str) -> ResponseReturnValue:
    """Open the round of a month: every provider of the district is asked."""
    session, actor = db_session(), current_actor()
    month = _month(request.form.get("month"))
    page = month_page(session, actor, district, None)
    if month is None or month not in {possible.month for possible in page.openable}:
        raise NotFoundError(f"month {month} to open")
    with transaction(session):
        opened = open_month(session, page.course_list, month, actor=actor)
    flash(
        f"Die Abfrage für {shown(month)} ist geöffnet. Meldeschluss ist am {shown(opened.due_on)}.",
        "success",
    )
    return redirect(url_for("review.board", district=district, monat=month))


@bp.route("/pruefung/<slug:district>/<month:month>/uebernehmen", methods=["GET", "POST"])
@requires(Permission.REPORT_REVIEW)
def carry_over_all(district: str, month: Month) -> ResponseReturnValue:
    """List every unconfirmed report of the month, then put them into the list together."""
    session, actor = db_session(), current_actor()
    found = coordinated_district(session, actor, district)
    asked = round_of(session, list_of(session, found), month)
    back = url_for("review.board", district=district, monat=month)
    if request.method == "POST":
        form = CarryAllForm(request.form)
        with transaction(session):
            count = actions.carry_over_all(
                session, asked, actor=actor, report_ids=form.report_id.data or ()
            )
        flash(f"Unbestätigt übernommen: {_reports(count)}.", "success" if count else "info")
        return redirect(back)
    reports = queries.reports_to_carry_over(session, actor, asked, on=clock.today())
    return render_template(
        "review/carry_over_all.html", district=found, month=month, reports=reports, back=back
    )


@bp.get(ONE_REPORT)
@requires(Permission.REPORT_REVIEW)
def report(district: str, month: Month, report_id: int) -> ResponseReturnValue:
    """Show a report: what changed, what looks odd, what was asked, and what can be done."""
    session, actor = db_session(), current_actor()
    found = queries.reviewed_report(session, actor, district, month, report_id)
    page = report_page(session, actor, found, codes())
    decided = _decided(session, actor, found.round_id)
    return render_template(
        "review/report.html",
        page=page,
        report=found,
        decided=decided,
        together=together_told(session, actor, found.round),
        may_speak=found.status in TAKEN_IN,
        notes=notes_about(session, actor, found.district, [found.provider_id]),
        note_form_fields=NoteForm(),
        hints=open_hints(
            session, actor, provider_id=found.provider_id, district_id=found.district_id
        ),
    )


@bp.post(f"{ONE_REPORT}/freigeben")
@requires(Permission.REPORT_REVIEW)
def approve(district: str, month: Month, report_id: int) -> ResponseReturnValue:
    """Approve, and go to the next report that waits."""

    def decide(session: Session, found: Report, actor: Actor, version: int) -> None:
        actions.approve_report(session, found, actor=actor, seen_version=version)

    return _decide(district, month, report_id, decide)


@bp.post(f"{ONE_REPORT}/uebernehmen")
@requires(Permission.REPORT_REVIEW)
def carry_over(district: str, month: Month, report_id: int) -> ResponseReturnValue:
    """Put a report that was never sent into the list unconfirmed, and go to the next."""

    def decide(session: Session, found: Report, actor: Actor, version: int) -> None:
        actions.carry_over_report(session, found, actor=actor, seen_version=version)

    return _decide(district, month, report_id, decide)


@bp.post(f"{ONE_REPORT}/wieder-oeffnen")
@requires(Permission.REPORT_REVIEW)
def reopen(district: str, month: Month, report_id: int) -> ResponseReturnValue:
    """Take a decision back; the report waits again."""

    def decide(session: Session, found: Report, actor: Actor, version: int) -> None:
        actions.reopen_report(session, found, actor=actor, seen_version=version)
        flash(f"Die Meldung von {found.provider.name} ist wieder offen zur Prüfung.", "success")

    return _decide(district, month, report_id, decide, stay=True)


@bp.post(f"{ONE_REPORT}/verwerfen")
@requires(Permission.REVISION_DISCARD)
def discard(district: str, month: Month, report_id: int) -> ResponseReturnValue:
    """Throw away what the provider changed after the approval; the approved version stands."""
    session, actor = db_session(), current_actor()
    found = queries.reviewed_report(session, actor, district, month, report_id)
    with transaction(session):
        discard_revision(session, found, actor=actor)
    flash("Die Änderungen sind verworfen. Es gilt die freigegebene Fassung.", "info")
    return redirect(url_for("review.report", district=district, month=month, report_id=report_id))


def _decide(
    district: str, month: Month, report_id: int, decide: Decision, *, stay: bool = False
) -> ResponseReturnValue:
    session, actor = db_session(), current_actor()
    found = queries.reviewed_report(session, actor, district, month, report_id)
    here = url_for("review.report", district=district, month=month, report_id=report_id)
    form = VersionedForm(request.form)
    try:
        with transaction(session):
            decide(session, found, actor, form.seen_version)
    except ConflictError as conflict:
        return _conflict(conflict, here)
    except RuleViolationError as violation:
        flash(message(violation), "error")
        return redirect(here)
    return redirect(here) if stay else go_on(found, entschieden=report_id)


@bp.post(f"{ONE_REPORT}/rueckfragen/<key:question_id>/erledigt")
@requires(Permission.REPORT_REVIEW)
def close_question(
    district: str, month: Month, report_id: int, question_id: int
) -> ResponseReturnValue:
    """Mark a question as settled."""
    session, actor = db_session(), current_actor()
    found = queries.reviewed_report(session, actor, district, month, report_id)
    question = queries.reviewed_question(session, found, question_id)
    with transaction(session):
        actions.close_question(session, question, actor=actor)
    flash("Die Rückfrage ist erledigt.", "success")
    return redirect(url_for("review.report", district=district, month=month, report_id=report_id))


def _conflict(conflict: ConflictError, reload_url: str) -> ResponseReturnValue:
    page = render_template(
        "errors/conflict.html",
        heading="Inzwischen hat sich die Meldung geändert",
        message="Ihre Entscheidung ist nicht gespeichert, denn seit Sie die Seite geöffnet haben, "
        "hat jemand anderes etwas getan. Öffnen Sie die Meldung neu und entscheiden Sie dann.",
        conflicts=conflict.differences,
        reload_url=reload_url,
    )
    return page, 409


def _decided(session: Session, actor: Actor, round_id: int) -> Report | None:
    """The report decided a moment ago, so that the page can offer to undo it."""
    key = number(request.args.get("entschieden"))
    return None if key is None else queries.decided_report_or_none(session, actor, round_id, key)


def _month(text: str | None) -> Month | None:
    if text is None:
        return None
    try:
        return Month.parse(text)
    except ValueError as error:
        raise NotFoundError(f"month {text}") from error


def _reports(count: int) -> str:
    return "1 Meldung" if count == 1 else f"{count} Meldungen"
