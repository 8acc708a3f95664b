"""What stands on the pages of a list's dates, and which round comes next."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.permissions import Actor
from kursliste.domain.rhythm import coming_months
from kursliste.domain.round import RoundStatus
from kursliste.domain.schedule import LADDER_ENDS, ListSetup, PlannedRound, planned, planned_round
from kursliste.infrastructure import clock
from kursliste.infrastructure.holidays_by_state import holidays_between
from kursliste.masterdata.queries import coordinated_district, list_of, rounds_of
from kursliste.masterdata.rounds import newest_of
from kursliste.models.masterdata import CourseList, District
from kursliste.models.report import Round

PREVIEWED = 3


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """A list of a coordinator's district; ``runs_itself`` if its rounds open without being told."""

    district: District
    course_list: CourseList
    lists: Sequence[CourseList]
    open_rounds: Sequence[Round]
    runs_itself: bool
    today: date


def list_page(session: Session, actor: Actor, slug: str, list_slug: str | None) -> ListPage:
    """Return the list with this slug, or the district's first one.

    Raises NotFoundError for a foreign district and an unknown list.
    """
    district = coordinated_district(session, actor, slug)
    course_list = list_of(session, district, list_slug)
    rounds = rounds_of(session, course_list)
    return ListPage(
        district=district,
        course_list=course_list,
        lists=lists_of(session, district),
        open_rounds=[found for found in rounds if found.status is RoundStatus.OPEN],
        runs_itself=newest_of(session, course_list) is not None,
        today=clock.today(),
    )


def setup_of(course_list: CourseList) -> ListSetup:
    """Return what a district chose for a list."""
    return ListSetup(
        **{field.name: getattr(course_list, field.name) for field in fields(ListSetup)}
    )


def lists_of(session: Session, district: District) -> Sequence[CourseList]:
    """Return the lists of a district, the first one first."""
    query = select(CourseList).where(CourseList.district_id == district.id)
    return session.scalars(query.order_by(CourseList.id)).all()


def coming_rounds(
    session: Session, course_list: CourseList, setup: ListSetup, *, count: int = PREVIEWED
) -> Sequence[PlannedRound]:
    """Return the next rounds of a list as they would be under ``setup``.

    A list that nobody started yet is shown from its next opening day on.
    """
    today = clock.today()
    found = newest_of(session, course_list)
    months = coming_months(
        found.month if found else Month.of(today),
        rhythm=setup.rhythm,
        opens_day=setup.opens_day,
        today=today,
        opened_on=found.opened_on if found else today,
        count=count,
    )
    state = course_list.district.state
    return [planned(month, setup, _holidays_around(state, month.last_day())) for month in months]


def days_of(asked: Round) -> PlannedRound:
    """Return the days of a round that exists."""
    return planned_round(
        asked.month,
        opens_on=asked.opens_on,
        due_on=asked.due_on,
        times=asked.course_list.times,
        holidays=_holidays_around(asked.district.state, asked.due_on),
    )


def _holidays_around(state: str, day: date) -> frozenset[date]:
    return frozenset(holidays_between(state, day - LADDER_ENDS, day + LADDER_ENDS))
