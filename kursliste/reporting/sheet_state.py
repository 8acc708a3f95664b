"""What was read of an uploaded table travels in the form, signed: nothing is stored before yes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from itsdangerous import BadData, URLSafeTimedSerializer

from kursliste.domain.course import FIELD
from kursliste.intake.cells import FileRefusedError
from kursliste.intake.faults import as_typed
from kursliste.intake.storing import restored, storable, stored
from kursliste.models.report import Report
from kursliste.reporting.round_trip import ReadRow, ReadTable
from kursliste.reporting.sheet_cells import Misread

SALT: Final = "reporting.sheet"
SECONDS: Final = 24 * 60 * 60
LONGEST: Final = 900_000
"""Below what a form may hold (SECURITY.md); a table that changes more comes in two parts."""

STALE: Final = (
    "Diese Seite ist zu alt oder gehört zu einer anderen Meldung. Laden Sie die Datei noch einmal "
    "hoch."
)
TOO_MUCH: Final = (
    "Die Tabelle ändert zu viel auf einmal. Teilen Sie sie auf: Laden Sie erst einen Teil der "
    "Änderungen hoch."
)


@dataclass(frozen=True, kw_only=True)
class SheetState:
    """What was read, and the version of each row of the report that the person was shown."""

    table: ReadTable
    versions: Mapping[int, int]


def pack(table: ReadTable, report: Report, *, person: int | None, secret: str) -> str:
    """Return what was read as a signed text for one person and one report.

    Raises FileRefusedError for more than a form may hold.
    """
    versions = [[row.id, row.version] for row in report.courses]
    content = {
        "to": [report.id, person],
        "versions": versions,
        "rows": [_plain(row) for row in table.rows],
        "missing": list(table.missing),
        "remarks": [storable(remark) for remark in table.remarks],
    }
    text = str(_signer(secret).dumps(content))
    if len(text) > LONGEST:
        raise FileRefusedError(TOO_MUCH)
    return text


def unpack(text: str, report: Report, *, person: int | None, secret: str) -> SheetState:
    """Return what :func:`pack` wrote; raise FileRefusedError if it is not ours, or too old."""
    try:
        content = _signer(secret).loads(text, max_age=SECONDS)
        if content["to"] != [report.id, person]:
            raise FileRefusedError(STALE)
        table = ReadTable(
            rows=tuple(_row(given) for given in content["rows"]),
            missing=tuple(content["missing"]),
            remarks=tuple(content["remarks"]),
        )
        return SheetState(table=table, versions=dict(content["versions"]))
    except (BadData, KeyError, TypeError, ValueError) as error:  # or an older release wrote it
        raise FileRefusedError(STALE) from error


def _signer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=SALT)


def _plain(row: ReadRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": storable(row.title),
        "row_id": row.row_id,
        "facts": {name: stored(value) for name, value in row.facts.items()},
        "notes": {name: storable(text) for name, text in row.notes.items()},
        "misread": [{name: storable(text) for name, text in vars(one).items()}
                    for one in row.misread],
        "is_stale": row.is_stale,
        "is_refused": row.is_refused,
    }  # fmt: skip


def _row(given: Mapping[str, Any]) -> ReadRow:
    facts = {name: as_typed(FIELD[name], restored(one)) for name, one in given["facts"].items()}
    misread = tuple(Misread(**one) for one in given["misread"])
    return ReadRow(**{**given, "facts": facts, "misread": misread})
