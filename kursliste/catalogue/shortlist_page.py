"""Courses that somebody marked: side by side, and as a handout for one person.

The Kurs-IDs come with the address; they are kept in the reader's browser and nowhere else.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import segno
from sqlalchemy.orm import Session

from kursliste.catalogue.course_card import KEYS, Card, Fact, card_of
from kursliste.catalogue.course_queries import newest_of_each
from kursliste.catalogue.finding import told_of
from kursliste.catalogue.known import Head, heads
from kursliste.web.languages import current_language
from kursliste.web.languages import gettext as _

MOST: Final = 12
"""Courses that can be marked: more than anybody compares."""

ON_A_HANDOUT: Final = 4


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A marked course; one that is not current any more says so."""

    card: Card
    head: Head
    is_current: bool

    @property
    def course_id(self) -> str:
        """The Kurs-ID."""
        return str(self.card.entry.course_id)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One fact of all marked courses; ``differs`` where they do not say the same."""

    label: str
    facts: Sequence[Fact | None]

    @property
    def differs(self) -> bool:
        """Whether the courses differ in this fact."""
        return len({fact.plain if fact else "" for fact in self.facts}) > 1


@dataclass(frozen=True, kw_only=True)
class Shortlist:
    """``unknown`` are Kurs-IDs that no public list ever had; ``left_out`` were too many."""

    courses: Sequence[Marked]
    unknown: Sequence[str]
    left_out: int

    @property
    def rows(self) -> list[Row]:
        """The facts side by side, in the order of the card."""
        labels = {fact.key: fact.label for one in self.courses for fact in one.card.facts}
        return [
            Row(label=labels[key], facts=[course.card.fact(key) for course in self.courses])
            for key in KEYS
            if key in labels
        ]


def shortlist(session: Session, course_ids: Sequence[str], *, most: int = MOST) -> Shortlist:
    """Return the marked courses in the order in which they were marked; two statements."""
    wanted = list(dict.fromkeys(key.strip()[:20] for key in course_ids if key.strip()))
    kept = wanted[:most]
    found = newest_of_each(session, kept)
    known = heads(session, {entry.edition_id for entry, _current in found.values()})
    courses = []
    for key in kept:
        if key in found:
            entry, current = found[key]
            head = known[entry.edition_id]
            card = card_of(entry, head.words, head.told, told_of(current) if current else None)
            courses.append(Marked(card=card, head=head, is_current=current is not None))
    return Shortlist(
        courses=courses,
        unknown=[key for key in kept if key not in found],
        left_out=len(wanted) - len(kept),
    )


# ---- the handout


PHONE_SENTENCE: Final = "Guten Tag, ich möchte mich für den Kurs „{title}“ anmelden."
"""What the client reads out in German; its translation stands beside it."""


def handout_data(found: Shortlist, addresses: dict[str, str], *, today: date) -> dict[str, object]:
    """Return what the printed handout says, in the language of the request, as plain values.

    ``addresses`` are the pages of the courses by Kurs-ID.
    """
    language = current_language()
    day = f"{today:%d.%m.%Y}"
    return {
        "lang": language.locale,
        "dir": language.direction,
        "title": _("Kurse für Sie"),
        "intro": _("Rufen Sie an, bevor Sie hingehen. Plätze ändern sich schnell."),
        "adviser": _("Ihre Beratung:"),
        "appointment": _("Ihr nächster Termin:"),
        "printed": _("Gedruckt am %(day)s", day=day),
        "call": _("Wen rufe ich an?"),
        "say": _("Das können Sie am Telefon sagen:"),
        "scan": _("Mehr auf dem Handy: Code scannen"),
        "page": _("Seite"),
        "courses": [_printed(course, addresses[course.course_id]) for course in found.courses],
    }


def _printed(course: Marked, address: str) -> dict[str, object]:
    card = course.card
    entry = card.entry
    stand = (
        _("bestätigt am %(day)s", day=f"{entry.confirmed_on:%d.%m.%Y}")
        if entry.is_confirmed and entry.confirmed_on
        else _("nicht bestätigt")
    )
    return {
        "title": entry.title,
        "kind": card.kind,
        "level": card.level,
        "status": card.status if course.is_current else _("nicht mehr in der Liste"),
        "now": card.now,
        "facts": [
            {
                "key": fact.key,
                "label": fact.label,
                "lines": [
                    {"text": line.text, "typed": line.is_typed, "hint": line.hint}
                    for line in fact.lines
                ],
            }
            for fact in card.facts
        ],
        "stand": stand,
        "provider": entry.provider,
        "contact": entry.contact_name or "",
        "phone": entry.contact_phone or "",
        "email": entry.contact_email or "",
        "sentence": PHONE_SENTENCE.format(title=entry.title),
        "meaning": ""
        if current_language().is_german
        else _("Guten Tag, ich möchte mich für diesen Kurs anmelden."),
        "code": _code(address),
        "address": address.partition("://")[2],
    }


def _code(address: str) -> str:
    """Return a QR code as SVG."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()
