"""What stays inside: notes about a provider, its page in a district, and the handover."""

from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.calendar import Month
from kursliste.domain.errors import RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.domain.round import UnconfirmedRule
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.masterdata.queries import coordinated_district
from kursliste.models.masterdata import District
from kursliste.review import note_actions, provider_queries, queries
from kursliste.review.blueprint import ONE_REPORT, bp
from kursliste.review.forms import NoteForm, UnconfirmedForm
from kursliste.review.handover import handover as handover_page
from kursliste.review.handover import handover_of
from kursliste.review.unconfirmed_actions import decide_unconfirmed
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session

ONE_PROVIDER: Final = "/pruefung/<slug:district>/traeger/<key:provider_id>"


@bp.get("/pruefung/<slug:district>/uebergabe")
@requires(Permission.NOTE_WRITE)
def handover(district: str) -> ResponseReturnValue:
    """Show what a deputy or a successor needs, on one page that can be printed."""
    page = handover_page(db_session(), current_actor(), district)
    return render_template("review/handover.html", page=page, today=clock.today())


@bp.get(ONE_PROVIDER)
@requires(Permission.NOTE_WRITE)
def provider(district: str, provider_id: int) -> ResponseReturnValue:
    """Show one provider as this district knows it: open matters, notes, contacts, months."""
    return _provider_page(district, provider_id, NoteForm(), 200)


@bp.post(f"{ONE_PROVIDER}/notizen")
@requires(Permission.NOTE_WRITE)
def write_note(district: str, provider_id: int) -> ResponseReturnValue:
    """Keep a note about a provider."""
    found = coordinated_district(db_session(), current_actor(), district)
    there = url_for("review.provider", district=district, provider_id=provider_id)
    return _write(found, provider_id, f"{there}#notizen")


@bp.post(f"{ONE_REPORT}/notiz")
@requires(Permission.NOTE_WRITE)
def write_note_at_report(district: str, month: Month, report_id: int) -> ResponseReturnValue:
    """Keep a note about the provider whose report is being reviewed, and go back to it."""
    found = queries.reviewed_report(db_session(), current_actor(), district, month, report_id)
    there = url_for("review.report", district=district, month=month, report_id=report_id)
    return _write(found.district, found.provider_id, f"{there}#notizen")


@bp.route(f"{ONE_PROVIDER}/notizen/<key:note_id>/loeschen", methods=["GET", "POST"])
@requires(Permission.NOTE_WRITE)
def remove_note(district: str, provider_id: int, note_id: int) -> ResponseReturnValue:
    """Show a note once more, then remove it for good."""
    session, actor = db_session(), current_actor()
    home = coordinated_district(session, actor, district)
    found = provider_queries.reviewed_provider(session, actor, home, provider_id)
    note = provider_queries.note_about(session, actor, home, found, note_id)
    back = url_for("review.provider", district=district, provider_id=provider_id)
    if request.method == "GET":
        return render_template(
            "review/note_remove.html", district=home, provider=found, note=note, back=back
        )
    with transaction(session):
        note_actions.remove_note(session, note, actor=actor)
    flash("Die Notiz ist gelöscht.", "success")
    return redirect(f"{back}#notizen")


@bp.post(f"{ONE_REPORT}/unbestaetigt")
@requires(Permission.REPORT_REVIEW)
def unconfirmed(district: str, month: Month, report_id: int) -> ResponseReturnValue:
    """Print or leave out a report's unconfirmed rows this month; the list's own way is no word."""
    session, actor = db_session(), current_actor()
    found = queries.reviewed_report(session, actor, district, month, report_id)
    form = UnconfirmedForm(request.form)
    if form.validate():
        rule = UnconfirmedRule(form.rule.data)
        usual = found.round.course_list.unconfirmed_rule
        with transaction(session):
            decide_unconfirmed(session, found, rule=None if rule is usual else rule, actor=actor)
        flash(_TOLD[rule].format(name=found.provider.name), "success")
    return redirect(url_for("review.report", district=district, month=month, report_id=report_id))


_TOLD: Final = {
    UnconfirmedRule.PRINT: "Nicht bestätigte Kurse von {name} stehen in der Liste, mit dem Datum "
    "ihrer letzten Bestätigung.",
    UnconfirmedRule.LEAVE_OUT: "Nicht bestätigte Kurse von {name} bleiben in diesem Monat weg.",
}


def _write(district: District, provider_id: int, there: str) -> ResponseReturnValue:
    session, actor = db_session(), current_actor()
    about = provider_queries.reviewed_provider(session, actor, district, provider_id)
    form = NoteForm(request.form)
    if form.validate():
        try:
            with transaction(session):
                note_actions.write_note(
                    session, district, about, text=form.text.data or "", actor=actor
                )
        except RuleViolationError as violation:
            form.show(violation)
        else:
            flash(f"Die Notiz zu {about.name} ist gespeichert.", "success")
            return redirect(there)
    return _provider_page(district.slug, provider_id, form, 422)


def _provider_page(
    district: str, provider_id: int, form: NoteForm, status: int
) -> ResponseReturnValue:
    page = handover_of(db_session(), current_actor(), district, provider_id)
    return render_template("review/provider.html", page=page, form=form), status
