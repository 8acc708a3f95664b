"""What a coordinator does with a hand-kept list: upload, mend, decide, take over."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.course import FIELD
from kursliste.domain.errors import (
    ConflictError,
    NotFoundError,
    Rule,
    RuleViolationError,
    TransitionRefusedError,
)
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.infrastructure import clock, journal
from kursliste.infrastructure.codes import Codes, load_codes
from kursliste.intake import queries
from kursliste.intake.matching import provider_matches
from kursliste.intake.open_points import row_points, type_word
from kursliste.intake.outcome import LeftRow, TakenOver, outcome_of
from kursliste.intake.storing import (
    Decisions,
    Proposal,
    ProposedCourse,
    Values,
    as_stored,
    from_stored,
    proposal_of,
)
from kursliste.intake.tables import key
from kursliste.intake.taking import TakingOver
from kursliste.intake.understanding import Understanding
from kursliste.intake.uploads import ReadList, read_list
from kursliste.masterdata.queries import active_providers, former_names
from kursliste.models.intake import ListUpload
from kursliste.models.masterdata import CourseList
from kursliste.web import labels


def upload_list(
    session: Session,
    *,
    course_list: CourseList,
    month: Month,
    file_name: str,
    data: bytes,
    actor: Actor,
) -> ListUpload:
    """Read a file and keep what it says for a preview; raise FileRefusedError with the reason.

    Pages read the file before they open a transaction and call :func:`keep_upload`.
    """
    require(actor, Permission.LIST_TAKE_OVER, course_list.scope)
    tables = queries.code_tables_of(session)
    read = read_list(data, file_name, tables=tables, month=month)
    return keep_upload(session, course_list=course_list, month=month, read=read, actor=actor)


def keep_upload(
    session: Session, *, course_list: CourseList, month: Month, read: ReadList, actor: Actor
) -> ListUpload:
    """Keep what was read of a file; the file itself is not kept (SECURITY.md, rule 27).

    The same file for the same month gives the same upload: as it was mended or taken over, or
    read anew if nobody has touched it.
    """
    require(actor, Permission.LIST_TAKE_OVER, course_list.scope)
    understood = as_stored(proposal_of(read.understanding))
    known = queries.same_upload_or_none(session, course_list, month, read.sha256)
    if known is not None:
        if known.taken_over_at is None and not from_stored(known.understood).is_touched:
            known.understood = understood
        return known
    upload = ListUpload(
        district_id=course_list.district_id,
        course_list=course_list,
        month=month,
        file_name=read.file_name,
        sha256=read.sha256,
        uploaded_at=clock.now(),
        uploaded_by_id=actor.user_id,
        understood=understood,
    )
    session.add(upload)
    session.flush()  # the journal and the address of the preview need its key
    _record(session, JournalEvent.LIST_UPLOADED, upload, actor, file=upload.file_name)
    return upload


def mend_row(
    session: Session,
    upload: ListUpload,
    number: int,
    values: Values,
    *,
    seen_version: int,
    actor: Actor,
) -> None:
    """Replace row ``number`` (from 1) by what was typed; its warnings are settled by that.

    Raises NotFoundError if there is no such row, ConflictError if somebody mended it meanwhile.
    """
    require(actor, Permission.LIST_TAKE_OVER, upload.scope)
    proposal = _locked_proposal(session, upload)
    before = _row(proposal, number)
    typed = {name: value for name, value in values.items() if value is not None and value != ""}
    if before.version != seen_version:
        raise ConflictError(_differences(load_codes(session), typed, before.values))
    group = before.values.get("course_group")
    kept = {"course_group": group} if group else {}
    mended = replace(
        before,
        values={**kept, **typed},
        warnings=(),
        is_left_out=False,
        version=before.version + 1,
    )
    upload.understood = as_stored(proposal.with_course(number, mended))
    changes = {
        name: (before.values.get(name), typed.get(name))
        for name in {**before.values, **typed}
        if name != "course_group" and before.values.get(name) != typed.get(name)
    }
    _record(session, JournalEvent.LIST_MENDED, upload, actor, changes=changes, row=before.row)


def leave_out_row(
    session: Session, upload: ListUpload, number: int, *, is_left_out: bool, actor: Actor
) -> None:
    """Say that row ``number`` is not taken over, or that it is after all."""
    require(actor, Permission.LIST_TAKE_OVER, upload.scope)
    proposal = _locked_proposal(session, upload)
    row = _row(proposal, number)
    changes = {"left_out": (row.is_left_out, is_left_out)}
    upload.understood = as_stored(
        proposal.with_course(number, replace(row, is_left_out=is_left_out))
    )
    _record(session, JournalEvent.LIST_MENDED, upload, actor, changes=changes, row=row.row)


def decide(session: Session, upload: ListUpload, decisions: Decisions, *, actor: Actor) -> None:
    """Keep what the coordinator chose for providers and for unknown words of course types.

    Raises RuleViolationError for a provider or a course type that is not to be had here.
    """
    require(actor, Permission.LIST_TAKE_OVER, upload.scope)
    proposal = _locked_proposal(session, upload)
    known = active_providers(session, upload.course_list.district)
    for folded, choice in decisions.chosen.items():
        if choice and choice not in {provider.id for provider in known}:
            raise RuleViolationError(Rule.PROVIDER_UNKNOWN, field=folded, name=choice)
    codes = load_codes(session)
    for word, code in decisions.types.items():
        if code not in codes.course_types:
            raise RuleViolationError(Rule.VALUE_UNKNOWN, field=word, value=code)
    decided = replace(
        proposal,
        chosen={**proposal.chosen, **decisions.chosen},
        without=decisions.without,
        courses=tuple(_with_type(course, decisions.types, codes) for course in proposal.courses),
    )
    upload.understood = as_stored(decided)
    _record(
        session,
        JournalEvent.LIST_MENDED,
        upload,
        actor,
        chosen=decisions.chosen,
        without=sorted(decisions.without),
        types=decisions.types,
    )


def take_over(
    session: Session, upload: ListUpload, *, seen_version: int, actor: Actor
) -> TakenOver:
    """Turn a mended list into this month's reports, drafts that nobody has confirmed.

    A second call returns the first result. Raises ConflictError if the preview changed since it
    was seen, RuleViolationError if a row still lacks something or a report was already sent.
    """
    require(actor, Permission.LIST_TAKE_OVER, upload.scope)
    _lock(session, upload)
    if upload.taken_over_at is not None:
        return outcome_of(upload.understood)
    if upload.version != seen_version:
        seen, now = f"Fassung {seen_version}", f"Fassung {upload.version}"
        raise ConflictError([("Stand der Vorschau", seen, now)])
    return _store(session, upload, actor=actor, skip_open=False)


def import_list(  # noqa: PLR0913 -- an upload is these facts
    session: Session,
    *,
    course_list: CourseList,
    month: Month,
    file_name: str,
    data: bytes,
    actor: Actor,
    dry_run: bool,
) -> tuple[Understanding, TakenOver | None]:
    """Read a file and take it over at once, without the rows that somebody would have to mend.

    ``TakenOver.left_out`` names those rows. With ``dry_run`` nothing is stored. Raises
    FileRefusedError, or RuleViolationError if no row at all can be taken over.
    """
    require(actor, Permission.LIST_TAKE_OVER, course_list.scope)
    tables = queries.code_tables_of(session)
    read = read_list(data, file_name, tables=tables, month=month)
    if dry_run:
        return read.understanding, None
    upload = keep_upload(session, course_list=course_list, month=month, read=read, actor=actor)
    if upload.taken_over_at is not None:
        return read.understanding, outcome_of(upload.understood)
    return read.understanding, _store(session, upload, actor=actor, skip_open=True)


def _store(session: Session, upload: ListUpload, *, actor: Actor, skip_open: bool) -> TakenOver:
    proposal = from_stored(upload.understood)
    course_list = upload.course_list
    codes = load_codes(session)
    district = course_list.district
    known, former = active_providers(session, district), former_names(session, district)
    matches = provider_matches(proposal, known, former)
    reports = queries.reports_by_provider(session, course_list, upload.month)
    rows, left_out = [], []
    for course in proposal.courses:
        points = row_points(course, codes, matches, reports, upload.month)
        if points.is_ready:
            rows.append(course)
        elif points.first is None or skip_open:
            left_out.append(LeftRow(row=course.row, why=points.words))
        else:
            raise points.first
    if not rows:
        raise RuleViolationError(Rule.NOTHING_TO_TAKE_OVER)
    taking = TakingOver(session, upload, proposal, codes=codes, actor=actor)
    outcome = replace(taking.run(rows), left_out=tuple(left_out))
    upload.understood = {**upload.understood, "outcome": outcome.as_stored()}
    upload.taken_over_at = clock.now()
    _record(
        session,
        JournalEvent.LIST_TAKEN_OVER,
        upload,
        actor,
        file=upload.file_name,
        month=upload.month,
        numbers={name: value for name, value in vars(outcome).items() if isinstance(value, int)},
        left_out=[row.row for row in left_out],
    )
    return outcome


def _record(
    session: Session,
    event: JournalEvent,
    upload: ListUpload,
    actor: Actor,
    *,
    changes: Mapping[str, tuple[object, object]] | None = None,
    **details: object,
) -> None:
    scope = upload.scope
    journal.record(session, event, upload, actor=actor, scope=scope, changes=changes, **details)


def _lock(session: Session, upload: ListUpload) -> None:
    """Read the preview again and hold it, so that two who mend lose nothing of one another."""
    session.flush()  # reading again must not throw away what this transaction wrote
    session.refresh(upload, with_for_update={"of": ListUpload})  # its district is joined


def _locked_proposal(session: Session, upload: ListUpload) -> Proposal:
    _lock(session, upload)
    if upload.taken_over_at is not None:
        msg = f"upload {upload.id} is taken over"
        raise TransitionRefusedError(msg)
    return from_stored(upload.understood)


def _row(proposal: Proposal, number: int) -> ProposedCourse:
    if not 1 <= number <= len(proposal.courses):
        msg = f"row {number}"
        raise NotFoundError(msg)
    return proposal.courses[number - 1]


def _with_type(course: ProposedCourse, types: Mapping[str, str], codes: Codes) -> ProposedCourse:
    """Give a row the course type that its word was said to mean."""
    word = type_word(course, codes)
    code = types.get(key(word)) if word else None
    if code is None:
        return course
    return replace(
        course,
        values={**course.values, "course_type": code},
        warnings=tuple(w for w in course.warnings if w.attribute != "course_type"),
    )


def _differences(codes: Codes, typed: Values, stored: Values) -> list[tuple[str, str, str]]:
    """Return heading, typed and stored value of every field in which the two differ."""

    def words(name: str, value: object) -> str:
        return codes.word(name, value) or labels.shown(value)

    return [
        (FIELD[name].heading, words(name, typed.get(name)), words(name, stored.get(name)))
        for name in FIELD
        if name != "course_group" and typed.get(name) != stored.get(name)
    ]
