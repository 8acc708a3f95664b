"""How every form of the house answers: shown, saved, refused, or in conflict with somebody."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kursliste.domain.errors import ConflictError, RuleViolationError
from kursliste.infrastructure.database import transaction
from kursliste.masterdata.house_queries import Reach
from kursliste.models.masterdata import Contact, Provider, Venue
from kursliste.web.conflicts import both_versions
from kursliste.web.context import db_session
from kursliste.web.forms import BaseForm

Versioned = Provider | Venue | Contact


def answered(
    template: str,
    form: BaseForm,
    save: Callable[[int], str],
    then: str,
    *,
    thing: Versioned | None = None,
    back: str = "",
    **context: object,
) -> ResponseReturnValue:
    """Show a form, or save what was sent and go on to ``then``; ``back`` is for second thoughts.

    ``save`` is given the version that the person saw and returns what to tell. 422 and the form
    where something is wrong with it; 409 and both versions where ``thing`` changed meanwhile.
    """
    stored = 0 if thing is None else thing.version
    version = request.form.get("version", stored, type=int)
    if request.method == "POST" and form.validate():
        try:
            with transaction(db_session()):
                told = save(version)
        except ConflictError as conflict:
            return both_versions(conflict, {} if thing is None else {"version": thing.version})
        except RuleViolationError as violation:
            form.show(violation)
        else:
            flash(told, "success")
            return redirect(then)
    page = render_template(
        template, form=form, thing=thing, version=version, back=back or then, **context
    )
    return page, 422 if request.method == "POST" else 200


def told_reach(done: str, reach: Reach, old_words: str) -> str:
    """Return what was done, how many courses changed along, and where the old words stay."""
    told = [done]
    if reach.courses:
        told.append(f"Mitgeändert: {'1 Kurs' if reach.courses == 1 else f'{reach.courses} Kurse'}.")
    if reach.sent:
        number = (
            "1 eingereichten Meldung"
            if reach.sent == 1
            else f"{reach.sent} eingereichten Meldungen"
        )
        told.append(f"In {number} steht noch {old_words}.")
    return " ".join(told)
