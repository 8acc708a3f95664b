"""Postmen as processes of their own that can be killed, and the mail server they bring mail to."""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Collection
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from kursliste import ticking
from kursliste.domain.permissions import Actor
from kursliste.infrastructure import clock, mailbox, postman
from kursliste.infrastructure.carriers import Carrier, SmtpCarrier
from kursliste.infrastructure.database import Database, transaction
from kursliste.infrastructure.postman import Desk
from kursliste.models import Mailing, MailStatus, OutgoingMail, ReaderMail
from kursliste.readers import mailing
from kursliste.readers.links import Links

PAUSE_S: Final = 0.02
HELD_FOR_S: Final = 10.0

# A process that is forked from one which has everything loaded is there at once.
_context = get_context("forkserver")
_context.set_forkserver_preload([__name__])


def set_clock(path: Path, instant: datetime) -> None:
    """Tell all postmen the time, by a file that is never half written."""
    fresh = path.with_suffix(".new")
    fresh.write_text(instant.isoformat(), encoding="ascii")
    fresh.replace(path)


def start(url: str, port: int, time_of_day: Path, flaw: str) -> BaseProcess:
    """Start a postman; it ticks until it is killed."""
    arguments = (url, port, time_of_day, flaw)
    process = _context.Process(target=walk, args=arguments, daemon=True)
    process.start()
    return process


def walk(url: str, port: int, time_of_day: Path, flaw: str) -> None:
    """Do what the scheduler does, with the clock of the test and perhaps a flaw."""
    clock.wall = lambda: datetime.fromisoformat(time_of_day.read_text(encoding="ascii"))
    if flaw:
        FLAWS[flaw]()
    database, carrier = Database(url), SmtpCarrier(f"smtp://127.0.0.1:{port}")
    parent = os.getppid()
    while os.getppid() == parent:  # nobody is left behind when the test itself is killed
        ticking.tick(
            database, carrier, base_url="https://kurse.example", sender="kursliste@kreis.example"
        )
        time.sleep(PAUSE_S)


# ---- postmen who do it wrong, so that the checks can show what they are worth


def _mark_first() -> None:
    """Write down that a mail was sent, and then send it."""

    def sent_one(session: Session, mail: OutgoingMail, carrier: Carrier, desk: Desk) -> bool:
        with transaction(session):
            if not postman._renewed(session, mail):
                return False
            mail.state, mail.sent_at = MailStatus.SENT, clock.now()
        carrier.deliver(desk.written(mail))
        return True

    postman._sent_one = sent_one


def _name_anew() -> None:
    """Give every copy of a mail a Message-ID of its own."""

    def written(desk: Desk, mail: OutgoingMail) -> EmailMessage:
        message = mailbox.as_message(mail, sender=desk.sender, host=desk.host)
        message.replace_header("Message-ID", f"<{token_hex(8)}@{desk.host}>")
        return message

    Desk.written = written  # type: ignore[assignment, method-assign]  # the flaw


def _write_small_batches() -> None:
    """No flaw: a batch of three readers, so that there are many moments to die between."""
    mailing.BATCH = 3


def _forget_how_far() -> None:
    """Commit each batch and forget where it ended and whom it reached."""
    _write_small_batches()
    write = mailing.write_batch
    left = [4]

    def write_again(session: Session, mailing_id: int, *, actor: Actor, links: Links) -> int:
        count = write(session, mailing_id, actor=actor, links=links)
        if left[0] > 0:
            left[0] -= 1
            session.execute(update(ReaderMail).values(mailing_id=None))
            session.execute(update(Mailing).values(reached_id=0))
        return count

    mailing.write_batch = write_again


FLAWS: Final[dict[str, Callable[[], None]]] = {
    "marks first": _mark_first,
    "names anew": _name_anew,
    "writes small batches": _write_small_batches,
    "forgets how far it got": _forget_how_far,
}


# ---- the mail server


class Sink:
    """A mail server on this machine that keeps who got which mail.

    At some mails it answers nothing until the postmen are killed: at ``unheard`` ones before it
    has taken the mail, at ``unanswered`` ones after. ``trap`` says that a postman stands there.
    """

    def __init__(self, unheard: Collection[int], unanswered: Collection[int]) -> None:
        self.got: list[tuple[str, str]] = []
        self.trap = threading.Event()
        self.kills = 0
        self._unheard, self._unanswered = frozenset(unheard), frozenset(unanswered)
        self._begun = 0

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name and form
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self._begun += 1
        if self._begun in self._unheard:
            await self._hold()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 -- aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        message = message_from_bytes(envelope.content)
        self.got.append((envelope.rcpt_tos[0], str(message["Message-ID"])))
        if len(self.got) in self._unanswered:
            await self._hold()
        return "250 OK"

    async def _hold(self) -> None:
        before, end = self.kills, time.monotonic() + HELD_FOR_S
        self.trap.set()
        while self.kills == before and time.monotonic() < end:  # noqa: ASYNC110 -- another thread kills
            await asyncio.sleep(0.005)
