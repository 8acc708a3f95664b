"""Whom readers ask: the pages of a provider's list of contacts."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.permissions import Permission
from kursliste.masterdata import house_actions, house_queries
from kursliste.masterdata.answering import answered, told_reach
from kursliste.masterdata.blueprint import bp
from kursliste.masterdata.forms import ContactForm, RemoveContactForm
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session


def _back(provider_id: int) -> str:
    return url_for("masterdata.provider", provider_id=provider_id, _anchor="ansprechpersonen")


@bp.route("/traeger/<key:provider_id>/ansprechpersonen/neu", methods=["GET", "POST"])
@requires(Permission.PROVIDER_MAINTAIN)
def add_contact(provider_id: int) -> ResponseReturnValue:
    """Add a contact."""
    session, actor = db_session(), current_actor()
    found = house_queries.maintained_provider(session, actor, provider_id)
    form = ContactForm(request.form)

    def save(_version: int) -> str:
        house_actions.add_contact(session, found, form.facts(), actor=actor)
        return "Die Ansprechperson steht jetzt in der Liste."

    return answered("masterdata/contact_form.html", form, save, _back(provider_id), provider=found)


@bp.route("/traeger/<key:provider_id>/ansprechpersonen/<key:contact_id>", methods=["GET", "POST"])
@requires(Permission.PROVIDER_MAINTAIN)
def edit_contact(provider_id: int, contact_id: int) -> ResponseReturnValue:
    """Change a contact, and with it the courses that name it; the page says how many."""
    session, actor = db_session(), current_actor()
    found = house_queries.maintained_provider(session, actor, provider_id)
    contact = house_queries.contact_of(session, found, contact_id)
    reach = house_queries.reach_of(session, found.id, house_queries.repeats_contact(contact))
    form = ContactForm(request.form or None, obj=contact)

    def save(version: int) -> str:
        facts = form.facts()
        gone = house_actions.change_contact(
            session, contact, facts, seen_version=version, actor=actor
        )
        return told_reach("Die Ansprechperson ist gespeichert.", gone, "die alte Angabe")

    page, back = "masterdata/contact_form.html", _back(provider_id)
    return answered(page, form, save, back, thing=contact, provider=found, reach=reach)


@bp.route(
    "/traeger/<key:provider_id>/ansprechpersonen/<key:contact_id>/loeschen",
    methods=["GET", "POST"],
)
@requires(Permission.PROVIDER_MAINTAIN)
def remove_contact(provider_id: int, contact_id: int) -> ResponseReturnValue:
    """Ask once, and for somebody in their place, then delete a contact."""
    session, actor = db_session(), current_actor()
    found = house_queries.maintained_provider(session, actor, provider_id)
    contact = house_queries.contact_of(session, found, contact_id)
    reach = house_queries.reach_of(session, found.id, house_queries.repeats_contact(contact))
    form = RemoveContactForm(request.form)
    form.offer(one for one in house_queries.lists_of(session, found).contacts if one != contact)

    def save(_version: int) -> str:
        key = int(form.replacement.data or 0)
        heir = house_queries.contact_of(session, found, key) if key else None
        gone = house_actions.remove_contact(session, contact, replacement=heir, actor=actor)
        return told_reach("Die Ansprechperson ist gelöscht.", gone, "die alte Angabe")

    page, back = "masterdata/contact_remove.html", _back(provider_id)
    return answered(page, form, save, back, thing=contact, provider=found, reach=reach)
