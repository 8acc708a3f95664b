"""Reports that somebody waits for, with the addresses of those who can send them."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.permissions import Role, Scope
from kursliste.domain.question import QuestionStatus
from kursliste.domain.reminders import MISSING, LadderTimes
from kursliste.domain.report import ReportStatus
from kursliste.domain.round import ends_on
from kursliste.domain.schedule import LADDER_ENDS
from kursliste.infrastructure.clock import BERLIN
from kursliste.infrastructure.holidays_by_state import holidays_between
from kursliste.models.identity import Membership, User
from kursliste.models.masterdata import CourseList, District, Provider
from kursliste.models.question import Question
from kursliste.models.report import Report, Round

TIMES = tuple(field.name for field in fields(LadderTimes))


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A report that is missing, or that has an open question since ``asked_on``.

    ``reporters`` are name and address of the active people who report for the provider.
    """

    report_id: int
    status: ReportStatus
    provider_id: int
    district_id: int
    month: Month
    opens_on: date
    due_on: date
    list_title: str
    district: str
    state: str
    contact: str
    provider: str
    report_email: str
    email: str
    open_until: date | None
    times: LadderTimes
    asked_on: date | None
    reporters: tuple[tuple[str, str], ...]

    @property
    def scope(self) -> Scope:
        return Scope(district_id=self.district_id, provider_id=self.provider_id)

    @property
    def holidays(self) -> AbstractSet[date]:
        """Return the holidays of the Land in all years that the ladder of this report touches."""
        last = max(self.due_on + LADDER_ENDS, ends_on(self.month, self.open_until))
        return holidays_between(self.state, self.opens_on, last)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return whom to write to: the people who report, or the house's Meldekontakt."""
        people = tuple(address for _name, address in self.reporters)
        return people or tuple(filter(None, [_folded(self.report_email)]))

    @property
    def second_address(self) -> str | None:
        """Return another address of the house for the time after the deadline, or None."""
        for address in (_folded(self.report_email), _folded(self.email)):
            if address and address not in self.addresses:
                return address
        return None


def is_waited_for() -> ColumnElement[bool]:
    """Return the condition for a ``Report``: missing, or asked with a question still open.

    A report that was approved is not missing while its provider changes it.
    """
    asked = and_(Report.status == ReportStatus.ASKED, _asked_at().is_not(None))
    missing = and_(Report.status.in_(MISSING), ~Report.approved_version.has())
    return or_(missing, asked)


def waiting_reports(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Waiting]:
    """Return the reports that are waited for under ``conditions``, by key; one statement."""
    query = (
        select(
            Report.id,
            Report.status,
            Report.provider_id,
            Report.district_id,
            Round.month,
            Round.opens_on,
            Round.due_on,
            Round.open_until,
            CourseList.title,
            District.name,
            District.state,
            District.contact,
            Provider.name,
            Provider.report_email,
            Provider.email,
            *(getattr(CourseList, name) for name in TIMES),
            _asked_at(),
            User.name,
            User.email,
        )
        .join(Round, Round.id == Report.round_id)
        .join(CourseList, CourseList.id == Round.course_list_id)
        .join(District, District.id == Report.district_id)
        .join(Provider, Provider.id == Report.provider_id)
        .outerjoin(
            Membership,
            and_(Membership.provider_id == Provider.id, Membership.role == Role.PROVIDER),
        )
        .outerjoin(User, and_(User.id == Membership.user_id, User.is_active.is_(True)))
        .where(is_waited_for(), Provider.is_active.is_(True), *conditions)
        .order_by(Report.id, User.name, User.email)
    )
    found = []
    for _key, rows in groupby(session.execute(query), key=lambda row: row[0]):
        first, *others = rows
        people = [(row[-2], row[-1]) for row in (first, *others) if row[-1] is not None]
        found.append(_waiting(first[:-2], people))
    return found


def _asked_at() -> ColumnElement[datetime]:
    """Return when the newest open question about the ``Report`` of the query was asked, or NULL."""
    return (
        select(func.max(Question.asked_at))
        .where(Question.report_id == Report.id, Question.status == QuestionStatus.OPEN)
        .correlate(Report)
        .scalar_subquery()
    )


def _waiting(row: Sequence[object], people: Sequence[tuple[str, str]]) -> Waiting:
    names = (
        "report_id", "status", "provider_id", "district_id", "month", "opens_on", "due_on",
        "open_until", "list_title", "district", "state", "contact", "provider",
        "report_email", "email", *TIMES,
    )  # fmt: skip
    facts = dict(zip(names, row, strict=False))
    times = LadderTimes(**{name: facts.pop(name) for name in TIMES})  # type: ignore[arg-type]  # days
    asked_at = row[-1]
    asked_on = asked_at.astimezone(BERLIN).date() if isinstance(asked_at, datetime) else None
    return Waiting(**facts, times=times, asked_on=asked_on, reporters=tuple(people))  # type: ignore[arg-type]  # the columns above, in their order


def _folded(address: str) -> str:
    return address.strip().lower()
