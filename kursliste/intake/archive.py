"""What a file is, and whether a workbook may be opened at all: looked at before unpacking.

Limits after SECURITY.md, rule 24. Nothing is unpacked here but the list of content types.
"""

import io
import re
import zipfile
import zlib
from itertools import pairwise
from typing import Final

from kursliste.intake.cells import MAX_BYTES, FileRefusedError
from kursliste.intake.parts import part_of

MAX_PARTS: Final = 200
MAX_UNPACKED: Final = 30 * 1024 * 1024
MAX_RATIO: Final = 150
RATIO_FROM: Final = 1024 * 1024
TYPES: Final = "[Content_Types].xml"
MAX_TYPES: Final = 256 * 1024
"""Of the list of content types; 200 parts need a tenth of it."""
MAX_MARKS: Final = 10 * MAX_PARTS
"""How often the mark of a listed part may occur; an archive inside of a part has them too."""

LINK_MODE: Final = 0o120000
MODE_MASK: Final = 0o170000
OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0"
LISTED: Final = b"PK\x01\x02"
LOCAL_HEAD: Final = 30
ZIP_MAGICS: Final = (b"PK\x03\x04", b"PK\x05\x06")
"""How an archive begins; the second one is empty."""

METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""How Excel packs. Other methods unpack without bounds, and no list needs them."""

MOST_CONTROL: Final = 0.05

AGAIN: Final = "und laden Sie sie noch einmal hoch."
PASSWORD: Final = (
    "Die Datei ist mit einem Kennwort geschützt. Speichern Sie sie ohne Kennwort " + AGAIN
)
DAMAGED: Final = "Die Datei ist unvollständig oder beschädigt. Laden Sie sie noch einmal hoch."
NOT_EXCEL: Final = (
    "Das ist keine Excel-Datei. Öffnen Sie die Liste in Excel, speichern Sie sie als .xlsx " + AGAIN
)


def is_workbook(data: bytes) -> bool:
    """Return whether ``data`` begins like a zip archive, as every .xlsx does."""
    return data.startswith(ZIP_MAGICS)


def refuse_foreign_kinds(data: bytes) -> None:
    """Raise FileRefusedError for what is neither a workbook nor a text list."""
    if not data.strip(b"\x00 \r\n\t"):
        raise FileRefusedError("Die Datei ist leer. Wählen Sie die Datei mit der Kursliste aus.")
    if len(data) > MAX_BYTES:
        raise FileRefusedError(
            f"Die Datei ist größer als {MAX_BYTES // 1024 // 1024} MB. Löschen Sie Bilder und "
            "alte Blätter " + AGAIN
        )
    if data.startswith(OLE_MAGIC):
        refuse_old_excel(data)
    head = data[:1000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if re.match(rb"<!doctype html|<html|<table|<head|<meta", head):
        raise FileRefusedError(
            "Das ist eine Webseite (HTML) und keine Excel-Datei. Öffnen Sie sie in Excel, "
            "speichern Sie sie als .xlsx " + AGAIN
        )
    if head.startswith((b"<?xml", b"%pdf", b"{\\rtf")):
        raise FileRefusedError(NOT_EXCEL)


def refuse_old_excel(data: bytes) -> None:
    """Raise FileRefusedError: the container of old Office files holds a password or an .xls."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise FileRefusedError(PASSWORD)
    raise FileRefusedError(
        "Das ist das alte Excel-Format .xls. Öffnen Sie die Datei in Excel, speichern Sie sie als "
        ".xlsx " + AGAIN
    )


def refuse_binary(data: bytes) -> None:
    """Raise FileRefusedError if what should be a text list is mostly no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[1:200:2].count(0) > len(data[:200]) // 4:
        return
    control = sum(byte < ord(" ") and byte not in b"\t\r\n" for byte in data[:4000])
    if control > max(4, MOST_CONTROL * len(data[:4000])):
        raise FileRefusedError(NOT_EXCEL)


def check_workbook(data: bytes) -> None:
    """Raise FileRefusedError unless the archive is small, whole, open and free of macros."""
    if data.count(LISTED) > MAX_MARKS:
        raise FileRefusedError(DAMAGED)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            check_parts(infos, packed=len(data))
            names = {info.filename for info in infos}
            check_kind(names)
            types = part_of(archive, TYPES)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, OSError,
            NotImplementedError, RuntimeError) as error:  # fmt: skip
        raise FileRefusedError(DAMAGED) from error
    if b"macroEnabled" in types or any("vbaproject" in name.lower() for name in names):
        raise FileRefusedError(
            "Die Datei enthält Makros. Speichern Sie sie in Excel als „Excel-Arbeitsmappe "
            "(.xlsx)“ ohne Makros " + AGAIN
        )


def check_parts(infos: list[zipfile.ZipInfo], *, packed: int) -> None:
    """Raise FileRefusedError for an archive that is built to harm."""
    names = [info.filename for info in infos]
    if any(info.flag_bits & 1 for info in infos):
        raise FileRefusedError(PASSWORD)
    if len(infos) > MAX_PARTS or len(set(names)) != len(names):
        raise FileRefusedError(DAMAGED)
    if overlap(infos) or any(
        info.filename == TYPES and info.file_size > MAX_TYPES for info in infos
    ):
        raise FileRefusedError(DAMAGED)
    if any(is_unsafe(info) or info.compress_type not in METHODS for info in infos):
        raise FileRefusedError(DAMAGED)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > MAX_UNPACKED or (unpacked > RATIO_FROM and unpacked > MAX_RATIO * packed):
        raise FileRefusedError(
            f"Die Datei ist entpackt viel zu groß ({unpacked // 1024 // 1024} MB, erlaubt sind "
            f"{MAX_UNPACKED // 1024 // 1024} MB und das {MAX_RATIO}-fache der Dateigröße). "
            "Kopieren Sie nur die Kursliste in eine neue Mappe " + AGAIN
        )


def is_unsafe(info: zipfile.ZipInfo) -> bool:
    """Return whether a part points outside of the archive."""
    name = info.filename
    outside = name.startswith("/") or "\\" in name or ".." in name.split("/")
    return outside or (info.external_attr >> 16) & MODE_MASK == LINK_MODE


def overlap(infos: list[zipfile.ZipInfo]) -> bool:
    """Return whether two parts lie in the same bytes, as in a bomb that repeats one part."""
    spans = sorted((info.header_offset, info.compress_size) for info in infos)
    return any(start + LOCAL_HEAD + size > after for (start, size), (after, _) in pairwise(spans))


def check_kind(names: set[str]) -> None:
    """Raise FileRefusedError for archives that are something else than an Excel workbook."""
    if "xl/workbook.bin" in names:
        raise FileRefusedError(
            "Das ist das Excel-Format .xlsb. Speichern Sie die Datei in Excel als .xlsx " + AGAIN
        )
    if "xl/workbook.xml" not in names:
        raise FileRefusedError(NOT_EXCEL)
