"""Providers at their desks: real requests that begin, save, submit and take back own reports."""

import http.client
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.scene import SEATS, Country, secret_of
from kursliste.domain.course import CourseStatus
from kursliste.domain.events import JournalEvent
from kursliste.models import JournalEntry, OutgoingMail, Report, ReportedCourse

PATIENCE_S: Final = 60
TIMES: Final = 4
"""How often a report is saved, submitted and taken back before the next one's turn."""

TOKEN: Final = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
VERSION: Final = re.compile(r'name="k(\d+)-version"[^>]*value="(\d+)"')


@dataclass
class Tally:
    """What the answers say that was done; ``refused`` is every answer that was not expected."""

    begun: int = 0
    saved: int = 0
    submitted: int = 0
    taken_back: int = 0
    refused: list[str] = field(default_factory=list)
    submitting_ms: list[float] = field(default_factory=list)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.begun + other.begun,
            self.saved + other.saved,
            self.submitted + other.submitted,
            self.taken_back + other.taken_back,
            self.refused + other.refused,
            self.submitting_ms + other.submitting_ms,
        )

    @property
    def requests(self) -> int:
        """The number of writing requests that were answered as expected."""
        return self.begun + self.saved + self.submitted + self.taken_back


class Client:
    """The browser of one person, reduced to its cookies: it goes round its reports until told."""

    def __init__(self, port: int, secret: str, reports: Sequence[int]) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        self._cookies = f"sid={secret}"
        self._reports = reports
        self.tally = Tally()
        page, form_cookie = self._get("/meldungen")
        # Kept as it is: it holds the token, and messages nobody reads would make it grow.
        self._cookies += f"; {form_cookie}"
        self._token = TOKEN.findall(page)[0]

    def work(self, until: float) -> Tally:
        """Report until ``until`` (monotonic), but everything once; return what was done."""
        steps = self._steps()
        while not self.tally.refused:
            next(steps)
            if self.tally.taken_back and time.monotonic() > until:
                break
        self._http.close()
        return self.tally

    def _steps(self) -> Iterator[None]:
        """Yield after each writing request."""
        versions: dict[int, dict[int, int]] = {}
        for report in cycle(self._reports):
            here = f"/meldungen/{report}"
            if report not in versions:
                self.tally.begun += self._posted(f"{here}/beginnen", {}, leads_to=here)
                yield
                page, _cookie = self._get(here)
                versions[report] = {int(key): int(seen) for key, seen in VERSION.findall(page)}
            row = min(versions[report])
            for _ in range(TIMES):
                version = versions[report][row]
                self.tally.saved += self._posted(here, _typed(row, version), leads_to=here)
                # The first submission confirms the rows, and so gives them a version more.
                versions[report][row] += 1 if version > 1 else 2
                yield
                start = time.perf_counter()
                sent = self._posted(f"{here}/einreichen", {"confirm": "1"}, leads_to=here)
                self.tally.submitting_ms.append((time.perf_counter() - start) * 1000)
                self.tally.submitted += sent
                yield
                back = self._posted(f"{here}/zuruecknehmen", {}, leads_to=here)
                self.tally.taken_back += back
                yield

    def _get(self, path: str) -> tuple[str, str]:
        """Return a page, and the cookie that it sets."""
        self._http.request("GET", path, headers={"Cookie": self._cookies})
        answer = self._http.getresponse()
        page = answer.read().decode()
        assert answer.status == http.client.OK, f"GET {path}: {answer.status}"
        return page, (answer.getheader("Set-Cookie") or "").partition(";")[0]

    def _posted(self, path: str, fields: Mapping[str, str], *, leads_to: str) -> bool:
        """Send a form; whether the answer sends us to the page that means that it was done."""
        headers = {
            "Cookie": self._cookies,
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
        }
        body = urlencode({"csrf_token": self._token, **fields})
        try:
            self._http.request("POST", path, body, headers)
            answer = self._http.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.tally.refused.append(f"POST {path}: {type(error).__name__} {error}")
            return False
        where = answer.getheader("Location")
        if (answer.status, where) == (http.client.FOUND, leads_to):
            return True
        self.tally.refused.append(f"POST {path}: {answer.status} {where}")
        return False


def _typed(row: int, version: int) -> dict[str, str]:
    """Return what the table sends for one row in which the seats moved."""
    taken = version % SEATS
    typed = {
        "version": version,
        "seats_taken": taken,
        "seats_free": SEATS - taken,
        "status": CourseStatus.OPEN,
    }
    return {f"k{row}-{name}": str(value) for name, value in typed.items()}


def work(port: int, country: Country, people: Sequence[int], seconds: float) -> Tally:
    """Let ``people`` report at the same time for ``seconds``; return what all of them did."""
    clients = [
        Client(port, secret_of(p), [country.open_report(h) for h in country.houses_of(p)])
        for p in people
    ]
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(len(clients)) as pool:
        tallies = list(pool.map(lambda client: client.work(until), clients))
    return sum(tallies, start=Tally())


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the database says that was done."""

    begun: int
    saved: int
    submitted: int
    taken_back: int
    receipts: int
    report_moves: int
    row_moves: int

    def disagreements(self, tally: Tally) -> list[str]:
        """Return each count that is not what the answers said."""
        moves = tally.begun + tally.submitted + tally.taken_back
        expected = {
            "begun": (self.begun, tally.begun),
            "saved": (self.saved, tally.saved),
            "submitted": (self.submitted, tally.submitted),
            "taken back": (self.taken_back, tally.taken_back),
            "receipts": (self.receipts, tally.submitted),
            "versions of reports": (self.report_moves, moves),
            "versions of rows": (self.row_moves, 0),
        }
        return [f"{what}: {a} kept, {b} told" for what, (a, b) in expected.items() if a != b]


def kept(session: Session, country: Country) -> Kept:
    """Count what a country that was asked once has in its database."""
    counted = select(JournalEntry.event, func.count()).group_by(JournalEntry.event)
    events = dict(session.execute(counted).all())
    confirmed = sum(
        entry.details["confirmed"]
        for entry in session.scalars(
            select(JournalEntry).where(JournalEntry.event == JournalEvent.REPORT_SUBMITTED)
        )
    )
    row_versions = session.scalar(
        select(func.sum(ReportedCourse.version - 1)).where(ReportedCourse.report_id > country.total)
    )
    saved = events.get(JournalEvent.COURSE_CHANGED, 0)
    return Kept(
        begun=events.get(JournalEvent.REPORT_STARTED, 0),
        saved=saved,
        submitted=events.get(JournalEvent.REPORT_SUBMITTED, 0),
        taken_back=events.get(JournalEvent.REPORT_TAKEN_BACK, 0),
        receipts=session.scalar(select(func.count()).select_from(OutgoingMail)) or 0,
        report_moves=session.scalar(select(func.sum(Report.version - 1))) or 0,
        row_moves=(row_versions or 0) - saved - confirmed,
    )
