"""What stands around the board: which month, which others, and what to open next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month, round_dates
from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Actor
from kursliste.infrastructure import clock
from kursliste.infrastructure.holidays_by_state import holidays_of
from kursliste.masterdata.queries import coordinated_district, list_of, rounds_of
from kursliste.models.masterdata import CourseList, District
from kursliste.models.publication import PublicationOrder
from kursliste.models.report import Report, Round
from kursliste.reporting.interim_queries import Published
from kursliste.review.board import Board, board
from kursliste.review.interim_queries import updates_beside
from kursliste.review.queries import next_waiting, reports_to_carry_over


@dataclass(frozen=True, kw_only=True)
class Openable:
    """A month that can be asked for next, with the dates its round would have."""

    month: Month
    opens_on: date
    due_on: date


@dataclass(frozen=True, kw_only=True)
class MonthPage:
    """Everything on the page of a district's month; ``board`` is None before the first round.

    ``days_left`` counts to the deadline, negative after it. ``updates`` are what providers told
    about the current edition since; they stand on the newest month only. ``publishes_at`` is when
    the month publishes itself, if somebody set a time.
    """

    district: District
    course_list: CourseList
    board: Board | None
    earlier: Month | None
    later: Month | None
    openable: Sequence[Openable]
    days_left: int
    next_waiting_id: int | None
    to_carry_over: Sequence[Report]
    updates: Sequence[Published]
    publishes_at: datetime | None = None


def month_page(session: Session, actor: Actor, slug: str, month: Month | None) -> MonthPage:
    """Return the page of ``month``, or of the newest round.

    Raises NotFoundError for a foreign district and for a month that was never asked for.
    """
    district = coordinated_district(session, actor, slug)
    course_list = list_of(session, district)
    rounds = rounds_of(session, course_list)
    asked = _chosen(rounds, month)
    openable = openable_months(course_list, rounds)
    if asked is None:
        return MonthPage(
            district=district,
            course_list=course_list,
            board=None,
            earlier=None,
            later=None,
            openable=openable,
            days_left=0,
            next_waiting_id=None,
            to_carry_over=(),
            updates=(),
        )
    today = clock.today()
    return MonthPage(
        district=district,
        course_list=course_list,
        board=board(session, actor, district, asked),
        earlier=max((r.month for r in rounds if r.month < asked.month), default=None),
        later=min((r.month for r in rounds if r.month > asked.month), default=None),
        openable=openable,
        days_left=(asked.due_on - today).days,
        next_waiting_id=next_waiting(session, actor, asked),
        to_carry_over=reports_to_carry_over(session, actor, asked, on=today),
        updates=updates_beside(session, actor, course_list) if asked is rounds[0] else (),
        publishes_at=session.scalar(
            select(PublicationOrder.due_at).where(PublicationOrder.round_id == asked.id)
        ),
    )


def openable_months(course_list: CourseList, rounds: Sequence[Round]) -> Sequence[Openable]:
    """Return this month and the next, as far as they lie behind the newest round."""
    this = Month.of(clock.today())
    newest = max((found.month for found in rounds), default=None)
    months = [month for month in (this, this.next()) if newest is None or month > newest]
    return [_openable(course_list, month) for month in months]


def _openable(course_list: CourseList, month: Month) -> Openable:
    opens_on, due_on = round_dates(
        month,
        opens_day=course_list.opens_day,
        due_working_days=course_list.due_working_days,
        holidays=holidays_of(course_list.district.state, month.previous().year),
    )
    return Openable(month=month, opens_on=opens_on, due_on=due_on)


def _chosen(rounds: Sequence[Round], month: Month | None) -> Round | None:
    if month is None:
        return rounds[0] if rounds else None
    for found in rounds:
        if found.month == month:
            return found
    raise NotFoundError(f"round {month}")
