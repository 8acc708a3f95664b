"""What makes the pages an application on a phone: manifest, worker, the page without a network.

The worker keeps only lists that somebody chose (static/sw.js). Where an operator does not want it,
``KURSLISTE_OFFLINE=0`` lets browsers get a worker that removes what was kept, and itself.
"""

from collections.abc import Iterator
from typing import Final

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from kursliste.web.access import public
from kursliste.web.context import settings
from kursliste.web.speaking import speaks

bp: Final = Blueprint("offline", __name__)
NAVY: Final = "#171a6b"


@bp.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """Describe the application to a phone that puts it on its start screen."""
    icons = (
        ("icons/icon-192.png", "192x192", "any"),
        ("icons/icon-512.png", "512x512", "any"),
        ("icons/icon-maskable-512.png", "512x512", "maskable"),
    )
    response = jsonify(
        id="/",
        name="kursliste – Deutschkurse in Ihrem Kreis",
        short_name="kursliste",
        lang="de",
        dir="ltr",
        start_url="/",
        scope="/",
        display="standalone",
        background_color="#ffffff",
        theme_color=NAVY,
        icons=[
            {
                "src": url_for("static", filename=name),
                "sizes": sizes,
                "type": "image/png",
                "purpose": purpose,
            }
            for name, sizes, purpose in icons
        ],
        shortcuts=list(_shortcuts()),
    )
    response.headers["Content-Type"] = "application/manifest+json"
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _shortcuts() -> Iterator[dict[str, str]]:
    yield {"name": "Kurse suchen", "url": url_for("catalogue.search")}
    if settings().offline:
        yield {"name": "Gespeicherte Listen", "url": url_for("offline.kept")}


@bp.get("/sw.js")
@public
def worker() -> Response:
    """Hand out the service worker; browsers ask again each time, so that a new one takes over."""
    name = "sw.js" if settings().offline else "sw-off.js"
    response = current_app.send_static_file(name)
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/offline")
@public
@speaks
def kept() -> ResponseReturnValue:
    """List what is kept on this device, and stand in for a page that cannot be had now."""
    if not settings().offline:
        abort(404)
    return render_template("offline/kept.html")
