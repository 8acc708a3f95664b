"""How long rows with personal data stay, from when it counts, and why: one table for all of them.

Art. 5 (1) e GDPR: no longer than the purpose needs. What is not in this table stays until somebody
acts (docs/verarbeitungsverzeichnis.md says what, and who); published editions stay (ADR 3, 30).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from kursliste.domain.subscription import CONFIRM_WITHIN

EVERY: Final = timedelta(hours=1)
"""How often the table is walked; a period is kept to this much."""

OVERDUE: Final = timedelta(hours=26)
"""A day and two hours of delay: what did not run by then is told by ``kursliste doctor``."""

AT_ONCE: Final = timedelta(0)
YEAR: Final = timedelta(days=365)
JOURNAL_YEARS: Final = 4
LONGEST_JOURNAL_YEARS: Final = 30


class Kind(StrEnum):
    """What is removed by itself."""

    SESSION = "session"
    SIGN_IN_LINK = "sign_in_link"
    DEVICE = "device"
    UNPROVED_APP = "unproved_app"
    TRY = "try"
    MAIL = "mail"
    SETTLED_HINT = "settled_hint"
    UNSETTLED_HINT = "unsettled_hint"
    NOTE = "note"
    UNCONFIRMED_ORDER = "unconfirmed_order"
    LEFT_READER = "left_reader"
    DROPPED_UPLOAD = "dropped_upload"
    UPLOAD = "upload"
    JOURNAL = "journal"


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """Rows of ``table`` go when ``period`` has passed since the instant in the column ``since``.

    ``why`` is the purpose that ends then. Where ``entry_stays``, only the person goes.
    """

    kind: Kind
    table: str
    since: str
    period: timedelta
    why: str
    entry_stays: bool = False

    def ended(self, now: datetime) -> datetime:
        """Return the instant before which ``since`` must lie for a row to go."""
        return now - self.period


def keepings(journal_years: int = JOURNAL_YEARS) -> Sequence[Keeping]:
    """Return the table.

    ``journal_years`` is after how many years journal entries lose the person. Four is a proposal:
    claims lapse three years after the end of the year in which they arose (§§ 195, 199 BGB), so an
    entry of January may be needed for nearly four. The records plan (Aktenplan) of an authority
    may say otherwise, so the operator sets it (ADR 47).
    """
    journal = Keeping(
        kind=Kind.JOURNAL,
        table="journal_entry",
        since="at",
        period=timedelta(days=366 * journal_years),
        why="proof of who did what (Art. 5 (2) GDPR), until claims have lapsed (§§ 195, 199 BGB)",
        entry_stays=True,
    )
    return (*FIXED, journal)


FIXED: Final[Sequence[Keeping]] = (
    Keeping(
        kind=Kind.SESSION,
        table="user_session",
        since="ends_at",
        period=AT_ONCE,
        why="its cookie is worth nothing any more",
    ),
    Keeping(
        kind=Kind.SIGN_IN_LINK,
        table="sign_in_link",
        since="ends_at",
        period=timedelta(days=1),
        why="tells for a day that a link was used or too old",
    ),
    Keeping(
        kind=Kind.DEVICE,
        table="remembered_device",
        since="ends_at",
        period=AT_ONCE,
        why="stands for the mailbox no longer",
    ),
    Keeping(
        kind=Kind.UNPROVED_APP,
        table="second_factor",
        since="begun_at",
        period=timedelta(days=1),
        why="a secret that no app proved protects nobody",
    ),
    Keeping(
        kind=Kind.TRY,
        table="rate_counter",
        since="window_start",
        period=timedelta(days=1),
        why="no limit counts longer than a day (Art. 32 GDPR: network addresses)",
    ),
    Keeping(
        kind=Kind.MAIL,
        table="outgoing_mail",
        since="due_at",
        period=timedelta(days=180),
        why="so long one can look up what was sent to whom",
    ),
    Keeping(
        kind=Kind.SETTLED_HINT,
        table="reader_hint",
        since="settled_at",
        period=timedelta(days=90),
        why="whoever settled it may look once more",
    ),
    Keeping(
        kind=Kind.UNSETTLED_HINT,
        table="reader_hint",
        since="given_at",
        period=YEAR,
        why="the course that it is about has ended or was reported anew",
    ),
    Keeping(
        kind=Kind.NOTE,
        table="course_note",
        since="written_at",
        period=YEAR,
        why="of use while the course runs, and for the next like it",
    ),
    Keeping(
        kind=Kind.UNCONFIRMED_ORDER,
        table="subscription",
        since="requested_at",
        period=CONFIRM_WITHIN,
        why="without consent there is no ground to keep an address (Art. 6 (1) a GDPR)",
    ),
    Keeping(
        kind=Kind.LEFT_READER,
        table="reader_mail",
        since="queued_at",
        period=YEAR,
        why="so long the link of an old mail says that nothing is kept any more",
    ),
    Keeping(
        kind=Kind.DROPPED_UPLOAD,
        table="list_upload",
        since="uploaded_at",
        period=timedelta(days=90),
        why="a list that nobody took over in a round and the next two is not wanted",
    ),
    Keeping(
        kind=Kind.UPLOAD,
        table="list_upload",
        since="taken_over_at",
        period=YEAR,
        why="its rows are reports by now; so long the same file is known again",
    ),
)
