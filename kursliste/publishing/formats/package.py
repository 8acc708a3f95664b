"""Puts streamed rows into the frame of a workbook: zip and XML text, nothing else.

Every time stamp in the package comes from the edition, so equal rows give equal bytes.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Final
from xml.sax.saxutils import escape, quoteattr

from kursliste.publishing.formats.picture_part import OFFICE, PlacedPicture

MOST_LINKS: Final = 10_000
"""Links written per sheet. Excel allows 65,530; a national list shows its links as text."""

LONGEST_LINK: Final = 2_000
HTTPS: Final = re.compile(r"https://[^\s\"<>\\^`{|}\x00-\x20]+")
END_OF_ROWS: Final = "</sheetData>"
BEFORE_LINKS: Final = re.compile("<(?:printOptions|pageMargins)")
DIMENSION: Final = re.compile('<dimension ref="[^"]*" ?/>')
MODIFIED: Final = re.compile("(<dcterms:modified[^>]*>)[^<]*(<)")


@dataclass(frozen=True)
class StreamedSheet:
    """What belongs into a sheet of the frame: rows behind its heading, links, the real extent."""

    number: int
    extent: str
    rows: Callable[[], Iterable[str]]
    links: Sequence[tuple[str, str]] = ()
    picture: PlacedPicture | None = None

    @property
    def part(self) -> str:
        return f"xl/worksheets/sheet{self.number}.xml"

    @property
    def relations(self) -> str:
        return f"xl/worksheets/_rels/sheet{self.number}.xml.rels"


def links_in(letter: str, values: Iterable[object], *, first_row: int) -> list[tuple[str, str]]:
    """Return cell and address of every link that may be clicked: https only, up to a limit."""
    found: list[tuple[str, str]] = []
    for number, value in enumerate(values, start=first_row):
        if len(found) == MOST_LINKS:
            return []
        if isinstance(value, str) and len(value) <= LONGEST_LINK and HTTPS.fullmatch(value):
            found.append((f"{letter}{number}", value))
    return found


def assemble(
    target: IO[bytes], frame: bytes, sheets: Iterable[StreamedSheet], *, made_at: datetime
) -> None:
    """Write the package to ``target``: the parts of ``frame`` in their order, with the rows."""
    streamed = {sheet.part: sheet for sheet in sheets}
    related = {sheet.relations: sheet for sheet in streamed.values()}
    with (
        zipfile.ZipFile(io.BytesIO(frame)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for name in source.namelist():
            text = source.read(name).decode()
            with package.open(_entry(name, made_at), "w", force_zip64=True) as part:
                if name in streamed:
                    _write_sheet(part, text, streamed[name])
                else:
                    part.write(_settled(name, text, related, made_at).encode())
        for sheet in streamed.values():
            for name, content in (sheet.picture.parts if sheet.picture else {}).items():
                package.writestr(_entry(name, made_at), content)


def _entry(name: str, made_at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, made_at.astimezone(UTC).timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0  # the same bytes on Windows and Linux
    return entry


def _settled(name: str, text: str, related: Mapping[str, StreamedSheet], made_at: datetime) -> str:
    if name == "docProps/core.xml":  # openpyxl writes the present moment there
        stamp = made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return MODIFIED.sub(rf"\g<1>{stamp}\2", text)
    if name == "[Content_Types].xml":
        types = "".join(sheet.picture.content_types for sheet in related.values() if sheet.picture)
        return text.replace("</Types>", f"{types}</Types>")
    sheet = related.get(name)
    if sheet is None:
        return text
    relations = sheet.picture.relation if sheet.picture else ""
    relations += "".join(
        f'<Relationship Id="link{index}" Type="{OFFICE}/hyperlink" Target={quoteattr(address)} '
        'TargetMode="External"/>'
        for index, (_, address) in enumerate(sheet.links)
    )
    return text.replace("</Relationships>", f"{relations}</Relationships>")


def _write_sheet(part: IO[bytes], text: str, sheet: StreamedSheet) -> None:
    head, end, tail = text.partition(END_OF_ROWS)
    part.write(DIMENSION.sub(f'<dimension ref="{sheet.extent}"/>', head, count=1).encode())
    for rows in sheet.rows():
        part.write(rows.encode())
    if sheet.links:
        place = BEFORE_LINKS.search(tail)
        cut = place.start() if place else 0
        tail = tail[:cut] + _link_elements(sheet.links) + tail[cut:]
    if sheet.picture:
        tail = tail.replace("<tableParts", f"{sheet.picture.element}<tableParts", 1)
    part.write((end + tail).encode())


def _link_elements(links: Sequence[tuple[str, str]]) -> str:
    elements = "".join(
        f'<hyperlink ref="{escape(cell)}" r:id="link{index}"/>'
        for index, (cell, _) in enumerate(links)
    )
    return f'<hyperlinks xmlns:r="{OFFICE}">{elements}</hyperlinks>'
