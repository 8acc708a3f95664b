"""Checking what was published against its hashes, and building lost files again."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from kursliste.domain.errors import NotFoundError
from kursliste.infrastructure.shelf import Shelf
from kursliste.models.edition import Edition, EditionFile
from kursliste.publishing import freezing, queries


@dataclass
class Verification:
    """What was found; files are named by their place on the shelf, editions by their folder.

    ``broken`` files are missing or have other bytes, and nothing was done about it or could be;
    ``repaired`` ones have their published bytes back; the rows of ``altered`` editions do not
    give the hash that was published with them.
    """

    checked: int = 0
    broken: list[str] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)


def verify(session: Session, shelf: Shelf, *, repair: bool) -> Verification:
    """Compare every published file with its stored hash; with ``repair`` build lost ones again.

    A file is only replaced by bytes that have the published hash.
    """
    result = Verification()
    for edition_id in queries.edition_ids(session):
        edition = queries.stored_edition(session, edition_id)
        if freezing.rows_hash(entry.row() for entry in edition.entries) != edition.rows_sha256:
            result.altered.append(edition.folder)
        result.checked += len(edition.files)
        damaged = list(_damaged(shelf, edition))
        again = freezing.edition_files(edition) if damaged and repair else {}
        for file in damaged:
            name = f"{edition.folder}/{file.name}"
            content = again.get(file.name)
            if content is not None and _hash(content) == file.sha256:
                shelf.put(name, content, replacing=True)
                result.repaired.append(name)
            else:
                result.broken.append(name)
        session.expunge_all()  # a country's editions do not fit into memory at once
    return result


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
