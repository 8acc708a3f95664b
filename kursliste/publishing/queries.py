"""What publishing looks at: the round of a month, its approved rows, the editions before."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from kursliste.domain.calendar import Month
from kursliste.domain.errors import NotFoundError
from kursliste.domain.layout import STANDARD, Layout
from kursliste.domain.permissions import Actor
from kursliste.infrastructure import clock
from kursliste.infrastructure.codes import Codes
from kursliste.masterdata.queries import coordinated_district, list_of, round_of
from kursliste.models.approved import ApprovedVersion
from kursliste.models.edition import Edition, EditionEntry, EditionWithdrawal, newest_first, stands
from kursliste.models.layout import ListLayout
from kursliste.models.masterdata import CourseList, Provider
from kursliste.models.report import Report, Round
from kursliste.publishing.entries import Occasion


def round_to_publish(session: Session, actor: Actor, slug: str, month: Month) -> Round:
    """Return the round of a district's list that the actor coordinates; else NotFoundError."""
    district = coordinated_district(session, actor, slug)
    return round_of(session, list_of(session, district), month)


def locked_round(session: Session, course_list: CourseList, month: Month) -> Round:
    """Return the round of a month and keep others from publishing it; NotFoundError if none.

    Whoever publishes waits here, so that numbers are given one after the other (SECURITY.md,
    rule 12).
    """
    query = select(Round).where(Round.course_list_id == course_list.id, Round.month == month)
    found = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError(f"round {month} of list {course_list.id}")
    return found


def occasion_of(
    session: Session, asked: Round, codes: Codes, *, layout: Layout | None = None
) -> Occasion:
    """Return what an edition of a round would be made for today, in the list's own layout if no
    other is tried.
    """
    return Occasion(
        course_list=asked.course_list,
        layout=layout or layout_of(session, asked.course_list),
        month=asked.month,
        opens_on=asked.opens_on,
        on=clock.today(),
        codes=codes,
    )


def layout_of(session: Session, course_list: CourseList) -> Layout:
    """Return the layout of a list's next edition: its own, or else the standard one."""
    found = list_layout_or_none(session, course_list)
    return STANDARD if found is None else found.layout


def list_layout_or_none(session: Session, course_list: CourseList) -> ListLayout | None:
    """Return the own layout of a list as it is stored now, or None."""
    query = select(ListLayout).where(ListLayout.course_list_id == course_list.id)
    return session.scalar(query.execution_options(populate_existing=True))


def newest_number(session: Session, course_list: CourseList, month: Month) -> int:
    """Return the number of the month's newest edition, 0 if there is none.

    Withdrawn ones count: their numbers are never given again.
    """
    query = select(func.max(Edition.number)).where(
        Edition.course_list_id == course_list.id, Edition.month == month
    )
    return session.scalar(query) or 0


def editions_of_month(session: Session, course_list: CourseList, month: Month) -> Sequence[Edition]:
    """Return the editions of a month with files and withdrawal, newest number first."""
    query = (
        select(Edition)
        .where(Edition.course_list_id == course_list.id, Edition.month == month)
        .order_by(Edition.number.desc(), Edition.id)
        .options(selectinload(Edition.files), selectinload(Edition.withdrawal))
    )
    return session.scalars(query).all()


def standing_edition_or_none(
    session: Session, course_list: CourseList, month: Month
) -> Edition | None:
    """Return the month's newest edition that was not withdrawn, with its entries."""
    query = (
        select(Edition)
        .where(Edition.course_list_id == course_list.id, Edition.month == month, stands())
        .order_by(*newest_first())
        .limit(1)
        .options(selectinload(Edition.entries))
    )
    return session.scalar(query)


def is_withdrawn(session: Session, edition: Edition) -> bool:
    """Return whether an edition was withdrawn, as the database knows it now."""
    query = select(EditionWithdrawal.id).where(EditionWithdrawal.edition_id == edition.id)
    return session.scalar(query) is not None


def current_without(session: Session, edition: Edition) -> Edition | None:
    """Return what a list's current edition would be without ``edition``."""
    query = (
        select(Edition)
        .where(Edition.course_list_id == edition.course_list_id, Edition.id != edition.id, stands())
        .order_by(*newest_first())
        .limit(1)
    )
    return session.scalar(query)


def edition_of(session: Session, actor: Actor, slug: str, month: Month, number: int) -> Edition:
    """Return an edition of a district that the actor coordinates; else NotFoundError."""
    found = round_to_publish(session, actor, slug, month)
    query = (
        select(Edition)
        .where(
            Edition.course_list_id == found.course_list_id,
            Edition.month == month,
            Edition.number == number,
        )
        .options(selectinload(Edition.withdrawal))
    )
    edition = session.scalar(query)
    if edition is None:
        raise NotFoundError(f"edition {month}/{number} of {slug}")
    return edition


def reports_of(session: Session, found: Round) -> Sequence[Report]:
    """Return every report of a round with provider, rows and questions, by provider's name."""
    query = (
        select(Report)
        .where(Report.round_id == found.id)
        .options(
            selectinload(Report.provider).options(
                selectinload(Provider.venues), selectinload(Provider.contacts)
            ),
            selectinload(Report.courses),
            joinedload(Report.approved_version).selectinload(ApprovedVersion.courses),
            selectinload(Report.questions),
            selectinload(Report.corrections),
        )
        # The actions count on what is stored now, not on what the page saw a moment ago.
        .execution_options(populate_existing=True)
    )
    return sorted(session.scalars(query), key=lambda report: (report.provider.name, report.id))


def approved(reports: Sequence[Report]) -> list[Report]:
    """Return the reports of which something goes into the list, see ``Report.standing``."""
    return [report for report in reports if report.stands]


def earlier_edition_or_none(
    session: Session, course_list: CourseList, month: Month
) -> Edition | None:
    """Return the newest standing edition of the last month before ``month``, with its entries.

    "New since last month" compares with it, also in a correction.
    """
    query = (
        select(Edition)
        .where(Edition.course_list_id == course_list.id, Edition.month < month, stands())
        .order_by(*newest_first())
        .limit(1)
        .options(selectinload(Edition.entries))
    )
    return session.scalar(query)


def listed_provider_ids(session: Session, course_list: CourseList, month: Month) -> frozenset[int]:
    """Return the providers that stood in an edition of an earlier month."""
    query = (
        select(EditionEntry.provider_id)
        .join(Edition)
        .where(Edition.course_list_id == course_list.id, Edition.month < month, stands())
        .distinct()
        .order_by(EditionEntry.provider_id)
    )
    return frozenset(session.scalars(query))


def stored_edition(session: Session, edition_id: int) -> Edition:
    """Return an edition with its entries as the database gives them back, freshly read.

    Files are built from what is stored and never from what was about to be stored: only so
    ``verify --repair`` can build the same bytes again.
    """
    query = (
        select(Edition)
        .where(Edition.id == edition_id)
        .options(selectinload(Edition.entries), selectinload(Edition.files))
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).one()


def edition_ids(session: Session) -> Sequence[int]:
    """Return the keys of all editions, oldest first."""
    return session.scalars(select(Edition.id).order_by(Edition.id)).all()
