"""User guides: the texts of ``docs/anleitungen`` as pages, so that there is one source of them."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from flask import Blueprint, render_template, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from markdown_it import MarkdownIt
from markupsafe import Markup

from kursliste.domain.calendar import Month
from kursliste.domain.errors import NotFoundError
from kursliste.infrastructure import clock
from kursliste.settings import resource_dir
from kursliste.web.access import public
from kursliste.web.codes import codes
from kursliste.web.field_rules import field_rules

bp = Blueprint("guides", __name__, url_prefix="/anleitung")
FOLDER: Final = "docs/anleitungen"
PICTURES: Final = "bilder"
GUIDES: Final = frozenset({"beratung", "koordination", "traeger", "verwaltung"})


@dataclass(frozen=True)
class Guide:
    """A guide ready to be shown: its heading, and the rest as HTML."""

    title: str
    html: Markup


@bp.get("/<slug:name>")
@public
def guide(name: str) -> ResponseReturnValue:
    """Show a guide."""
    if name not in GUIDES:
        raise NotFoundError(f"guide {name}")
    return render_template("guides/guide.html", guide=read_guide(name))


@bp.get("/angaben")
@public
def fields() -> ResponseReturnValue:
    """Show what may stand in each column of a report, as forms and tables check it."""
    offered = codes().offered(Month.of(clock.today()))
    return render_template("guides/fields.html", sections=list(field_rules(offered)))


@bp.get("/bilder/<slug:name>.png")
@public
def picture(name: str) -> ResponseReturnValue:
    """Send a picture of a guide."""
    folder = resource_dir(FOLDER) / PICTURES
    if not (folder / f"{name}.png").is_file():
        raise NotFoundError(f"picture {name}")
    return send_from_directory(folder, f"{name}.png", max_age=3600)


@cache
def _text(name: str) -> str:
    return (resource_dir(FOLDER) / f"{name}.md").read_text(encoding="utf-8")


def read_guide(name: str) -> Guide:
    """Return a guide by its name; the texts are ours, HTML in them is shown and not obeyed."""
    title, _, body = _text(name).partition("\n")
    pictures = re.sub(
        rf"\]\({PICTURES}/([a-z0-9-]+)\.png\)",
        lambda found: f"]({url_for('guides.picture', name=found[1])})",
        body,
    )
    html = MarkdownIt("commonmark", {"html": False}).render(pictures)
    return Guide(title.removeprefix("# ").strip(), Markup(html))  # noqa: S704 -- our own text, without HTML
