"""The rows of a database as lines of text that any of our databases can take back.

A table is a head that names its columns and kinds, and a JSON array for each row. Nothing in it
depends on the engine: a backup of SQLite can be restored into PostgreSQL.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, false, func, insert, inspect, select, text
from sqlalchemy.sql.schema import MetaData

AT_ONCE: Final = 1_000
"""Rows that are read or written together; memory stays the same however long a table is."""


class UnreadableRowsError(ValueError):
    """A line is none that a backup has; the text names table and line."""


def _told(moment: datetime) -> str:
    """Write an instant in UTC without an offset, as both engines mean it."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(tzinfo=None).isoformat()


@dataclass(frozen=True)
class Kind:
    """How the values of a column are written and read."""

    python: type
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


KINDS: Final[Mapping[str, Kind]] = {
    "text": Kind(str, _same, _same),
    "bool": Kind(bool, bool, bool),
    "int": Kind(int, _same, _same),
    "float": Kind(float, _same, _same),
    "decimal": Kind(Decimal, str, Decimal),
    "datetime": Kind(datetime, _told, lambda v: datetime.fromisoformat(v).replace(tzinfo=UTC)),
    "date": Kind(date, date.isoformat, date.fromisoformat),
    "time": Kind(time, time.isoformat, time.fromisoformat),
    "bytes": Kind(bytes, lambda v: base64.b64encode(bytes(v)).decode("ascii"), base64.b64decode),
}


def _kind_of(python: type) -> str:
    return next(name for name, kind in KINDS.items() if kind.python is python)


def reflected(connection: Connection, names: Sequence[str]) -> dict[str, Table]:
    """Return the tables as they are in the database, whatever this version thinks of them."""
    there = set(inspect(connection).get_table_names())
    found = MetaData()
    found.reflect(connection, only=[name for name in names if name in there])
    return {name: found.tables[name] for name in names if name in there}


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Yield the head and the rows of a table in the order of its key."""
    kinds = {column.name: _kind_of(column.type.python_type) for column in table.columns}
    yield _line({"table": table.name, "columns": kinds})
    writers = [KINDS[kind].write for kind in kinds.values()]
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execution_options(yield_per=AT_ONCE).execute(query):
        pairs = zip(row, writers, strict=True)
        yield _line([None if value is None else write(value) for value, write in pairs])


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def take_back(connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
    """Put the rows of ``lines`` in place of those of the table; return how many there are.

    Raises UnreadableRowsError where a line does not belong to the table.
    """
    rest = iter(lines)
    kinds = _head(next(rest, b""), table)
    connection.execute(delete(table))
    count = 0
    numbered = enumerate(rest, start=2)
    while some := list(islice(numbered, AT_ONCE)):
        rows = [_row(line, kinds, f"{table.name}, Zeile {number}") for number, line in some]
        connection.execute(insert(table), rows)
        count += len(rows)
    return count


def _head(line: bytes, table: Table) -> dict[str, Kind]:
    told = _parsed(line, table.name)
    kinds: dict[str, Kind] = {}
    with suppress(AttributeError, KeyError, TypeError):
        if told["table"] == table.name:
            kinds = {str(name): KINDS[kind] for name, kind in told["columns"].items()}
    if kinds.keys() != set(table.columns.keys()):
        raise UnreadableRowsError(f"{table.name}, Zeile 1")
    return kinds


def _row(line: bytes, kinds: Mapping[str, Kind], where: str) -> dict[str, Any]:
    values = _parsed(line, where)
    try:
        pairs = zip(kinds.items(), values, strict=True)
        return {name: None if v is None else kind.read(v) for (name, kind), v in pairs}
    except (ArithmeticError, TypeError, ValueError) as error:
        raise UnreadableRowsError(where) from error


def _parsed(line: bytes, where: str) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise UnreadableRowsError(where) from error


def go_on_counting(connection: Connection, tables: Iterable[Table]) -> None:
    """Let PostgreSQL hand out keys above those that came with the rows; SQLite does by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.primary_key.columns:
            name = connection.scalar(
                text("SELECT pg_get_serial_sequence(:table, :column)"),
                {"table": table.name, "column": column.name},
            )
            if name is not None:
                highest = select(func.max(column)).scalar_subquery()
                following = func.coalesce(highest, 0) + 1
                connection.execute(select(func.setval(name, following, false())))
