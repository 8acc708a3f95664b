"""Taking a person's name out of published editions: the one change that an edition can suffer."""

import hashlib
from collections.abc import Sequence

from sqlalchemy.orm import Session

from kursliste.domain.edition import LONGEST_REASON
from kursliste.domain.erasure import Wanted, check_reason
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.infrastructure import clock, journal, search_rows
from kursliste.infrastructure.shelf import Shelf
from kursliste.models.edition import EditionErasure
from kursliste.models.masterdata import District
from kursliste.publishing import erasing, freezing, queries


def erase_person(
    session: Session,
    shelf: Shelf,
    district: District,
    *,
    wanted: Wanted,
    reason: str,
    actor: Actor,
) -> Sequence[str]:
    """Take the texts out of all editions and reports of a district; return the editions' names.

    Each edition keeps a tombstone: when, who, why, which columns, and the hash that its rows had.
    What was taken out is written nowhere. Its files are made anew from the rows, under their
    names, before the caller commits: if that fails, pressing again mends it. Raises
    RuleViolationError (ERASURE_NOTHING_FOUND) where nothing is found.
    """
    require(actor, Permission.PERSON_ERASE, district.scope)
    why = check_reason(reason, wanted, longest=LONGEST_REASON)
    touched: list[tuple[int, list[str]]] = []
    for edition in erasing.editions_of(session, district):
        columns = _change(list(erasing.changed_in(edition, wanted)))
        if columns:
            touched.append((edition.id, columns))
    rows = 0
    for row in erasing.rows_behind(session, district):
        rows += bool(_change(list(erasing.changed_of(row, wanted))))
    if not touched and not rows:
        raise RuleViolationError(Rule.ERASURE_NOTHING_FOUND, field="texts")
    session.flush()  # the files are built from what is stored
    names = [
        _renew(session, shelf, edition_id, columns, why, actor) for edition_id, columns in touched
    ]
    for course_list in district.lists:
        search_rows.index_list(session, course_list.id)
    search_rows.forget_unused_words(session)
    journal.record(
        session,
        JournalEvent.PERSON_ERASED,
        district,
        actor=actor,
        scope=district.scope,
        reason=why,
        editions=names,
        reported=rows,
    )
    return names


def _change(changes: Sequence[tuple[object, str, object]]) -> list[str]:
    for thing, name, new in changes:
        setattr(thing, name, new)
    return sorted({name for _thing, name, _new in changes})


def _renew(
    session: Session, shelf: Shelf, edition_id: int, columns: list[str], why: str, actor: Actor
) -> str:
    edition = queries.stored_edition(session, edition_id)
    edition.erasures.append(
        EditionErasure(
            erased_at=clock.now(),
            erased_by_id=actor.user_id,
            erased_by=actor.name,
            reason=why,
            columns=columns,
            rows_sha256=edition.rows_sha256,
        )
    )
    edition.rows_sha256 = freezing.rows_hash(entry.row() for entry in edition.entries)
    session.flush()  # the files tell that something was taken out
    files = {file.name: file for file in edition.files}
    for name, content in freezing.edition_files(edition).items():
        if name in files:  # formats that came later were never published with it
            shelf.put(f"{edition.folder}/{name}", content, replacing=True)
            files[name].size = len(content)
            files[name].sha256 = hashlib.sha256(content).hexdigest()
    return edition.name
