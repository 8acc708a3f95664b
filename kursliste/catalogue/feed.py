"""The editions of a list as an Atom feed: who subscribes sees each one, and each correction."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from sqlalchemy.orm import Session

from kursliste.catalogue import queries
from kursliste.catalogue.news_section import NewsPart, news_section
from kursliste.models.edition import Edition
from kursliste.web.labels import shown

ATOM: Final = "http://www.w3.org/2005/Atom"
BEGUN: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""When a feed without an edition was changed last."""

NEWEST: Final = 12
MOST_NAMES: Final = 20
"""Courses that a part of an entry names; the page has them all."""

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

register_namespace("", ATOM)


def feed_of(session: Session, slug: str, *, base_url: str) -> bytes:
    """Return the newest editions of a district's list that stand; NotFoundError without district.

    The ids are tag URIs (RFC 4151): an edition keeps its id whatever becomes of its address.
    """
    district = queries.district_by_slug(session, slug)
    editions = queries.newest_editions(session, district, NEWEST)
    page = f"{base_url}/kurslisten/{slug}"
    tag = f"tag:{urlsplit(base_url).hostname},2026:kurslisten/{slug}"
    feed = Element(_name("feed"), {"xml:lang": "de"})
    _text(feed, "id", tag)
    _text(feed, "title", f"Kursliste – {district.name}")
    _text(feed, "updated", _instant(editions[0].published_at if editions else BEGUN))
    author = SubElement(feed, _name("author"))
    _text(author, "name", district.publisher or district.name)
    _link(feed, "self", f"{page}/feed.atom", "application/atom+xml")
    _link(feed, "alternate", page, "text/html")
    rows = queries.told_rows(session, [edition.id for edition in editions])
    for edition in editions:
        _entry(feed, edition, news_section(edition, rows[edition.id]), tag=tag, page=page)
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(
    feed: Element, edition: Edition, news: Sequence[NewsPart], *, tag: str, page: str
) -> None:
    entry = SubElement(feed, _name("entry"))
    word = f" – Korrektur ({edition.name})" if edition.replaces else ""
    here = f"{page}/{edition.month}/{edition.number}"
    _text(entry, "id", f"{tag}/{edition.month}/{edition.number}")
    _text(entry, "title", f"Kursliste {shown(edition.month)}{word}")
    _text(entry, "published", _instant(edition.published_at))
    _text(entry, "updated", _instant(edition.published_at))
    _link(entry, "alternate", here, "text/html")
    for file in edition.files:
        if file.format == "xlsx" and not file.is_internal:
            _link(entry, "enclosure", f"{here}/{file.name}", XLSX, length=str(file.size))
    _text(entry, "content", "\n".join(_lines(edition, news)), type="text")


def _lines(edition: Edition, news: Sequence[NewsPart]) -> Iterable[str]:
    if edition.replaces:
        yield f"Ersetzt die Ausgabe {edition.month}/{edition.replaces}. Grund: {edition.reason}"
    if not news:
        yield "Seit dem letzten Monat ist nichts neu."
    for part in news:
        names = [f"{line.title} ({line.provider})" for line in part.lines[:MOST_NAMES]]
        rest = len(part.lines) - MOST_NAMES
        more = f" und {rest} weitere" if rest > 0 else ""
        yield f"{len(part.lines)} {part.word}: {'; '.join(names)}{more}"


def _name(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _text(parent: Element, name: str, text: str, **attributes: str) -> None:
    """Add an element with a text; signs that XML cannot hold are left out."""
    found = SubElement(parent, _name(name), attributes)
    found.text = "".join(sign for sign in text if sign.isprintable() or sign == "\n")


def _link(parent: Element, rel: str, href: str, kind: str, **more: str) -> None:
    SubElement(parent, _name("link"), {"rel": rel, "href": href, "type": kind, **more})


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
