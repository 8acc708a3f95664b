"""The mail that a text makes: written by the function that writes the real ones, and not sent."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from kursliste.domain.permissions import Scope
from kursliste.domain.reminders import ReminderStep
from kursliste.domain.report import ReportStatus
from kursliste.domain.round import RoundStatus
from kursliste.infrastructure.mailbox import as_subject
from kursliste.masterdata.list_page import coming_rounds, setup_of
from kursliste.masterdata.queries import active_providers, list_of
from kursliste.models.masterdata import District
from kursliste.models.report import Report, Round
from kursliste.reporting import reminder_mails
from kursliste.reporting.reminder_mails import Item, Letter, Link, OwnWords
from kursliste.reporting.reminding import item_of
from kursliste.reporting.waiting import waiting_reports

EXAMPLE = "Volkshochschule Muster"
"""Whose mail a district sees that has no provider yet."""

NO_REPORT = 0


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A mail as it would go out; ``has_report`` unless its round is still to be opened."""

    subject: str
    body: str
    provider: str
    has_report: bool


def preview_of(
    session: Session,
    district: District,
    step: ReminderStep,
    text: str | None,
    *,
    link: Link,
    overview: str,
) -> Preview:
    """Return the mail of a step with ``text``, or with the shipped words if there is none.

    It is about a report that is missing now, else about the coming round and the district's first
    provider; ``overview`` then stands where the address of the report will stand.
    """
    item = _missing(session, district, step) or _coming(session, district, step)
    has_report = item.report_id != NO_REPORT
    own: OwnWords = {} if text is None else {(district.id, step): text}
    subject, body = reminder_mails.reminder(
        Letter(address="", items=(item,), news=(item,)),
        link=link if has_report else lambda _report_id: overview,
        own=own,
    )
    return Preview(
        subject=as_subject(subject), body=body, provider=item.provider, has_report=has_report
    )


def _missing(session: Session, district: District, step: ReminderStep) -> Item | None:
    """Return a report of the newest open round that could get this mail, by name of provider."""
    waiting = waiting_reports(
        session, Report.district_id == district.id, Round.status == RoundStatus.OPEN
    )
    about_questions = step is ReminderStep.QUESTION
    fitting = [
        report for report in waiting if (report.status is ReportStatus.ASKED) == about_questions
    ]
    newest = max((report.month for report in fitting), default=None)
    of_newest = [report for report in fitting if report.month == newest]
    if not of_newest:
        return None
    return item_of(min(of_newest, key=lambda report: (report.provider, report.report_id)), step)


def _coming(session: Session, district: District, step: ReminderStep) -> Item:
    course_list = list_of(session, district)
    (coming,) = coming_rounds(session, course_list, setup_of(course_list), count=1)
    provider = next(iter(active_providers(session, district)), None)
    return Item(
        report_id=NO_REPORT,
        scope=Scope(district_id=district.id, provider_id=provider.id if provider else None),
        step=step,
        month=coming.month,
        due_on=coming.due_on,
        provider=provider.name if provider else EXAMPLE,
        list_title=course_list.title,
        district=district.name,
        contact=district.contact,
    )
