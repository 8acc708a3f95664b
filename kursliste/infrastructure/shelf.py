"""Published files: written once, whole or not at all, never over another content."""

import hashlib
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kursliste.domain.errors import NotFoundError


@dataclass(frozen=True)
class Shelf:
    """A folder of published files, named ``<district>/<list>/<month>/a<n>/<file>``."""

    root: Path

    def put(self, name: str, content: bytes) -> str:
        """Store ``content`` under ``name`` and return its SHA-256 in hex.

        The bytes are on the disk (file and folder entry) when this returns, and a reader sees all
        of them or none (SECURITY.md, rule 14). The caller commits the row that names the file
        afterwards.
        """
        target = self._path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".draft-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).chmod(0o644)
            Path(draft).replace(target)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(draft).unlink()
            raise
        _sync_folder(target.parent)
        return hashlib.sha256(content).hexdigest()

    def read(self, name: str) -> bytes:
        """Return the bytes of ``name``; raise NotFoundError if there is no such file."""
        try:
            return self._path(name).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise NotFoundError(name) from error

    def is_writable(self) -> bool:
        """Return whether a file can be written right now; asked by ``/bereit``."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.root):
                return True
        except OSError:
            return False

    def _path(self, name: str) -> Path:
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise NotFoundError(name)
        return path


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows cannot open a folder to sync it; replace() is all it offers
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
