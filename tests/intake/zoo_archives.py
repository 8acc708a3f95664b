"""Hostile archives: what is wrong lies in the zip and not in the sheets."""

import io
import struct
import zipfile
from itertools import pairwise

from tests.intake.zoo import (
    DAMAGED,
    MACROS,
    NOT_EXCEL,
    PASSWORD,
    TOO_LARGE,
    animal,
    book,
    packed,
    sheet,
)

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


def with_entry(info: zipfile.ZipInfo, body: bytes = b"x") -> bytes:
    """Return a good workbook with one more part."""
    file = io.BytesIO(packed(book()))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(info, body)
    return file.getvalue()


def relisted(data: bytes, listed: list[bytes]) -> bytes:
    """Return an archive with another list of its parts."""
    start = data.index(CENTRAL)
    size = sum(map(len, listed))
    end = struct.pack("<4s4H2LH", END, 0, 0, len(listed), len(listed), size, start, 0)
    return data[:start] + b"".join(listed) + end


def entries(data: bytes) -> list[bytes]:
    """Return the entries of the list of an archive."""
    places = [at for at in range(len(data)) if data.startswith((CENTRAL, END), at)]
    return [data[start:end] for start, end in pairwise(places)]


def lying(unpacked: int, listed: int, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """Return a workbook whose list says that a part of ``unpacked`` bytes has ``listed`` ones."""
    body = sheet()
    data = packed(book(more={part: body + b" " * (unpacked - len(body))}))
    return data.replace(struct.pack("<L", unpacked), struct.pack("<L", listed))


@animal(TOO_LARGE)
def a_bomb_that_says_how_large_it_is() -> bytes:
    return packed(book(more={"xl/media/zeros.png": bytes(40 << 20)}))


@animal(TOO_LARGE)
def a_bomb_below_the_size_but_not_below_the_ratio() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in book(more={"xl/media/zeros.png": bytes(5 << 20)}).items():
            archive.writestr(name, body)
    return file.getvalue()


@animal()
def a_bomb_inside_of_an_embedded_archive() -> bytes:
    inner = packed({"0.bin": bytes(40 << 20)})
    return packed(book(more={"xl/embeddings/inner.zip": inner}))


@animal(DAMAGED)
def parts_that_all_lie_in_the_same_bytes() -> bytes:
    part = "xl/media/m000.png"
    data = packed(book(more={part: bytes(1_100_000)}))
    listed = entries(data)
    mine = next(entry for entry in listed if part.encode() in entry)
    again = [mine.replace(b"m000", b"m%03d" % number) for number in range(1, 20)]
    return relisted(data, [*listed, *again])


@animal(DAMAGED)
def a_sheet_of_60_mb_that_is_listed_with_1000_bytes() -> bytes:
    return lying(60_000_000, 1000)


@animal(DAMAGED)
def content_types_of_60_mb_that_are_listed_with_100_bytes() -> bytes:
    return lying(60_000_000, 100, "[Content_Types].xml")


@animal(DAMAGED)
def a_sheet_that_is_listed_with_more_bytes_than_it_has() -> bytes:
    return lying(5_000, 900_000)


@animal(DAMAGED)
def content_types_of_25_mb() -> bytes:
    return packed(book(more={"[Content_Types].xml": b"<Types>" + b" " * 25_000_000 + b"</Types>"}))


@animal(DAMAGED)
def a_part_that_is_listed_twice() -> bytes:
    data = packed(book())
    listed = entries(data)
    return relisted(data, [*listed, listed[-1]])


@animal(DAMAGED)
def forty_thousand_parts() -> bytes:
    entry = struct.pack("<4s4B4HL2L5H2L", CENTRAL, 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0,
                        0, 0)  # fmt: skip
    names = (b"%04x" % number for number in range(40_000))
    return relisted(packed(book()), [entry + name for name in names])


@animal(DAMAGED)
def a_part_outside_of_the_archive() -> bytes:
    return with_entry(zipfile.ZipInfo("xl/../../../etc/cron.d/job"))


@animal(DAMAGED)
def a_part_with_an_absolute_path() -> bytes:
    return with_entry(zipfile.ZipInfo("/etc/passwd"))


@animal(DAMAGED)
def a_part_with_a_path_of_windows() -> bytes:
    data = with_entry(zipfile.ZipInfo("xl/media/..#..#boot.ini"))
    return data.replace(b"..#..#boot", b"..\\..\\boot")


@animal(DAMAGED)
def a_part_that_is_a_link() -> bytes:
    link = zipfile.ZipInfo("xl/media/link.png")
    link.external_attr = 0o120777 << 16
    return with_entry(link, b"/etc/passwd")


@animal(PASSWORD)
def a_part_with_a_password() -> bytes:
    data = packed(book())
    at = data.index(CENTRAL)
    return data[: at + 8] + b"\x01" + data[at + 9 :]


@animal(DAMAGED)
def an_archive_packed_with_lzma() -> bytes:
    return packed(book(), method=zipfile.ZIP_LZMA)


@animal(DAMAGED)
def an_archive_packed_with_a_method_that_nobody_knows() -> bytes:
    data = packed(book())
    at = data.index(CENTRAL)
    return data[: at + 10] + struct.pack("<H", 97) + data[at + 12 :]


@animal(DAMAGED)
def an_archive_that_ends_in_the_middle() -> bytes:
    data = packed(book())
    return data[: len(data) * 2 // 3]


@animal(DAMAGED)
def an_archive_whose_list_lies_elsewhere() -> bytes:
    data = packed(book())
    at = data.rindex(END)
    return data[: at + 16] + struct.pack("<L", 1 << 31) + data[at + 20 :]


@animal(NOT_EXCEL)
def an_archive_without_parts() -> bytes:
    return struct.pack("<4s4H2LH", END, 0, 0, 0, 0, 0, 0, 0) + b"\n"


@animal()
def a_workbook_in_the_large_form_of_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in book().items():
            with archive.open(name, "w", force_zip64=True) as part:
                part.write(body)
    return file.getvalue()


@animal(DAMAGED)
def a_part_of_an_exabyte_in_the_large_form_of_zip() -> bytes:
    large = struct.pack("<2H2Q", 1, 16, 1 << 60, 1 << 60)
    data = packed(book())
    listed = entries(data)
    name = b"xl/media/exa.png"
    head = struct.pack("<4s4B4HL2L5H2L", CENTRAL, 45, 0, 45, 0, 0, 8, 0, 0, 0, 0xFFFFFFFF,
                       0xFFFFFFFF, len(name), len(large), 0, 0, 0, 0, 0)  # fmt: skip
    return relisted(data, [*listed, head + name + large])


@animal()
def a_workbook_with_a_script_behind_its_end() -> bytes:
    return packed(book()) + b"#!/bin/sh\nrm -rf /\n"


@animal(MACROS)
def macros_under_the_name_of_a_plain_workbook() -> bytes:
    return packed(book(more={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}))


@animal(NOT_EXCEL)
def a_text_document() -> bytes:
    return packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})


@animal(NOT_EXCEL)
def a_sheet_of_libreoffice() -> bytes:
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": kind, "content.xml": b"<office/>"})


@animal("Das ist das Excel-Format .xlsb.")
def a_binary_workbook() -> bytes:
    return packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"\x83\x01"})
