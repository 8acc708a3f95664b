"""What professionals are written about their searches: (subject, body), plain text."""

from collections.abc import Sequence
from typing import Final

from kursliste.catalogue.finding import FoundCourse
from kursliste.web.labels import shown
from kursliste.web.mail_words import SIGNATURE, on_one_line

MOST_TOLD: Final = 10
"""Courses of a search that the mail names; the page has them all."""

News = Sequence[tuple[str, Sequence[FoundCourse]]]


def new_courses(news: News, *, base_url: str) -> tuple[str, str]:
    """Tell what saved searches find now and did not find before; each with its name."""
    count = sum(len(courses) for _name, courses in news)
    subject = f"{count} neuer Kurs passt" if count == 1 else f"{count} neue Kurse passen"
    parts = ["Guten Tag,", "zu Ihren gespeicherten Suchen gibt es etwas Neues."]
    for name, courses in news:
        lines = [f"{on_one_line(name)} ({len(courses)})"]
        for one in courses[:MOST_TOLD]:
            lines += [f"- {_told(one)}", f"  {base_url}/kurse/{one.entry.course_id}"]
        if len(courses) > MOST_TOLD:
            lines.append(f"- und {len(courses) - MOST_TOLD} weitere")
        parts.append("\n".join(lines))
    parts += [
        f"Suchen ansehen, anhalten oder löschen: {base_url}/gespeicherte-suchen",
        SIGNATURE,
    ]
    return f"{subject} zu Ihren Suchen", "\n\n".join(parts) + "\n"


def _told(one: FoundCourse) -> str:
    entry = one.entry
    start = f"ab {shown(entry.starts_on)}" if entry.starts_on else ""
    facts = (entry.title, entry.provider, entry.town or "", start)
    return ", ".join(on_one_line(fact) for fact in facts if fact)
