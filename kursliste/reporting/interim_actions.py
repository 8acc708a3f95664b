"""A provider tells seats and status of published courses between two editions; no review needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kursliste.domain.course import FIELD
from kursliste.domain.errors import ConflictError
from kursliste.domain.events import JournalEvent
from kursliste.domain.interim import Told, laid_on, told_anew
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.domain.report import EDITABLE
from kursliste.infrastructure import clock, journal, search_rows
from kursliste.infrastructure.codes import load_codes
from kursliste.models.interim import InterimUpdate
from kursliste.models.report import Report, ReportedCourse
from kursliste.reporting import editing, interim_queries, row_facts
from kursliste.reporting.editing import Edit
from kursliste.reporting.interim_queries import Published

CHANGEABLE = ("seats_taken", "seats_free", "status")


@dataclass(frozen=True)
class Telling:
    """What somebody typed for a course, and the key of the newest update that they saw."""

    typed: Told
    seen: int | None


def report_interim(
    session: Session, provider_id: int, tellings: Mapping[str, Telling], *, actor: Actor
) -> list[InterimUpdate]:
    """Take over what a provider tells about its published courses; return the new updates.

    ``tellings`` goes by Kurs-ID; courses of others, and those that are not published any more, are
    left alone. All or nothing: one conflict, and nothing is taken over. Only what differs makes an
    update. A report that is being filled takes the new values too; its confirmations stay. Raises
    ConflictError where somebody else told something about the same course meanwhile.
    """
    require(actor, Permission.INTERIM_REPORT, Scope(provider_id=provider_id))
    interim_queries.hold_courses(session, provider_id, tellings)
    found = interim_queries.published_courses(session, actor, keys=tellings)
    own = [one for one in found if one.provider_id == provider_id]
    changed = [one for one in own if _moves(one, tellings[one.entry.course_id].typed)]
    _check_seen(session, changed, tellings)
    updates = [_update(one, tellings[one.entry.course_id].typed, actor) for one in changed]
    session.add_all(updates)
    session.flush()  # the journal needs their keys
    for one, update in zip(changed, updates, strict=True):
        _record(session, one, update, actor)
    _into_reports(session, changed, updates, actor)
    search_rows.refresh_courses(session, [update.course_id for update in updates])
    return updates


def _moves(one: Published, typed: Told) -> dict[str, object]:
    return row_facts.moved(one.now(on=clock.today()), typed.facts())


def _check_seen(
    session: Session, changed: Sequence[Published], tellings: Mapping[str, Telling]
) -> None:
    """Refuse to write over what the person has not seen."""
    stale = [
        one
        for one in changed
        if one.update is not None and one.update.id != tellings[one.entry.course_id].seen
    ]
    if not stale:
        return
    codes = load_codes(session)
    differences = []
    for one in stale:
        now = one.now(on=clock.today())
        for name, value in _moves(one, tellings[one.entry.course_id].typed).items():
            mine, theirs = (row_facts.in_words(codes, name, v) for v in (value, now[name]))
            differences.append((f"{one.entry.title}: {FIELD[name].heading}", mine, theirs))
    raise ConflictError(differences)


def _update(one: Published, typed: Told, actor: Actor) -> InterimUpdate:
    entry = one.entry
    told = told_anew(typed, before=one.told, facts=entry.facts())
    return InterimUpdate(
        course_id=entry.course_id,
        district_id=entry.edition.district_id,
        provider_id=one.provider_id,
        given_at=clock.now(),
        given_by_id=actor.user_id,
        given_by=actor.name,
        **told.facts(),
    )


def _record(session: Session, one: Published, update: InterimUpdate, actor: Actor) -> None:
    before = one.now(on=clock.today())
    after = laid_on(one.entry.facts(), update.told(), on=clock.today())
    journal.record(
        session,
        JournalEvent.INTERIM_REPORTED,
        update,
        actor=actor,
        scope=update.scope,
        changes={
            name: (before[name], after[name]) for name in CHANGEABLE if before[name] != after[name]
        },
        course=update.course_id,
        title=one.entry.title,
    )


def _into_reports(
    session: Session, changed: Sequence[Published], updates: Sequence[InterimUpdate], actor: Actor
) -> None:
    """Bring what was told into the reports that are being filled, so that it is not lost there."""
    told = {update.course_id: update.told() for update in updates}
    by_report: dict[Report, list[ReportedCourse]] = {}
    for row in interim_queries.rows_being_filled(session, changed):
        by_report.setdefault(row.report, []).append(row)
    for report, rows in by_report.items():
        editing.lock(session, report)
        if report.status not in EDITABLE:  # submitted a moment ago: the update stands beside it
            continue
        edits = {}
        for row in rows:
            now = laid_on(row.facts(), told[row.course_id], on=clock.today())
            edits[row.id] = Edit({name: now[name] for name in CHANGEABLE}, row.version)
        editing.change_rows(session, report, edits, actor=actor, confirm=())
