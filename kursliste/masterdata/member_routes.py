"""Who reports for a provider: inviting by mail, and letting go."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.permissions import Permission
from kursliste.masterdata import house_queries, member_actions
from kursliste.masterdata.answering import answered
from kursliste.masterdata.blueprint import bp
from kursliste.masterdata.forms import InvitationForm
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session
from kursliste.web.forms import BaseForm
from kursliste.web.links import absolute


def _back(provider_id: int) -> str:
    return url_for("masterdata.provider", provider_id=provider_id, _anchor="personen")


@bp.route("/traeger/<key:provider_id>/personen/neu", methods=["GET", "POST"])
@requires(Permission.MEMBER_MANAGE)
def invite_member(provider_id: int) -> ResponseReturnValue:
    """Invite somebody to report for the provider; the answer is the same for known addresses."""
    session, actor = db_session(), current_actor()
    found = house_queries.maintained_provider(session, actor, provider_id)
    form = InvitationForm(request.form)

    def save(_version: int) -> str:
        name, email = form.name.data or "", form.email.data or ""
        link = absolute("identity.sign_in")
        member_actions.invite_member(session, found, name=name, email=email, link=link, actor=actor)
        return f"Eingeladen: {name}. Die E-Mail an {email} ist unterwegs."

    return answered("masterdata/member_form.html", form, save, _back(provider_id), provider=found)


@bp.route("/traeger/<key:provider_id>/personen/<key:user_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.MEMBER_MANAGE)
def remove_member(provider_id: int, user_id: int) -> ResponseReturnValue:
    """Say what happens, ask once, then let a person go; it may be oneself."""
    session, actor = db_session(), current_actor()
    found = house_queries.maintained_provider(session, actor, provider_id)
    person = house_queries.member_of(session, found, user_id)
    is_self = user_id == actor.user_id
    is_last_role = len(person.memberships) == 1

    def save(_version: int) -> str:
        member_actions.remove_member(session, found, person, actor=actor)
        return f"{person.name} meldet nicht mehr für {found.name}."

    # Whoever leaves must not land on a page that is closed to them now.
    left = "identity.sign_in" if is_last_role else "identity.account"
    return answered(
        "masterdata/member_remove.html",
        BaseForm(),
        save,
        url_for(left) if is_self else _back(provider_id),
        back=_back(provider_id),
        provider=found,
        person=person,
        is_self=is_self,
        is_last_role=is_last_role,
    )
