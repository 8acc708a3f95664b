"""Two providers become one: what happens to their reports of one month, and what forbids it.

The old provider is closed, the survivor goes on. Reports of closed rounds stay where they are:
they are history, and so is every edition.
"""

from dataclasses import dataclass
from enum import StrEnum

from kursliste.domain.report import EDITABLE, ReportStatus


class Meeting(StrEnum):
    """What becomes of the two reports of one open round."""

    DROPPED = "dropped"
    """The old one has nothing in it and goes."""
    MOVED = "moved"
    """The old one becomes the survivor's, who has nothing in its own."""
    JOINED = "joined"
    """The courses of the old draft come into the survivor's report."""
    JOINED_BACK = "joined_back"
    """The old one becomes the survivor's, with the courses of the survivor's draft."""
    STAYS = "stays"
    """The old one is approved: it stays as it is for its month, beside the survivor's."""
    BLOCKED = "blocked"
    """Both told something that nobody may mix, and the old one is not decided yet."""


class Obstacle(StrEnum):
    """Why two providers cannot become one now; the page says what to do first."""

    SAME = "same"
    CLOSED = "closed"
    FOREIGN_DISTRICT = "foreign_district"
    BOTH_REPORTED = "both_reported"


@dataclass(frozen=True)
class Told:
    """A report, reduced to what matters here; ``courses`` is the number of its rows."""

    status: ReportStatus
    courses: int = 0
    is_nil: bool = False
    is_revision: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nobody told anything in it yet."""
        if self.status is ReportStatus.OPEN:
            return True
        return self.is_plain_draft and self.courses == 0 and not self.is_nil

    @property
    def is_plain_draft(self) -> bool:
        """Whether it was begun and never approved: its courses may be put elsewhere."""
        return self.status is ReportStatus.DRAFT and not self.is_revision

    @property
    def takes_courses(self) -> bool:
        """Whether more courses may come into it."""
        return self.status in EDITABLE


def meeting(old: Told, survivor: Told | None) -> Meeting:
    """Return what becomes of the reports of one open round; ``survivor`` is None if not asked."""
    if survivor is None:
        return Meeting.MOVED
    if old.is_blank:
        return Meeting.DROPPED
    if survivor.is_blank:
        return Meeting.MOVED
    if old.is_plain_draft and survivor.takes_courses:
        return Meeting.JOINED
    if survivor.is_plain_draft and old.takes_courses:
        return Meeting.JOINED_BACK
    return Meeting.STAYS if old.status is ReportStatus.APPROVED else Meeting.BLOCKED


def misses_month(kind: Meeting, survivor: Told | None) -> bool:
    """Return whether the old provider's courses are missing in a report that was begun already.

    A report that nobody began takes them by itself.
    """
    return kind is Meeting.DROPPED and survivor is not None and not survivor.is_blank


class Giving(StrEnum):
    """What becomes of courses that go from one provider's report of an open round to another's."""

    WAITS = "waits"
    """Nobody told about them yet: the receiver's report will begin with them."""
    OFFERED = "offered"
    """The receiver's report was begun without them: they can be fetched there."""
    MOVES = "moves"
    """They move from the giver's draft into the receiver's report."""
    BEGINS = "begins"
    """The same, and the receiver's report is begun for it."""
    BLOCKED = "blocked"
    """One of the two reports was sent: a later month has to be chosen."""


def giving(giver: Told | None, receiver: Told | None, *, told: int) -> Giving:
    """Return what becomes of courses of which ``told`` stand in the giver's report of a round."""
    is_open = receiver is None or receiver.status is ReportStatus.OPEN
    if told == 0:
        return Giving.WAITS if is_open else Giving.OFFERED
    if giver is None or not giver.is_plain_draft:
        return Giving.BLOCKED
    if is_open:
        return Giving.BEGINS
    return Giving.MOVES if receiver is not None and receiver.takes_courses else Giving.BLOCKED
