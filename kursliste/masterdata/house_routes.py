"""A provider's own house: particulars, venues, contacts, and the people who report."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.permissions import Permission, may
from kursliste.masterdata import house_actions, house_queries
from kursliste.masterdata.answering import answered
from kursliste.masterdata.blueprint import bp
from kursliste.masterdata.forms import ProviderForm
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session


@bp.get("/traeger")
@requires(Permission.PROVIDER_MAINTAIN)
def providers() -> ResponseReturnValue:
    """Show the providers that the person may maintain; go to the only one."""
    session, actor = db_session(), current_actor()
    found = house_queries.maintained_providers(session, actor)
    if len(found) == 1:
        return redirect(url_for("masterdata.provider", provider_id=found[0].id))
    return render_template(
        "masterdata/providers.html",
        providers=found,
        members=house_queries.member_counts(session, found),
    )


@bp.get("/traeger/<key:provider_id>")
@requires(Permission.PROVIDER_MAINTAIN)
def provider(provider_id: int) -> ResponseReturnValue:
    """Show a house: particulars, venues, contacts, members."""
    session, actor = db_session(), current_actor()
    found = house_queries.maintained_provider(session, actor, provider_id)
    members = house_queries.members_of(session, found)
    is_coordinating = may(actor, Permission.PROVIDER_EDIT, house_queries.scope_of(found, actor))
    return render_template(
        "masterdata/provider.html",
        provider=found,
        venues=house_queries.venues_of(session, found),
        contacts=house_queries.contacts_of(session, found),
        courses_by_venue=house_queries.courses_by_venue(session, found),
        courses_by_contact=house_queries.courses_by_contact(session, found),
        members=members,
        may_remove=is_coordinating or len(members) > 1,
    )


@bp.route("/traeger/<key:provider_id>/angaben", methods=["GET", "POST"])
@requires(Permission.PROVIDER_MAINTAIN)
def edit_provider(provider_id: int) -> ResponseReturnValue:
    """Change the particulars of a provider."""
    session, actor = db_session(), current_actor()
    found = house_queries.maintained_provider(session, actor, provider_id)
    is_coordinating = may(actor, Permission.PROVIDER_EDIT, house_queries.scope_of(found, actor))
    form = ProviderForm.of(found, request.form, with_names=is_coordinating)

    def save(version: int) -> str:
        facts = form.facts()
        moved = house_actions.change_provider(
            session, found, facts, seen_version=version, actor=actor
        )
        return "Ihre Angaben sind gespeichert." if moved else "Nichts geändert."

    then = url_for("masterdata.provider", provider_id=provider_id)
    page = "masterdata/provider_form.html"
    return answered(page, form, save, then, thing=found, provider=found)
