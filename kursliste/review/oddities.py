"""What looks odd in the rows of a round: asked once for all rows that a page shows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from rapidfuzz import fuzz, utils
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from kursliste.domain.course import CourseStatus
from kursliste.domain.duplicates import SAME_MEETING, TELLS_APART, Stated, duplicate
from kursliste.domain.edition import Row
from kursliste.domain.plausibility import (
    Facts,
    Finding,
    Notice,
    Severity,
    findings,
    not_let_pass,
)
from kursliste.domain.plausible_history import history_findings
from kursliste.domain.plausible_place import NOWHERE, REGION, far_from_the_others
from kursliste.infrastructure import clock
from kursliste.infrastructure.codes import Codes
from kursliste.models.approved import ApprovedCourse
from kursliste.models.masterdata import Provider
from kursliste.models.report import Report, ReportedCourse, Round
from kursliste.reporting.call_list import refused_mails
from kursliste.review.comparison import Baseline, baseline
from kursliste.review.rules import EffectiveRules, rules_of

ListedCourse = ReportedCourse | ApprovedCourse

SETTLED: Final = frozenset({CourseStatus.ENDED, CourseStatus.CANCELLED})
"""Nobody calls about a course that is over or does not take place."""
NEAR_EQUAL: Final = 92
KNOWN_FOR: Final = timedelta(days=366)
_COMPARED: Final = sorted({"title", "course_type", "starts_on", *TELLS_APART, *SAME_MEETING})


@dataclass(frozen=True, kw_only=True)
class _Around:
    """What is known around the rows of a round, read once."""

    today: date
    rules: EffectiveRules
    before: Mapping[str, Row]
    is_published: bool
    same_run: Mapping[tuple[object, object], Sequence[Stated]]
    regions: Mapping[str, Collection[int]]
    refused: Collection[str]
    mute: Mapping[str, int]


def oddities(
    session: Session,
    asked: Round,
    rows: Iterable[ReportedCourse],
    codes: Codes,
    *,
    before: Baseline | None = None,
    rules: EffectiveRules | None = None,
) -> Mapping[int, Sequence[Finding]]:
    """Return what looks odd in each row of a round, by the key of the row; what to ask first.

    At most seven statements, whatever the number of rows and reports; a caller that has the
    baseline or the rules of the district passes them on and saves up to three. The reports of
    the rows are loaded already.
    """
    listed = list(rows)
    found = oddities_by_course(session, asked, listed, codes, before=before, rules=rules)
    return {row.id: found[row.course_id] for row in listed}


def oddities_by_course(
    session: Session,
    asked: Round,
    rows: Iterable[ListedCourse],
    codes: Codes,
    *,
    before: Baseline | None = None,
    rules: EffectiveRules | None = None,
) -> Mapping[str, Sequence[Finding]]:
    """Return the same by the Kurs-ID, for rows of reports and of approved versions together."""
    listed = list(rows)
    if before is None:
        before = baseline(session, asked, {_provider_id(row) for row in listed})
    around = _Around(
        today=clock.today(),
        rules=rules or rules_of(session, asked.district_id),
        before={str(row["course_id"]): row for known in before.rows.values() for row in known},
        is_published=before.is_published,
        same_run=_same_runs(session, asked, listed),
        regions=_regions(session, asked),
        refused=_refused(session, listed),
        mute=_mute(session, listed),
    )
    return {row.course_id: _of(row, around, codes) for row in listed}


def _of(row: ListedCourse, around: _Around, codes: Codes) -> Sequence[Finding]:
    if row.status in SETTLED:
        return ()
    ignored = {*around.rules.ignored, Notice.NOBODY_TO_CALL}
    wanted = [f for f in _all(row, around, codes) if f.notice not in ignored]
    rows = around.mute.get(row.course_id, 0)
    if rows and Notice.NOBODY_TO_CALL not in around.rules.ignored:
        wanted.append(
            Finding(notice=Notice.NOBODY_TO_CALL, attribute="contact_phone", facts={"rows": rows})
        )
    return tuple(sorted(wanted, key=lambda finding: finding.severity is not Severity.ASK))


def _all(row: ListedCourse, around: _Around, codes: Codes) -> Iterator[Finding]:
    facts, provider_id = row.facts(), _provider_id(row)
    before = around.before.get(row.course_id)
    on, usual = around.today, codes.usual(row.course_type)
    alone = findings(facts, on=on, usual=usual)
    published = before if around.is_published else None
    yield from alone if published is None else not_let_pass(alone, published, on=on, usual=usual)
    if before is not None:
        yield from history_findings(facts, before, on=around.today)
    stated = Stated(course_id=row.course_id, provider_id=provider_id, provider="", facts=facts)
    others = around.same_run.get(_run_of(facts), ())
    twin = duplicate(stated, others, similar=_similar)
    place = far_from_the_others(facts, before, around.regions, provider_id=provider_id)
    yield from (finding for finding in (twin, place) if finding is not None)
    if _mail(row) in around.refused:
        yield Finding(
            notice=Notice.MAIL_REFUSED,
            attribute="contact_email",
            facts={"email": row.contact_email},
        )


def _provider_id(row: ListedCourse) -> int:
    """Return whose row it is; its report is in the session, so this asks the database nothing."""
    report = row.report if isinstance(row, ReportedCourse) else row.approved_version.report
    return report.provider_id


def _mail(row: ListedCourse) -> str:
    return (row.contact_email or "").lower()


def _refused(session: Session, rows: Iterable[ListedCourse]) -> Collection[str]:
    addresses = {_mail(row) for row in rows} - {""}
    return refused_mails(session, addresses) if addresses else ()


def _mute(session: Session, rows: Iterable[ListedCourse]) -> Mapping[str, int]:
    """Return where readers find nobody to call: a row of each provider, and how many there are.

    One telephone number mends them all, so it is told once. A provider whose own number or
    address stands in the list can be reached.
    """
    without: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        if row.status not in SETTLED and not (row.contact_phone or row.contact_email):
            without[_provider_id(row)].append(row.course_id)
    if not without:
        return {}
    says_how = or_(Provider.phone != "", Provider.email != "")
    reachable = set(session.scalars(select(Provider.id).where(Provider.id.in_(without), says_how)))
    return {ids[0]: len(ids) for key, ids in without.items() if key not in reachable}


def _run_of(facts: Facts) -> tuple[object, object]:
    return facts.get("course_type"), facts.get("starts_on")


def _similar(one: str, other: str) -> bool:
    """Return whether two titles say nearly the same, whatever the order of their words."""
    score = fuzz.token_sort_ratio(one, other, processor=utils.default_process)
    return score >= NEAR_EQUAL


def _same_runs(
    session: Session, asked: Round, rows: Iterable[ListedCourse]
) -> Mapping[tuple[object, object], Sequence[Stated]]:
    """Return all courses of the round that start on a day of ``rows``, by type and start."""
    starts = {row.starts_on for row in rows if row.starts_on is not None}
    if not starts:
        return {}
    query = (
        select(
            ReportedCourse.course_id,
            Report.provider_id,
            Provider.name,
            *(getattr(ReportedCourse, name) for name in _COMPARED),
        )
        .join(Report, Report.id == ReportedCourse.report_id)
        .join(Provider, Provider.id == Report.provider_id)
        .where(
            Report.round_id == asked.id,
            ReportedCourse.starts_on.in_(starts),
            or_(ReportedCourse.status.is_(None), ReportedCourse.status.not_in(SETTLED)),
        )
        .order_by(Provider.name, ReportedCourse.position, ReportedCourse.id)
    )
    found: dict[tuple[object, object], list[Stated]] = defaultdict(list)
    for course_id, provider_id, name, *values in session.execute(query):
        facts = dict(zip(_COMPARED, values, strict=True))
        stated = Stated(course_id=course_id, provider_id=provider_id, provider=name, facts=facts)
        found[_run_of(facts)].append(stated)
    return found


def _regions(session: Session, asked: Round) -> Mapping[str, Collection[int]]:
    """Return who taught in which region of postcodes in the last year, this round included."""
    region = func.substr(ReportedCourse.postcode, 1, REGION)
    query = (
        select(region, Report.provider_id)
        .join(Report, Report.id == ReportedCourse.report_id)
        .join(Round, Round.id == Report.round_id)
        .where(
            Report.district_id == asked.district_id,
            Round.opens_on >= asked.opens_on - KNOWN_FOR,
            ReportedCourse.postcode.is_not(None),
            or_(ReportedCourse.delivery.is_(None), ReportedCourse.delivery.not_in(NOWHERE)),
        )
        .distinct()
    )
    found: dict[str, set[int]] = defaultdict(set)
    for digits, provider_id in session.execute(query):
        found[digits].add(provider_id)
    return found
