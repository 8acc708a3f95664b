"""Kinds of courses: what they are called, when they hold, how lists kept by hand call them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.administration import code_actions
from kursliste.administration.blueprint import bp
from kursliste.administration.forms import CourseTypeForm, NewCourseTypeForm
from kursliste.domain.calendar import Month
from kursliste.domain.course_type import is_valid_in
from kursliste.domain.errors import ConflictError, NotFoundError, RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.infrastructure import clock
from kursliste.infrastructure.codes import load_codes
from kursliste.infrastructure.database import transaction
from kursliste.models.codes import CourseType
from kursliste.web.access import requires
from kursliste.web.conflicts import both_versions
from kursliste.web.context import current_actor, db_session


@bp.get("/kursarten")
@requires(Permission.CODES_EDIT)
def course_types() -> ResponseReturnValue:
    """List every kind of course; who ended is told apart."""
    month = Month.of(clock.today())
    kinds = load_codes(db_session()).course_types.values()
    over = {k.code for k in kinds if not is_valid_in(month, k.valid_from, k.valid_until)}
    return render_template("administration/course_types.html", kinds=list(kinds), over=over)


@bp.route("/kursarten/neu", methods=["GET", "POST"])
@requires(Permission.CODES_EDIT)
def add_course_type() -> ResponseReturnValue:
    """Add a kind of course."""
    session = db_session()
    form = NewCourseTypeForm(request.form, sort=500)
    form.offer(load_codes(session).levels.values())
    if request.method == "POST" and form.validate():
        try:
            with transaction(session):
                added = code_actions.add_course_type(
                    session,
                    form.code.data or "",
                    form.facts(),
                    form.aliases.data or "",
                    actor=current_actor(),
                )
        except RuleViolationError as violation:
            form.show(violation)
        else:
            flash(f"Angelegt: {added.label}.", "success")
            return redirect(url_for("administration.course_types"))
    page = render_template("administration/course_type.html", form=form, kind=None)
    return page, 422 if request.method == "POST" else 200


@bp.route("/kursarten/<code>", methods=["GET", "POST"])
@requires(Permission.CODES_EDIT)
def course_type(code: str) -> ResponseReturnValue:
    """Change a kind of course, or end it by its last day."""
    session = db_session()
    kind = session.get(CourseType, code)
    if kind is None:
        raise NotFoundError(f"course type {code}")
    version = kind.version
    names = "\n".join(code_actions.aliases_of(session, code))
    form = CourseTypeForm(request.form, obj=kind, aliases=names)
    form.offer(load_codes(session).levels.values())
    if request.method == "POST" and form.validate():
        try:
            with transaction(session):
                code_actions.change_course_type(
                    session,
                    code,
                    form.facts(),
                    form.aliases.data or "",
                    seen_version=form.seen_version,
                    actor=current_actor(),
                )
        except ConflictError as conflict:
            return both_versions(conflict, {"version": version})
        except RuleViolationError as violation:
            form.show(violation)
        else:
            flash("Gespeichert. Veröffentlichte Ausgaben behalten ihre Worte.", "success")
            return redirect(url_for("administration.course_types"))
    page = render_template("administration/course_type.html", form=form, kind=kind)
    return page, 422 if request.method == "POST" else 200
