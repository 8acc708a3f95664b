"""The code tables that the import reads by: types, levels, states, and the words people use.

They are data that an administrator edits; the shipped files are only their seeds. Every function
that needs them takes them as an argument.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Self

from kursliste.domain.course import FIELDS
from kursliste.domain.words import compared


@dataclass(frozen=True, kw_only=True)
class TypeCode:
    """A course type: its code, the group it stands in, and how firmly it may be offered."""

    code: str
    group: str
    label: str
    short: str
    state: str
    state_note: str = ""


@dataclass(frozen=True, kw_only=True)
class TypeAlias:
    """Words that stand for a course type; not ``sure`` means: take it, but ask."""

    code: str
    alias: str
    sure: bool


@dataclass(frozen=True, kw_only=True)
class StatusAlias:
    """Words that stand for a status, and the free seats they imply (voll means none)."""

    code: str
    alias: str
    seats_free: int | None


@dataclass(frozen=True, kw_only=True)
class CodeTables:
    """All code tables of an instance, as the import needs them.

    ``headers`` maps the :func:`key` of a heading to an attribute of INTERFACE.md or to one of the
    composite names (``period``, ``level``, ``weekdays_times``, ``address``, ``contact``, ...).
    """

    course_types: Mapping[str, TypeCode]
    levels: tuple[str, ...]
    statuses: Mapping[str, str]
    headers: Mapping[str, str]
    type_aliases: tuple[TypeAlias, ...]
    status_aliases: tuple[StatusAlias, ...]

    @classmethod
    def shipped(cls) -> Self:
        """Return the tables as they are shipped with the software."""
        types = shipped_rows("course_types")
        return cls(
            course_types={row["code"]: type_code(row) for row in types},
            levels=tuple(row["code"] for row in shipped_rows("levels")),
            statuses={row["code"]: row["label"] for row in shipped_rows("course_statuses")},
            headers=header_keys(
                (row["field"], row["alias"]) for row in shipped_rows("header_aliases")
            ),
            type_aliases=tuple(
                TypeAlias(code=row["code"], alias=row["alias"], sure=row["sure"] == "yes")
                for row in shipped_rows("course_type_aliases")
            ),
            status_aliases=tuple(
                StatusAlias(
                    code=row["code"],
                    alias=row["alias"],
                    seats_free=int(row["seats_free"]) if row["seats_free"] else None,
                )
                for row in shipped_rows("status_aliases")
            ),
        )


def shipped_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one shipped table, ``name`` without its ending."""
    file = resources.files("kursliste") / "reference" / f"{name}.csv"
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")), delimiter=";"))


def type_code(row: Mapping[str, str]) -> TypeCode:
    """Return a course type from a row of the shipped table."""
    return TypeCode(
        code=row["code"],
        group=row["group"],
        label=row["label"],
        short=row["short"],
        state=row["state"],
        state_note=row.get("state_note", ""),
    )


def header_keys(aliases: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return heading keys with their attribute; our own headings are always known."""
    own = {key(field.heading): field.attribute for field in FIELDS}
    return own | {key(alias): attribute for attribute, alias in aliases}


def key(text: str) -> str:
    """Return ``text`` for comparing words: small letters and digits only, hyphenation undone."""
    return compared(text)
