"""The pages for professionals; nobody else learns that they exist, and no cache keeps them."""

from typing import Final

from flask import Response, flash, make_response, redirect, render_template, request
from flask import url_for as address_of
from flask.typing import ResponseReturnValue

from kursliste.domain.errors import NotFoundError, RuleViolationError
from kursliste.domain.permissions import Permission, may
from kursliste.infrastructure.database import transaction
from kursliste.professionals import actions, queries, search_routes
from kursliste.professionals.blueprint import bp
from kursliste.professionals.forms import CourseNoteForm
from kursliste.professionals.page import InternalCourse, internal_course, internal_page
from kursliste.publishing.freezing import workbook_for_professionals
from kursliste.web import downloads
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session, shelf
from kursliste.web.downloads import Download

__all__ = ["bp", "search_routes"]

LIST: Final = "/kurslisten/<slug:district>/intern"
COURSE: Final = f"{LIST}/<course_id>"
NOT_KEPT: Final = "private, no-store"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.after_request
def keep_nothing(response: Response) -> Response:
    """Let no search engine keep a page of professionals; for caches ``web.security`` says it."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get(LIST)
@requires(Permission.EDITION_READ_INTERNAL)
def internal(district: str) -> ResponseReturnValue:
    """Show the current list with internal rows, facts and notes, or that there is none yet."""
    arguments = request.args.to_dict(flat=False)
    try:
        page = internal_page(db_session(), current_actor(), district, arguments)
    except NotFoundError:
        found = queries.own_district(db_session(), current_actor(), district)
        return render_template("professionals/nothing_yet.html", district=found)
    return render_template("professionals/list.html", page=page)


@bp.get(f"{LIST}.xlsx")
@requires(Permission.EDITION_READ_INTERNAL)
def internal_file(district: str) -> ResponseReturnValue:
    """Hand out the internal workbook: the published one, or for counsellors their part of it."""
    found = queries.internal_list(db_session(), current_actor(), district)
    if found.sees_all:
        file = next((f for f in found.edition.files if f.name.endswith("-intern.xlsx")), None)
        if file is None:
            raise NotFoundError(f"internal file of {district}")
        return downloads.answer(
            shelf(),
            Download(
                place=f"{found.edition.folder}/{file.name}",
                name=file.name,
                media_type=XLSX,
                size=file.size,
                sha256=file.sha256,
                cache_control=NOT_KEPT,
            ),
        )
    response = make_response(workbook_for_professionals(found.edition))
    edition = found.edition
    name = f"kursliste-{edition.district_slug}-{edition.month}-a{edition.number}-fachkreis.xlsx"
    response.headers["Content-Type"] = XLSX
    response.headers["Content-Security-Policy"] = downloads.SANDBOX
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@bp.get(COURSE)
@requires(Permission.EDITION_READ_INTERNAL)
def course(district: str, course_id: str) -> ResponseReturnValue:
    """Show one course with its internal facts and the notes about it."""
    page = internal_course(db_session(), current_actor(), district, course_id)
    return _course(page, CourseNoteForm())


def _course(page: InternalCourse, form: CourseNoteForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    removable = {
        note.id
        for note in page.inside.notes
        if may(actor, Permission.COURSE_NOTE_REMOVE, note.scope)
    }
    return (
        render_template("professionals/course.html", page=page, form=form, removable=removable),
        status,
    )


@bp.post(f"{COURSE}/notizen")
@requires(Permission.COURSE_NOTE_WRITE)
def write_note(district: str, course_id: str) -> ResponseReturnValue:
    """Keep a note about a course."""
    session, actor = db_session(), current_actor()
    page = internal_course(session, actor, district, course_id)
    form = CourseNoteForm(request.form)
    try:
        with transaction(session):
            actions.write_course_note(
                session, page.of.district.id, course_id, text=form.text.data or "", actor=actor
            )
    except RuleViolationError as violation:
        form.show(violation)
        return _course(page, form, 422)
    flash("Die Notiz ist gespeichert.", "success")
    return redirect(address_of(".course", district=district, course_id=course_id))


@bp.post(f"{COURSE}/notizen/<key:note_id>/loeschen")
@requires(Permission.COURSE_NOTE_REMOVE)
def remove_note(district: str, course_id: str, note_id: int) -> ResponseReturnValue:
    """Remove a note for good."""
    session, actor = db_session(), current_actor()
    home = queries.own_district(session, actor, district)
    note = queries.own_note(session, actor, note_id)
    if (note.district_id, note.course_id) != (home.id, course_id):
        raise NotFoundError(f"note {note_id} of {course_id} in {district}")
    with transaction(session):
        actions.remove_course_note(session, note, actor=actor)
    flash("Die Notiz ist gelöscht.", "success")
    return redirect(address_of(".course", district=district, course_id=course_id))
