"""Published courses of a provider, and what was told about them since.

A course counts as published if it stands in the newest edition of its list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from kursliste.domain.calendar import Month
from kursliste.domain.interim import NOTHING, Told, knows_better, laid_on
from kursliste.domain.permissions import Actor
from kursliste.domain.report import EDITABLE
from kursliste.domain.round import RoundStatus
from kursliste.infrastructure import clock
from kursliste.models.edition import Edition, EditionEntry, current_edition_ids
from kursliste.models.handover import holder_of
from kursliste.models.interim import InterimUpdate, newest_of
from kursliste.models.masterdata import Provider
from kursliste.models.report import Course, Report, ReportedCourse, Round

HEAD: Final = (
    Edition.course_list_id,
    Edition.district_id,
    Edition.month,
    Edition.number,
    Edition.published_at,
    Edition.district_slug,
    Edition.district_name,
    Edition.list_title,
)
"""What is needed of an edition; the rest of it is long."""


@dataclass(frozen=True)
class Published:
    """A course as it stands in the current list, with its newest update, if there is one.

    ``provider_id`` is the provider that tells about it today, whoever stands in the list.
    """

    entry: EditionEntry
    update: InterimUpdate | None
    provider_id: int

    @property
    def given_on(self) -> date | None:
        """The day of the update that counts, or None."""
        counts = self.update is not None and _knows_better(self.update, self.entry.confirmed_on)
        return clock.day_of(self.update.given_at) if self.update and counts else None

    @property
    def told(self) -> Told:
        """What counts beside the published values."""
        return self.update.told() if self.update and self.given_on else NOTHING

    def now(self, *, on: date) -> dict[str, object]:
        """Return the facts of the course with what was told."""
        return laid_on(self.entry.facts(), self.told, on=self.given_on or on)


def _knows_better(update: InterimUpdate, confirmed_on: date | None) -> bool:
    return knows_better(
        clock.day_of(update.given_at),
        confirmed_on=confirmed_on,
        is_superseded=update.superseded_at is not None,
    )


def _is_current() -> ColumnElement[bool]:
    return EditionEntry.edition_id.in_(current_edition_ids())


def _teller() -> ColumnElement[int]:
    """Who tells about an entry's course: it got the course, or its publisher went into it."""
    into = select(Provider.merged_into_id).where(Provider.id == EditionEntry.provider_id)
    got = holder_of(EditionEntry.course_id, Month.of(clock.today()))
    return func.coalesce(got, into.scalar_subquery(), EditionEntry.provider_id)


def current_entries(
    *conditions: ColumnElement[bool],
) -> Select[EditionEntry, InterimUpdate | None, int]:
    """Return the question for entries of current editions, each with its newest update.

    The third column is the provider that tells about the course.
    """
    return (
        select(EditionEntry, InterimUpdate, _teller())
        .join(EditionEntry.edition)
        .outerjoin(InterimUpdate, InterimUpdate.id == newest_of(EditionEntry.course_id))
        .where(_is_current(), *conditions)
        .order_by(
            Edition.district_name,
            Edition.course_list_id,
            EditionEntry.provider,
            EditionEntry.position,
            EditionEntry.id,
        )
        .options(contains_eager(EditionEntry.edition).load_only(*HEAD))
        .execution_options(populate_existing=True)
    )


def published_courses(
    session: Session, actor: Actor, *, keys: Iterable[str] | None = None
) -> list[Published]:
    """Return the published courses that the actor reports for, list by list in their order.

    ``keys`` are Kurs-IDs to stay with; those of other providers are not found.
    """
    conditions = [_teller().in_(actor.provider_ids)]
    if keys is not None:
        conditions.append(EditionEntry.course_id.in_(keys))
    found = session.execute(current_entries(*conditions))
    return [Published(*one) for one in found]


def count_published(session: Session, actor: Actor) -> int:
    """Return how many published courses the actor reports for."""
    query = (
        select(func.count())
        .select_from(EditionEntry)
        .where(_is_current(), _teller().in_(actor.provider_ids))
    )
    return session.scalars(query).one()


def hold_courses(session: Session, provider_id: int, keys: Iterable[str]) -> None:
    """Hold courses of a provider: who tells about the same ones meanwhile has to wait."""
    query = (
        select(Course.id)
        .where(Course.provider_id == provider_id, Course.id.in_(keys))
        .order_by(Course.id)
        .with_for_update()
    )
    session.execute(query)


def facts_now(
    session: Session, rows: Sequence[ReportedCourse]
) -> list[tuple[str, dict[str, object]]]:
    """Return Kurs-ID and facts of rows, with what was told after each was confirmed."""
    query = select(InterimUpdate).where(
        InterimUpdate.course_id.in_([row.course_id for row in rows]),
        InterimUpdate.id == newest_of(InterimUpdate.course_id),
    )
    newest = {update.course_id: update for update in session.scalars(query)}
    found = []
    for row in rows:
        facts, update = row.facts(), newest.get(row.course_id)
        if update is not None and _knows_better(update, row.confirmed_on):
            facts = laid_on(facts, update.told(), on=clock.day_of(update.given_at))
        found.append((row.course_id, facts))
    return found


def rows_being_filled(session: Session, courses: Sequence[Published]) -> Sequence[ReportedCourse]:
    """Return the rows of these courses in reports that their provider may change just now.

    Reports for a month before the current edition are left alone.
    """
    month_of = {found.entry.course_id: found.entry.edition.month for found in courses}
    query = (
        select(ReportedCourse)
        .join(ReportedCourse.report)
        .join(Report.round)
        .where(
            ReportedCourse.course_id.in_(month_of),
            Report.status.in_(EDITABLE),
            Round.status == RoundStatus.OPEN,
        )
        .options(joinedload(ReportedCourse.report).joinedload(Report.round))
        .order_by(Round.month, ReportedCourse.report_id, ReportedCourse.id)
    )
    return [row for row in session.scalars(query) if row.report.month >= month_of[row.course_id]]
