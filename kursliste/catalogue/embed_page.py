"""The lines of HTML that put a list into another website, and the page that gives them."""

from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import urlencode

from kursliste.catalogue.list_page import ListPage
from kursliste.web.languages import GERMAN, PARAMETER

HEIGHT: Final = 900
"""Pixels of an iframe whose height no script sets; the list then scrolls inside."""


@dataclass(frozen=True, kw_only=True)
class Snippet:
    """What a website needs: the iframe, and the script that gives it the right height."""

    frame: str
    script: str

    @property
    def whole(self) -> str:
        """The iframe and its script."""
        return f"{self.frame}\n{self.script}"


def snippet(page: ListPage, *, language: str = GERMAN, frame_url: str, script_url: str) -> Snippet:
    """Return the lines for the list of ``page`` with its filters.

    ``language`` is the code of the language of its frame, ``frame_url`` and ``script_url`` are
    whole addresses.
    """
    address = address_of(page, frame_url, language)
    title = f"Kursliste: {title_of(page)}"
    frame = (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" '
        f'height="{HEIGHT}" loading="lazy" style="border: 0"></iframe>'
    )
    return Snippet(frame=frame, script=f'<script src="{escape(script_url)}" async></script>')


def address_of(page: ListPage, frame_url: str, language: str) -> str:
    """Return the address of a frame with the filters of a page, in a language."""
    spoken = {} if language == GERMAN else {PARAMETER: [language]}
    query = urlencode(page.search.arguments() | spoken, doseq=True)
    return f"{frame_url}?{query}" if query else frame_url


def title_of(page: ListPage) -> str:
    """Return what the iframe is called for people who do not see it: list, district, filters."""
    edition = page.edition
    title = edition.list_title
    if edition.district_name not in title:
        title = f"{title}, {edition.district_name}"
    told = ", ".join(criterion.label for criterion in page.search.criteria)
    return f"{title} ({told})" if told else title
