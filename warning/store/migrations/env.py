"""Alembic's entry: the url comes from `warning.store.engine.migration_config`."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON

from warning.store.engine import _engine
from warning.store.tables import Base

config = context.config


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our column types by their meaning, so that a migration reads like the tables."""
    if kind == "type" and type(item).__module__ == "warning.store.types":
        return f"store_types.{type(item).__name__}()"
    if kind == "type" and isinstance(item, JSON):
        return "store_types.Document"
    return False


def main() -> None:
    engine = _engine(config.attributes["url"])
    with engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=render_item
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


main()
