"""Alembic's entry: the connection comes from the caller, the target from the models."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import TypeDecorator

from kursliste.models import Base


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as the plain types below: a migration never imports us."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render_item,
    compare_type=True,
    compare_server_default=True,
    transactional_ddl=True,  # SQLite can, once BEGIN is ours: see infrastructure/database.py
)
with context.begin_transaction():
    context.run_migrations()
