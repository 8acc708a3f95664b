"""A provider's house with a list of everything, for the tests of this station."""

from sqlalchemy import select

from kursliste.models import Contact, JournalEntry, Venue

PLACE = {"venue_name": "Haus der Silben", "street": "Weg 1", "postcode": "02826", "town": "Görlitz"}
PERSON = {"contact_name": "Büro", "contact_phone": "03581 1", "contact_email": "a@example.org"}
VENUE = {"name": "Haus der Silben", "street": "Weg 1", "postcode": "02826", "town": "Görlitz"}
CONTACT = {"name": "Büro", "phone": "03581 1", "email": "a@example.org", "is_public": True}


def a_venue(session, provider, **more):
    return _added(session, Venue(provider=provider, **{**VENUE, "wheelchair": None, **more}))


def a_contact(session, provider, **more):
    return _added(session, Contact(provider=provider, **{**CONTACT, **more}))


def _added(session, thing):
    session.add(thing)
    session.flush()
    return thing


def place_of(row):
    return tuple(getattr(row, name) for name in PLACE)


def person_of(row):
    return tuple(getattr(row, name) for name in PERSON)


def entries(session):
    """What the journal says about providers and people: event, table, changes, details."""
    session.flush()
    query = select(JournalEntry).where(JournalEntry.event != "codes:loaded")
    return [
        (str(e.event), e.subject_table, e.changes, e.details)
        for e in session.scalars(query.order_by(JournalEntry.id))
    ]
