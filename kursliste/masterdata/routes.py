"""The master data's pages, put together."""

from kursliste.masterdata import (
    contact_routes,
    house_routes,
    list_routes,
    member_routes,
    venue_routes,
)
from kursliste.masterdata.blueprint import bp

# Naming the groups of pages here is what puts them on the blueprint.
__all__ = [
    "bp",
    "contact_routes",
    "house_routes",
    "list_routes",
    "member_routes",
    "venue_routes",
]
