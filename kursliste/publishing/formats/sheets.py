"""The three sheets with a table: which rows they hold and how their columns look, as plain data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kursliste.domain.columns import KEY, Column
from kursliste.domain.course import FIELD, CourseStatus, Kind
from kursliste.domain.edition import (
    Change,
    ChangeKind,
    CodeWords,
    Row,
)
from kursliste.domain.layout import Layout
from kursliste.domain.news import News, NewsItem, NewsKind
from kursliste.domain.provider_list import ProviderRow, person_line, place_line
from kursliste.publishing.formats.text import (
    NOT_CONFIRMED,
    changes_for,
    labels_of,
    rows_for,
    shown,
)
from kursliste.web.news_words import NEWS_KIND, NEWS_TITLE, news_lines

FIRST_TABLE_ROW: Final = 6
CHANGE_WORDS: Final = {
    ChangeKind.NEW: "neu",
    ChangeKind.CHANGED: "geändert",
    ChangeKind.ENDED: "entfallen",
}


@dataclass(frozen=True)
class TableColumn:
    """A column of a table: heading, kind of its values, width in characters, what it prints."""

    attribute: str
    heading: str
    kind: Kind
    width: int
    printed: bool = True
    labels: Mapping[str, str] | None = None
    blank: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class Bars:
    """The columns, counted from one, whose filled cells are coloured as the bars of a diagram.

    Cells that hold the word ``expected`` are coloured otherwise.
    """

    first: int
    last: int
    expected: str


@dataclass(frozen=True)
class TableSheet:
    """A sheet with one table; headings in row 5, rows from row 6 on."""

    title: str
    table: str
    columns: Sequence[TableColumn]
    rows: Sequence[Row]
    note: str = ""
    frozen: int = 0
    struck_status: str | None = None
    bars: Bars | None = None

    @property
    def last_row(self) -> int:
        """Return the last line of the table, which is never without a line for data."""
        return FIRST_TABLE_ROW - 1 + max(1, len(self.rows))

    @property
    def printed(self) -> int:
        """Return how many columns, from the left, are printed."""
        return sum(column.printed for column in self.columns)


def _course_column(column: Column, words: CodeWords) -> TableColumn:
    return TableColumn(
        attribute=column.attribute,
        heading=column.heading,
        kind=column.kind,
        width=column.width,
        printed=column.printed,
        labels=labels_of(column.attribute, words),
        blank=NOT_CONFIRMED if column.attribute == "confirmed_on" else "",
        hidden=column.attribute == KEY,
    )


def courses_sheet(
    layout: Layout, rows: Sequence[Row], words: CodeWords, *, note: str, internal: bool
) -> TableSheet:
    """Return the sheet "Kurse" with the columns of ``layout``; ``note`` stands above the table."""
    return TableSheet(
        title="Kurse",
        table="Kurse",
        columns=[_course_column(column, words) for column in layout.columns(internal=internal)],
        rows=rows_for(rows, internal=internal),
        note=note,
        frozen=2,
        struck_status=CourseStatus.CANCELLED,
    )


def _text(attribute: str, heading: str, width: int, kind: Kind = Kind.TEXT) -> TableColumn:
    return TableColumn(attribute, heading, kind, width)


PROVIDER_COLUMNS: Final = (
    _text("name", "Träger", 24),
    _text("kind", "Art", 11),
    _text("street", "Straße", 16),
    _text("postcode", "PLZ", 6),
    _text("town", "Ort", 12),
    _text("phone", "Telefon", 15, Kind.PHONE),
    _text("email", "E-Mail", 19, Kind.MAIL),
    _text("website", "Internet", 18, Kind.LINK),
    _text("office_hours", "Sprechzeiten", 16),
    _text("languages", "Beratungssprachen", 16),
    _text("venues", "Kursorte", 24),
    _text("contacts", "Ansprechpersonen", 21),
    _text("course_types", "Kursarten", 22),
    _text("approvals", "zugelassen für", 16),
    _text("courses", "Kurse", 6, Kind.INTEGER),
    _text("report", "Meldung", 11),
)

CHANGE_COLUMNS: Final = (
    _text("kind", "Änderung", 12),
    _text("title", "Titel", 36),
    _text("provider", "Träger", 30),
    _text("field", "Angabe", 18),
    _text("old", "bisher", 32),
    _text("new", "jetzt", 32),
    TableColumn("course_id", "Kurs-ID", Kind.TEXT, 14, printed=False, hidden=True),
)

NEWS_COLUMNS: Final = (
    _text("kind", "Was ist neu", 12),
    _text("title", "Titel", 36),
    _text("provider", "Träger", 30),
    _text("town", "Ort", 18),
    _text("starts_on", "Beginn", 11, Kind.DATE),
    _text("seats_free", "frei", 7, Kind.INTEGER),
    _text("told", "Was sich geändert hat", 60),
    TableColumn("course_id", "Kurs-ID", Kind.TEXT, 14, printed=False, hidden=True),
)
NEWS_NOTE: Final = (
    f"{NEWS_TITLE}: neue Kurse, Änderungen von Beginn, Zeiten, Ort und Plätzen, abgesagte und "
    "entfallene Kurse."
)


def providers_sheet(providers: Iterable[ProviderRow], words: CodeWords) -> TableSheet:
    """Return the sheet "Träger": who offers courses, and who did not report this month."""
    return TableSheet(
        title="Träger",
        table="Traeger",
        columns=PROVIDER_COLUMNS,
        rows=[provider_facts(provider, words) for provider in providers],
        frozen=1,
    )


def provider_facts(provider: ProviderRow, words: CodeWords) -> Row:
    """Return a provider in words, by the attributes of :data:`PROVIDER_COLUMNS`."""
    return {
        "name": provider.name,
        "kind": provider.kind,
        "street": provider.street,
        "postcode": provider.postcode,
        "town": provider.town,
        "phone": provider.phone,
        "email": provider.email,
        "website": provider.website,
        "office_hours": provider.office_hours,
        "languages": provider.languages,
        "venues": "\n".join(map(place_line, provider.venues)),
        "contacts": "\n".join(map(person_line, provider.contacts)),
        "approvals": provider.approvals,
        "course_types": tuple(words.course_types.get(code, code) for code in provider.course_types),
        "courses": provider.courses,
        "report": "gemeldet" if provider.has_reported else "ohne aktuelle Meldung",
    }


def news_sheet(news: News, words: CodeWords) -> TableSheet:
    """Return the sheet "Änderungen" for everybody: what is new since last month."""
    return TableSheet(
        title="Änderungen",
        table="Aenderungen",
        columns=NEWS_COLUMNS,
        rows=[_news_line(kind, item, words) for kind, items in news.parts() for item in items],
        note=NEWS_NOTE if news else "Es gibt nichts Neues, oder dies ist die erste Ausgabe.",
        frozen=2,
    )


def _news_line(kind: NewsKind, item: NewsItem, words: CodeWords) -> Row:
    row = item.row or {}
    return {
        "kind": NEWS_KIND[kind],
        "title": item.title,
        "provider": item.provider,
        "town": row.get("town"),
        "starts_on": row.get("starts_on"),
        "seats_free": row.get("seats_free"),
        "told": "\n".join(news_lines(item, words)) if item.fields else "",
        "course_id": item.course_id,
    }


def changes_sheet(changes: Iterable[Change], words: CodeWords) -> TableSheet:
    """Return the sheet "Änderungen" for professionals: every change, field by field."""
    kept = changes_for(changes, internal=True)
    return TableSheet(
        title="Änderungen",
        table="Aenderungen",
        columns=CHANGE_COLUMNS,
        rows=[line for change in kept for line in _change_lines(change, words)],
        note="Verglichen mit der Ausgabe des letzten Monats."
        if kept
        else "Es gibt keine Änderungen, oder dies ist die erste Ausgabe.",
        frozen=2,
    )


def _change_lines(change: Change, words: CodeWords) -> list[Row]:
    about = {
        "kind": CHANGE_WORDS[change.kind],
        "title": change.title,
        "provider": change.provider,
        "course_id": change.course_id,
    }
    if not change.fields:
        return [about]
    lines: list[Row] = []
    for field in change.fields:
        fact = FIELD[field.attribute]
        column = Column(fact.attribute, fact.heading, fact.kind, 0)
        old, new = (shown(column, value, words) for value in (field.old, field.new))
        lines.append(
            {**about, "field": fact.heading, "old": old or "unbekannt", "new": new or "unbekannt"}
        )
    return lines
