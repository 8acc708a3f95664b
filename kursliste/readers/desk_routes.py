"""The coordinator's page about readers: how many there are, what was sent, who is added by hand."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.errors import ConflictError
from kursliste.domain.permissions import Permission
from kursliste.identity.forms import MailForm
from kursliste.infrastructure.database import transaction
from kursliste.masterdata.queries import coordinated_district, list_of
from kursliste.models.masterdata import CourseList
from kursliste.readers import actions, queries
from kursliste.readers.actions import Wish
from kursliste.readers.blueprint import bp, links
from kursliste.readers.forms import InviteForm, RulesForm
from kursliste.web.access import requires
from kursliste.web.conflicts import both_versions
from kursliste.web.context import current_actor, db_session

PAGE = "/veroeffentlichung/<slug:district>/verteiler"


@bp.get(PAGE)
@requires(Permission.SUBSCRIPTION_MANAGE)
def desk(district: str) -> ResponseReturnValue:
    """Show numbers and history; no address."""
    return _page(_list(district))


@bp.post(f"{PAGE}/einladen")
@requires(Permission.SUBSCRIPTION_MANAGE)
def invite(district: str) -> ResponseReturnValue:
    """Order for somebody who agreed; they confirm by mail."""
    course_list, form = _list(district), InviteForm(request.form, prefix="neu-")
    if not form.validate():
        return _page(course_list, status=422, invite=form)
    with transaction(db_session()):
        actions.invite_reader(
            db_session(),
            course_list,
            Wish(email=form.address, filters={}),
            links=links(),
            actor=current_actor(),
        )
    flash("Die E-Mail mit der Bitte um Bestätigung ist unterwegs.", "success")
    return redirect(url_for("readers.desk", district=district))


@bp.post(f"{PAGE}/entfernen")
@requires(Permission.SUBSCRIPTION_MANAGE)
def remove(district: str) -> ResponseReturnValue:
    """Remove an address that somebody asked to be removed."""
    course_list, form = _list(district), MailForm(request.form, prefix="weg-")
    if not form.validate():
        return _page(course_list, status=422, remove=form)
    with transaction(db_session()):
        count = actions.remove_reader(
            db_session(), course_list, form.address, actor=current_actor()
        )
    words = {0: "Diese Adresse steht nicht im Verteiler.", 1: "Ein Abo ist gelöscht."}
    flash(words.get(count, f"{count} Abos sind gelöscht."), "success" if count else "info")
    return redirect(url_for("readers.desk", district=district))


@bp.post(f"{PAGE}/regeln")
@requires(Permission.SUBSCRIPTION_MANAGE)
def change_rules(district: str) -> ResponseReturnValue:
    """Decide whether the Excel file goes along."""
    course_list, form = _list(district), RulesForm(request.form)
    if not form.validate():
        return _page(course_list, status=422, rules=form)
    try:
        with transaction(db_session()):
            actions.change_mailing_rules(
                db_session(),
                course_list,
                attaches=bool(form.attaches.data),
                most_kb=form.most_kb.data or 0,
                seen_version=form.seen_version,
                actor=current_actor(),
            )
    except ConflictError as conflict:
        version = queries.rules_of(db_session(), course_list).version or 0
        here = url_for("readers.desk", district=district)
        return both_versions(conflict, {"version": version}, reload_url=here)
    flash("Gespeichert. Es gilt ab der nächsten Ausgabe.", "success")
    return redirect(url_for("readers.desk", district=district))


def _list(slug: str) -> CourseList:
    session = db_session()
    return list_of(session, coordinated_district(session, current_actor(), slug))


def _page(course_list: CourseList, status: int = 200, **forms: Any) -> ResponseReturnValue:
    session = db_session()
    shown = {
        "invite": InviteForm(prefix="neu-"),
        "remove": MailForm(prefix="weg-"),
        "rules": RulesForm.of(queries.rules_of(session, course_list)),
        **forms,
    }
    return render_template(
        "readers/desk.html",
        course_list=course_list,
        district=course_list.district,
        counts=queries.counts_of(session, course_list),
        mailings=queries.mailings_of(session, course_list),
        **shown,
    ), status
