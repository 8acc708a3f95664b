"""The mails about an edition before it is published: their text, and how many there will be.

The rows that would be frozen stand for a moment in a database in memory, so that filters are
answered by the same statement as later, and nothing is stored.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from kursliste.catalogue import queries as catalogue
from kursliste.catalogue.search import Search
from kursliste.domain.calendar import Month
from kursliste.domain.edition import changes_between, is_for_public
from kursliste.domain.permissions import Actor
from kursliste.infrastructure import clock
from kursliste.infrastructure.codes import Codes
from kursliste.models.edition import Edition, EditionEntry
from kursliste.models.masterdata import CourseList
from kursliste.publishing import freezing
from kursliste.publishing import queries as publishing
from kursliste.readers import mails, queries
from kursliste.readers.fitting import (
    Issue,
    is_worth_a_mail,
    mailed_before,
    public_row,
    public_rows,
    reading_of,
    withheld_by,
    words_of,
)
from kursliste.readers.letters import letter_of
from kursliste.readers.links import Links

OWN_LINK: Final = "(persönlicher Link)"
REASON: Final = "(Ihr Grund der Korrektur)"
UNSAVED: Final = 1


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The mail to everybody with one filter; ``is_sent`` is False where nothing is new for it."""

    filter_words: Sequence[str]
    count: int
    is_sent: bool
    subject: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What would be mailed if the month were published now."""

    course_list: CourseList
    month: Month
    number: int
    is_correction: bool
    attaches: bool
    samples: Sequence[Sample]

    @property
    def readers(self) -> int:
        """How many subscriptions there are."""
        return sum(sample.count for sample in self.samples)

    @property
    def mails(self) -> int:
        """How many mails would go out."""
        return sum(sample.count for sample in self.samples if sample.is_sent)


def preview(
    session: Session, actor: Actor, slug: str, month: Month, codes: Codes, links: Links
) -> Preview:
    """Return the mails of a month that the actor may publish; else NotFoundError."""
    found = publishing.round_to_publish(session, actor, slug, month)
    course_list, now = found.course_list, clock.now()
    number = publishing.newest_number(session, course_list, month) + 1
    occasion = publishing.occasion_of(session, found, codes)
    edition = freezing.frozen(
        publishing.reports_of(session, found),
        freezing.Before(earlier=None, replaced=None),
        occasion,
        number=number,
        reason=REASON if number > 1 else "",
        at=now,
        actor=actor,
    )
    rules = queries.rules_of(session, course_list)
    wanted = list(queries.active_filters(session, course_list, now))
    if not any(not filters for filters, _always, _count in wanted):
        wanted.append(({}, False, 0))  # the whole mail is worth a look in any case
    wanted.sort(key=lambda one: bool(one[0]))
    with _issue(session, edition) as issue:
        samples = []
        for filters, always, count in wanted:
            reading = reading_of(issue, filters)
            letter = letter_of(issue, reading, links, attaches=bool(rules.attaches))
            subject, body = mails.edition_mail(letter, own_link=OWN_LINK)
            samples.append(
                Sample(
                    filter_words=reading.filter_words,
                    count=count,
                    is_sent=is_worth_a_mail(issue, reading, always=always),
                    subject=subject,
                    body=body,
                )
            )
        return Preview(
            course_list=course_list,
            month=month,
            number=number,
            is_correction=issue.is_correction,
            attaches=bool(rules.attaches),
            samples=samples,
        )


@contextmanager
def _issue(session: Session, edition: Edition) -> Iterator[Issue]:
    """Give what there is to tell about an edition that is not stored."""
    mailed = mailed_before(session, edition)
    earlier = mailed or catalogue.month_before(session, edition)
    public = [entry for entry in edition.entries if is_for_public(entry.row())]
    withheld = withheld_by(edition)
    rows = [public_row(entry, withheld) for entry in public]
    before = [] if earlier is None else public_rows(session, earlier, withheld)
    with _in_memory(public) as scratch:

        def find(search: Search) -> tuple[frozenset[str], frozenset[str]]:
            now = catalogue.fitting(scratch, [UNSAVED], search)[UNSAVED]
            if earlier is None:
                return now, now
            return now, catalogue.fitting(session, [earlier.id], search)[earlier.id]

        yield Issue(
            edition=edition,
            earlier=earlier,
            is_correction=mailed is not None,
            words=words_of(edition),
            levels=catalogue.levels(session),
            rows=rows,
            changes=changes_between(before, rows) if earlier else (),
            find=find,
        )


@contextmanager
def _in_memory(entries: Sequence[EditionEntry]) -> Iterator[Session]:
    """Give a session in which the entries are the rows of an edition."""
    engine = create_engine("sqlite://")
    table = EditionEntry.metadata.tables[EditionEntry.__tablename__]
    columns = [column.key for column in EditionEntry.__mapper__.column_attrs]
    with Session(engine) as scratch:
        table.create(scratch.connection())
        rows = [
            {**{name: getattr(entry, name) for name in columns}, "edition_id": UNSAVED, "id": key}
            for key, entry in enumerate(entries, start=1)
        ]
        if rows:
            scratch.execute(insert(EditionEntry), rows)
        yield scratch
    engine.dispose()
