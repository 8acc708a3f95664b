"""Small disks of their own for tests that fill them or may not write to them; Linux and root only.

Where a test run may not mount anything, these tests are skipped, and those with a limit of the size
of files remain.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

MEGABYTE: Final = 1024**2
PAGE: Final = 4096
"""What a disk in memory gives out at once."""


@contextmanager
def small_disk(place: Path, *, megabytes: int = 8, files: int = 1000) -> Iterator[Path]:
    """Mount a disk in memory at ``place`` for the time of the block; it takes so many files."""
    place.mkdir(parents=True, exist_ok=True)
    _mount(
        "-t", "tmpfs", "-o", f"size={megabytes}m,nr_inodes={files},mode=700", "tmpfs", str(place)
    )
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True, capture_output=True)


def remount(disk: Path, option: str) -> None:
    """Change a mounted disk: ``ro``, ``rw``, ``size=8m``."""
    _mount("-o", f"remount,{option}", str(disk))


def fill(disk: Path, *, but: int = 0) -> Path:
    """Let a file take all room but about ``but`` bytes; remove it to have the room again."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        size = 0
        try:
            while written := file.write(bytes(MEGABYTE)):
                size += written
        except OSError:
            pass
        while True:
            try:
                size += file.write(bytes(PAGE))
            except OSError:
                break
        file.truncate(max(size - but, 0))
    return filler


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)


def _may_mount() -> bool:
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as folder:
        try:
            with small_disk(Path(folder) / "try"):
                return True
        except (OSError, subprocess.CalledProcessError):
            return False


HAS_DISKS: Final = _may_mount()
