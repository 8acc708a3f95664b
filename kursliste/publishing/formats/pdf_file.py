"""The PDF of an edition: A4 landscape, PDF/UA-1, tagged, with a bookmark per group.

A child process sets the document from plain data and from fonts that are shipped; it opens no
other file and no connection (``pdf_child``). pikepdf, which only this module knows, packs its
objects: the file becomes less than half as big. Both get the moment of publishing or nothing that
moves, so equal rows give equal bytes.
"""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import pikepdf

from kursliste.domain.edition import CodeWords, EditionHead
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.news import News
from kursliste.publishing.formats.pdf_cells import PrintedCourse
from kursliste.publishing.formats.pdf_data import data_of
from kursliste.settings import resource_dir

SECONDS: Final = 60
"""The longest that a person who publishes waits; a list of 2,000 courses takes three."""

CHILD: Final = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from kursliste.publishing.formats.pdf_child import main; main()"
)
log = logging.getLogger(__name__)


def build(
    head: EditionHead,
    courses: Sequence[PrintedCourse],
    words: CodeWords,
    news: News,
) -> bytes:
    """Return the ``.pdf`` of an edition; public columns of public rows only.

    Raises RuleViolationError (PDF_FAILED) where the document cannot be made, and ValueError for
    text that no file may hold (``text.clean``).
    """
    return packed(set_in(template(), data_of(head, courses, words, news), head))


@cache
def template() -> str:
    """Return the markup of the printed list."""
    folder = resource_dir("templates") / "publishing"
    return (folder / "list.typ").read_text(encoding="utf-8")


def set_in(markup: str, data: Mapping[str, object], head: EditionHead) -> bytes:
    """Return ``data`` set in the template ``markup``, as typst gives it."""
    order = {
        "template": markup,
        "data": json.dumps(data, ensure_ascii=False),
        "fonts": str(resource_dir("fonts")),
        "at": int(head.published_at.timestamp()),
    }
    return run(order, head.name)


def run(order: Mapping[str, object], name: str) -> bytes:
    """Let a child process make the document of ``order`` (``pdf_child.made``), called ``name``."""
    root = str(Path(__file__).resolve().parents[3])
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
