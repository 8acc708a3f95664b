"""Moving what belongs to one provider to another; who may do so is decided by the callers.

Everything here writes by statements: callers read anew what they hold. Reports are moved under
their locks, which callers took.
"""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.permissions import Actor, Role
from kursliste.infrastructure import clock
from kursliste.masterdata.linking import contact_words, venue_words
from kursliste.models.correction import Correction
from kursliste.models.handover import CourseHandover
from kursliste.models.hint import ReaderHint
from kursliste.models.identity import Membership
from kursliste.models.masterdata import Contact, FormerName, Provider, ProviderDistrict, Venue
from kursliste.models.question import Question
from kursliste.models.report import Course, Report, ReportedCourse
from kursliste.models.review import ProviderNote
from kursliste.models.statement import Statement


def lock_providers(session: Session, *providers: Provider) -> None:
    """Read providers anew and hold them, always in the order of their keys."""
    query = (
        select(Provider)
        .where(Provider.id.in_([one.id for one in providers]))
        .order_by(Provider.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    session.scalars(query).all()


def move_districts(session: Session, old: Provider, new: Provider) -> None:
    """Let a provider work wherever the other one does; courses and reports need it."""
    known = {district.id for district in new.districts}
    missing = [district.id for district in old.districts if district.id not in known]
    if missing:
        rows = [{"provider_id": new.id, "district_id": key} for key in missing]
        session.execute(insert(ProviderDistrict), rows)


def move_house(session: Session, old: Provider, new: Provider) -> None:
    """Move venues and contacts; of two that are the same one stays, and courses name it."""
    session.flush()  # what waits to be written may name these places
    venues = {venue_words(one): one.id for one in _venues(session, new)}
    for venue in _venues(session, old):
        same = venues.get(venue_words(venue))
        if same is None:
            _set(session, Venue, venue.id, provider_id=new.id)
        else:
            _rename(session, "venue_id", venue.id, same)
            session.execute(delete(Venue).where(Venue.id == venue.id))
    contacts = {contact_words(one): one for one in reversed(_contacts(session, new))}
    for contact in _contacts(session, old):
        known = contacts.get(contact_words(contact))
        if known is None or not contact.name:
            _set(session, Contact, contact.id, provider_id=new.id)
            continue
        if contact.is_public and not known.is_public:
            _set(session, Contact, known.id, is_public=True)  # courses name the person already
        _rename(session, "contact_id", contact.id, known.id)
        session.execute(delete(Contact).where(Contact.id == contact.id))


def _venues(session: Session, provider: Provider) -> Sequence[Venue]:
    query = select(Venue).where(Venue.provider_id == provider.id)
    return session.scalars(query.order_by(Venue.id)).all()


def _contacts(session: Session, provider: Provider) -> Sequence[Contact]:
    query = select(Contact).where(Contact.provider_id == provider.id)
    return session.scalars(query.order_by(Contact.id)).all()


def _set(session: Session, kind: type[Venue] | type[Contact], key: int, **values: object) -> None:
    changed = update(kind).where(kind.id == key).values(version=kind.version + 1, **values)
    session.execute(changed.execution_options(synchronize_session=False))


def _rename(session: Session, link: str, old: int, new: int) -> None:
    column = getattr(ReportedCourse, link)
    changed = update(ReportedCourse).where(column == old).values({link: new})
    session.execute(changed.execution_options(synchronize_session=False))


def move_people(session: Session, old: Provider, new: Provider) -> list[int]:
    """Let everybody who reports for one provider report for the other; return whose access moved.

    Who reports for both keeps one role. Keys are those of people, in their order.
    """
    role = Membership.role == Role.PROVIDER
    there = select(Membership.user_id).where(role, Membership.provider_id == new.id)
    known = frozenset(session.scalars(there))
    query = select(Membership).where(role, Membership.provider_id == old.id)
    moved = []
    for held in session.scalars(query.order_by(Membership.user_id)).all():
        if held.user_id in known:
            session.delete(held)
        else:
            held.provider_id = new.id
            moved.append(held.user_id)
    session.flush()  # callers ask who may report now
    return moved


def move_names(session: Session, old: Provider, new: Provider) -> None:
    """Let lists that still use a name of the old provider mean the new one."""
    names = {old.name, *former_names(session, old)}
    known = {new.name, *former_names(session, new)}
    session.execute(delete(FormerName).where(FormerName.provider_id == old.id))
    rows = [{"provider_id": new.id, "name": name} for name in sorted(names - known)]
    if rows:
        session.execute(insert(FormerName), rows)


def former_names(session: Session, provider: Provider) -> Sequence[str]:
    """Return the names under which lists may still know a provider, in their order."""
    query = select(FormerName.name).where(FormerName.provider_id == provider.id)
    return session.scalars(query.order_by(FormerName.name)).all()


def move_inside(session: Session, old: Provider, new: Provider) -> None:
    """Move what coordinators keep about a provider, and hints that nobody settled yet."""
    for changed in (
        update(ProviderNote).where(ProviderNote.provider_id == old.id),
        update(ReaderHint).where(ReaderHint.provider_id == old.id, ReaderHint.settled_at.is_(None)),
    ):
        written = changed.values(provider_id=new.id)
        session.execute(written.execution_options(synchronize_session=False))


def hand_over_courses(
    session: Session,
    old: Provider,
    new: Provider,
    keys: Iterable[str],
    *,
    month: Month,
    actor: Actor,
) -> None:
    """Write down that courses go to another provider from a month on, and let them be its own."""
    rows = [
        {
            "course_id": key,
            "from_provider_id": old.id,
            "to_provider_id": new.id,
            "month": month,
            "handed_at": clock.now(),
            "handed_by": actor.name,
        }
        for key in sorted(set(keys))
    ]
    if not rows:
        return
    session.execute(insert(CourseHandover), rows)
    changed = update(Course).where(Course.id.in_([row["course_id"] for row in rows]))
    changed = changed.values(provider_id=new.id)
    session.execute(changed.execution_options(synchronize_session=False))


def own_all_courses(session: Session, old: Provider, new: Provider) -> None:
    """Let all courses of a provider belong to another one, those of long ago too."""
    changed = update(Course).where(Course.provider_id == old.id).values(provider_id=new.id)
    session.execute(changed.execution_options(synchronize_session=False))


def put_rows(
    session: Session, giver: Report, kept: Report, keys: Collection[str] | None = None
) -> None:
    """Put rows of one report behind those of another, with all that was asked about them.

    ``keys`` are Kurs-IDs to stay with; None is all. Rows keep their confirmations.
    """
    session.flush()  # rows that wait to be written move along
    chosen = select(ReportedCourse.id).where(ReportedCourse.report_id == giver.id)
    if keys is not None:
        chosen = chosen.where(ReportedCourse.course_id.in_(keys))
    rows = session.scalars(chosen).all()
    last = select(func.max(ReportedCourse.position)).where(ReportedCourse.report_id == kept.id)
    behind = (session.scalar(last) or 0) + 1
    moved = (
        update(ReportedCourse)
        .where(ReportedCourse.id.in_(rows))
        .values(
            report_id=kept.id,
            position=ReportedCourse.position + behind,
            version=ReportedCourse.version + 1,
        )
    )
    asked = [
        update(kind).where(kind.reported_course_id.in_(rows)).values(report_id=kept.id)
        for kind in (Question, Correction)
    ]
    for change in (moved, *asked):
        session.execute(change.execution_options(synchronize_session=False))
    session.expire(giver)
    session.expire(kept)


def put_into(session: Session, emptied: Report, kept: Report) -> None:
    """Put everything of one report behind that of another, and delete what is left of it.

    Statements end: they were about the report that goes.
    """
    put_rows(session, emptied, kept)
    ended = (
        update(Statement)
        .where(Statement.report_id == emptied.id, Statement.ended_at.is_(None))
        .values(ended_at=clock.now())
    )
    told = [
        update(kind).where(kind.report_id == emptied.id).values(report_id=kept.id)
        for kind in (Question, Correction, Statement)
    ]
    gone = delete(Report).where(Report.id == emptied.id)
    for change in (ended, *told, gone):
        session.execute(change.execution_options(synchronize_session=False))
    session.expunge(emptied)


def close(session: Session, old: Provider, new: Provider) -> None:
    """Close a provider with a pointer to another; pointers to it lead there at once."""
    old.is_active = False
    old.merged_into_id = new.id
    earlier = update(Provider).where(Provider.merged_into_id == old.id)
    earlier = earlier.values(merged_into_id=new.id, version=Provider.version + 1)
    session.execute(earlier.execution_options(synchronize_session=False))
