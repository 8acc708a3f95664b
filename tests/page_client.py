"""A test client that looks at every HTML answer as a strict reader would."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from kursliste.infrastructure.database import transaction

SIMPLE_SELECTOR = re.compile(r'([#.]?)([\w-]+)|\[([\w-]+)(=)?"?([^\]"]*)"?\]')
NOT_LABELLED = {"hidden", "submit", "button", "image", "reset"}
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers")
Values = Mapping[str, Any]


def text_of(element: Element) -> str:
    """What a person reads, with single spaces and without soft hyphens."""
    return " ".join("".join(element.itertext()).replace("\u00ad", "").split())


class Page:
    """A parsed HTML answer."""

    def __init__(self, html: str, *, is_fragment: bool = False) -> None:
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        self.root: Element = Element("fragment")
        if is_fragment:
            self.root.extend(parser.parseFragment(html))
        else:
            self.root = parser.parse(html)
        self.is_fragment = is_fragment
        self.html = html
        self.parse_errors = [f"{place}: {name} {data}" for place, name, data in parser.errors]
        self._parents = {child: parent for parent in self.root.iter() for child in parent}

    def text(self) -> str:
        """The text of ``main``, or of all where there is no ``main``."""
        main = self.root.find(".//main")
        return text_of(self.root if main is None else main)

    def select(self, selector: str) -> list[Element]:
        """Elements for a simple selector: ``tag#id.class[name=value]``, spaces for nesting."""
        found = [self.root]
        for part in selector.split():
            below = (e for parent in found for e in parent.iter() if e is not parent)
            found = [e for e in dict.fromkeys(below) if _matches(e, part)]
        return found

    def one(self, selector: str) -> Element:
        """The only element for the selector; anything else fails the test."""
        found = self.select(selector)
        assert len(found) == 1, f"{len(found)} elements for {selector!r}"
        return found[0]

    def texts(self, selector: str) -> list[str]:
        """The texts of all elements for the selector, in the order of the page."""
        return [text_of(element) for element in self.select(selector)]

    def title(self) -> str:
        return text_of(self.one("title"))

    def heading(self) -> str:
        return text_of(self.one("h1"))

    def rows(self, selector: str = "table") -> list[list[str]]:
        """The cells of the only table for the selector, row by row, headings included."""
        return [
            [text_of(cell) for cell in row if cell.tag in {"th", "td"}]
            for row in self.one(selector).iter("tr")
        ]

    def csrf_token(self) -> str | None:
        tokens = self.select("input[name=csrf_token]")
        return tokens[0].get("value") if tokens else None

    def form_values(self, selector: str = "main form") -> dict[str, list[str]]:
        """What a browser would send for the form as it stands, buttons left out."""
        values: dict[str, list[str]] = {}
        for element in self.one(selector).iter():
            name = element.get("name")
            if name and element.get("disabled") is None:
                values.setdefault(name, []).extend(_sent_by(element))
        return {name: sent for name, sent in values.items() if sent}

    def faults(self) -> list[str]:
        """Everything that is wrong with the page, in words; empty for a good page."""
        return [*self.parse_errors, *self._head_faults(), *self._body_faults()]

    def _head_faults(self) -> Iterator[str]:
        if self.is_fragment:
            return
        headings, title = self.texts("h1"), " ".join(self.texts("title"))
        if len(headings) != 1:
            yield f"{len(headings)} h1, one is needed: {headings}"
        elif not title.removeprefix("Fehler: ").startswith(headings[0]):
            yield f"the title {title!r} does not begin with the h1 {headings[0]!r}"
        if self.root.get("lang") is None:
            yield "html without lang"

    def _body_faults(self) -> Iterator[str]:
        ids = Counter(e.get("id") for e in self.root.iter() if e.get("id") is not None)
        yield from (f"id {name!r} {count} times" for name, count in ids.items() if count > 1)
        for element in self.root.iter():
            yield from self._element_faults(element)
            if not self.is_fragment:
                yield from _broken_references(element, set(ids))

    def _element_faults(self, element: Element) -> Iterator[str]:
        tag = str(element.tag)
        if tag == "form" and (element.get("action") is None or element.get("method") is None):
            yield f"form without action or method: {element.attrib}"
        if tag == "script" and element.get("src") is None and not _is_data(element):
            yield "inline script"
        if tag == "style":
            yield "inline style element"
        for name in element.attrib:
            if name == "style" or name.startswith("on"):
                yield f"{name} attribute on {tag}"
        if _needs_label(element) and not self._is_labelled(element):
            yield f"{tag} without a label: {element.attrib}"
        if tag == "img" and element.get("alt") is None:
            yield f"img without alt: {element.attrib}"

    def _is_labelled(self, element: Element) -> bool:
        if element.get("aria-label") or element.get("aria-labelledby"):
            return True
        name = element.get("id")
        if name and any(label.get("for") == name for label in self.root.iter("label")):
            return True
        above: Element | None = element
        while above is not None and above.tag != "label":
            above = self._parents.get(above)
        return above is not None


class PageClient:
    """A browser without JavaScript that fails the test when a page is not in order.

    CSRF protection stays on: ``post`` sends the token of the last page, and fetches the page that
    it posts to where the last one had no form.
    """

    def __init__(self, app: Flask, session: Session | None = None) -> None:
        self.app = app
        self.flask = app.test_client()
        self._session = session
        self._page: Page | None = None
        self.response: TestResponse | None = None

    @property
    def page(self) -> Page:
        """The last HTML answer."""
        assert self._page is not None, "no HTML page was answered yet"
        return self._page

    def get(self, path: str, status: int = 200, **options: Any) -> TestResponse:
        """GET and check. Options are Werkzeug's: ``headers=``, ``query_string=``."""
        return self._request("GET", path, status, **options)

    def visit(self, path: str) -> TestResponse:
        """GET and look at the page as strictly as ever, whatever the status is."""
        return self._request("GET", path, None)

    def post(
        self, path: str, data: Values | None = None, status: int = 302, **options: Any
    ) -> TestResponse:
        """POST a form with the CSRF token and check the answer; files go into ``data`` too."""
        fields = dict(data or {})
        if "csrf_token" not in fields:
            fields["csrf_token"] = self._token(path)
        return self._request("POST", path, status, data=fields, **options)

    def submit(
        self, selector: str = "main form", status: int = 302, **changes: Any
    ) -> TestResponse:
        """Send a form of the last page as it stands, with these fields changed (None = left out).

        A pressed button is a field too: ``submit(decision="approve")``.
        """
        form = self.page.one(selector)
        values: dict[str, Any] = {**self.page.form_values(selector), **changes}
        sent = {name: value for name, value in values.items() if value is not None}
        path = form.get("action") or self._path()
        if (form.get("method") or "get").lower() == "get":
            return self.get(path, status, query_string=sent)
        return self.post(path, sent, status)

    def follow(self, status: int = 200) -> TestResponse:
        """GET where the last answer sent us."""
        assert self.response is not None and self.response.location, (
            "the last answer is no redirect"
        )
        return self.get(self.response.location, status)

    def _token(self, path: str) -> str:
        token = self._page.csrf_token() if self._page is not None else None
        if token is None:
            self.get(path)
            token = self.page.csrf_token()
        assert token, f"no form with a CSRF token before POST {path}"
        return token

    def _path(self) -> str:
        assert self.response is not None
        return self.response.request.path

    def _request(self, method: str, path: str, status: int | None, **options: Any) -> TestResponse:
        if self._session is not None:
            with transaction(self._session):
                pass  # the request must see what the test arranged
            self._session.expire_all()
        response = self.flask.open(path, method=method, **options)
        self.response = response
        fragment = response.request.headers.get("HX-Request") == "true"
        if response.mimetype == "text/html" and response.get_data():
            page = Page(response.text, is_fragment=fragment)
            self._page = self._page if fragment else page
            assert page.faults() == [], f"{method} {path}"
        response.close()
        assert status in {None, response.status_code}, (
            f"{method} {path}: {response.status} instead of {status}"
            f" {response.headers.get('Location', '')}\n{self._hint(response)}"
        )
        return response

    def _hint(self, response: TestResponse) -> str:
        return self.page.text()[:800] if response.mimetype == "text/html" and self._page else ""


def _matches(element: Element, part: str) -> bool:
    for kind, name, attribute, equals, value in SIMPLE_SELECTOR.findall(part):
        if attribute:
            given = element.get(attribute)
            good = given == value if equals else given is not None
        elif kind == "#":
            good = element.get("id") == name
        elif kind == ".":
            good = name in (element.get("class") or "").split()
        else:
            good = element.tag == name
        if not good:
            return False
    return True


def _sent_by(element: Element) -> list[str]:
    if element.tag == "textarea":
        return [(element.text or "").removeprefix("\n")]
    if element.tag == "select":
        options = list(element.iter("option"))
        chosen = [o for o in options if o.get("selected") is not None]
        if not chosen and element.get("multiple") is None:
            chosen = options[:1]
        return [o.get("value", text_of(o)) for o in chosen]
    if element.tag != "input":
        return []
    kind = (element.get("type") or "text").lower()
    if kind in {"checkbox", "radio"}:
        return [element.get("value", "on")] if element.get("checked") is not None else []
    return (
        [] if kind in {"submit", "button", "image", "reset", "file"} else [element.get("value", "")]
    )


def _is_data(script: Element) -> bool:
    """JSON-LD is data; a content security policy lets it pass, because nothing runs."""
    return (script.get("type") or "").endswith("json")


def _needs_label(element: Element) -> bool:
    if element.tag in {"select", "textarea"}:
        return True
    return element.tag == "input" and (element.get("type") or "text").lower() not in NOT_LABELLED


def _broken_references(element: Element, ids: set[str | None]) -> Iterator[str]:
    for name in REFERENCES:
        for target in (element.get(name) or "").split():
            if target not in ids:
                yield f"{name} names the id {target!r}, which is not on the page"
    link = element.get("href") or ""
    if element.tag == "a" and len(link) > 1 and link.startswith("#") and link[1:] not in ids:
        yield f"the link {link} leads nowhere"
