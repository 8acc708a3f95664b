"""Sets a document with typst in a process of its own; of our code only its limits.

The only module that knows typst. Started by ``documents.py``: one JSON object comes on standard
input, the PDF goes to standard output. typst keeps what it computed in memory for the next
documents, hundreds of megabytes of it; a process that ends gives them back (ADR 33). Memory,
processor time and files are limited first.
"""

import json
import sys
from typing import Final

import typst

from kursliste.infrastructure.child_limits import limit

MEMORY: Final = 4 << 30
"""Addresses, not pages: every thread of typst reserves much more than it uses."""

SECONDS: Final = 120
STANDARD: Final = "ua-1"


def made(order: dict[str, object]) -> bytes:
    """Return the PDF of an order: ``template`` and ``data`` as text, the folder ``fonts``, and
    the moment ``at`` in seconds.
    """
    files = {"main": str(order["template"]).encode(), "data.json": str(order["data"]).encode()}
    document: object = typst.compile(  # type: ignore[call-overload]  # its stub forgets the dict
        files,
        font_paths=[str(order["fonts"])],
        ignore_system_fonts=True,
        pdf_standards=[STANDARD],
        timestamp=int(str(order["at"])),
    )
    assert isinstance(document, bytes)  # noqa: S101 -- a PDF is one piece, images are several
    return document


def main() -> None:
    """Make one document."""
    limit(memory=MEMORY, seconds=SECONDS, open_files=64)
    order = json.load(sys.stdin.buffer)
    try:
        document = made(order)
    except (typst.TypstError, RuntimeError) as error:
        sys.exit(str(error))
    sys.stdout.buffer.write(document)
