"""Logs for operators: one line an event, in UTC, as text for people or JSON for machines."""

import logging
import re
import sys
from typing import Final, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

QUIET = ("alembic", "granian")
"""Libraries that only need to be heard when something is wrong."""


ADDRESS: Final = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63})+")


def configure(form: Literal["text", "json"], *, stream: TextIO | None = None) -> None:
    """Send every log line of this process to ``stream`` (standard error) in ``form``.

    Lines of libraries look the same as ours. Texts carry no line breaks of their own in JSON; in
    neither form are cookies, tokens or mail addresses logged: we never pass them, and what an
    error of a library tells loses its addresses here.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _without_addresses,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _without_addresses(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Replace what looks like an address of mail: PostgreSQL's errors name the values of a row."""
    return {
        name: ADDRESS.sub("…@…", value) if isinstance(value, str) else value
        for name, value in line.items()
    }
