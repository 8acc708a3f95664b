"""What a taking over did, kept with the upload so that a second click can show it again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class LeftRow:
    """A row of the list that did not become a reported course, and why (German)."""

    row: str
    why: str


@dataclass(frozen=True, kw_only=True)
class TakenOver:
    """Numbers of one taking over. ``kept`` are rows that the provider's own word stands against."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    reports: int = 0
    providers_added: int = 0
    kept: tuple[LeftRow, ...] = ()
    left_out: tuple[LeftRow, ...] = ()

    @property
    def courses(self) -> int:
        """How many rows of the list stand in reports now."""
        return self.added + self.updated + self.unchanged

    def summary(self) -> str:
        """Return the result in German sentences."""
        numbers = (
            f"{counted(self.courses, 'Kurs', 'Kurse')} übernommen in "
            f"{counted(self.reports, 'Meldung', 'Meldungen')}: {self.added} neu, "
            f"{self.updated} geändert, {self.unchanged} unverändert."
        )
        parts = [numbers]
        if self.providers_added:
            parts.append(f"{counted(self.providers_added, 'Träger', 'Träger')} neu angelegt.")
        if self.kept:
            parts.append(
                f"{counted(len(self.kept), 'Kurs', 'Kurse')} nicht überschrieben: vom Träger schon "
                "bearbeitet oder bestätigt."
            )
        parts.extend(f"Nicht übernommen: {place(row.row)}: {row.why}" for row in self.left_out)
        return "\n".join(parts)

    def as_stored(self) -> dict[str, Any]:
        """Return the numbers as JSON holds them."""
        return asdict(self)

    @classmethod
    def from_stored(cls, data: Mapping[str, Any]) -> "TakenOver":
        """Return what :meth:`as_stored` wrote."""
        rows = {name: tuple(LeftRow(**row) for row in data[name]) for name in ("kept", "left_out")}
        return cls(**{**data, **rows})


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its word: 1 Kurs, 3 Kurse."""
    return f"{number} {one if number == 1 else many}"


def place(row: str) -> str:
    """Return where a row stands as people say it; ``row`` is ``<sheet>!<row>``."""
    sheet, _, number = row.rpartition("!")
    return f"Zeile {number}" if sheet in {"", "csv"} else f"{sheet}, Zeile {number}"


def outcome_of(understood: Mapping[str, Any]) -> TakenOver:
    """Return the result that a taken over upload keeps."""
    return TakenOver.from_stored(understood["outcome"])
