"""What the store holds for a run to read: its series, and a digest-able state of all that was received."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from warning.store.columns import read_columns
from warning.store.tables import ReportRow, SeriesRow, SnapshotRow
from warning.store.types import epoch_us

if TYPE_CHECKING:
    import datetime as dt

    from warning.store.engine import Store

DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class StoredSeries:
    """A series as the store holds it."""

    id: int
    key: str
    product_id: str
    market_id: str
    kind: str
    currency: str
    feed: str
    simulated: bool


def stored_series(store: Store) -> list[StoredSeries]:
    """Every series, in the order of their ids."""
    names = StoredSeries.__slots__
    with store.session() as session:
        rows = session.scalars(select(SeriesRow).order_by(SeriesRow.id)).all()
    return [StoredSeries(**{name: getattr(row, name) for name in names}) for row in rows]


def received_state(store: Store) -> list[tuple[str, ...]]:
    """One entry a snapshot with its retraction, and one for the reports: equal states mean equal knowledge."""
    with store.session() as session:
        snapshots = session.execute(select(SnapshotRow.id, SnapshotRow.retracted_at).order_by(SnapshotRow.id)).all()
        count, newest = session.execute(select(func.count(), func.max(ReportRow.id)).select_from(ReportRow)).one()
    return [*((str(row.id), str(row.retracted_at)) for row in snapshots), ("reports", str(count), str(newest))]


def late_or_corrected(store: Store, low: dt.datetime, high: dt.datetime, known_after_us: int) -> bool:
    """Whether anything that became known after `low` and by `high` was late, a correction or a retraction.

    A value is late that was issued more than `known_after_us` after the midnight (UTC) of its day.
    """
    low_us, high_us = epoch_us(low), epoch_us(high)
    late = f"issued_at > {low_us} and issued_at <= {high_us}"
    late += f" and issued_at > cast(day as bigint) * {DAY_US} + {known_after_us}"
    corrected = f"superseded_at > {low_us} and superseded_at <= {high_us}"
    found = read_columns(store, {"day": "int"}, f"from observation where ({late}) or ({corrected}) limit 1", few=True)
    if len(found["day"]):
        return True
    with store.session() as session:
        moments = session.execute(
            select(SnapshotRow.received_at, SnapshotRow.retracted_at).where(SnapshotRow.retracted_at.is_not(None))
        ).all()
    return any(low_us <= epoch_us(moment) <= high_us for pair in moments for moment in pair)
