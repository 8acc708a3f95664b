"""Names every group of pages of this station, so that the blueprint has them all."""

from kursliste.readers import desk_routes, order_routes, own_routes, preview_routes
from kursliste.readers.blueprint import bp

ONE_CLICK = own_routes.end
"""The one view that takes a POST without our token: mail programs cannot have one (RFC 8058)."""

__all__ = ["ONE_CLICK", "bp", "desk_routes", "order_routes", "preview_routes"]
