"""One valid thing each, added to the session and flushed; tests name only what matters to them.

The builders write rows directly: they set a scene. What people do goes through the actions.
"""

from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month, round_dates
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.infrastructure import clock
from kursliste.infrastructure.course_keys import new_course_key
from kursliste.models import (
    Course,
    CourseList,
    District,
    Membership,
    Provider,
    ProviderDistrict,
    Report,
    ReportedCourse,
    Round,
    User,
)

DECEMBER = Month(2026, 12)
_number = count(1)

AGS = {"goerlitz": "14626", "nordhausen": "16062", "weimar": "16055"}
STATES = {"goerlitz": "SN", "nordhausen": "TH", "weimar": "TH"}


def a_district(session: Session, slug: str = "goerlitz", **more: Any) -> District:
    district = District(
        slug=slug,
        ags=more.pop("ags", AGS.get(slug, f"{next(_number):05d}")),
        name=more.pop("name", f"Landkreis {slug.capitalize()}"),
        state=more.pop("state", STATES.get(slug, "SN")),
        publisher=more.pop("publisher", "Landratsamt, Bildungskoordination"),
        **more,
    )
    session.add(district)
    session.flush()
    return district


def a_list(session: Session, district: District, **more: Any) -> CourseList:
    course_list = CourseList(
        district_id=district.id,
        slug=more.pop("slug", "deutschkurse"),
        title=more.pop("title", "Deutsch- und Integrationskurse"),
        **more,
    )
    session.add(course_list)
    session.flush()
    return course_list


def a_provider(
    session: Session, *districts: District, name: str = "Volkshochschule Neißebogen", **more: Any
) -> Provider:
    provider = Provider(name=name, created_at=clock.now(), **more)
    session.add(provider)
    session.flush()
    for district in districts:
        session.add(ProviderDistrict(provider_id=provider.id, district_id=district.id))
    session.flush()
    return provider


def a_user(session: Session, *grants: Grant, name: str = "Alex Beispiel", **more: Any) -> User:
    user = User(
        name=name,
        email=more.pop("email", f"person{next(_number)}@example.org"),
        created_at=clock.now(),
        **more,
    )
    user.memberships = [
        Membership(role=g.role, district_id=g.district_id, provider_id=g.provider_id)
        for g in grants
    ]
    session.add(user)
    session.flush()
    return user


def a_coordinator(session: Session, district: District, **more: Any) -> User:
    return a_user(session, Grant(Role.COORDINATOR, district_id=district.id), **more)


def a_counsellor(session: Session, district: District, **more: Any) -> User:
    return a_user(session, Grant(Role.COUNSELLOR, district_id=district.id), **more)


def a_reporter(session: Session, *providers: Provider, **more: Any) -> User:
    return a_user(session, *(Grant(Role.PROVIDER, provider_id=p.id) for p in providers), **more)


def an_actor(user: User) -> Actor:
    return user.as_actor()


def a_round(session: Session, course_list: CourseList, month: Month = DECEMBER) -> Round:
    opens_on, due_on = round_dates(month)
    opened = Round(
        course_list_id=course_list.id,
        district_id=course_list.district_id,
        month=month,
        opens_on=opens_on,
        due_on=due_on,
    )
    session.add(opened)
    session.flush()
    return opened


PATHS = {
    ReportStatus.OPEN: (),
    ReportStatus.DRAFT: (ReportAction.START,),
    ReportStatus.SUBMITTED: (ReportAction.START, ReportAction.SUBMIT),
    ReportStatus.ASKED: (ReportAction.START, ReportAction.SUBMIT, ReportAction.ASK),
    ReportStatus.APPROVED: (ReportAction.START, ReportAction.SUBMIT, ReportAction.APPROVE),
}


def a_report(
    session: Session,
    opened: Round,
    provider: Provider,
    status: ReportStatus = ReportStatus.DRAFT,
    *,
    by: User | None = None,
    **more: Any,
) -> Report:
    """A report in any state; it got there by the actions of its table."""
    report = Report(
        round_id=opened.id, district_id=opened.district_id, provider_id=provider.id, **more
    )
    session.add(report)
    session.flush()
    person = by or a_user(session)
    for action in PATHS[status]:
        report.move(action, by_id=person.id, at=clock.now())
    session.flush()
    return report


def a_course(session: Session, report: Report, **facts: Any) -> ReportedCourse:
    """A course reported in ``report``; pass ``course_id`` of an earlier one to go on with it."""
    course_id = facts.pop("course_id", None)
    if course_id is None:
        course = Course(
            id=new_course_key(),
            district_id=report.district_id,
            provider_id=report.provider_id,
            created_at=clock.now(),
        )
        session.add(course)
        session.flush()
        course_id = course.id
    row = ReportedCourse(
        report_id=report.id,
        course_id=course_id,
        course_type=facts.pop("course_type", "IK-ALLG"),
        title=facts.pop("title", "Allgemeiner Integrationskurs"),
        **facts,
    )
    session.add(row)
    session.flush()
    session.refresh(report, ["courses"])
    return row
