"""The form of a course with what its provider keeps in lists: choose a place, choose a person.

The words in the boxes count. A choice from a list only writes them: at once in a browser with
JavaScript, else when the form is saved. Both know by the hidden field which choice the boxes show:
a choice that is another one is new and gives the row its words. Where somebody made a new choice
*and* typed other words, the form asks which of the two is meant.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from kursliste.domain.house import PERSON_FACTS, PLACE_WORDS
from kursliste.infrastructure.codes import Codes
from kursliste.masterdata.house_queries import Lists
from kursliste.masterdata.linking import contact_facts, venue_facts
from kursliste.models.masterdata import Contact, Venue
from kursliste.models.report import ReportedCourse
from kursliste.web.course_form import CourseFormBase, course_form

Facts = Mapping[str, object]


@dataclass(frozen=True)
class Choice:
    """One list in the form: the names of its two fields, the words that typing changes."""

    select: str
    shown: str
    words: Sequence[str]
    gone: str
    which: str


VENUE: Final = Choice(
    "listed_venue",
    "shown_venue",
    tuple(PLACE_WORDS),
    "Diesen Kursort gibt es in Ihrer Liste nicht mehr. Wählen Sie einen anderen.",
    "Hier ist ein Kursort gewählt, darunter steht ein anderer. Gilt der aus der Liste, leeren Sie "
    "Kursort, Straße, PLZ und Ort. Gilt der andere, wählen Sie hier „anderer Kursort“.",
)
CONTACT: Final = Choice(
    "listed_contact",
    "shown_contact",
    tuple(PERSON_FACTS),
    "Diese Ansprechperson gibt es in Ihrer Liste nicht mehr. Wählen Sie eine andere.",
    "Hier ist eine Ansprechperson gewählt, darunter steht eine andere. Gilt die aus der Liste, "
    "leeren Sie Ansprechperson, Telefon und E-Mail. Gilt die andere, wählen Sie hier „andere "
    "Ansprechperson“.",
)


def _select(label: str, choice: Choice) -> SelectField:
    return SelectField(
        label,
        choices=[],
        validate_choice=False,
        render_kw={"data-shown": choice.shown, "data-words": " ".join(choice.words)},
        description="Füllt die Felder darunter aus.",
    )


class ListedCourseForm(CourseFormBase):
    """The form of a course with the two choices; see :func:`bound_course_form`."""

    listed_venue = _select("Kursort aus Ihrer Liste", VENUE)
    shown_venue = HiddenField()
    listed_contact = _select("Ansprechperson aus Ihrer Liste", CONTACT)
    shown_contact = HiddenField()

    def offer(self, lists: Lists) -> None:
        """Offer what the provider has."""
        self.offered: dict[Choice, dict[str, Facts]] = {
            VENUE: {str(venue.id): venue_facts(venue) for venue in lists.venues},
            CONTACT: {str(contact.id): contact_facts(contact) for contact in lists.contacts},
        }
        names = {str(venue.id): _venue_name(venue) for venue in lists.venues}
        self.listed_venue.choices = self._options(VENUE, "anderer Kursort", names)
        names = {str(contact.id): _contact_name(contact) for contact in lists.contacts}
        self.listed_contact.choices = self._options(CONTACT, "andere Ansprechperson", names)

    def _options(self, choice: Choice, other: str, names: Mapping[str, str]) -> list[SelectChoice]:
        return [
            SelectChoice("", other),
            *(
                SelectChoice(key, names[key], {"data-fills": json.dumps(_texts(facts))})
                for key, facts in self.offered[choice].items()
            ),
        ]

    def validate(self, extra_validators: object = None) -> bool:
        """Check every field, and that a new choice and the boxes do not say different things."""
        is_good = super().validate(extra_validators)
        clear = [self._is_clear(choice) for choice in (VENUE, CONTACT)]
        return is_good and all(clear)

    def facts(self) -> dict[str, object]:
        """Return the typed values by attribute name; a new choice stands before the boxes."""
        told = super().facts()
        for choice in (VENUE, CONTACT):
            told |= self._chosen(choice) or {}
        return told

    def _new_key(self, choice: Choice) -> str:
        """Return what was chosen, unless the boxes show it already."""
        key = str(self[choice.select].data or "")
        return "" if key == str(self[choice.shown].data or "") else key

    def _chosen(self, choice: Choice) -> Facts | None:
        return self.offered[choice].get(self._new_key(choice))

    def _is_clear(self, choice: Choice) -> bool:
        key = self._new_key(choice)
        field = self[choice.select]
        if not key:
            return True
        chosen = self._chosen(choice)
        if chosen is None:
            field.errors = [*field.errors, choice.gone]
            return False
        shown = self.offered[choice].get(str(self[choice.shown].data or ""), {})
        before = {name: self[name].object_data for name in choice.words}
        fitting = [_words(choice, facts) for facts in (chosen, shown, before, {})]
        if _words(choice, super().facts()) in fitting:
            return True
        field.errors = [*field.errors, choice.which]
        return False


def bound_course_form(
    codes: Codes,
    sent: MultiDict[str, str],
    values: Facts,
    lists: Lists,
    named: ReportedCourse | None = None,
) -> ListedCourseForm:
    """Return the form of a course with what was sent, else with ``values``.

    ``named`` is the row whose venue and contact the values repeat.
    """
    venue = _key(lists.venues, None if named is None else named.venue_id)
    contact = _key(lists.contacts, None if named is None else named.contact_id)
    data = {
        **values,
        VENUE.select: venue,
        VENUE.shown: venue,
        CONTACT.select: contact,
        CONTACT.shown: contact,
    }
    make: Callable[..., CourseFormBase] = course_form(codes, ListedCourseForm)
    form = make(sent or None, data=data)  # empty is not "all left out"
    assert isinstance(form, ListedCourseForm)  # noqa: S101 -- for mypy: made from it one line above
    form.offer(lists)
    return form


def told_new(row: ReportedCourse, lists: Lists) -> list[str]:
    """Return what the provider's lists have since this row was saved, in words."""
    told = []
    if row.venue_id is not None and not _key(lists.venues, row.venue_id):
        place = ", ".join(filter(None, (row.venue_name or row.street, row.town)))
        told.append(f"Neuer Kursort in Ihrer Liste: {place}.")
    if row.contact_id is not None and not _key(lists.contacts, row.contact_id):
        told.append(f"Neue Ansprechperson in Ihrer Liste: {row.contact_name}.")
    return told


def _key(things: Sequence[Venue] | Sequence[Contact], key: int | None) -> str:
    return str(key) if key in {thing.id for thing in things} else ""


def _words(choice: Choice, facts: Facts) -> tuple[str, ...]:
    return tuple(str(facts.get(name) or "") for name in choice.words)


def _texts(facts: Facts) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in facts.items()}


def _venue_name(venue: Venue) -> str:
    parts = (venue.name, venue.street, " ".join(filter(None, (venue.postcode, venue.town))))
    return ", ".join(filter(None, parts))


def _contact_name(contact: Contact) -> str:
    return ", ".join(filter(None, (contact.name, contact.phone or contact.email)))
