"""Publishing: approved rows become a numbered edition, whole or not at all."""

import hashlib

from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.errors import NameTakenError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.domain.publication import checked_reason
from kursliste.infrastructure import clock, journal, search_rows
from kursliste.infrastructure.codes import load_codes
from kursliste.infrastructure.shelf import Shelf
from kursliste.models.edition import Edition, EditionFile
from kursliste.models.masterdata import CourseList
from kursliste.publishing import folder_queries, freezing, queries
from kursliste.publishing.mailing import ask_mailing


def publish_edition(  # noqa: PLR0913 -- what a person decides when publishing
    session: Session,
    shelf: Shelf,
    *,
    course_list: CourseList,
    month: Month,
    seen_number: int,
    reason: str,
    actor: Actor,
    mails_readers: bool = False,
) -> Edition:
    """Freeze the approved rows of a month as its next edition, and put its files on the shelf.

    ``seen_number`` is the newest edition that the person saw, 0 for none: a double click or a
    second coordinator raises RuleViolationError (EDITION_MOVED_ON) and makes no second edition
    (SECURITY.md, rules 12 and 14). A correction needs ``reason``. Raises NotFoundError if nobody
    was asked for this month. The files are written before the caller commits the rows.
    ``mails_readers`` says whether those who ordered the list are written to; the tick does it.
    """
    require(actor, Permission.EDITION_PUBLISH, course_list.scope)
    found = queries.locked_round(session, course_list, month)
    newest = queries.newest_number(session, course_list, month)
    if newest != seen_number:
        raise RuleViolationError(Rule.EDITION_MOVED_ON, name=f"{month}/{newest}")
    why = checked_reason(reason) if newest else ""
    reports = queries.reports_of(session, found)
    if not queries.approved(reports):
        raise RuleViolationError(Rule.NOTHING_APPROVED, month=month)
    edition = freezing.frozen(
        reports,
        freezing.Before(
            earlier=queries.earlier_edition_or_none(session, course_list, month),
            replaced=queries.standing_edition_or_none(session, course_list, month),
        ),
        queries.occasion_of(session, found, load_codes(session)),
        number=newest + 1,
        reason=why,
        at=clock.now(),
        actor=actor,
    )
    session.add(edition)
    session.flush()  # the files are built from what is stored
    stored = queries.stored_edition(session, edition.id)
    _put_files(session, shelf, stored)
    ask_mailing(session, stored, sends=mails_readers, actor=actor)
    search_rows.index_list(session, course_list.id)
    journal.record(
        session,
        JournalEvent.EDITION_PUBLISHED,
        stored,
        actor=actor,
        scope=stored.scope,
        name=stored.name,
        reason=why,
        courses=len(stored.entries),
        rows_sha256=stored.rows_sha256,
    )
    return stored


def _put_files(session: Session, shelf: Shelf, edition: Edition) -> None:
    for name, content in freezing.edition_files(edition).items():
        _put(session, shelf, edition, name, content)
        edition.files.append(
            EditionFile(
                name=name,
                format=freezing.format_of(name),
                is_internal=name.rpartition(".")[0].endswith("-intern"),
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
            )
        )
    session.flush()  # whoever called may count on the files' rows


def _put(session: Session, shelf: Shelf, edition: Edition, name: str, content: bytes) -> None:
    """Put a file where none lies, or only what an attempt that died has left behind.

    No row names what such an attempt wrote, and none ever will: while this transaction lives, the
    number is ours. Should it have ended unnoticed, the question fails and nothing is overwritten.
    """
    place = f"{edition.folder}/{name}"
    try:
        shelf.put(place, content)
    except NameTakenError:
        if folder_queries.has_another_in(session, edition):
            raise
        shelf.put(place, content, replacing=True)
