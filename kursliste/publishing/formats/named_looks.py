"""The looks of ``looks.py`` as named cell styles of a workbook."""

from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

from kursliste.publishing.formats import looks

HAIRLINE: Final = Side(style="hair", color=looks.LINE_COLOUR)


def name_looks(book: Workbook) -> None:
    """Give a workbook the looks under the names that people find among its cell styles."""
    for look in looks.LOOKS:
        font = Font(
            name=looks.FONT, size=look.size, bold=look.bold, italic=look.italic, color=look.colour
        )
        style = NamedStyle(look.name, font=font)
        style.alignment = Alignment(horizontal=look.across, vertical=look.down, wrap_text=look.wrap)
        if look.fill:
            style.fill = PatternFill("solid", fgColor=look.fill)
        if look.underlined:
            style.border = Border(bottom=HAIRLINE)
        book.add_named_style(style)
