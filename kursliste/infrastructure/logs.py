"""Logs for operators: one line an event, in UTC, as text for people or JSON for machines."""

import logging
import sys
from typing import Literal, TextIO

import structlog
from structlog.typing import Processor

QUIET = ("alembic", "granian")
"""Libraries that only need to be heard when something is wrong."""


def configure(form: Literal["text", "json"], *, stream: TextIO | None = None) -> None:
    """Send every log line of this process to ``stream`` (standard error) in ``form``.

    Lines of libraries look the same as ours. Texts carry no line breaks of their own in JSON; in
    neither form are cookies, tokens or mail addresses logged: we never pass them.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
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
