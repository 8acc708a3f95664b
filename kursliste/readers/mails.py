"""What readers are written: (subject, body) each, plain text, in the language of the page.

The caller speaks the reader's language (``web.languages.speaking``). What providers and districts
typed stays German, and the mail says so.
"""

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
from kursliste.web.languages import current_language, in_order, month_name, ngettext
from kursliste.web.languages import gettext as _
from kursliste.web.mail_words import SIGNATURE, on_one_line
from kursliste.web.news_words import NEWS_HEADING, NEWS_KIND, NEWS_TITLE, news_lines

Mail = tuple[str, str]
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
    district = course_list.district.name
    who = (
        _("%(name)s möchte Sie in den Verteiler dieser Kursliste aufnehmen:", name=in_order(by))
        if by
        else _("für diese Adresse wurde ein E-Mail-Abo bestellt:")
    )
    invitation = _(
        "Möchten Sie eine E-Mail bekommen, wenn eine neue Liste erscheint? Dann bestätigen Sie "
        "das bitte hier:"
    )
    days = CONFIRM_WITHIN.days
    parts = [
        _("Guten Tag,"),
        f"{who}\n{_name(course_list.title, district)}",
        *_filter(filter_words),
        f"{invitation}\n{link}",
        _("Der Link gilt %(days)s Tage. Danach löschen wir die Bestellung.", days=days),
        _(
            "Sie haben nichts bestellt? Dann müssen Sie nichts tun. Sie bekommen keine weitere "
            "E-Mail."
        ),
        _(SIGNATURE),
    ]
    subject = _("Bitte bestätigen: neue Kurslisten per E-Mail (%(district)s)", district=district)
    return subject, _text(parts)


def known_already(course_list: CourseList, filter_words: Sequence[str], *, link: str) -> Mail:
    """Tell whoever orders a second time that it is there already."""
    district = course_list.district.name
    about = _name(course_list.title, district)
    parts = [
        _("Guten Tag,"),
        _("dieses E-Mail-Abo haben Sie schon:") + f"\n{about}",
        *_filter(filter_words),
        _("Ansehen, ändern oder beenden:") + f" {link}",
        _(SIGNATURE),
    ]
    return _("Sie haben dieses E-Mail-Abo schon (%(district)s)", district=district), _text(parts)


def edition_mail(letter: Letter, *, own_link: str) -> Mail:
    """Tell a reader what is new in an edition, before anything else."""
    edition = letter.edition
    file = (
        _("Die Excel-Datei hängt an. Sie liegt auch hier:")
        if letter.attachment
        else _("Als Excel-Datei:")
    )
    parts = [
        _("Guten Tag,"),
        _opening(letter),
        *_filter(letter.filter_words),
        *_news(letter),
        f"{_fitting(letter)}\n{letter.list_link}",
        f"{file} {letter.file_link}",
        _sender(edition),
        _("Abo ändern oder abbestellen:") + f" {own_link}",
        _(SIGNATURE),
    ]
    return _subject(letter), _text([part for part in parts if part])


def _subject(letter: Letter) -> str:
    edition = letter.edition
    title = _(
        "Kursliste %(month)s, %(district)s",
        month=month_name(edition.month),
        district=in_order(edition.district_name),
    )
    if letter.is_correction:
        return _("Korrektur: %(title)s", title=title)
    counts = [f"{len(items)} {_(NEWS_KIND[kind])}" for kind, items in letter.news.parts()]
    return f"{title}: {', '.join(counts)}" if counts else title


def _name(title: str, district: str) -> str:
    return f"{in_order(title)}, {in_order(district)}"


def _opening(letter: Letter) -> str:
    edition = letter.edition
    month, name = month_name(edition.month), _name(edition.list_title, edition.district_name)
    number, day = in_order(edition.name), shown(clock.day_of(edition.published_at))
    issue = _("Ausgabe %(name)s, Stand %(day)s", name=number, day=day)
    if letter.is_correction:
        told = _("die Kursliste für %(month)s wurde korrigiert: %(name)s", month=month, name=name)
        reason = _("Grund:") + f" {in_order(edition.reason)}"
        return f"{told}\n{issue}\n{reason}"
    told = _("die Kursliste für %(month)s ist da: %(name)s", month=month, name=name)
    if current_language().is_german:
        return f"{told}\n{issue}"
    typed = _("Namen und Texte der Träger sind deutsch, wie in der Liste.")
    return f"{told}\n{issue}\n{typed}"


def _filter(words: Sequence[str]) -> list[str]:
    return [_("Ihr Filter: %(filter)s", filter=" · ".join(words))] if words else []


def _news(letter: Letter) -> list[str]:
    if letter.first:
        return [_("Es ist die erste Liste. Was neu ist, steht ab der nächsten an dieser Stelle.")]
    title = _("Was korrigiert wurde") if letter.is_correction else _(NEWS_TITLE)
    if not letter.news:
        nothing = _("nichts zu Ihrem Filter.") if letter.filter_words else _("nichts.")
        return [f"{title}: {nothing}"]
    # Capitals are a matter of the language: a Turkish i has its dot.
    title = title.upper() if current_language().is_german else title
    return [title, *(_part(kind, items, letter) for kind, items in letter.news.parts())]


def _part(kind: NewsKind, items: Sequence[NewsItem], letter: Letter) -> str:
    heading = _(NEWS_HEADING[kind])
    if letter.is_correction and kind is NewsKind.CHANGED:
        heading = _("Geändert")
    lines = [f"{heading} ({len(items)})"]
    for item in items[:MOST_IN_A_PART]:
        title, provider = (in_order(on_one_line(text)) for text in (item.title, item.provider))
        lines.append(f"- {title} – {provider}")
        told = [on_one_line(text) for text in news_lines(item, letter.words)]
        lines += [f"  {text}" for text in (told if item.fields else [", ".join(told)]) if text]
    rest = len(items) - MOST_IN_A_PART
    if rest > 0:
        more = ngettext(
            "und %(num)d weiterer, siehe Liste", "und %(num)d weitere, siehe Liste", rest
        )
        lines.append(f"- {more}")
    return "\n".join(lines)


def _fitting(letter: Letter) -> str:
    count = ngettext("%(num)d Kurs", "%(num)d Kurse", letter.courses)
    if letter.filter_words:
        return _("Die Liste mit Ihrem Filter (%(count)s):", count=count)
    return _("Die Liste (%(count)s):", count=count)


def _sender(edition: Edition) -> str:
    who = in_order(edition.publisher or edition.district_name)
    name = f"{who}, {in_order(edition.contact)}" if edition.contact else who
    return _("Herausgeber: %(name)s", name=name)


def _text(parts: Sequence[str]) -> str:
    return "\n\n".join(parts) + "\n"
