"""A form whose changes are shown before they are stored: what was, what will be, what looks odd."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kursliste.domain.errors import ConflictError, RuleViolationError
from kursliste.infrastructure.database import transaction
from kursliste.models.codes import CourseType, Level, StatusWords
from kursliste.models.masterdata import District
from kursliste.web.conflicts import both_versions
from kursliste.web.context import db_session
from kursliste.web.forms import BaseForm

CONFIRM, EDIT = "confirmed", "edit"
NOT_TYPED: Final = frozenset({"csrf_token", CONFIRM, EDIT})

Thing = CourseType | Level | StatusWords | District


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What would change (name, before, now), what looks odd about it, and what follows from it."""

    changes: Sequence[tuple[str, str, str]]
    odd: Sequence[str] = ()
    follows: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A form and what becomes of it.

    ``plan`` checks what was typed and tells what it changes, ``save`` stores it and returns what to
    tell; both raise RuleViolationError, ``save`` ConflictError where ``thing`` changed meanwhile.
    """

    form: BaseForm
    plan: Callable[[], Plan]
    save: Callable[[], str]
    then: str
    thing: Thing | None = None
    trail: Sequence[tuple[str, str]] = ()


def confirmed(asked: Asked, template: str, **context: object) -> ResponseReturnValue:
    """Show the form; show what was typed against what is stored; store it once it is confirmed.

    What was typed is kept on the way: through a mistake (422), second thoughts, and a conflict
    (409, with both versions).
    """
    form = asked.form
    is_sent = request.method == "POST" and EDIT not in request.form
    if is_sent and form.validate():
        try:
            plan = asked.plan()
            if not plan.changes:
                flash("Es hat sich nichts geändert.", "info")
                return redirect(asked.then)
            if CONFIRM not in request.form:
                return _confirm_page(asked, plan)
            with transaction(db_session()):
                told = asked.save()
        except ConflictError as conflict:
            versions = {} if asked.thing is None else {"version": asked.thing.version}
            return both_versions(conflict, versions)
        except RuleViolationError as violation:
            form.show(violation)
        else:
            flash(told, "success")
            return redirect(asked.then)
    page = render_template(
        template, form=form, thing=asked.thing, way=asked.trail, then=asked.then, **context
    )
    return page, 422 if is_sent else 200


def _confirm_page(asked: Asked, plan: Plan) -> str:
    typed = [
        (name, value) for name, value in request.form.items(multi=True) if name not in NOT_TYPED
    ]
    return render_template(
        "administration/confirm.html", plan=plan, typed=typed, action=request.path, way=asked.trail
    )
