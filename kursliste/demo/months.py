"""The months of the demo world, lived through by its people: asked, reported, reviewed, published.

Past months happen at their own time (``clock.at``), through the same actions as everything else.
"""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.demo import readers
from kursliste.demo.courses import COURSES, Line, facts
from kursliste.demo.world import Stage
from kursliste.domain.calendar import DEFAULT_OPENS_DAY, Month
from kursliste.domain.course import CourseStatus
from kursliste.domain.interim import Told
from kursliste.domain.permissions import Actor
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure import clock
from kursliste.infrastructure.shelf import Shelf
from kursliste.masterdata import actions as masterdata
from kursliste.models.report import Report, ReportedCourse, Round
from kursliste.publishing import actions as publishing
from kursliste.reporting import actions as reporting
from kursliste.reporting import interim_actions, interim_queries
from kursliste.reporting.interim_actions import Telling
from kursliste.review import actions as review

PUBLISHED = 4
CORRECTED = 2
TOLD_BETWEEN = {
    "goerlitz": Told(seats_free=0, status=CourseStatus.FULL),
    "weimar": Told(seats_free=9),
}
LINK = "https://kursliste.example/"
DRIFT = 2
"""Seats that a course gains each month until it is full."""


def current_month() -> Month:
    """Return the month whose list is being made: the next one from its opening day on."""
    today = clock.today()
    this = Month.of(today)
    return this.next() if today.day >= DEFAULT_OPENS_DAY else this


def live(session: Session, shelf: Shelf, stages: list[Stage]) -> None:
    """Live four published months and half of the current one in every district."""
    current = current_month()
    first = current.plus(-PUBLISHED)
    for number in range(PUBLISHED + 1):
        month = first.plus(number)
        for stage in stages:
            with clock.at(_instant(month, DEFAULT_OPENS_DAY, 8)):
                opened = masterdata.open_round(
                    session, stage.course_list, month, actor=stage.coordinator
                )
            if number < PUBLISHED:
                _past_month(session, shelf, stage, opened, number, first)
            else:
                _half_month(session, stage, opened, number, first)
    published_at = datetime.combine(current.previous().first_day(), time(9, 0), tzinfo=clock.BERLIN)
    for stage in stages:
        with clock.at(published_at + timedelta(days=11, hours=5)):
            _between_editions(session, stage)
        readers.order_only(session, stage)


def _between_editions(session: Session, stage: Stage) -> None:
    """In two districts a provider says what changed since the list came out: full, and not full."""
    news = TOLD_BETWEEN.get(stage.district.slug)
    if news is None:
        return
    reporter, provider = stage.reporters[0], stage.providers[0]
    published = [
        one
        for one in interim_queries.published_courses(session, reporter)
        if one.entry.seats_free and one.entry.status is not CourseStatus.CANCELLED
    ]
    tellings = {published[0].entry.course_id: Telling(news, seen=None)}
    interim_actions.report_interim(session, provider.id, tellings, actor=reporter)


def _instant(month: Month, day: int, hour: int) -> datetime:
    """Return a moment before the list of ``month`` comes out, but never one in the future."""
    before = month.previous()
    wanted = datetime(
        before.year, before.number, min(day, before.last_day().day), hour, tzinfo=clock.BERLIN
    )
    return min(wanted, clock.wall())


def _past_month(
    session: Session, shelf: Shelf, stage: Stage, opened: Round, number: int, first: Month
) -> None:
    for place in range(len(stage.providers)):
        with clock.at(_instant(opened.month, 21 + place, 10)):
            report = _reported(session, stage, opened, place, number, first)
            reporting.submit_report(
                session, report, actor=stage.reporters[place], confirm_all=True, link=LINK
            )
    with clock.at(_instant(opened.month, 28, 14)):
        for report in _reports(session, opened):
            review.approve_report(
                session, report, actor=stage.coordinator, seen_version=report.version
            )
    published_at = datetime.combine(opened.month.first_day(), time(9, 0), tzinfo=clock.BERLIN)
    with clock.at(published_at):
        is_newest = number == PUBLISHED - 1
        _publish(session, shelf, stage, opened.month, seen_number=0, mails_readers=is_newest)
    if number == CORRECTED:
        with clock.at(published_at + timedelta(days=1)):
            readers.subscribe(session, stage)
        _correct(session, shelf, stage, opened, published_at + timedelta(days=3, hours=2))


def _publish(  # noqa: PLR0913 -- what a person decides when publishing
    session: Session,
    shelf: Shelf,
    stage: Stage,
    month: Month,
    *,
    seen_number: int,
    reason: str = "",
    mails_readers: bool = False,
) -> None:
    publishing.publish_edition(
        session,
        shelf,
        course_list=stage.course_list,
        month=month,
        seen_number=seen_number,
        reason=reason,
        actor=stage.coordinator,
        mails_readers=mails_readers,
    )


def _correct(session: Session, shelf: Shelf, stage: Stage, opened: Round, at: datetime) -> None:
    """A provider finds a wrong telephone number after publication: edition 2 says why."""
    reporter, coordinator = stage.reporters[0], stage.coordinator
    with clock.at(at):
        report = _report(session, opened, stage.providers[0].id)
        review.reopen_report(session, report, actor=coordinator, seen_version=report.version)
        reporting.take_back_report(session, report, actor=reporter)
        row = report.courses[0]
        reporting.change_course(
            session,
            row,
            row.facts() | {"contact_phone": f"{stage.houses[0].phone[:-1]}9"},
            seen_version=row.version,
            actor=reporter,
            confirm=True,
        )
        reporting.submit_report(session, report, actor=reporter, confirm_all=True, link=LINK)
        review.approve_report(session, report, actor=coordinator, seen_version=report.version)
        reason = f"Telefonnummer von „{stage.providers[0].name}“ berichtigt"
        _publish(session, shelf, stage, opened.month, seen_number=1, reason=reason)


def _half_month(session: Session, stage: Stage, opened: Round, number: int, first: Month) -> None:
    """The current month: one missing, one asked, one waiting, the others approved."""
    for place in range(1, len(stage.providers)):
        with clock.at(_instant(opened.month, 20 + place, 11)):
            report = _reported(session, stage, opened, place, number, first)
            reporter = stage.reporters[place]
            reporting.submit_report(session, report, actor=reporter, confirm_all=True, link=LINK)
    with clock.at(_instant(opened.month, 23, 9)):
        asked, _waiting, *approved = _reports(session, opened, ReportStatus.SUBMITTED)
        _ask(session, asked, stage.coordinator)
        for report in approved:
            review.approve_report(
                session, report, actor=stage.coordinator, seen_version=report.version
            )


def _ask(session: Session, report: Report, coordinator: Actor) -> None:
    row = report.courses[0]
    review.ask_question(
        session,
        report,
        text="Im letzten Monat waren weniger Plätze belegt. Stimmt die Zahl, und ab wann ist ein "
        "Einstieg möglich?",
        reported_course_id=row.id,
        attribute="seats_taken",
        actor=coordinator,
        link=LINK,
    )


def _reported(
    session: Session, stage: Stage, opened: Round, place: int, number: int, first: Month
) -> Report:
    """Start the report of one provider, let seats fill up, and add what is new this month."""
    actor = stage.reporters[place]
    report = _report(session, opened, stage.providers[place].id)
    reporting.start_report(session, report, actor=actor)
    for row in list(report.courses):
        _fill_up(session, row, actor)
    for line in _new_lines(stage, place, number):
        house = _house(stage, place)
        reporting.add_course(session, report, facts(line, first, house), actor=actor)
    return report


def _fill_up(session: Session, row: ReportedCourse, actor: Actor) -> None:
    """Some courses gain people; a full one stays as it is and is confirmed unchanged."""
    total, taken = row.seats_total, row.seats_taken
    if total is None or taken is None or taken >= total or row.position % DRIFT == 0:
        return
    now = min(total, taken + DRIFT)
    moved = row.facts() | {"seats_taken": now, "seats_free": total - now}
    reporting.change_course(
        session, row, moved, seen_version=row.version, actor=actor, confirm=True
    )


def _new_lines(stage: Stage, place: int, number: int) -> list[Line]:
    lines = COURSES[stage.district.slug]
    return [line for line in lines if (line.provider, line.since) == (place + 1, number)]


def _house(stage: Stage, place: int) -> dict[str, object]:
    house = stage.houses[place]
    return {
        "street": house.street,
        "postcode": house.postcode,
        "town": house.town,
        "venue_name": house.name,
        "contact_name": house.contact,
        "contact_phone": house.phone,
        "contact_email": house.email,
        "link": f"https://{house.domain}/deutsch",
    }


def _report(session: Session, opened: Round, provider_id: int) -> Report:
    query = select(Report).where(Report.round_id == opened.id, Report.provider_id == provider_id)
    return session.scalars(query).one()


def _reports(session: Session, opened: Round, *states: ReportStatus) -> list[Report]:
    query = select(Report).where(Report.round_id == opened.id).order_by(Report.provider_id)
    if states:
        query = query.where(Report.status.in_(states))
    return list(session.scalars(query))
