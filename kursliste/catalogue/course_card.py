"""A course as labelled facts in the order in which one reads them with a client.

One home for page, handout and comparison: they show the same facts with the same words. Only what
the layout of the edition tells is in it, and internal columns are not even read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kursliste.catalogue.match_queries import Told
from kursliste.domain.course import Childcare, PlacementTest
from kursliste.models.edition import EditionEntry
from kursliste.web import course_words as say
from kursliste.web.labels import shown
from kursliste.web.languages import fact_word
from kursliste.web.languages import gettext as _
from kursliste.web.paper_words import paper_words
from kursliste.web.public_facts import PublicFacts

Words = Mapping[str, Mapping[str, str]]
KEYS: Final = (
    "where",
    "when",
    "level",
    "entry",
    "papers",
    "price",
    "childcare",
    "more",
    "seats",
)
"""The facts in the order in which they are read."""


@dataclass(frozen=True)
class Text:
    """A line of a fact; ``is_typed`` is German as somebody typed it, ``hint`` explains it."""

    text: str
    is_typed: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Fact:
    """A fact under its label; ``key`` names it for comparing."""

    key: str
    label: str
    lines: Sequence[Text]

    @property
    def plain(self) -> str:
        """All lines in one, for comparing two courses."""
        return "; ".join(line.text for line in self.lines)


@dataclass(frozen=True, kw_only=True)
class Card:
    """A course in words. ``facts`` leaves out what is unknown; ``status`` may be empty."""

    entry: PublicFacts
    kind: str
    level: str
    status: str
    facts: Sequence[Fact]
    now: str = ""
    address: Sequence[str] = field(default_factory=tuple)

    def fact(self, key: str) -> Fact | None:
        """Return a fact by its key, or None where nothing is known."""
        return next((fact for fact in self.facts if fact.key == key), None)


def card_of(
    row: EditionEntry, words: Words, told_facts: frozenset[str], told: Told | None = None
) -> Card:
    """Return a course as a card; ``told`` is what its provider told since."""
    entry = PublicFacts(row, told_facts)
    kind = fact_word("course_type", row.course_type, row.course_type_label)
    facts = [
        Fact("where", _("Wo?"), _where(entry)),
        Fact("when", _("Wann?"), _when(entry)),
        Fact("level", _("Sprachniveau"), _level(entry, words)),
        Fact("entry", _("Einstieg"), _entry(entry)),
        Fact("papers", _("Was brauche ich?"), _papers(entry)),
        Fact("price", _("Was kostet es?"), _price(entry)),
        Fact("childcare", _("Kinderbetreuung"), _childcare(entry)),
        Fact("more", _("Gut zu wissen"), _more(entry)),
        Fact("seats", _("Freie Plätze"), _seats(entry)),
    ]
    return Card(
        entry=entry,
        kind=kind if entry.course_type else "",
        level=say.level_words(entry, words["niveau"]),
        status=_status(entry, words),
        facts=[fact for fact in facts if fact.lines],
        now=_now(entry, told, words),
        address=say.told(entry.street, " ".join(say.told(entry.postcode, entry.town))),
    )


def _status(entry: PublicFacts, words: Words) -> str:
    if not entry.status:
        return ""
    return fact_word("status", entry.status, words["status"].get(str(entry.status), ""))


def _typed(*texts: str | None) -> list[Text]:
    return [Text(text, is_typed=True) for text in say.told(*texts)]


def _said(*texts: str | None) -> list[Text]:
    return [Text(text) for text in say.told(*texts)]


def _where(entry: PublicFacts) -> list[Text]:
    town = " ".join(say.told(entry.postcode, entry.town))
    place = _typed(entry.venue_name, entry.street, town)
    return [*place, *_said(say.delivery_words(entry))]


def _when(entry: PublicFacts) -> list[Text]:
    days = ", ".join(say.told(say.day_words(entry), say.hours_words(entry)))
    kind = fact_word("time_of_day", entry.time_of_day) if entry.time_of_day else ""
    notes = say.start_notes(entry)
    typed = {entry.start_note}
    return [
        *_said(say.start_words(entry)),
        *(Text(note, is_typed=note in typed) for note in notes),
        *_said(days or kind),
        *_typed(entry.times_note),
        *_said(*say.unit_words(entry)),
    ]


def _level(entry: PublicFacts, words: Words) -> list[Text]:
    level = say.level_words(entry, words["niveau"])
    return _said(level, *([say.exam_words(entry)] if entry.exams or entry.exam_on else []))


def _entry(entry: PublicFacts) -> list[Text]:
    test = entry.placement_test
    hint = _("Im Einstufungstest zeigt sich, welcher Kurs zu Ihnen passt. Er ist keine Prüfung.")
    is_needed = test in {PlacementTest.NEEDED, PlacementTest.BY_APPOINTMENT}
    notes = say.status_notes(entry)
    return [Text(note, hint=hint if is_needed and note == notes[-1] else "") for note in notes]


def _papers(entry: PublicFacts) -> list[Text]:
    return [
        Text(fact_word("admission", word), hint=paper_words(word)) for word in entry.admission or ()
    ]


def _price(entry: PublicFacts) -> list[Text]:
    return [*_said(say.price_words(entry)), *_typed(entry.price_note, entry.funder)]


def _childcare(entry: PublicFacts) -> list[Text]:
    words = {
        Childcare.YES: _("ja"),
        Childcare.NO: _("nein"),
        Childcare.ON_REQUEST: _("auf Anfrage"),
    }
    return _said(words[entry.childcare]) if entry.childcare else []


def _more(entry: PublicFacts) -> list[Text]:
    return [
        *_said(
            say.audience_words(entry),
            say.word(say.WHEELCHAIR_WORDS, entry.wheelchair),
            say.word(say.TRAVEL_WORDS, entry.travel_costs),
        ),
        *_typed(entry.public_note),
    ]


def _seats(entry: PublicFacts) -> list[Text]:
    if "seats_free" not in entry.told:
        return []
    return _said(say.seats_words(entry), *say.seats_notes(entry))


def _now(entry: PublicFacts, told: Told | None, words: Words) -> str:
    if told is None:
        return ""
    status = fact_word("status", told.status, words["status"].get(str(told.status), ""))
    free = "" if told.seats_free is None else _("%(seats)s frei", seats=told.seats_free)
    text = ", ".join(say.told(free, status if told.status != entry.status else ""))
    return _("aktuell: %(news)s (Meldung vom %(day)s)", news=text, day=shown(told.on))
