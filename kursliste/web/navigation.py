"""The navigation: what a role needs, in the order of its month; and what every page is given."""

from dataclasses import dataclass, replace

from flask import Flask, g, request, url_for
from sqlalchemy import select

from kursliste.domain.permissions import Actor, Permission, Role, may_somewhere
from kursliste.models.masterdata import District
from kursliste.web.context import current_actor, db_session, settings
from kursliste.web.languages import gettext as _
from kursliste.web.operator_words import announcements


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    is_current: bool


def _item(label: str, endpoint: str, **values: object) -> NavItem:
    url = url_for(endpoint, **values)  # type: ignore[arg-type]  # the values of an address
    return NavItem(label, url, request.path == url or request.path.startswith(f"{url}/"))


def navigation() -> list[NavItem]:
    """Return the links of the header for whoever is there; one statement at most."""
    actor = current_actor()
    coordinates = actor.has_role(Role.COORDINATOR) or actor.is_administrator
    items = []
    if actor.provider_ids:
        items.append(_item("Meldungen", "reporting.own_reports"))
    if coordinates:
        items += _of_districts(actor)
        items.append(_item("Träger", "masterdata.providers"))
    elif actor.provider_ids:
        items.append(_item("Orte und Personen", "masterdata.providers"))
    if items:
        items.append(_item("Hinweise", "hints.own"))
    if coordinates:
        items.append(_administration(actor))
    elif actor.has_role(Role.COUNSELLOR):
        items += _internal_lists(actor)
    lists = _item(_("Kurslisten"), "catalogue.start")
    if request.path.startswith(("/kurslisten/", "/kurse/")) and not any(
        item.is_current for item in items
    ):
        lists = replace(lists, is_current=True)
    return [*items, lists, _item(_("Kurse suchen"), "catalogue.search")]


def _administration(actor: Actor) -> NavItem:
    if actor.is_administrator:
        return _item("Verwaltung", "administration.start")
    return _item("Protokoll", "administration.read_journal")


def _of_districts(actor: Actor) -> list[NavItem]:
    query = select(District).order_by(District.name, District.id)
    if not actor.is_administrator:
        query = query.where(District.id.in_(actor.district_ids(Role.COORDINATOR)))
    districts = db_session().scalars(query).all()
    if len(districts) == 1:
        slug = districts[0].slug
        return [
            _item("Prüfung", "review.board", district=slug),
            _item("Liste übernehmen", "intake.upload", district=slug),
        ]
    return [
        _item(f"Prüfung {district.name}", "review.board", district=district.slug)
        for district in districts
    ]


def _internal_lists(actor: Actor) -> list[NavItem]:
    counselled = District.id.in_(actor.district_ids(Role.COUNSELLOR))
    query = select(District).where(counselled).order_by(District.name, District.id)
    districts = db_session().scalars(query).all()
    if len(districts) == 1:
        return [_item("Interne Liste", "professionals.internal", district=districts[0].slug)]
    return [
        _item(f"Interne Liste {district.name}", "professionals.internal", district=district.slug)
        for district in districts
    ]


def page_context() -> dict[str, object]:
    """Return what ``base.html`` needs on every page, error pages included."""
    actor = current_actor()
    footer = [
        (_("Impressum"), url_for("pages.imprint")),
        (_("Datenschutz"), url_for("pages.privacy")),
        (_("Barrierefreiheit"), url_for("pages.accessibility")),
        (_("Daten für Programme"), url_for("api_page.documentation")),
    ]
    return {
        "nav_items": _navigation_once(),
        "saves_searches": actor.is_signed_in and may_somewhere(actor, Permission.SEARCH_SAVE),
        "actor": actor if actor.is_signed_in else None,
        "demo_mode": settings().demo,
        "map_tiles": (settings().tiles, settings().tiles_credit),
        "footer_links": footer,
        "announced": announcements() if _reads_announcements(actor) else [],
    }


def _reads_announcements(actor: Actor) -> bool:
    """Whether this page shows them: published pages stay as they were published."""
    return actor.is_signed_in or request.endpoint in {"catalogue.start", "identity.sign_in"}


def _navigation_once() -> list[NavItem]:
    if "nav_items" not in g:
        g.nav_items = navigation()
    return g.nav_items  # type: ignore[no-any-return]  # flask.g holds anything


def init_app(app: Flask) -> None:
    """Give every template the navigation and the footer."""
    app.context_processor(page_context)
