"""Files on the shelf that no row names: what killed publications have left behind."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import Final

from kursliste.domain.calendar import Month
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import Database, transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.publishing import folder_queries
from kursliste.publishing.folder_queries import Folder

OLD: Final = timedelta(days=1)
"""A file that is younger may belong to a publication under way."""

PLACE: Final = re.compile(r"([^/]+)/([^/]+)/([0-9]{4}-[0-9]{2})/a([1-9][0-9]{0,5})/([^/]+)")
"""Where files of editions lie; whatever else is on the shelf belongs to somebody else."""


@dataclass
class Sweep:
    """What was found, by place on the shelf: ``left`` lies there still, ``removed`` is gone."""

    left: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def sweep(database: Database, shelf: Shelf, *, remove: bool) -> Sweep:
    """Find files older than a day that no row names; with ``remove`` delete them.

    A folder is swept while nobody can publish into it: the rows are asked again under the lock
    that publishing takes, so that a file which is published this very moment is not touched.
    """
    result = Sweep()
    for folder, old in _old_files(shelf):
        with database.session(readonly=True) as session:
            unnamed = old - folder_queries.named_in(session, folder)
        if unnamed and remove:
            with database.session() as session, transaction(session):
                folder_queries.lock_folder(session, folder)
                for name in sorted(unnamed - folder_queries.named_in(session, folder)):
                    shelf.delete(f"{folder.name}/{name}")
                    result.removed.append(f"{folder.name}/{name}")
        elif unnamed:
            result.left += [f"{folder.name}/{name}" for name in sorted(unnamed)]
    return result


def _old_files(shelf: Shelf) -> Iterator[tuple[Folder, set[str]]]:
    """Yield the folders of editions with their old files, one folder in memory at a time."""
    limit = clock.now() - OLD
    old = (stored.name for stored in shelf.names() if stored.changed_at < limit)
    for folder, names in groupby(old, key=_folder_of):
        if folder is not None:
            yield folder, {name.rpartition("/")[2] for name in names}


def _folder_of(name: str) -> Folder | None:
    found = PLACE.fullmatch(name)
    if found is None:
        return None
    district, course_list, month, number, _ = found.groups()
    try:
        return Folder(district, course_list, Month.parse(month), int(number))
    except ValueError:
        return None
