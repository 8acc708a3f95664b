"""The logo of a list in a workbook, as the parts of the package that hold and place it.

Written as text like the rows: the bytes of the image go in as they were stored, and equal editions
give equal bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import quoteattr

from kursliste.domain.edition import EditionHead
from kursliste.publishing.formats.sheets import TableSheet
from kursliste.publishing.formats.text import publisher_line, stand_line, title_line

OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006"
EMU_PER_POINT: Final = 12_700
POINTS_PER_CHARACTER: Final = 5.25
"""Width of a column in points for each character of its width, see ``looks``."""

TITLE_IS_WIDER: Final = 1.6
"""Letters of the title take more room than those of the body."""

HIGHEST: Final = 44.0
WIDEST: Final = 150.0
"""Points that a logo may take: the height of the three lines above the table."""

ENDINGS: Final[Mapping[str, str]] = {"image/png": "png", "image/jpeg": "jpeg"}


@dataclass(frozen=True)
class PlacedPicture:
    """An image on a sheet: its left upper corner in a column, counted from 0, and its size.

    ``offset``, ``width`` and ``height`` are in points; ``is_above`` if the lines have to make room.
    """

    content: bytes
    media_type: str
    text: str
    column: int
    offset: float
    width: float
    height: float
    is_above: bool

    @property
    def ending(self) -> str:
        return ENDINGS[self.media_type]

    @property
    def parts(self) -> dict[str, bytes]:
        """The parts of the package by name."""
        return {
            f"xl/media/logo.{self.ending}": self.content,
            "xl/drawings/logo.xml": self._drawing().encode(),
            "xl/drawings/_rels/logo.xml.rels": (
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
                f'relationships"><Relationship Id="image" Type="{OFFICE}/image" '
                f'Target="../media/logo.{self.ending}"/></Relationships>'
            ).encode(),
        }

    @property
    def content_types(self) -> str:
        """What ``[Content_Types].xml`` has to say."""
        return (
            f'<Default Extension="{self.ending}" ContentType="{self.media_type}"/>'
            '<Override PartName="/xl/drawings/logo.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/>'
        )

    @property
    def relation(self) -> str:
        """What the relations of the sheet have to say."""
        return f'<Relationship Id="logo" Type="{OFFICE}/drawing" Target="/xl/drawings/logo.xml"/>'

    @property
    def element(self) -> str:
        """What the sheet has to say, before its table parts."""
        return f'<drawing xmlns:r="{OFFICE}" r:id="logo"/>'

    def _drawing(self) -> str:
        wide, high = (round(size * EMU_PER_POINT) for size in (self.width, self.height))
        return (
            f'<xdr:wsDr xmlns:xdr="{DRAWING}/spreadsheetDrawing" xmlns:a="{DRAWING}/main" '
            f'xmlns:r="{OFFICE}"><xdr:oneCellAnchor><xdr:from><xdr:col>{self.column}</xdr:col>'
            f"<xdr:colOff>{round(self.offset * EMU_PER_POINT)}</xdr:colOff><xdr:row>0</xdr:row>"
            f'<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx="{wide}" cy="{high}"/>'
            f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="Logo" descr={quoteattr(self.text)}/>'
            '<xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr>'
            '<xdr:blipFill><a:blip r:embed="image"/><a:stretch><a:fillRect/></a:stretch>'
            '</xdr:blipFill><xdr:spPr><a:xfrm><a:off x="0" y="0"/>'
            f'<a:ext cx="{wide}" cy="{high}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
            "</a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor></xdr:wsDr>"
        )


def placed(head: EditionHead, table: TableSheet, *, internal: bool) -> PlacedPicture | None:
    """Return the logo of an edition at the right end of a table's printed columns, None if no logo.

    Where the lines above the table leave no room beside them, it stands above them.
    """
    logo = head.layout.logo
    if logo is None or head.logo is None:
        return None
    scale = min(HIGHEST / logo.height, WIDEST / logo.width)
    width, height = logo.width * scale, logo.height * scale
    widths = [column.width for column in table.columns[: table.printed]]
    longest = max(
        len(title_line(head, internal=internal)) * TITLE_IS_WIDER,
        len(stand_line(head)),
        len(publisher_line(head)),
    )
    is_above = longest * POINTS_PER_CHARACTER + width > sum(widths) * POINTS_PER_CHARACTER
    column, offset = (0, 0.0) if is_above else _from_right(widths, width)
    return PlacedPicture(
        content=head.logo,
        media_type=logo.media_type,
        text=logo.text,
        column=column,
        offset=offset,
        width=width,
        height=height,
        is_above=is_above,
    )


def _from_right(widths: Sequence[float], width: float) -> tuple[int, float]:
    """Return the column, and the points in it, from which ``width`` reaches the last one's end."""
    taken = 0.0
    for column in range(len(widths) - 1, -1, -1):
        taken += widths[column] * POINTS_PER_CHARACTER
        if taken >= width:
            return column, taken - width
    return 0, 0.0
