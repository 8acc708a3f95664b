"""Documents as PDF/UA-1, tagged, from plain data and shipped fonts.

A child process sets them and opens no other file and no connection (``document_child``, ADR 33).
pikepdf, which only this module knows, packs their objects: the file becomes less than half as big.
"""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import pikepdf

from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.settings import resource_dir

SECONDS: Final = 60
"""The longest that a person waits; a list of 2,000 courses takes three."""

CHILD: Final = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from kursliste.infrastructure.document_child import main; main()"
)
log = logging.getLogger(__name__)


def set_document(markup: str, data: Mapping[str, object], *, at: datetime, name: str) -> bytes:
    """Return ``data`` set in the template ``markup``, as typst gives it.

    ``at`` is the moment that the document says it was made. Raises RuleViolationError (PDF_FAILED).
    """
    order = {
        "template": markup,
        "data": json.dumps(data, ensure_ascii=False),
        "fonts": str(resource_dir("fonts")),
        "at": int(at.timestamp()),
    }
    return run(order, name)


def run(order: Mapping[str, object], name: str) -> bytes:
    """Let a child process make the document of ``order`` (``document_child.made``).

    ``name`` is what the log calls it.
    """
    root = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-I", "-X", "utf8", "-c", CHILD, root]
    try:
        done = subprocess.run(  # noqa: S603  # our own file, no shell, no words of a user
            command,
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired as error:
        raise RuleViolationError(Rule.PDF_FAILED) from error
    if done.returncode != 0:
        log.error("no PDF of %s: %s", name, done.stderr.decode(errors="replace")[-2000:])
        raise RuleViolationError(Rule.PDF_FAILED)
    return done.stdout


def packed(document: bytes) -> bytes:
    """Return the same document with its objects in compressed streams."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as source:
        source.save(
            out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True
        )
    return out.getvalue()
