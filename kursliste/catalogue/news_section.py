"""What is new since last month, as the section of the list's page."""

from collections.abc import Sequence
from dataclasses import dataclass

from kursliste.domain.edition import CodeWords, change_from
from kursliste.domain.layout import layout_from
from kursliste.domain.news import NewsKind, news_of
from kursliste.domain.page_columns import public_facts
from kursliste.models.edition import Edition, EditionEntry
from kursliste.web.news_words import NEWS_HEADING, NEWS_KIND, Quote, news_lines, on_page

TOLD: frozenset[str] = frozenset({"starts_on", "start_note", "town", "seats_free"})
"""The facts that are told of a new course."""


@dataclass(frozen=True, kw_only=True)
class NewsLine:
    """A course in the news; ``anchor`` is its Kurs-ID where it stands in the list below."""

    title: str
    provider: str
    anchor: str
    lines: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class NewsPart:
    """The courses of one kind of news; ``word`` follows their number ("3 neu")."""

    kind: NewsKind
    heading: str
    word: str
    lines: Sequence[NewsLine]


def news_section(
    edition: Edition, entries: Sequence[EditionEntry], quote: Quote = on_page
) -> list[NewsPart]:
    """Return the news of an edition, part by part; ``entries`` are all of its public rows."""
    words = CodeWords(
        course_types=dict(edition.words["course_types"]),
        levels=dict(edition.words["levels"]),
        statuses=dict(edition.words["statuses"]),
    )
    changes = [change_from(change) for change in edition.changes if not change["is_internal"]]
    told = TOLD & public_facts(layout_from(edition.layout))
    rows = [_row(entry, told) for entry in entries]
    return [
        NewsPart(
            kind=kind,
            heading=NEWS_HEADING[kind],
            word=NEWS_KIND[kind],
            lines=[
                NewsLine(
                    title=item.title,
                    provider=item.provider,
                    anchor=item.course_id if item.row is not None else "",
                    lines=news_lines(item, words, quote),
                )
                for item in items
            ],
        )
        for kind, items in news_of(changes, rows).parts()
    ]


def _row(entry: EditionEntry, told: frozenset[str]) -> dict[str, object]:
    """Return what is told of a row; its internal facts are not even read."""
    facts: dict[str, object] = {name: getattr(entry, name) for name in told}
    return facts | {"course_id": entry.course_id, "status": entry.status}
