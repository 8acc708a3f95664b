"""Checking what was published against its hashes, and building lost files again."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from kursliste.domain.errors import NotFoundError
from kursliste.infrastructure import clock
from kursliste.infrastructure.shelf import Shelf
from kursliste.models.edition import Edition, EditionFile
from kursliste.publishing import freezing, queries

JUST_NOW: Final = timedelta(minutes=10)
"""A name is erased files first: what changed just now may be right in a moment."""


@dataclass
class Verification:
    """What was found; files are named by their place on the shelf, editions by their folder.

    ``broken`` files are missing or have other bytes, and nothing was done about it or could be
    (nothing is done to a file that was changed within the last minutes);
    ``repaired`` ones have their published bytes back; the rows of ``altered`` editions do not
    give the hash that was published with them.
    """

    checked: int = 0
    broken: list[str] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)


def verify(session: Session, shelf: Shelf, *, repair: bool) -> Verification:
    """Compare every published file with its stored hash; with ``repair`` build lost ones again.

    A file is only replaced by bytes that have the published hash. The session is given back after
    each edition: to read a whole shelf takes long, and nobody shall wait for that.
    """
    result = Verification()
    for edition_id in queries.edition_ids(session):
        edition = queries.stored_edition(session, edition_id)
        _verify(shelf, edition, result, repair=repair)
        session.close()
    return result


def _verify(shelf: Shelf, edition: Edition, result: Verification, *, repair: bool) -> None:
    if freezing.rows_hash(entry.row() for entry in edition.entries) != edition.rows_sha256:
        result.altered.append(edition.folder)
    result.checked += len(edition.files)
    damaged = list(_damaged(shelf, edition))
    again = freezing.edition_files(edition) if damaged and repair else {}
    for file in damaged:
        name = f"{edition.folder}/{file.name}"
        content = again.get(file.name)
        is_known = content is not None and _hash(content) == file.sha256
        if content is None or not is_known or _is_being_written(shelf, name):
            result.broken.append(name)
        else:
            shelf.put(name, content, replacing=True)
            result.repaired.append(name)


def _is_being_written(shelf: Shelf, name: str) -> bool:
    """Return whether somebody may be about to commit the hash of what lies there."""
    found = shelf.find(name)
    return found is not None and found.changed_at > clock.now() - JUST_NOW


def _damaged(shelf: Shelf, edition: Edition) -> Iterator[EditionFile]:
    for file in edition.files:
        try:
            content = shelf.read(f"{edition.folder}/{file.name}")
        except NotFoundError:
            yield file
        else:
            if _hash(content) != file.sha256:
                yield file


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
