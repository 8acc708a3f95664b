"""What readers are written: (subject, body) each, plain text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kursliste.domain.edition import CodeWords
from kursliste.domain.news import News, NewsItem, NewsKind
from kursliste.domain.subscription import CONFIRM_WITHIN
from kursliste.infrastructure import clock
from kursliste.models.edition import Edition
from kursliste.models.masterdata import CourseList
from kursliste.web.labels import shown
from kursliste.web.mail_words import SIGNATURE, on_one_line
from kursliste.web.news_words import NEWS_HEADING, NEWS_KIND, NEWS_TITLE, news_lines

Mail = tuple[str, str]
INVITATION: Final = (
    "Möchten Sie eine E-Mail bekommen, wenn eine neue Liste erscheint? Dann bestätigen Sie das "
    "bitte hier:"
)
MOST_IN_A_PART: Final = 15
"""Courses that a part of the mail names; the list has them all."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Everything that a mail about an edition says.

    ``first`` says that there is no earlier list to compare with. ``attachment`` is the Excel file's
    name on the shelf if it goes along.
    """

    edition: Edition
    is_correction: bool
    first: bool
    words: CodeWords
    filter_words: Sequence[str]
    news: News
    courses: int
    list_link: str
    file_link: str
    attachment: str | None = None


def confirmation(
    course_list: CourseList, filter_words: Sequence[str], *, link: str, by: str = ""
) -> Mail:
    """Ask whoever has the mailbox whether they want the mails; ``by`` is who ordered for them."""
    title = f"{course_list.title}, {course_list.district.name}"
    who = (
        f"{by} möchte Sie in den Verteiler dieser Kursliste aufnehmen:"
        if by
        else "für diese Adresse wurde ein E-Mail-Abo bestellt:"
    )
    parts = [
        "Guten Tag,",
        f"{who}\n{title}",
        *_filter(filter_words),
        f"{INVITATION}\n{link}",
        f"Der Link gilt {CONFIRM_WITHIN.days} Tage. Danach löschen wir die Bestellung.",
        "Sie haben nichts bestellt? Dann müssen Sie nichts tun. Sie bekommen keine weitere E-Mail.",
        SIGNATURE,
    ]
    return f"Bitte bestätigen: neue Kurslisten per E-Mail ({course_list.district.name})", _text(
        parts
    )


def known_already(course_list: CourseList, filter_words: Sequence[str], *, link: str) -> Mail:
    """Tell whoever orders a second time that it is there already."""
    parts = [
        "Guten Tag,",
        f"dieses E-Mail-Abo haben Sie schon:\n{course_list.title}, {course_list.district.name}",
        *_filter(filter_words),
        f"Ansehen, ändern oder beenden: {link}",
        SIGNATURE,
    ]
    return f"Sie haben dieses E-Mail-Abo schon ({course_list.district.name})", _text(parts)


def edition_mail(letter: Letter, *, own_link: str) -> Mail:
    """Tell a reader what is new in an edition, before anything else."""
    edition = letter.edition
    parts = [
        "Guten Tag,",
        _opening(letter),
        *_filter(letter.filter_words),
        *_news(letter),
        f"{_fitting(letter)}\n{letter.list_link}",
        f"Die Excel-Datei hängt an. Sie liegt auch hier: {letter.file_link}"
        if letter.attachment
        else f"Als Excel-Datei: {letter.file_link}",
        _sender(edition),
        f"Abo ändern oder abbestellen: {own_link}",
        SIGNATURE,
    ]
    return _subject(letter), _text([part for part in parts if part])


def _subject(letter: Letter) -> str:
    edition = letter.edition
    title = f"Kursliste {shown(edition.month)}, {edition.district_name}"
    if letter.is_correction:
        return f"Korrektur: {title}"
    counts = [f"{len(items)} {NEWS_KIND[kind]}" for kind, items in letter.news.parts()]
    return f"{title}: {', '.join(counts)}" if counts else title


def _opening(letter: Letter) -> str:
    edition = letter.edition
    name = f"{edition.list_title}, {edition.district_name}"
    stand = shown(clock.day_of(edition.published_at))
    if letter.is_correction:
        return (
            f"die Kursliste für {shown(edition.month)} wurde korrigiert: {name}\n"
            f"Ausgabe {edition.name}, Stand {stand}\nGrund: {edition.reason}"
        )
    return (
        f"die Kursliste für {shown(edition.month)} ist da: {name}\n"
        f"Ausgabe {edition.name}, Stand {stand}"
    )


def _filter(words: Sequence[str]) -> list[str]:
    return [f"Ihr Filter: {' · '.join(words)}"] if words else []


def _news(letter: Letter) -> list[str]:
    if letter.first:
        return ["Es ist die erste Liste. Was neu ist, steht ab der nächsten an dieser Stelle."]
    title = "Was korrigiert wurde" if letter.is_correction else NEWS_TITLE
    if not letter.news:
        about = " zu Ihrem Filter" if letter.filter_words else ""
        return [f"{title}: nichts{about}."]
    return [title.upper(), *(_part(kind, items, letter) for kind, items in letter.news.parts())]


def _part(kind: NewsKind, items: Sequence[NewsItem], letter: Letter) -> str:
    heading = NEWS_HEADING[kind]
    if letter.is_correction and kind is NewsKind.CHANGED:
        heading = "Geändert"
    lines = [f"{heading} ({len(items)})"]
    for item in items[:MOST_IN_A_PART]:
        lines.append(f"- {on_one_line(item.title)} – {on_one_line(item.provider)}")
        told = [on_one_line(text) for text in news_lines(item, letter.words)]
        lines += [f"  {text}" for text in (told if item.fields else [", ".join(told)]) if text]
    rest = len(items) - MOST_IN_A_PART
    if rest > 0:
        lines.append(f"- und {rest} weitere, siehe Liste")
    return "\n".join(lines)


def _fitting(letter: Letter) -> str:
    count = "1 Kurs" if letter.courses == 1 else f"{letter.courses} Kurse"
    return (
        f"Die Liste mit Ihrem Filter ({count}):" if letter.filter_words else f"Die Liste ({count}):"
    )


def _sender(edition: Edition) -> str:
    who = edition.publisher or edition.district_name
    return f"Herausgeber: {who}, {edition.contact}" if edition.contact else f"Herausgeber: {who}"


def _text(parts: Sequence[str]) -> str:
    return "\n\n".join(parts) + "\n"
