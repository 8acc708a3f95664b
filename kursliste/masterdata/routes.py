"""The master data's pages, put together."""

from kursliste.masterdata import house_routes, list_routes
from kursliste.masterdata.blueprint import bp

__all__ = ["bp", "house_routes", "list_routes"]
