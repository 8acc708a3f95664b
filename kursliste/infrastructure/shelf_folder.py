"""A shelf that is a folder of this machine, or one that several machines have mounted."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from stat import S_ISREG
from typing import Final

from kursliste.domain.errors import NotFoundError
from kursliste.infrastructure.shelf_parts import Chunks, Stored

DRAFT: Final = ".draft-"
"""How the names of unfinished files begin; a killed process leaves one."""

NOT_THERE: Final = (FileNotFoundError, IsADirectoryError, NotADirectoryError)


class FolderBacking:
    """Files of a folder: bytes are on the disk (file and folder entry) before anybody is told."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, name: str, content: bytes, *, replacing: bool) -> None:
        target = self._path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=DRAFT)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).chmod(0o644)
            _name(Path(draft), target, replacing=replacing)
        finally:
            with suppress(FileNotFoundError):
                Path(draft).unlink()
        _sync_folder(target.parent)

    def open(self, name: str, start: int, stop: int | None) -> Chunks:
        try:
            file = self._path(name).open("rb")
        except NOT_THERE as error:
            raise NotFoundError(name) from error
        file.seek(start)
        return Chunks(file, None if stop is None else stop - start)

    def find(self, name: str) -> Stored | None:
        try:
            return _stored(name, self._path(name).stat())
        except NOT_THERE:
            return None

    def names(self, under: str) -> Iterator[Stored]:
        start = self._path(under) if under else self._root
        for folder, folders, files in os.walk(start):
            folders.sort()
            for file in sorted(files):
                path = Path(folder, file)
                with suppress(FileNotFoundError):  # gone meanwhile
                    found = _stored(path.relative_to(self._root).as_posix(), path.lstat())
                    if found is not None:
                        yield found

    def delete(self, name: str) -> None:
        path = self._path(name)
        with suppress(*NOT_THERE):
            path.unlink()
            _sync_folder(path.parent)

    def try_out(self) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self._root):
            pass

    def _path(self, name: str) -> Path:
        path = (self._root / name).resolve()
        if not path.is_relative_to(self._root.resolve()):
            raise NotFoundError(name)  # a link leads out of the folder
        return path


def _stored(name: str, found: os.stat_result) -> Stored | None:
    """Return a file as it is told; folders and links are none."""
    changed_at = datetime.fromtimestamp(found.st_mtime, UTC)
    return Stored(name, found.st_size, changed_at) if S_ISREG(found.st_mode) else None


def _name(draft: Path, target: Path, *, replacing: bool) -> None:
    """Give a whole file its name at once; a name that is taken stays so unless ``replacing``."""
    if not replacing:
        try:
            os.link(draft, target)
        except FileExistsError:
            raise
        except OSError:  # some file systems know no second name for a file
            if target.exists():
                raise FileExistsError(target) from None
        else:
            return
    draft.replace(target)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows cannot open a folder to sync it; replace() is all it offers
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
