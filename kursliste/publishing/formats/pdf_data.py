"""What the printed list says, as plain data for the template ``templates/publishing/list.typ``."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from kursliste.domain.edition import CodeWords, EditionHead, Row, folded
from kursliste.domain.layout import Grouping, Layout
from kursliste.domain.news import News
from kursliste.publishing.formats.legend import DISCLAIMER, printed_sections
from kursliste.publishing.formats.pdf_cells import CELLS, PrintedCourse, Printer
from kursliste.publishing.formats.printable import printable
from kursliste.publishing.formats.text import (
    clean,
    month_words,
    publisher_line,
    rows_for,
    silent_line,
    title_line,
)
from kursliste.web.labels import PHASE, licence_words
from kursliste.web.layout_words import heading_of
from kursliste.web.news_words import NEWS_HEADING, NEWS_TITLE, news_lines

LOGO_KINDS: Final = {"image/png": "png", "image/jpeg": "jpg"}


def data_of(
    head: EditionHead,
    courses: Sequence[PrintedCourse],
    words: CodeWords,
    news: News,
) -> dict[str, object]:
    """Return everything that the template prints; without ``news`` it has no page for them.

    Only public rows and public columns, even if the caller forgot to choose them.
    """
    seen = [course for course in courses if rows_for([course.row], internal=False)]
    rows = [course.row for course in seen]
    title = title_line(head, internal=False)
    layout = head.layout
    printer = Printer(layout, words)
    return {
        "title": printable(title),
        "author": printable(head.publisher),
        "keywords": [printable(head.district), str(head.month)],
        "issue": printable(
            f"Ausgabe {month_words(head.month)} (Nr. {head.name}) – Stand: {head.stand:%d.%m.%Y}"
        ),
        "publisher": printable(publisher_line(head)),
        "notes": [
            printable(line) for line in (_replaces(head), *_paragraphs(layout.header)) if line
        ],
        "summary": _summary(rows),
        "foot": printable(head.publisher),
        "logo": logo_of(head),
        "news": _news(news, words) if news else None,
        "columns": [
            {"heading": printable(heading_of(shown)), "width": CELLS[shown.column].width}
            for shown in printer.columns
        ],
        "groups": _groups(layout, seen, words, printer),
        "empty": "In dieser Ausgabe steht kein Kurs.",
        "legend_heading": "Abkürzungen und Zeichen",
        "legend": [
            {
                "heading": section.heading,
                "entries": [[printable(word), printable(text)] for word, text in section.entries],
            }
            for section in printed_sections(rows, words)
        ],
        "hints_heading": "Hinweise",
        "hints": [
            printable(line)
            for line in (
                *_paragraphs(layout.footer),
                DISCLAIMER,
                silent_line(head),
                f"Lizenz der Daten: {licence_words(head.licence)}" if head.licence else "",
            )
            if line
        ],
    }


def logo_of(head: EditionHead) -> dict[str, object] | None:
    """Return the image as numbers: typst takes files that are text only."""
    logo = head.layout.logo
    if logo is None or head.logo is None:
        return None
    return {
        "kind": LOGO_KINDS[logo.media_type],
        "bytes": list(head.logo),
        "text": printable(logo.text),
    }


def _paragraphs(text: str) -> list[str]:
    return [line for line in clean(text).split("\n") if line.strip()]


def _replaces(head: EditionHead) -> str:
    if head.replaces is None:
        return ""
    return f"Diese Ausgabe ersetzt {head.month}/{head.replaces}. Grund: {head.reason}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _summary(rows: Sequence[Row]) -> str:
    free = sum(bool(row.get("seats_free")) for row in rows)
    providers = len({row.get("provider") for row in rows})
    towns = len({row["town"] for row in rows if row.get("town")})
    return (
        f"{_counted(len(rows), 'Kurs', 'Kurse')}, davon {free} mit freien Plätzen, von "
        f"{_counted(providers, 'Träger', 'Trägern')} an {_counted(towns, 'Ort', 'Orten')}."
    )


def _news(news: News, words: CodeWords) -> dict[str, object]:
    return {
        "heading": NEWS_TITLE,
        "parts": [
            {
                "heading": f"{NEWS_HEADING[kind]} ({len(items)})",
                "items": [
                    {
                        "title": printable(item.title),
                        "about": printable(f" – {item.provider}" if item.provider else ""),
                        "lines": [printable(" · ".join(news_lines(item, words)))],
                    }
                    for item in items
                ],
            }
            for kind, items in news.parts()
        ],
    }


# ---- the groups


def _groups(
    layout: Layout, courses: Sequence[PrintedCourse], words: CodeWords, printer: Printer
) -> list[dict[str, object]]:
    heading, rank = _ways(words)[layout.grouping]
    found: dict[str, list[PrintedCourse]] = {}
    for course in courses:
        found.setdefault(heading(course.row), []).append(course)
    ordered = sorted(found.items(), key=lambda one: rank(one[1][0].row))
    return [
        {
            "heading": printable(name),
            "count": _counted(len(group), "Kurs", "Kurse"),
            "parts": _parts(group, printer),
        }
        for name, group in ordered
    ]


Heading = Callable[[Row], str]
Rank = Callable[[Row], Any]  # whatever can be compared


def _ways(words: CodeWords) -> Mapping[Grouping, tuple[Heading, Rank]]:
    """Return heading and rank of a group; the order inside is that of the edition."""
    levels = list(words.levels)

    def goal(row: Row) -> str | None:
        return str(row.get("level_to") or row.get("level_from") or "") or None

    def level(row: Row) -> str:
        code = goal(row)
        return f"Niveau {words.levels.get(code, code)}" if code else "ohne Angabe des Niveaus"

    def level_rank(row: Row) -> int:
        code = goal(row)
        return levels.index(code) if code in levels else len(levels)

    return {
        Grouping.COURSE_GROUP: (lambda row: str(row.get("course_group") or ""), lambda _: 0),
        Grouping.TOWN: (
            lambda row: str(row.get("town") or "ohne Ort"),
            lambda row: (not row.get("town"), folded(row.get("town"))),
        ),
        Grouping.PROVIDER: (
            lambda row: str(row.get("provider") or ""),
            lambda row: folded(row.get("provider")),
        ),
        Grouping.LEVEL: (level, level_rank),
        Grouping.NONE: (lambda _: "", lambda _: 0),
    }


def _parts(courses: Sequence[PrintedCourse], printer: Printer) -> list[dict[str, object]]:
    parts: list[dict[str, object]] = []
    for phase, heading in PHASE.items():
        rows = [printer.row(course) for course in courses if course.phase is phase]
        if rows:
            parts.append({"heading": heading, "rows": rows})
    return parts
