"""The coordinator's pages for taking over a list: upload, preview, mend, confirm."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.errors import ConflictError, NotFoundError, RuleViolationError
from kursliste.domain.permissions import Actor, Permission
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.intake import actions, queries
from kursliste.intake.faults import completed, faults
from kursliste.intake.forms import (
    DecisionForm,
    MendForm,
    UploadForm,
    decision_form,
    upload_form,
)
from kursliste.intake.outcome import place
from kursliste.intake.preview import Preview, PreviewRow, preview_of
from kursliste.intake.preview_cells import HEADINGS, REST
from kursliste.intake.uploads import count_upload, read_list
from kursliste.masterdata.queries import coordinated_district, list_of
from kursliste.models.masterdata import District
from kursliste.web.access import requires
from kursliste.web.codes import codes
from kursliste.web.context import current_actor, db_session
from kursliste.web.error_words import message
from kursliste.web.forms import VersionedForm

bp = Blueprint("intake", __name__)
ONE_UPLOAD: Final = "/uebernahme/<slug:district>/<key:upload_id>"


@bp.route("/uebernahme/<slug:district>", methods=["GET", "POST"])
@requires(Permission.LIST_TAKE_OVER)
def upload(district: str) -> ResponseReturnValue:
    """Choose a file and its month; the file is read while no transaction is open."""
    session, actor = db_session(), current_actor()
    with transaction(session):  # reading takes seconds, and nobody shall wait for it
        found = coordinated_district(session, actor, district)
        course_list = list_of(session, found)
        tables = queries.code_tables_of(session) if request.method == "POST" else None
    form = upload_form(_months())
    if tables is None:
        return _upload_page(session, actor, found, form, 200)
    if not form.validate():
        return _upload_page(session, actor, found, form, 422)
    month = form.chosen_month
    try:
        with transaction(session):
            count_upload(session, actor=actor)
        read = read_list(form.file.data.read(), form.file.data.filename, tables=tables, month=month)
        with transaction(session):
            kept = actions.keep_upload(
                session, course_list=course_list, month=month, read=read, actor=actor
            )
    except RuleViolationError as violation:
        form.show(violation)
        return _upload_page(session, actor, found, form, 422)
    return redirect(url_for("intake.preview", district=district, upload_id=kept.id))


def _months() -> list[Month]:
    now = Month.of(clock.today())
    return [now.previous(), now, now.next()]


def _upload_page(
    session: Session, actor: Actor, district: District, form: UploadForm, status: int
) -> ResponseReturnValue:
    page = render_template(
        "intake/upload.html",
        district=district,
        form=form,
        uploads=queries.uploads(session, actor, district),
    )
    return page, status


@bp.route(ONE_UPLOAD, methods=["GET", "POST"])
@requires(Permission.LIST_TAKE_OVER)
def preview(district: str, upload_id: int) -> ResponseReturnValue:
    """Show row by row what would be taken over; POST keeps decisions about names and words."""
    session, actor = db_session(), current_actor()
    found = queries.upload(session, actor, district, upload_id)
    page = preview_of(session, found, codes())
    if request.method == "GET":
        return _preview_page(page, decision_form(page, codes().offered(found.month)), 200)
    form = decision_form(page, codes().offered(found.month), request.form)
    if not form.validate():
        return _preview_page(page, form, 422)
    with transaction(session):
        actions.decide(session, found, form.decisions(page), actor=actor)
    flash("Ihre Auswahl ist gespeichert.", "success")
    return redirect(url_for("intake.preview", district=district, upload_id=upload_id))


def _preview_page(page: Preview, form: DecisionForm, status: int) -> ResponseReturnValue:
    shown = render_template(
        "intake/preview.html",
        page=page,
        form=form,
        headings=list(HEADINGS),
        rest_heading=REST,
        place=place,
    )
    return shown, status


@bp.route(f"{ONE_UPLOAD}/zeilen/<key:number>", methods=["GET", "POST"])
@requires(Permission.LIST_TAKE_OVER)
def mend(district: str, upload_id: int, number: int) -> ResponseReturnValue:
    """Mend one row: the form of a course, with what the list says about it beside."""
    session, actor = db_session(), current_actor()
    found = queries.upload(session, actor, district, upload_id)
    page = preview_of(session, found, codes())
    row = _row(page, number)
    form = MendForm(codes().offered(found.month, row.facts.get("course_type")), request.form, row)
    if request.method == "GET":
        form.show(row.points.faults)
        return _mend_page(page, row, form, 200)
    form_is_good = form.validate()
    values = form.values()
    if form_is_good:
        broken = faults(completed(values, codes()), codes())
        form.show(broken)
        form_is_good = not broken
    if not form_is_good:
        return _mend_page(page, row, form, 422)
    try:
        with transaction(session):
            actions.mend_row(
                session,
                found,
                number,
                values,
                seen_version=form.source.seen_version,
                actor=actor,
            )
    except ConflictError as conflict:
        form.source.version.data = str(_now(session, actor, page, number).course.version)
        return _mend_page(page, row, form, 409, conflict)
    flash(f"Ausgebessert: {row.place}.", "success")
    return redirect(_at_row(district, upload_id, number))


def _now(session: Session, actor: Actor, page: Preview, number: int) -> PreviewRow:
    """Return the row as it stands after somebody else mended it."""
    district = page.upload.course_list.district.slug
    found = queries.upload(session, actor, district, page.upload.id)
    return _row(preview_of(session, found, codes()), number)


def _row(page: Preview, number: int) -> PreviewRow:
    if number > len(page.rows):
        msg = f"row {number}"
        raise NotFoundError(msg)
    return page.rows[number - 1]


def _mend_page(
    page: Preview,
    row: PreviewRow,
    form: MendForm,
    status: int,
    conflict: ConflictError | None = None,
) -> ResponseReturnValue:
    template = "intake/mend_conflict.html" if conflict else "intake/mend.html"
    shown = render_template(
        template,
        page=page,
        item=row,
        form=form,
        conflicts=conflict.differences if conflict else (),
        reload_url=url_for(
            "intake.mend",
            district=page.upload.course_list.district.slug,
            upload_id=page.upload.id,
            number=row.number,
        ),
    )
    return shown, status


@bp.post(f"{ONE_UPLOAD}/zeilen/<key:number>/auslassen")
@requires(Permission.LIST_TAKE_OVER)
def leave_out(district: str, upload_id: int, number: int) -> ResponseReturnValue:
    """Leave one row out, or take it in again (``zurueck=1``)."""
    session, actor = db_session(), current_actor()
    found = queries.upload(session, actor, district, upload_id)
    with transaction(session):
        actions.leave_out_row(
            session, found, number, is_left_out=not request.form.get("zurueck"), actor=actor
        )
    return redirect(_at_row(district, upload_id, number))


def _at_row(district: str, upload_id: int, number: int) -> str:
    return url_for(
        "intake.preview", district=district, upload_id=upload_id, _anchor=f"zeile-{number}"
    )


@bp.post(f"{ONE_UPLOAD}/bestaetigen")
@requires(Permission.LIST_TAKE_OVER)
def take_over(district: str, upload_id: int) -> ResponseReturnValue:
    """Make reports of the list; a second click shows the result of the first."""
    session, actor = db_session(), current_actor()
    found = queries.upload(session, actor, district, upload_id)
    here = url_for("intake.preview", district=district, upload_id=upload_id)
    form = VersionedForm(request.form)
    try:
        with transaction(session):
            actions.take_over(session, found, seen_version=form.seen_version, actor=actor)
    except ConflictError as conflict:
        page = render_template(
            "errors/conflict.html",
            heading="Inzwischen hat sich die Vorschau geändert",
            message="Die Liste ist noch nicht übernommen. Öffnen Sie die Vorschau neu, prüfen Sie "
            "die Zeilen und bestätigen Sie dann.",
            conflicts=conflict.differences,
            reload_url=here,
        )
        return page, 409
    except RuleViolationError as violation:
        flash(f"Die Liste ist noch nicht übernommen. {message(violation)}", "error")
    return redirect(here)
