"""The page of one course, and its calendar."""

from flask import Response, make_response, render_template
from flask.typing import ResponseReturnValue

from kursliste.catalogue.blueprint import A_WHILE, bp
from kursliste.catalogue.course_calendar import calendar_of
from kursliste.catalogue.course_page import course_page
from kursliste.catalogue.linked_data import structured_course
from kursliste.domain.errors import NotFoundError
from kursliste.web.access import public
from kursliste.web.context import db_session
from kursliste.web.links import absolute
from kursliste.web.speaking import speaks


@bp.get("/kurse/<course_id>")
@public
@speaks
def course(course_id: str) -> ResponseReturnValue:
    """Show one course with everything that somebody needs to go there."""
    page = course_page(db_session(), course_id)
    response = make_response(
        render_template(
            "catalogue/course.html",
            page=page,
            structured=structured_course(page) if page.is_current else None,
        )
    )
    if not page.is_current:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/kurse/<course_id>/kurs.ics")
@public
def course_file(course_id: str) -> Response:
    """Hand out the lessons and dates of a current course for somebody's calendar."""
    page = course_page(db_session(), course_id)
    if not page.is_current:
        raise NotFoundError(f"calendar of {course_id}")
    link = absolute("catalogue.course", course_id=course_id)
    response = make_response(calendar_of(page.card.entry, page.edition, link))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="kurs-{page.course_id}.ics"'
    response.headers["Cache-Control"] = A_WHILE
    return response
