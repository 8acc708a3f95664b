"""What the operator of the instance says: legal texts as HTML, announcements above the pages."""

from typing import Final

from markdown_it import MarkdownIt
from markupsafe import Markup
from sqlalchemy import select

from kursliste.domain.site import SiteTextKey
from kursliste.infrastructure import clock
from kursliste.infrastructure.remembering import Remembered
from kursliste.models.site import Announcement, SiteText
from kursliste.web.context import current_actor, db_session

SECONDS: Final = 30
_remembered: Final = Remembered[tuple[tuple[str, bool], ...]](1, seconds=SECONDS)


def as_html(markdown: str) -> Markup:
    """Return Markdown as HTML; HTML in it is shown and not obeyed, links lead to http(s) only."""
    return Markup(MarkdownIt("commonmark", {"html": False}).render(markdown))  # noqa: S704 -- escaped


def operator_text(key: SiteTextKey) -> Markup | None:
    """Return what the operator wrote for a page; None where nothing is written."""
    body = db_session().scalar(select(SiteText.body).where(SiteText.key == key))
    return as_html(body) if body else None


def announcements() -> list[str]:
    """Return what is announced today to whoever is there; it may be half a minute old."""
    everyone = not current_actor().is_signed_in
    return [
        text for text, is_for_all in _remembered.get("today", _read) if is_for_all or not everyone
    ]


def forget_announcements() -> None:
    """Read them anew; other servers do so within half a minute."""
    _remembered.forget()


def _read() -> tuple[tuple[str, bool], ...]:
    today = clock.today()
    query = (
        select(Announcement.text, Announcement.is_for_all)
        .where(Announcement.starts_on <= today, Announcement.ends_on >= today)
        .order_by(Announcement.starts_on, Announcement.id)
    )
    return tuple((text, is_for_all) for text, is_for_all in db_session().execute(query))
