"""The parts of an archive, unpacked within bounds; standard library only, the child reads by it."""

import zipfile


def part_of(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a part, never more of it than the archive's own list says.

    ``ZipFile.read`` unpacks everything at once and cuts it afterwards, so that a list which says
    100 bytes and a part of gigabytes would take gigabytes. Raises zipfile.BadZipFile or zlib.error
    where the bytes are not as listed.
    """
    listed = archive.getinfo(name).file_size
    with archive.open(name) as part:
        data = part.read(listed + 1)
    if len(data) != listed:
        raise zipfile.BadZipFile(name)
    return data


def beginning_of(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    """Return the first ``size`` bytes of a part, of a shorter one all."""
    with archive.open(name) as part:
        return part.read(size)
