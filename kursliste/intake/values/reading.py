"""What a cell was understood to say, and what somebody should look at."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

DASHES: Final = re.compile(r"\s*[‐‑‒–—―−→]\s*")


@dataclass(frozen=True)
class Remark:
    """Something to look at: which attribute, which words of the source, and why (German)."""

    attribute: str
    value: str
    why: str


@dataclass(frozen=True)
class Reading:
    """Values by attribute, with remarks. ``unread`` says why a cell could not be understood."""

    values: Mapping[str, object] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    unread: str = ""

    def __add__(self, other: "Reading") -> "Reading":
        """Return both readings; a value of the first one stays."""
        return Reading(
            values={**other.values, **self.values},
            remarks=self.remarks + other.remarks,
            unread=self.unread or other.unread,
        )


def found(**values: object) -> Reading:
    """Return a reading that needs no remark; values that are None or empty are left out."""
    return Reading(values={name: v for name, v in values.items() if v is not None and v != ""})


def ask(attribute: str, value: object, why: str) -> Reading:
    """Return a reading that only asks about ``attribute``."""
    return Reading(remarks=(Remark(attribute, str(value), why),))


def unread(attribute: str, value: object, why: str) -> Reading:
    """Return a reading of something that was not understood."""
    return Reading(remarks=(Remark(attribute, str(value), why),), unread=why)


def plain(value: object) -> str:
    """Return text in composed letters, with single blanks, its line breaks kept."""
    text = str(value)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).replace("\u00ad", "").replace("\u200b", " ")
    lines = (" ".join(part.split()) for part in text.split("\n"))
    return "\n".join(part for part in lines if part)


def line(value: object) -> str:
    """Return text in one line."""
    return plain(value).replace("\n", " ")


def dashed(value: object) -> str:
    """Return text in one line, every dash and arrow as a plain hyphen."""
    return DASHES.sub("-", line(value))


def is_nothing(value: object) -> bool:
    """Return whether a cell holds only a dash or the like."""
    return value is None or not re.sub(r"[\s\-–—./]", "", str(value))


def is_formula(value: object) -> bool:
    """Return whether text begins like a formula, which no list means as a value."""
    return isinstance(value, str) and bool(re.match(r"\s*[=@]", value))


def clauses(text: str) -> Iterator[str]:
    """Yield the parts of a remark between semicolons and line breaks."""
    for part in re.split(r"[;\n]", text):
        if part.strip():
            yield part.strip()
