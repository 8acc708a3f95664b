"""Finding uploads, code tables and what a taking over meets; uploads are filtered by who asks."""

from collections.abc import Mapping, Sequence

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from kursliste.domain.calendar import Month
from kursliste.domain.course import CourseStatus
from kursliste.domain.errors import NotFoundError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Role
from kursliste.infrastructure.codes import load_codes
from kursliste.intake.tables import CodeTables, StatusAlias, TypeAlias, TypeCode, header_keys
from kursliste.masterdata.queries import aliases
from kursliste.models.handover import holder_of
from kursliste.models.intake import ListUpload
from kursliste.models.journal import JournalEntry
from kursliste.models.masterdata import CourseList, District
from kursliste.models.report import Report, ReportedCourse, Round
from kursliste.web.code_words import told_value

MOST_UPLOADS = 5
"""How many earlier uploads a page names."""


def code_tables_of(session: Session) -> CodeTables:
    """Return the code tables as they stand in the database, so that edits count.

    How sure an alias is and how many seats a word implies is known for the shipped words only; an
    added word is sure, and "voll" in any word means no free seat.
    """
    shipped = CodeTables.shipped()
    codes = load_codes(session)
    # In the order in which they were added: of two that fold to one word, the later counts.
    known = sorted(aliases(session), key=lambda alias: alias.id)
    sure = {(alias.code, alias.alias): alias.sure for alias in shipped.type_aliases}
    seats = {(alias.code, alias.alias): alias.seats_free for alias in shipped.status_aliases}
    notes = {(code, one.state): one.state_note for code, one in shipped.course_types.items()}
    none_free = {CourseStatus.FULL.value, CourseStatus.WAITING_LIST.value}
    return CodeTables(
        course_types={
            code: TypeCode(
                code=code,
                group=row.course_group,
                label=row.label,
                short=row.short,
                state=row.state,
                state_note=notes.get((code, row.state), "") or told_value("state", row.state),
            )
            for code, row in codes.course_types.items()
        },
        levels=tuple(codes.levels),
        statuses={code: row.label for code, row in codes.statuses.items()},
        headers=header_keys((a.meaning, a.alias) for a in known if a.kind == "header"),
        type_aliases=tuple(
            TypeAlias(code=a.meaning, alias=a.alias, sure=sure.get((a.meaning, a.alias), True))
            for a in known
            if a.kind == "course_type" and a.meaning in codes.course_types
        ),
        status_aliases=tuple(
            StatusAlias(
                code=a.meaning,
                alias=a.alias,
                seats_free=seats.get((a.meaning, a.alias), 0 if a.meaning in none_free else None),
            )
            for a in known
            if a.kind == "status" and a.meaning in codes.statuses
        ),
    )


def upload(session: Session, actor: Actor, district: str, upload_id: int) -> ListUpload:
    """Return an upload of a district that the actor coordinates, or raise NotFoundError."""
    query = (
        select(ListUpload)
        .join(District, District.id == ListUpload.district_id)
        .where(ListUpload.id == upload_id, District.slug == district)
        .options(joinedload(ListUpload.course_list).joinedload(CourseList.district))
    )
    if not actor.is_administrator:
        query = query.where(ListUpload.district_id.in_(actor.district_ids(Role.COORDINATOR)))
    found = session.scalar(query)
    if found is None:
        raise NotFoundError(f"upload {upload_id}")
    return found


def uploads(session: Session, actor: Actor, district: District) -> Sequence[ListUpload]:
    """Return the newest uploads of a district that the actor coordinates, newest first."""
    query = select(ListUpload).where(ListUpload.district_id == district.id)
    if not actor.is_administrator:
        query = query.where(ListUpload.district_id.in_(actor.district_ids(Role.COORDINATOR)))
    return session.scalars(query.order_by(ListUpload.id.desc()).limit(MOST_UPLOADS)).all()


def same_upload_or_none(
    session: Session, course_list: CourseList, month: Month, sha256: str
) -> ListUpload | None:
    """Return the newest upload of the same file for the same month, or None."""
    query = (
        select(ListUpload)
        .where(
            ListUpload.course_list_id == course_list.id,
            ListUpload.month == month,
            ListUpload.sha256 == sha256,
        )
        .order_by(ListUpload.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def reports_by_provider(
    session: Session, course_list: CourseList, month: Month
) -> Mapping[int, Report]:
    """Return the reports of a list's month by provider; empty if the round is not open yet."""
    query = (
        select(Report)
        .join(Report.round)
        .where(Round.course_list_id == course_list.id, Round.month == month)
        .order_by(Report.id)
    )
    return {report.provider_id: report for report in session.scalars(query)}


def locked_reports(session: Session, opened: Round) -> Mapping[int, Report]:
    """Return a round's reports by provider with their rows, held until the transaction ends."""
    query = (
        select(Report)
        .where(Report.round_id == opened.id)
        .options(selectinload(Report.courses))
        .order_by(Report.id)
        .with_for_update(of=Report)
        .execution_options(populate_existing=True)
    )
    return {report.provider_id: report for report in session.scalars(query)}


def earlier_rows(session: Session, opened: Round) -> Mapping[int, list[ReportedCourse]]:
    """Return the courses of the list's earlier months by provider, the newest row of each.

    A course that another provider got since is found with that one.
    """
    holder = holder_of(ReportedCourse.course_id, opened.month)
    query = (
        select(func.coalesce(holder, Report.provider_id), ReportedCourse)
        .join(ReportedCourse.report)
        .join(Report.round)
        .where(Round.course_list_id == opened.course_list_id, Round.month < opened.month)
        .order_by(Round.month.desc(), ReportedCourse.position, ReportedCourse.id)
    )
    newest: dict[str, tuple[int, ReportedCourse]] = {}
    for provider_id, row in session.execute(query):
        newest.setdefault(row.course_id, (provider_id, row))
    rows: dict[int, list[ReportedCourse]] = {}
    for provider_id, row in newest.values():
        rows.setdefault(provider_id, []).append(row)
    return rows


def rows_changed_by_hand(session: Session, opened: Round) -> frozenset[int]:
    """Return the keys of the round's rows that somebody edited or added after they were read."""
    query = (
        select(ReportedCourse.id)
        .join(ReportedCourse.report)
        .join(JournalEntry, JournalEntry.subject_id == cast(ReportedCourse.id, String))
        .where(
            Report.round_id == opened.id,
            JournalEntry.subject_table == ReportedCourse.__tablename__,
            JournalEntry.event.in_((JournalEvent.COURSE_CHANGED, JournalEvent.COURSE_ADDED)),
        )
    )
    return frozenset(session.scalars(query))
