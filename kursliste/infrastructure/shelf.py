"""Published files: written once, whole or not at all, never over another content.

A shelf is a folder, or a bucket of S3-compatible storage, which several servers can share. Files
are named ``<district>/<list>/<month>/a<n>/<file>``; what else lies there is nobody's business here.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from kursliste.domain.errors import NameTakenError, NotFoundError, Rule, ShelfError
from kursliste.infrastructure.shelf_folder import FolderBacking
from kursliste.infrastructure.shelf_parts import Backing, BackingError, Chunks, Stored
from kursliste.settings import Bucket

log = logging.getLogger(__name__)

LONGEST_NAME: Final = 900
"""Bytes of a name; with the prefix of a bucket no more than the 1,024 that S3 takes."""


class Shelf:
    """What publishing writes to and readers read from; ``place`` is a folder or a bucket.

    A shelf that does not answer, or is full, raises ShelfError, which has words for people.
    """

    def __init__(self, place: Path | Bucket) -> None:
        self.place = place
        self._backing = _backing(place)

    @property
    def root(self) -> Path:
        """Return the folder; raises TypeError for a bucket, which has none."""
        if isinstance(self.place, Bucket):
            raise TypeError(f"{self.place.name} is a bucket and no folder")
        return self.place

    def put(self, name: str, content: bytes, *, replacing: bool = False) -> str:
        """Store ``content`` under ``name`` and return its SHA-256 in hex.

        The bytes are safe when this returns, and a reader sees all of them or none (SECURITY.md,
        rule 14). The caller commits the row that names the file afterwards. The same bytes again
        are no error; others under the same name raise NameTakenError, unless ``replacing`` says
        that the caller knows what stands there and that it has to go.
        """
        _check(name)
        with _told(Rule.SHELF_NOT_WRITABLE, name):
            if replacing or not self._holds(name, content):
                try:
                    self._backing.put(name, content, replacing=replacing)
                except FileExistsError:  # somebody was faster
                    self._holds(name, content)
        return hashlib.sha256(content).hexdigest()

    def _holds(self, name: str, content: bytes) -> bool:
        """Return whether ``content`` lies there already; raise NameTakenError for other bytes."""
        found = self._backing.find(name)
        if found is None:
            return False
        if found.size != len(content) or self._read(name) != content:
            raise NameTakenError(name)
        return True

    def read(self, name: str) -> bytes:
        """Return the bytes of ``name``; raise NotFoundError if there is no such file."""
        _check(name)
        with _told(Rule.SHELF_NOT_READABLE, name):
            return self._read(name)

    def _read(self, name: str) -> bytes:
        with self._backing.open(name, 0, None) as chunks:
            return b"".join(chunks)

    def chunks(self, name: str, start: int = 0, stop: int | None = None) -> Chunks:
        """Return the bytes from ``start`` to before ``stop`` piece by piece; close it at the end.

        Raises NotFoundError at once and not in the middle.
        """
        _check(name)
        with _told(Rule.SHELF_NOT_READABLE, name):
            return self._backing.open(name, start, stop)

    def find(self, name: str) -> Stored | None:
        """Return size and age of a file without reading it, or None where there is none."""
        _check(name)
        with _told(Rule.SHELF_NOT_READABLE, name):
            return self._backing.find(name)

    def names(self, under: str = "") -> Iterator[Stored]:
        """Yield every file below the folder ``under``, unfinished drafts too, sorted by folder."""
        if under:
            _check(under)
        with _told(Rule.SHELF_NOT_READABLE, under):
            yield from self._backing.names(under)

    def delete(self, name: str) -> None:
        """Remove a file for good; one that is not there is no error."""
        _check(name)
        with _told(Rule.SHELF_NOT_WRITABLE, name):
            self._backing.delete(name)

    def is_writable(self) -> bool:
        """Return whether a file can be written right now; asked by ``/bereit``."""
        try:
            self._backing.try_out()
        except (BackingError, OSError):
            log.exception("the shelf is not writable")
            return False
        return True


def _backing(place: Path | Bucket) -> Backing:
    if isinstance(place, Path):
        return FolderBacking(place)
    # Here and not above: who has a folder need not wait for boto3 (half a second at every start).
    from kursliste.infrastructure.shelf_bucket import BucketBacking  # noqa: PLC0415

    return BucketBacking(place)


def _check(name: str) -> None:
    """Refuse a name that could lead out of the shelf."""
    parts = name.split("/")
    is_plain = "\\" not in name and name.isprintable() and PurePosixPath(name).as_posix() == name
    if not is_plain or not {"", ".", ".."}.isdisjoint(parts) or len(name.encode()) > LONGEST_NAME:
        raise NotFoundError(name)


@contextmanager
def _told(rule: Rule, name: str) -> Iterator[None]:
    """Turn what a disk or a network says into an error that people understand; log the cause."""
    try:
        yield
    except (BackingError, OSError) as error:
        log.exception("the shelf failed at %s", name)
        raise ShelfError(rule) from error
