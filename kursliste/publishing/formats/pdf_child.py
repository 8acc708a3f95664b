"""Sets a document with typst in a process of its own; no other code of ours.

The only module that knows typst. Started by ``pdf_file.py``: one JSON object comes on standard
input, the PDF goes to standard output. typst keeps what it computed in memory for the next
documents, hundreds of megabytes of it; a process that ends gives them back (ADR 33). Memory,
processor time and files are limited first.
"""

import contextlib
import json
import sys
from typing import Final

import typst

MEMORY: Final = 4 << 30
"""Addresses, not pages: every thread of typst reserves much more than it uses."""

SECONDS: Final = 120
STANDARD: Final = "ua-1"


def limit() -> None:
    """Bound this process; a system without such limits is bounded by the parent's clock."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  # not on Windows

        for name, value in (
            ("RLIMIT_AS", MEMORY),
            ("RLIMIT_CPU", SECONDS),
            ("RLIMIT_FSIZE", 0),
            ("RLIMIT_NOFILE", 64),
            ("RLIMIT_CORE", 0),
        ):
            resource.setrlimit(getattr(resource, name), (value, value))


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
    limit()
    order = json.load(sys.stdin.buffer)
    try:
        document = made(order)
    except (typst.TypstError, RuntimeError) as error:
        sys.exit(str(error))
    sys.stdout.buffer.write(document)
