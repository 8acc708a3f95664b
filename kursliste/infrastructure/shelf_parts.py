"""What both kinds of shelf are made of: the protocol, and bytes that are read piece by piece."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, Self

CHUNK: Final = 65_536
"""Bytes that are read at once."""


class BackingError(Exception):
    """The storage does not answer, refuses, or fails; the text is for the log."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that lies there; ``changed_at`` is aware and by the clock of the storage."""

    name: str
    size: int
    changed_at: datetime


class Source(Protocol):
    """An open file or the body of an answer."""

    def read(self, count: int, /) -> bytes:
        """Return up to ``count`` bytes, none at the end."""

    def close(self) -> None:
        """Give back what is held."""


class Chunks:
    """The bytes of a source piece by piece, ``length`` of them at most; the source is closed."""

    def __init__(self, source: Source, length: int | None = None) -> None:
        self._source = source
        self._left = length

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        piece = self._source.read(CHUNK if self._left is None else min(CHUNK, self._left))
        if not piece:
            self.close()
            raise StopIteration
        if self._left is not None:
            self._left -= len(piece)
        return piece

    def close(self) -> None:
        """Give the source back; a second time is no error."""
        self._source.close()


class Backing(Protocol):
    """Where a shelf keeps its files. Names are checked already.

    What fails raises OSError or BackingError, a file that is not there NotFoundError.
    """

    def put(self, name: str, content: bytes, *, replacing: bool) -> None:
        """Store all or nothing; FileExistsError where the name is taken and not ``replacing``."""

    def open(self, name: str, start: int, stop: int | None) -> Chunks:
        """Return the bytes from ``start`` to before ``stop``, which lie inside the file."""

    def find(self, name: str) -> Stored | None:
        """Return what lies under the name."""

    def names(self, under: str) -> Iterator[Stored]:
        """Yield all files below a folder, or all there are, sorted by folder."""

    def delete(self, name: str) -> None:
        """Remove the file if it is there."""

    def try_out(self) -> None:
        """Write something, as far as that is cheap."""
