"""Text for paper: only signs that the shipped fonts can show, and no word wider than a column.

PDF/UA forbids a sign without a shape, and typst refuses the whole document for it. A sign that no
font of ours has (an emoji, a script that no list needed so far) is printed as ▯, the usual mark for
it; the other files keep the sign itself.
"""

import re
from functools import cache
from typing import Final

from kursliste.publishing.formats.text import clean
from kursliste.settings import resource_dir

COVERAGE: Final = "coverage.txt"
NO_SHAPE: Final = "\u25af"
BREAK: Final = "\u200b"
"""A place where a line may break; it takes no room."""

INVISIBLE: Final = re.compile("[\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]")
"""Signs that choose between shapes of the sign before them, and a mark that no text needs."""

LONG_WORD: Final = re.compile(r"[^\W\d_]{41,}|(?![^\W\d_]{1,40}(?:\s|$))\S{19,}")
"""A word of letters is hyphenated by typst and needs no help up to a length that no word has."""

PIECE: Final = re.compile(r"[^\s.@/_-]{1,16}[.@/_-]?|\S")
"""What stays together in a long word: a part of an address up to its dot, or sixteen signs."""


@cache
def covered() -> frozenset[int]:
    """Return the code points that the shipped fonts have a shape for."""
    found = {ord("\n")}
    for line in (resource_dir("fonts") / COVERAGE).read_text(encoding="ascii").split():
        first, _, last = line.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)


def printable(text: str) -> str:
    """Return ``text`` as it can be printed; raises ValueError as ``text.clean`` does."""
    shapes = covered()
    seen = INVISIBLE.sub("", clean(text).replace("\t", " "))
    if not shapes.issuperset(map(ord, seen)):
        seen = "".join(sign if ord(sign) in shapes else NO_SHAPE for sign in seen)
    return LONG_WORD.sub(_breakable, seen)


def _breakable(word: re.Match[str]) -> str:
    return BREAK.join(PIECE.findall(word[0]))
