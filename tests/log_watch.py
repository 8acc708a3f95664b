"""A pytest plugin: no secret and no personal datum in the log of any test, no unexpected traceback.

It sees every record of every logger (ours from DEBUG on) before any handler does, together with the
secrets that the code drew and the settings that were made meanwhile, and fails the test in whose
time something of it was logged (SECURITY.md, G24 and G26). What a child process logs it cannot see.
"""

import logging
import re
import secrets
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Final
from urllib.parse import urlsplit

import pyotp
import pytest
from sqlalchemy import make_url
from werkzeug.wrappers import Response

from kursliste.domain.second_factor import PAPER_ALPHABET, PAPER_LENGTH, written
from kursliste.domain.sign_in import CODE_DIGITS
from kursliste.settings import Settings

ADDRESS: Final = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
OURS: Final = "kursliste"
SHORTEST: Final = 8
"""Shorter values stand in other words by chance."""

ALLOWED: Final[dict[str, str]] = {}
"""Address -> reason: what may stand in a log although it looks like an address of mail."""


@dataclass
class LogWatch:
    """What was drawn since a test began, and what was wrong with what was logged."""

    lasting: dict[str, str] = field(default_factory=dict)
    drawn: dict[str, str] = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _signs: dict[int, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> None:
        """Forget the last test; keys of the settings stay, because an app serves many tests."""
        with self._lock:
            self.drawn.clear()
            self.leaks.clear()
            self.errors.clear()

    def knows(self, value: str, kind: str, *, lasting: bool = False) -> None:
        """Let no record contain ``value`` from now on."""
        if len(value) >= SHORTEST:
            with self._lock:
                (self.lasting if lasting else self.drawn)[value] = kind

    def sign(self, sign: str) -> None:
        """Note one sign of a paper code; twelve in a thread are one."""
        me = threading.get_ident()
        code = self._signs.get(me, "") + sign
        if len(code) == PAPER_LENGTH:
            self.knows(code, "paper code")
            self.knows(written(code), "paper code")
            code = ""
        self._signs[me] = code

    def look(self, record: logging.LogRecord) -> None:
        """Note what is wrong with a record."""
        told = "\n".join(_told(record))
        found = {f"mail address {one}" for one in ADDRESS.findall(told) if one not in ALLOWED}
        with self._lock:
            for known in (self.lasting, self.drawn):
                found |= {kind for value, kind in known.items() if value in told}
            self.leaks += [f"{kind} in {record.name}: {told[:400]}" for kind in sorted(found)]
            if record.exc_info and record.exc_info[0] and record.levelno >= logging.WARNING:
                self.errors.append(f"{record.name}: {told[:2000]}")

    def fault(self, *, expects_errors: bool) -> str:
        """Return what has to be said about the log so far, "" where all is well."""
        wrong = [f"in the log: {leak}" for leak in self.leaks]
        if not expects_errors:
            wrong += [f"an unexpected error in the log: {error}" for error in self.errors]
        return "\n".join(wrong)


def _told(record: logging.LogRecord) -> Iterator[str]:
    """Give what a handler would write; of the lines of code in a traceback only where they are.

    A test's own lines may name an address; at an operator's there are none of them.
    """
    try:
        yield record.getMessage()
    except (TypeError, ValueError):
        yield f"{record.msg} {record.args}"
    if record.exc_info and record.exc_info[1]:
        seen: set[int] = set()
        error: BaseException | None = record.exc_info[1]
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            for frame, line in traceback.walk_tb(error.__traceback__):
                yield f"{frame.f_code.co_filename}:{line} in {frame.f_code.co_name}"
            yield from traceback.format_exception_only(error)
            hidden = error.__suppress_context__
            error = error.__cause__ or (None if hidden else error.__context__)
    if record.stack_info:
        yield record.stack_info


WATCH: Final = LogWatch()


def _watched(name: str, original: Callable[..., Any], note: Callable[..., None]) -> Any:
    @wraps(original, assigned=("__doc__",))
    def call(*arguments: Any, **named: Any) -> Any:
        result = original(*arguments, **named)
        note(result, *arguments, **named)
        return result

    call.__name__ = name
    return call


def _note_code(value: int, below: int) -> None:
    if below == 10**CODE_DIGITS:
        WATCH.knows(f"{value:0{CODE_DIGITS}d}", "code of a mail")


def _note_choice(sign: Any, choices: Any) -> None:
    if choices is PAPER_ALPHABET:
        WATCH.sign(sign)


def _note_cookie(_none: None, _response: Response, key: str, value: str = "", **_: Any) -> None:
    if len(value) >= 2 * SHORTEST:
        WATCH.knows(value, f"cookie {key}")


def _note_settings(_none: None, made: Settings, **_: Any) -> None:
    passwords = {
        "secret key": made.secret_key,
        "token of the metrics": made.metrics_token,
        "password of the mail server": urlsplit(made.mail).password or "",
        "password of the database": make_url(made.database_url).password or "",
        "secret of the identity provider": made.openid.client_secret if made.openid else "",
    }
    for kind, value in passwords.items():
        WATCH.knows(str(value), kind, lasting=True)


def _watch_records(patch: pytest.MonkeyPatch) -> None:
    handled = logging.Logger.callHandlers

    def call_handlers(logger: logging.Logger, record: logging.LogRecord) -> None:
        WATCH.look(record)
        handled(logger, record)

    patch.setattr(logging.Logger, "callHandlers", call_handlers)
    logging.getLogger(OURS).setLevel(logging.DEBUG)


def pytest_configure(config: pytest.Config) -> None:
    """Begin to watch, before anything of ours is made."""
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    for holder, name, note in (
        (secrets, "token_urlsafe", lambda value, *_: WATCH.knows(value, "drawn secret")),
        (secrets, "randbelow", _note_code),
        (secrets, "choice", _note_choice),
        (pyotp, "random_base32", lambda value, *_: WATCH.knows(value, "secret of an app")),
        (Response, "set_cookie", _note_cookie),
        (Settings, "__init__", _note_settings),
    ):
        patch.setattr(holder, name, _watched(name, getattr(holder, name), note))
    _watch_records(patch)


def _judge(item: pytest.Item) -> None:
    expects = item.get_closest_marker("logs_errors")
    fault = WATCH.fault(expects_errors=expects is not None)
    stale = expects is not None and expects.kwargs.get("always", True) and not WATCH.errors
    WATCH.leaks.clear()
    WATCH.errors.clear()
    if fault:
        pytest.fail(fault, pytrace=False)
    if stale:
        pytest.fail("marked with logs_errors, and logs none", pytrace=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup() -> Iterator[None]:
    """Begin anew for each test, before its fixtures."""
    WATCH.begin()
    yield


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Judge what the test and its fixtures logged; a test that failed by itself says so instead."""
    yield
    _judge(item)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Judge what was logged while the fixtures were taken down; no error is expected there."""
    yield
    fault = WATCH.fault(expects_errors=False)
    if fault:
        pytest.fail(fault, pytrace=False)
