"""Comparing text without regard to capitals, umlauts included, alike on both engines.

SQLite's own ``lower`` knows only A to Z and leaves Ö as it is; ``infrastructure.database`` gives
every connection a function that knows all letters. PostgreSQL's follows the database's locale.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, SQLColumnExpression, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

NAME: Final = "any_case"


class any_case(GenericFunction[str]):  # noqa: N801 -- the name of a function in SQL
    """The text in small letters."""

    type = String()
    inherit_cache = True


@compiles(any_case)
def _lower(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    return f"lower({compiler.process(element.clauses, **more)})"


@compiles(any_case, "sqlite")
def _ours(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    return f"{NAME}({compiler.process(element.clauses, **more)})"


def small(text: object) -> str | None:
    """What the function does on SQLite; nothing stays nothing."""
    return None if text is None else str(text).lower()


def says(column: SQLColumnExpression[Any], words: str) -> ColumnElement[bool]:
    """Return the condition that ``words`` stand in a column, as they are and whatever the case."""
    return any_case(column).contains(words.lower(), autoescape=True)
