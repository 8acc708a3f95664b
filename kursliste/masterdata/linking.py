"""Which venue and which contact a course names: the one place that finds out and remembers.

Whoever writes the words of a course calls :func:`follow_words`; whoever copies a course into the
next report calls :func:`renew_words`. Both read a provider's lists once, whatever the number of
rows.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.course import Wheelchair
from kursliste.domain.errors import ConflictError
from kursliste.domain.events import JournalEvent
from kursliste.domain.house import (
    PERSON_FACTS,
    PLACE_FACTS,
    Words,
    agrees,
    is_person,
    is_place,
    person_words,
    place_words,
)
from kursliste.domain.permissions import Actor, Scope
from kursliste.infrastructure import journal
from kursliste.models.masterdata import Contact, Provider, Venue
from kursliste.models.report import ReportedCourse

Facts = Mapping[str, object]


def follow_words(
    session: Session,
    provider: Provider,
    rows: Sequence[ReportedCourse],
    *,
    actor: Actor,
    scope: Scope,
) -> None:
    """Let rows name the venue and contact whose words they repeat; remember what is new."""
    if not rows:
        return
    house = House(session, provider)
    house.remember([row.facts() for row in rows], actor=actor, scope=scope)
    for row in rows:
        house.link(row)


def renew_words(session: Session, provider: Provider, rows: Sequence[ReportedCourse]) -> None:
    """Give rows of a new report the words that their venues and contacts have today.

    A contact that was removed, or is not public any more, leaves its rows without one. A row that
    names nothing is linked by its words. Nothing is remembered here: copying is not telling.
    """
    house = House(session, provider)
    for row in rows:
        house.renew(row)
        house.link(row)


def link_words(session: Session, provider: Provider, rows: Sequence[ReportedCourse]) -> None:
    """Let rows whose words are given name what they repeat; nothing is remembered or renewed."""
    house = House(session, provider)
    for row in rows:
        house.link(row)


def venue_words(venue: Venue) -> Words:
    """Return the words by which a venue is recognised."""
    return (venue.name, venue.street, venue.postcode, venue.town)


def contact_words(contact: Contact) -> Words:
    """Return the words by which a contact is recognised."""
    return (contact.name, contact.phone, contact.email)


def venue_facts(venue: Venue) -> dict[str, object]:
    """Return what a venue gives to a course; empty is unknown."""
    return {fact: getattr(venue, name) or None for fact, name in PLACE_FACTS.items()}


def contact_facts(contact: Contact) -> dict[str, object]:
    """Return what a contact gives to a course: nothing unless it is public (rule 11)."""
    if not contact.is_public:
        return dict.fromkeys(PERSON_FACTS)
    return {fact: getattr(contact, name) or None for fact, name in PERSON_FACTS.items()}


class House:
    """A provider's venues and contacts by their words: two statements for any number of rows."""

    def __init__(self, session: Session, provider: Provider) -> None:
        self.session, self.provider = session, provider
        self._read()

    def _read(self) -> None:
        venues = select(Venue).where(Venue.provider_id == self.provider.id).order_by(Venue.id)
        contacts = (
            select(Contact).where(Contact.provider_id == self.provider.id).order_by(Contact.id)
        )
        with self.session.no_autoflush:  # the lists do not depend on rows that wait to be written
            self.venue_of = {venue.id: venue for venue in self.session.scalars(venues)}
            self.contact_of = {contact.id: contact for contact in self.session.scalars(contacts)}
        self.venues = {venue_words(venue): venue for venue in self.venue_of.values()}
        self.contacts: dict[Words, Contact] = {}
        for contact in self.contact_of.values():  # of two alike the older one counts
            self.contacts.setdefault(contact_words(contact), contact)

    def link(self, row: ReportedCourse) -> None:
        """Let a row name what it repeats word for word, else nothing."""
        facts = row.facts()
        venue = self.venues.get(place_words(facts))
        contact = self.contacts.get(person_words(facts))
        is_there = venue is not None and agrees(row.wheelchair, venue.wheelchair)
        row.venue_id = venue.id if venue is not None and is_there else None
        row.contact_id = contact.id if contact is not None and contact.is_public else None

    def renew(self, row: ReportedCourse) -> None:
        """Give a row the words that what it names has today."""
        venue = self.venue_of.get(row.venue_id or 0)
        contact = self.contact_of.get(row.contact_id or 0)
        if venue is not None:
            known = venue_facts(venue)
            row.take({**known, "wheelchair": known["wheelchair"] or row.wheelchair})
        if contact is not None:
            row.take(contact_facts(contact))

    def remember(self, told: Sequence[Facts], *, actor: Actor, scope: Scope) -> None:
        """Add the places and people that courses tell and the lists do not have yet.

        A contact that a course names is public, because the course is.
        """
        places = {place_words(facts): facts for facts in reversed(told)}
        people = dict.fromkeys(person_words(facts) for facts in told)
        if not (self._new_places(places) or self._new_people(people)):
            return
        lock_house(self.session, self.provider)
        self._read()
        entries: list[tuple[JournalEvent, Venue | Contact]] = [
            (JournalEvent.VENUE_ADDED, self._add_venue(words, places[words]))
            for words in self._new_places(places)
        ]
        entries += [self._publish(words) for words in self._new_people(people)]
        self.session.flush()  # rows and journal name them by their keys
        for event, thing in entries:
            journal.record(self.session, event, thing, actor=actor, scope=scope)
        self._read()

    def _new_places(self, told: Iterable[Words]) -> list[Words]:
        return [words for words in told if is_place(words) and words not in self.venues]

    def _new_people(self, told: Iterable[Words]) -> list[Words]:
        return [words for words in told if is_person(words) and not self._is_named(words)]

    def _is_named(self, words: Words) -> bool:
        contact = self.contacts.get(words)
        return contact is not None and contact.is_public

    def _add_venue(self, words: Words, facts: Facts) -> Venue:
        name, street, postcode, town = words
        venue = Venue(
            provider=self.provider,
            name=name,
            street=street,
            postcode=postcode,
            town=town,
            wheelchair=next((one for one in Wheelchair if one == facts.get("wheelchair")), None),
        )
        self.session.add(venue)
        return venue

    def _publish(self, words: Words) -> tuple[JournalEvent, Contact]:
        known = self.contacts.get(words)
        if known is not None:
            known.is_public = True
            return JournalEvent.CONTACT_CHANGED, known
        name, phone, email = words
        contact = Contact(
            provider=self.provider, name=name, phone=phone, email=email, is_public=True
        )
        self.session.add(contact)
        return JournalEvent.CONTACT_ADDED, contact


def lock_house(session: Session, provider: Provider) -> None:
    """Hold a provider's lists: of two who tell the same new place one adds it, one finds it.

    Whoever also holds reports takes them first, so that nobody waits in a circle. Raises
    ConflictError for one that went into another provider meanwhile.
    """
    query = select(Provider.merged_into_id).where(Provider.id == provider.id).with_for_update()
    if session.scalar(query) is not None:
        raise ConflictError
