"""Alembic's entry: the url comes from `warning.store.engine.migration_config`."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from warning.store import outbox_tables  # noqa: F401 - its tables belong to the schema
from warning.store.engine import lock_writers, make_engine
from warning.store.tables import Base

config = context.config


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our column types by their meaning, so that a migration reads like the tables."""
    if kind == "type" and type(item).__module__ == "warning.store.types":
        return f"store_types.{type(item).__name__}()"
    return False


def main() -> None:
    """Migrate in one transaction that other writers wait for: all of it happens, or nothing."""
    engine = make_engine(config.attributes["url"])
    with engine.connect().execution_options(changxiao_begin="IMMEDIATE") as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=render_item,
            transactional_ddl=True,  # SQLite's too, since our engine says BEGIN itself
        )
        with context.begin_transaction():
            lock_writers(connection)
            context.run_migrations()
    engine.dispose()


main()
