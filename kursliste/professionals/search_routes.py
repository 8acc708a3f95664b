"""The pages on which professionals keep searches."""

from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from kursliste.domain.errors import RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.domain.saved_search import LONGEST_NAME
from kursliste.infrastructure.database import transaction
from kursliste.professionals import search_actions, search_queries
from kursliste.professionals.blueprint import bp
from kursliste.professionals.forms import SearchForm
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session

PLACE: Final = "/gespeicherte-suchen"


@bp.get(PLACE)
@requires(Permission.SEARCH_SAVE)
def searches() -> ResponseReturnValue:
    """List one's own searches, in words, with the number of courses that fit now."""
    session, actor = db_session(), current_actor()
    found = [
        (
            search,
            search_queries.wanted(session, search.arguments),
            search_queries.count_now(session, search.arguments),
        )
        for search in search_queries.own_searches(session, actor)
    ]
    return render_template("professionals/searches.html", searches=found)


@bp.route(f"{PLACE}/neu", methods=["GET", "POST"])
@requires(Permission.SEARCH_SAVE)
def save() -> ResponseReturnValue:
    """Show what is about to be kept, and keep it."""
    session = db_session()
    arguments = request.args.to_dict(flat=False)
    wanted = search_queries.wanted(session, arguments)
    form = SearchForm(request.form or MultiDict({"name": _name(wanted.words)}))
    status = 200
    if request.method == "POST":
        try:
            with transaction(session):
                search_actions.save_search(
                    session, arguments, name=form.name.data or "", actor=current_actor()
                )
        except RuleViolationError as violation:
            form.show(violation)
            status = 422
        else:
            flash(
                "Die Suche ist gespeichert. Passt etwas Neues, bekommen Sie eine E-Mail.", "success"
            )
            return redirect(url_for(".searches"))
    page = render_template(
        "professionals/save_search.html",
        form=form,
        wanted=wanted,
        here=request.full_path.rstrip("?"),
        count=search_queries.count_now(session, wanted.arguments),
    )
    return page, status


def _name(words: object) -> str:
    return ", ".join(map(str, words))[:LONGEST_NAME] if isinstance(words, list) else ""


@bp.post(f"{PLACE}/<key:search_id>/anhalten")
@requires(Permission.SEARCH_SAVE)
def pause(search_id: int) -> ResponseReturnValue:
    """Write no mails about a search for a while."""
    session, actor = db_session(), current_actor()
    search = search_queries.own_search(session, actor, search_id)
    with transaction(session):
        search_actions.pause_search(session, search, actor=actor)
    flash(f"Zu „{search.name}“ kommt keine E-Mail mehr, bis Sie weitermachen.", "success")
    return redirect(url_for(".searches"))


@bp.post(f"{PLACE}/<key:search_id>/weiter")
@requires(Permission.SEARCH_SAVE)
def resume(search_id: int) -> ResponseReturnValue:
    """Go on with a search."""
    session, actor = db_session(), current_actor()
    search = search_queries.own_search(session, actor, search_id)
    with transaction(session):
        search_actions.resume_search(session, search, actor=actor)
    flash(f"Passt zu „{search.name}“ etwas Neues, bekommen Sie wieder eine E-Mail.", "success")
    return redirect(url_for(".searches"))


@bp.post(f"{PLACE}/<key:search_id>/loeschen")
@requires(Permission.SEARCH_SAVE)
def remove(search_id: int) -> ResponseReturnValue:
    """Forget a search."""
    session, actor = db_session(), current_actor()
    search = search_queries.own_search(session, actor, search_id)
    with transaction(session):
        search_actions.remove_search(session, search, actor=actor)
    flash("Die Suche ist gelöscht.", "success")
    return redirect(url_for(".searches"))
