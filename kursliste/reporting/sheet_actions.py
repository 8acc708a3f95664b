"""Takes over an uploaded Excel table: everything that the person saw and agreed to, or nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kursliste.domain.course import ConfirmedHow, CourseStatus
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.models.report import Report
from kursliste.reporting import actions, editing
from kursliste.reporting.editing import Edit
from kursliste.reporting.row_facts import Facts


@dataclass(frozen=True, kw_only=True)
class SheetEdits:
    """What an uploaded table changes.

    ``edits``: row key -> what is new in it; ``ending``: keys of rows that ended, with the version
    that the person saw; ``new``: the facts of new courses, each with whether the person says that
    it is right; ``confirmed``: keys of the rows that the person says are right.
    """

    edits: Mapping[int, Edit]
    ending: Mapping[int, int]
    new: Sequence[tuple[Facts, bool]]
    confirmed: Collection[int] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.edits or self.ending or self.new)


@dataclass(frozen=True, kw_only=True)
class SheetResult:
    """How many courses an upload changed, added, ended and confirmed."""

    changed: int
    added: int
    ended: int
    confirmed: int


def apply_sheet(
    session: Session, report: Report, sheet: SheetEdits, *, actor: Actor
) -> SheetResult:
    """Take over an uploaded table as one change.

    Raises RuleViolationError where a row would contradict itself, ConflictError where somebody
    changed a row meanwhile; then nothing of the table is taken over.
    """
    require(actor, Permission.REPORT_EDIT, report.scope)
    how = ConfirmedHow.UPLOAD
    changes = editing.change_rows(
        session, report, sheet.edits, actor=actor, confirm=sheet.confirmed, how=how
    )
    ending = {
        key: Edit({"status": CourseStatus.ENDED}, version) for key, version in sheet.ending.items()
    }
    for row in editing.rows_as_seen(session, report, ending):
        actions.end_course(session, row, actor=actor)
    for facts, is_right in sheet.new:
        actions.add_course(session, report, facts, actor=actor, how=how if is_right else None)
    return SheetResult(
        changed=sum(bool(moved) for moved in changes.values()),
        added=len(sheet.new),
        ended=len(ending),
        confirmed=len(sheet.confirmed) + sum(is_right for _, is_right in sheet.new),
    )
