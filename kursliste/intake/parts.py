"""Takes a part out of a zip archive, never more of it than the archive's own list says.

Standard library only: the process that reads workbooks uses it too.
"""

import zipfile


def content(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a part; raise zipfile.BadZipFile or zlib.error where its bytes are not as listed.

    ``ZipFile.read`` unpacks everything at once and cuts it afterwards, so that a list which says
    100 bytes and a part of gigabytes would take gigabytes.
    """
    with archive.open(name) as part:
        return part.read(archive.getinfo(name).file_size + 1)
