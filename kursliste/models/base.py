"""What every mapped class shares: names of constraints, column types, enum columns."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import DateTime, Dialect, Enum, Integer, MetaData, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, mapped_column

from kursliste.domain.calendar import Month


class UtcDateTime(TypeDecorator[datetime]):
    """Refuses naive datetimes going in; gives aware UTC coming out, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "naive datetime"
            raise ValueError(msg)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class MonthType(TypeDecorator[Month]):
    """A month as ``YYYY-MM``: it sorts as text."""

    impl = String(7)
    cache_ok = True

    def process_bind_param(self, value: Month | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Month | None:
        return None if value is None else Month.parse(value)


class WordList(TypeDecorator[tuple[str, ...]]):
    """Several words in their order, as a JSON array in a text; nothing chosen is NULL."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str | None:
        words = [str(word) for word in value or ()]
        return json.dumps(words, ensure_ascii=False) if words else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(json.loads(value))


class Euro(TypeDecorator[Decimal]):
    """An amount in euro, kept as whole cents so that both databases count alike."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int((value * 100).to_integral_value())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


class JsonText(TypeDecorator[Any]):
    """Frozen structured data as canonical JSON text: equal data gives equal text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def enum_column(kind: type[StrEnum], name: str) -> Enum:
    """Return a VARCHAR holding the member's *value*, with a CHECK that lists the members.

    ``name`` names the CHECK; it is the column's name, so that one enum may serve two columns.
    """
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=name,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


def in_sql(members: Iterable[StrEnum]) -> str:
    """Write enum members as an SQL list, for a CHECK that follows a rule of the domain."""
    return "(" + ", ".join(f"'{member}'" for member in members) + ")"


class Base(DeclarativeBase):
    """The one registry of tables; constraints get the same name on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), Month: MonthType()}


Key = Annotated[int, mapped_column(primary_key=True)]
