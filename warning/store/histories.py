"""Append-only histories: of each key one version is present; a changed one is closed and the next one added.

The tables that keep one have the columns `superseded_at` and a start (`known_from` or `recorded_at`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, inspect, or_, update
from sqlalchemy.orm import Session

from warning.store.tables import Base


def hold_history(session: Session, table: type[Base]) -> None:
    """Let writers of this history come one after another (on SQLite the write lock is held already)."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql(f"lock table {table.__tablename__} in share row exclusive mode")


def in_force(started: Any, superseded: Any, known_at: dt.datetime) -> ColumnElement[bool]:
    """The condition that a version was the present one at `known_at`; give the two columns."""
    return and_(started <= known_at, or_(superseded.is_(None), superseded > known_at))


def follow(session: Session, table: type[Base], closed: dict[int, dt.datetime], rows: Sequence[dict[str, Any]]) -> None:
    """Close versions (by primary key, with the time from which they no longer hold), then add the new ones."""
    if closed:
        (key,) = inspect(table).primary_key
        session.execute(update(table), [{str(key.key): number, "superseded_at": at} for number, at in closed.items()])
    if rows:
        session.execute(insert(table), list(rows))
