"""What a coordinator sees before publishing: how many courses go in, and what is still open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.correction import CorrectionStatus
from kursliste.domain.course import CourseStatus
from kursliste.domain.edition import change_from, is_for_public
from kursliste.domain.permissions import Actor
from kursliste.domain.plausibility import Finding
from kursliste.domain.question import QuestionStatus
from kursliste.domain.report import ReportStatus
from kursliste.domain.round import leaves_out_unconfirmed
from kursliste.infrastructure.codes import Codes
from kursliste.models.approved import ApprovedCourse
from kursliste.models.edition import Edition
from kursliste.models.masterdata import CourseList, District
from kursliste.models.publication import PublicationOrder
from kursliste.models.question import Question
from kursliste.models.report import Report, ReportedCourse, Round
from kursliste.publishing import queries
from kursliste.publishing.entries import LeftOut, entries_of, has_answered, left_out_of
from kursliste.publishing.freezing import changes_since
from kursliste.publishing.mailing import readers_of
from kursliste.publishing.order_queries import order_or_none
from kursliste.review.oddities import oddities_by_course
from kursliste.web.news_words import ChangedCourse, corrected_courses

ListedCourse = ReportedCourse | ApprovedCourse
NOT_SENT = (ReportStatus.OPEN, ReportStatus.DRAFT)


@dataclass(frozen=True, kw_only=True)
class Unconfirmed:
    """The rows of an approved report that nobody confirmed this month, and what becomes of them.

    ``is_decided`` if a coordinator said so for this report, otherwise the list does it always.
    """

    report: Report
    rows: Sequence[ListedCourse]
    is_left_out: bool
    is_decided: bool


@dataclass(frozen=True, kw_only=True)
class OddRow:
    """A row of an approved report with something that looks odd."""

    report: Report
    row: ListedCourse
    findings: Sequence[Finding]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A report that waits for its provider's answer to ``questions``, or went on without it.

    ``first`` is the first of them that is open.
    """

    report: Report
    questions: int
    first: Question | None


@dataclass(frozen=True, kw_only=True)
class Objected:
    """A report whose provider objects to ``corrections`` that the coordinator made."""

    report: Report
    corrections: int


@dataclass(frozen=True, kw_only=True)
class Checklist:
    """The state of a month; every open thing names the report where it is mended.

    ``courses`` is how many rows the public list would have, ``internal_courses`` how many more the
    internal one, ``readers`` how many subscriptions hear of the next edition. ``replaced`` is what
    a correction would replace, ``corrected`` what would differ from it, internal values too.
    """

    district: District
    course_list: CourseList
    month: Month
    opens_on: date
    editions: Sequence[Edition]
    courses: int
    internal_courses: int
    approved: int
    missing: Sequence[Report]
    revised: Sequence[Report]
    asked: Sequence[Asked]
    objected: Sequence[Objected]
    waiting: Sequence[Report]
    unconfirmed: Sequence[Unconfirmed]
    odd: Sequence[OddRow]
    newcomers: Sequence[Report]
    silent: Sequence[str]
    readers: int
    left_out: Sequence[LeftOut]
    replaced: Edition | None
    corrected: Sequence[ChangedCourse]
    order: PublicationOrder | None

    @property
    def public_left_out(self) -> int:
        """How many courses the public list would say it leaves out."""
        return sum(found.public for found in self.left_out)

    @property
    def newest(self) -> int:
        """The number of the month's newest edition, 0 if there is none."""
        return self.editions[0].number if self.editions else 0

    @property
    def is_clear(self) -> bool:
        """Whether nothing is open."""
        reports = self.missing or self.revised or self.asked or self.objected or self.waiting
        return not (reports or self.unconfirmed or self.odd)


def checklist(session: Session, actor: Actor, slug: str, month: Month, codes: Codes) -> Checklist:
    """Return the checklist of a month; NotFoundError if it is not the actor's or was not asked."""
    found = queries.round_to_publish(session, actor, slug, month)
    reports = queries.reports_of(session, found)
    going_in = queries.approved(reports)
    occasion = queries.occasion_of(session, found, codes)
    entries = entries_of(going_in, occasion)
    rows = [entry.row() for entry in entries]
    public = sum(map(is_for_public, rows))
    replaced = queries.standing_edition_or_none(session, found.course_list, month)
    corrected = [
        c
        for c in changes_since(replaced, rows, withheld=occasion.layout.withheld)
        if c["is_internal"]
    ]
    listed = queries.listed_provider_ids(session, found.course_list, month)
    return Checklist(
        district=found.district,
        course_list=found.course_list,
        month=month,
        opens_on=found.opens_on,
        editions=queries.editions_of_month(session, found.course_list, month),
        courses=public,
        internal_courses=len(entries) - public,
        approved=len(going_in),
        missing=[r for r in _in_state(reports, *NOT_SENT) if not r.stands],
        revised=[r for r in _in_state(reports, *NOT_SENT) if r.stands],
        asked=[
            _asked(report)
            for report in reports
            if report.status is ReportStatus.ASKED or _open_questions(report)
        ],
        objected=[
            Objected(report=report, corrections=count)
            for report in reports
            if (count := _objections(report))
        ],
        waiting=_in_state(reports, ReportStatus.SUBMITTED),
        unconfirmed=_unconfirmed(going_in, found),
        odd=_odd_rows(session, found, going_in, codes),
        newcomers=[
            r for r in going_in if listed and r.standing.courses and r.provider_id not in listed
        ],
        readers=readers_of(session, found.course_list),
        silent=[r.provider.name for r in reports if not has_answered(r, found.opens_on)],
        left_out=left_out_of(going_in, occasion),
        replaced=replaced,
        corrected=corrected_courses(map(change_from, corrected), codes.words),
        order=order_or_none(session, found),
    )


def _in_state(reports: Iterable[Report], *states: ReportStatus) -> list[Report]:
    return [report for report in reports if report.status in states]


def _asked(report: Report) -> Asked:
    waiting = _open_questions(report)
    return Asked(report=report, questions=len(waiting), first=next(iter(waiting), None))


def _open_questions(report: Report) -> list[Question]:
    return [one for one in report.questions if one.status is QuestionStatus.OPEN]


def _objections(report: Report) -> int:
    return sum(one.status is CorrectionStatus.OBJECTED for one in report.corrections)


def _living(report: Report) -> list[ListedCourse]:
    return [row for row in report.standing.courses if row.status is not CourseStatus.ENDED]


def _unconfirmed(reports: Iterable[Report], asked: Round) -> list[Unconfirmed]:
    found = []
    for report in reports:
        rows = [row for row in _living(report) if not row.is_confirmed_since(asked.opens_on)]
        if rows:
            found.append(
                Unconfirmed(
                    report=report,
                    rows=rows,
                    is_left_out=leaves_out_unconfirmed(
                        report.unconfirmed, asked.course_list.unconfirmed_rule
                    ),
                    is_decided=report.unconfirmed is not None,
                )
            )
    return found


def _odd_rows(
    session: Session, asked: Round, reports: Sequence[Report], codes: Codes
) -> list[OddRow]:
    stated = [(report, row) for report in reports for row in _living(report)]
    odd = oddities_by_course(session, asked, [row for _report, row in stated], codes)
    return [
        OddRow(report=report, row=row, findings=odd[row.course_id])
        for report, row in stated
        if odd[row.course_id]
    ]
