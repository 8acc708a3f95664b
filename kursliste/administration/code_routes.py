"""Course types, levels and statuses: what they are called, from when until when they hold."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.administration.blueprint import bp
from kursliste.administration.code_forms import (
    LevelForm,
    NewTypeForm,
    StatusForm,
    TypeForm,
    WordForm,
)
from kursliste.administration.code_plans import (
    level_plan,
    new_type_plan,
    status_plan,
    type_plan,
    validity,
)
from kursliste.administration.confirming import Asked, confirmed
from kursliste.domain.errors import NotFoundError, RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.masterdata import code_actions, code_queries
from kursliste.masterdata.code_queries import COURSE_TYPE, STATUS
from kursliste.masterdata.code_tables import is_shipped
from kursliste.models.codes import CourseType, StatusWords
from kursliste.web.access import requires
from kursliste.web.code_words import TYPE_STATE
from kursliste.web.context import current_actor, db_session
from kursliste.web.error_words import message

KINDS = {"kursarten": COURSE_TYPE, "status": STATUS}
"""By the part of the address that names the table whose words are edited."""


@bp.get("/kursarten")
@requires(Permission.CODES_EDIT)
def course_types() -> ResponseReturnValue:
    """Show all course types by group, with their validity."""
    found = code_queries.course_types(db_session(), current_actor())
    groups: dict[str, list[CourseType]] = {}
    for one in found:
        groups.setdefault(one.course_group, []).append(one)
    today = clock.today()
    return render_template(
        "administration/course_types.html",
        groups=groups,
        validity={one.code: validity(one.valid_from, one.valid_until, today) for one in found},
        states=TYPE_STATE,
    )


@bp.route("/kursarten/neu", methods=["GET", "POST"])
@requires(Permission.CODES_EDIT)
def add_course_type() -> ResponseReturnValue:
    """Add a course type."""
    session, actor = db_session(), current_actor()
    form = NewTypeForm(request.form)
    form.offer(code_queries.levels(session, actor))

    def save() -> str:
        added = code_actions.add_course_type(session, form.code.data or "", form.facts, actor=actor)
        return f"Die Kursart „{added.label}“ ist angelegt."

    asked = Asked(
        form=form,
        plan=lambda: new_type_plan(session, form.code.data or "", form.facts),
        save=save,
        then=url_for("administration.course_types"),
        trail=_types_trail(),
    )
    return confirmed(asked, "administration/course_type.html", words=(), word_form=None)


@bp.route("/kursarten/<code>", methods=["GET", "POST"])
@requires(Permission.CODES_EDIT)
def course_type(code: str) -> ResponseReturnValue:
    """Show a course type; change what is said of it."""
    return _type_page(code)


def _type_page(code: str, word_form: WordForm | None = None) -> ResponseReturnValue:
    session, actor = db_session(), current_actor()
    found = code_queries.course_type(session, actor, code)
    form = TypeForm(None if word_form else request.form or None, obj=found)
    form.offer(code_queries.levels(session, actor))

    def save() -> str:
        code_actions.change_course_type(
            session, found, form.facts, seen_version=form.seen_version, actor=actor
        )
        return f"Die Kursart „{found.label}“ ist geändert."

    asked = Asked(
        form=form,
        plan=lambda: type_plan(session, found, form.facts),
        save=save,
        then=url_for("administration.course_types"),
        thing=found,
        trail=_types_trail(),
    )
    context = {
        "words": code_queries.words_for(session, COURSE_TYPE, code),
        "courses": code_queries.current_courses(session, code),
        "can_remove": not is_shipped(found) and not code_queries.is_used(session, code),
    }
    return _with_words(asked, "administration/course_type.html", word_form, context)


@bp.post("/kursarten/<code>/entfernen")
@requires(Permission.CODES_EDIT)
def remove_course_type(code: str) -> ResponseReturnValue:
    """Delete a type that was added by mistake."""
    session, actor = db_session(), current_actor()
    found = code_queries.course_type(session, actor, code)
    label = found.label
    try:
        with transaction(session):
            code_actions.remove_course_type(session, found, actor=actor)
    except RuleViolationError as violation:
        flash(message(violation), "error")
        return redirect(url_for("administration.course_type", code=code))
    flash(f"Die Kursart „{label}“ ist gelöscht.", "success")
    return redirect(url_for("administration.course_types"))


@bp.get("/niveaus")
@requires(Permission.CODES_EDIT)
def levels() -> ResponseReturnValue:
    """Show the levels and the statuses."""
    session, actor = db_session(), current_actor()
    return render_template(
        "administration/levels.html",
        levels=code_queries.levels(session, actor),
        statuses=code_queries.statuses(session, actor),
    )


@bp.route("/niveaus/<code>", methods=["GET", "POST"])
@requires(Permission.CODES_EDIT)
def level(code: str) -> ResponseReturnValue:
    """Change how a level is called."""
    session, actor = db_session(), current_actor()
    found = code_queries.level(session, actor, code)
    form = LevelForm(request.form, obj=found)

    def save() -> str:
        code_actions.change_level(
            session, found, form.label.data or "", seen_version=form.seen_version, actor=actor
        )
        return f"Das Niveau heißt jetzt „{found.label}“."

    asked = Asked(
        form=form,
        plan=lambda: level_plan(session, found, form.label.data or ""),
        save=save,
        then=url_for("administration.levels"),
        thing=found,
        trail=_levels_trail(),
    )
    return confirmed(asked, "administration/level.html")


@bp.route("/status/<code>", methods=["GET", "POST"])
@requires(Permission.CODES_EDIT)
def status(code: str) -> ResponseReturnValue:
    """Change the words of a status."""
    return _status_page(code)


def _status_page(code: str, word_form: WordForm | None = None) -> ResponseReturnValue:
    session, actor = db_session(), current_actor()
    found = code_queries.status_words(session, actor, code)
    form = StatusForm(None if word_form else request.form, obj=found)

    def save() -> str:
        code_actions.change_status_words(
            session, found, form.facts, seen_version=form.seen_version, actor=actor
        )
        return f"Der Status heißt jetzt „{found.label}“."

    asked = Asked(
        form=form,
        plan=lambda: status_plan(session, found, form.facts),
        save=save,
        then=url_for("administration.levels"),
        thing=found,
        trail=_levels_trail(),
    )
    context = {"words": code_queries.words_for(session, STATUS, code)}
    return _with_words(asked, "administration/status.html", word_form, context)


@bp.post("/<slug:table>/<code>/woerter")
@requires(Permission.CODES_EDIT)
def add_word(table: str, code: str) -> ResponseReturnValue:
    """Add a word by which imports know a type or a status."""
    session, actor = db_session(), current_actor()
    found = _named(table, code)
    form = WordForm(request.form)
    if form.validate():
        try:
            with transaction(session):
                added = code_actions.add_word(
                    session, KINDS[table], found, form.alias.data or "", actor=actor
                )
        except RuleViolationError as violation:
            form.show(violation)
        else:
            flash(f"„{added.alias}“ steht ab jetzt für „{found.label}“.", "success")
            return redirect(_page_of(table, code))
    return _type_page(code, form) if KINDS[table] == COURSE_TYPE else _status_page(code, form)


@bp.post("/<slug:table>/<code>/woerter/<key:alias_id>/entfernen")
@requires(Permission.CODES_EDIT)
def remove_word(table: str, code: str, alias_id: int) -> ResponseReturnValue:
    """Take a word away."""
    session, actor = db_session(), current_actor()
    _named(table, code)
    found = code_queries.word(session, KINDS[table], code, alias_id)
    told = f"„{found.alias}“ ist entfernt."
    with transaction(session):
        code_actions.remove_word(session, found, actor=actor)
    flash(told, "success")
    return redirect(_page_of(table, code))


def _named(table: str, code: str) -> CourseType | StatusWords:
    session, actor = db_session(), current_actor()
    if table not in KINDS:
        raise NotFoundError(f"code table {table}")
    if KINDS[table] == COURSE_TYPE:
        return code_queries.course_type(session, actor, code)
    return code_queries.status_words(session, actor, code)


def _page_of(table: str, code: str) -> str:
    is_type = KINDS[table] == COURSE_TYPE
    return url_for(f"administration.{'course_type' if is_type else 'status'}", code=code)


def _with_words(
    asked: Asked,
    template: str,
    word_form: WordForm | None,
    context: Mapping[str, Any],  # whatever a template is given
) -> ResponseReturnValue:
    """Show the page of a type or a status; with ``word_form`` after a word that was refused."""
    if word_form is None:
        return confirmed(asked, template, word_form=WordForm(), **context)
    page = render_template(
        template,
        form=asked.form,
        thing=asked.thing,
        way=asked.trail,
        then=asked.then,
        word_form=word_form,
        **context,
    )
    return page, 422


def _types_trail() -> Sequence[tuple[str, str]]:
    return [("Kursarten", url_for("administration.course_types"))]


def _levels_trail() -> Sequence[tuple[str, str]]:
    return [("Niveaus und Status", url_for("administration.levels"))]
