"""Where a person stands in the editions of a district, and in the reports behind them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from kursliste.domain.erasure import Wanted, beside
from kursliste.models.approved import ApprovedCourse, ApprovedVersion
from kursliste.models.course_note import CourseNote
from kursliste.models.edition import Edition, EditionEntry
from kursliste.models.facts import FACT_NAMES
from kursliste.models.hint import ReaderHint
from kursliste.models.masterdata import District
from kursliste.models.report import Report, ReportedCourse
from kursliste.models.review import ProviderNote

OF_AN_ENTRY: Final = (*FACT_NAMES, "provider", "search_text")
OF_A_HEAD: Final = (
    "responsible",
    "contact",
    "publisher",
    "reason",
    "silent_providers",
    "providers",
    "changes",
    "corrected",
    "left_out",
    "layout",
)
OF_A_TOMBSTONE: Final = ("withdrawn_by", "reason")
TOGETHER: Final = 20
"""Editions that are looked at together; a country's years do not fit into memory at once."""

OF_A_NOTE: Final = ("text", "written_by")
OF_A_HINT: Final = ("comment", "settled_by")
Behind = ReportedCourse | ApprovedCourse | CourseNote | ProviderNote | ReaderHint
"""What stands behind the editions: reports, and what people wrote beside them."""


@dataclass
class Finding:
    """In how many places of an edition the texts stand, by column."""

    edition_id: int
    name: str
    list_title: str
    places: Counter[str] = field(default_factory=Counter)


@dataclass
class Findings:
    """What an erasure would change; ``beside`` are numbers and addresses next to the name."""

    editions: list[Finding]
    reported: int
    beside: Sequence[str]


def findings(session: Session, district: District, wanted: Wanted) -> Findings:
    """Return where the texts stand, the newest edition first; nothing is changed."""
    found: list[Finding] = []
    next_to: dict[str, None] = {}
    for edition in editions_of(session, district):
        places = Counter(name for _thing, name, _new in changed_in(edition, wanted))
        if places:
            found.append(Finding(edition.id, edition.name, edition.list_title, places))
            rows = [entry.facts() for entry in edition.entries]
            people = [one for row in edition.providers for one in row.get("contacts", ())]
            next_to |= dict.fromkeys(beside([*rows, *people], wanted))
    reported = [row for row in rows_behind(session, district) if any(changed_of(row, wanted))]
    facts = [row.facts() for row in reported if isinstance(row, ReportedCourse | ApprovedCourse)]
    next_to |= dict.fromkeys(beside(facts, wanted))
    return Findings(editions=found, reported=len(reported), beside=list(next_to))


def editions_of(session: Session, district: District) -> Iterator[Edition]:
    """Give all editions of a district with everything in them, the newest first.

    Withdrawn ones too: their files lie on the shelf. What was looked at is let go of again.
    """
    keys = session.scalars(
        select(Edition.id).where(Edition.district_id == district.id).order_by(Edition.id.desc())
    ).all()
    for begin in range(0, len(keys), TOGETHER):
        query = (
            select(Edition)
            .where(Edition.id.in_(keys[begin : begin + TOGETHER]))
            .order_by(Edition.id.desc())
            .options(selectinload(Edition.entries), selectinload(Edition.withdrawal))
        )
        yield from session.scalars(query)


def rows_behind(session: Session, district: District) -> Iterator[Behind]:
    """Give the rows of all reports of a district, also those that were approved before, and what
    was noted about its courses and providers, and told by readers.
    """
    reported = select(ReportedCourse).join(Report).where(Report.district_id == district.id)
    yield from session.scalars(reported.order_by(ReportedCourse.id))
    approved = (
        select(ApprovedCourse)
        .join(ApprovedVersion)
        .join(Report, Report.id == ApprovedVersion.report_id)
        .where(Report.district_id == district.id)
    )
    yield from session.scalars(approved.order_by(ApprovedCourse.id))
    note, remark, hint = CourseNote, ProviderNote, ReaderHint
    here = district.id
    yield from session.scalars(select(note).where(note.district_id == here).order_by(note.id))
    yield from session.scalars(select(remark).where(remark.district_id == here).order_by(remark.id))
    yield from session.scalars(select(hint).where(hint.district_id == here).order_by(hint.id))


def changed_in(edition: Edition, wanted: Wanted) -> Iterator[tuple[Any, str, Any]]:
    """Give thing, attribute and new value of everything in an edition that has to change."""
    yield from changed_of(edition, wanted)
    for entry in edition.entries:
        yield from changed_of(entry, wanted)
    if edition.withdrawal is not None:
        yield from changed_of(edition.withdrawal, wanted)


def changed_of(thing: Any, wanted: Wanted) -> Iterator[tuple[Any, str, Any]]:
    """Give thing, attribute and new value of what has to change in one row of a table."""
    for name in _attributes(thing):
        old = getattr(thing, name)
        if isinstance(old, str | Mapping | list | tuple):
            new = wanted.cleaned(name, old)
            if new is not old and new != old:
                yield thing, name, new


def _attributes(thing: Any) -> Sequence[str]:
    if isinstance(thing, Edition):
        return OF_A_HEAD
    if isinstance(thing, EditionEntry):
        return OF_AN_ENTRY
    if isinstance(thing, CourseNote | ProviderNote):
        return OF_A_NOTE
    if isinstance(thing, ReaderHint):
        return OF_A_HINT
    return FACT_NAMES if isinstance(thing, ReportedCourse | ApprovedCourse) else OF_A_TOMBSTONE
