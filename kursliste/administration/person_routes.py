"""Accounts: find, add, change, give and take roles, shut out."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.administration import person_actions, queries
from kursliste.administration.blueprint import bp
from kursliste.administration.forms import NewPersonForm, RoleForm
from kursliste.domain.errors import RuleViolationError
from kursliste.domain.permissions import Permission, Role
from kursliste.identity.queries import roles_of
from kursliste.identity.second_factor_actions import reset_second_factor
from kursliste.infrastructure.database import transaction
from kursliste.masterdata.answering import answered
from kursliste.masterdata.forms import InvitationForm
from kursliste.masterdata.queries import all_districts
from kursliste.models.identity import User
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session, settings
from kursliste.web.error_words import message
from kursliste.web.forms import number
from kursliste.web.labels import ROLE
from kursliste.web.links import absolute


@bp.get("/personen")
@requires(Permission.USER_MANAGE, steps_up=False)
def people() -> ResponseReturnValue:
    """Show who has an account, with search."""
    words = request.args.get("q", "").strip()[:100]
    given = request.args.get("aufgabe", "")
    role = Role(given) if given in set(Role) else None
    found = queries.people(
        db_session(),
        current_actor(),
        words=words,
        role=role,
        page=number(request.args.get("seite")) or 1,
    )
    return render_template(
        "administration/people.html",
        found=found,
        words=words,
        role=role,
        roles=ROLE,
        args={"q": words or None, "aufgabe": role.value if role else None},
    )


@bp.route("/personen/neu", methods=["GET", "POST"])
@requires(Permission.USER_ADD)
def add_person() -> ResponseReturnValue:
    """Add an account with its first role."""
    session, actor = db_session(), current_actor()
    form = NewPersonForm(request.form)
    form.offer(all_districts(session))

    def save(_version: int) -> str:
        added = person_actions.add_person(
            session,
            name=form.name.data or "",
            email=form.email.data or "",
            grant=form.grant,
            link=absolute("identity.sign_in"),
            actor=actor,
        )
        return (
            f"Das Konto von {added.name} ist angelegt. Die E-Mail an {added.email} ist unterwegs."
        )

    return answered("administration/person_new.html", form, save, url_for("administration.people"))


@bp.route("/personen/<key:user_id>", methods=["GET", "POST"])
@requires(Permission.USER_MANAGE)
def person(user_id: int) -> ResponseReturnValue:
    """Show one account; change name and address."""
    session, actor = db_session(), current_actor()
    found = queries.person(session, actor, user_id)
    form = InvitationForm(request.form, obj=found)
    roles = RoleForm()
    roles.offer(all_districts(session))

    def save(_version: int) -> str:
        person_actions.change_person(
            session,
            found,
            name=form.name.data or "",
            email=form.email.data or "",
            site=settings().base_url,
            actor=actor,
        )
        return "Gespeichert."

    return answered(
        "administration/person.html",
        form,
        save,
        _here(user_id),
        person=found,
        held=roles_of(session, found.id),
        seen=queries.signed_in_since(session, found),
        roles=roles,
        is_self=found.id == actor.user_id,
    )


@bp.post("/personen/<key:user_id>/aufgaben")
@requires(Permission.USER_MANAGE)
def grant_role(user_id: int) -> ResponseReturnValue:
    """Give a role."""
    session, actor = db_session(), current_actor()
    form = RoleForm(request.form)
    form.offer(all_districts(session))
    if not form.validate():
        flash("Wählen Sie eine Aufgabe aus der Liste.", "danger")
        return redirect(_here(user_id))
    return _done(
        user_id,
        lambda found: person_actions.grant_role(session, found, form.grant, actor=actor),
        "Die Aufgabe ist vergeben.",
    )


@bp.post("/personen/<key:user_id>/aufgaben/<key:membership_id>/entfernen")
@requires(Permission.USER_MANAGE)
def revoke_role(user_id: int, membership_id: int) -> ResponseReturnValue:
    """Take a role away."""
    session, actor = db_session(), current_actor()
    return _done(
        user_id,
        lambda found: person_actions.revoke_role(session, found, membership_id, actor=actor),
        "Die Aufgabe ist entfernt.",
    )


@bp.post("/personen/<key:user_id>/stilllegen")
@requires(Permission.USER_MANAGE)
def deactivate(user_id: int) -> ResponseReturnValue:
    """Shut a person out."""
    session, actor = db_session(), current_actor()
    return _done(
        user_id,
        lambda found: person_actions.deactivate_person(session, found, actor=actor),
        "Das Konto ist stillgelegt. Die Person ist überall abgemeldet.",
    )


@bp.post("/personen/<key:user_id>/freigeben")
@requires(Permission.USER_MANAGE)
def reactivate(user_id: int) -> ResponseReturnValue:
    """Let a person in again."""
    session, actor = db_session(), current_actor()
    return _done(
        user_id,
        lambda found: person_actions.reactivate_person(session, found, actor=actor),
        "Das Konto ist wieder frei.",
    )


@bp.post("/personen/<key:user_id>/abmelden")
@requires(Permission.USER_MANAGE)
def end_sessions_of(user_id: int) -> ResponseReturnValue:
    """Sign a person out everywhere."""
    session, actor = db_session(), current_actor()
    return _done(
        user_id,
        lambda found: person_actions.end_sessions(session, found, actor=actor),
        "Die Person ist überall abgemeldet.",
    )


@bp.post("/personen/<key:user_id>/zweiter-schritt")
@requires(Permission.USER_MANAGE)
def reset_app(user_id: int) -> ResponseReturnValue:
    """Take the app of a person away who lost phone and paper codes."""
    session, actor, site = db_session(), current_actor(), settings().base_url
    return _done(
        user_id,
        lambda found: reset_second_factor(session, found, site=site, actor=actor),
        "Die App ist entfernt. Bei der nächsten Anmeldung richtet die Person sie neu ein.",
    )


def _here(user_id: int) -> str:
    return url_for("administration.person", user_id=user_id)


def _done(user_id: int, act: Callable[[User], None], told: str) -> ResponseReturnValue:
    """Do something with an account, tell it, and go back to its page."""
    session = db_session()
    found = queries.person(session, current_actor(), user_id)
    try:
        with transaction(session):
            act(found)
    except RuleViolationError as violation:
        flash(message(violation), "danger")
    else:
        flash(told, "success")
    is_self = user_id == current_actor().user_id
    return redirect(url_for("catalogue.start") if is_self else _here(user_id))
