"""The panel as of an instant: one comparison where that suffices, by rank where it does not."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import select

from warning.panel import Panel, pooled
from warning.store.columns import read_columns
from warning.store.tables import PROMOTED, SnapshotRow
from warning.store.types import epoch_us

if TYPE_CHECKING:
    from warning.store.engine import Store

    Ints = np.ndarray[Any, np.dtype[np.int64]]

READ = {"series_id": "int", "day": "int", "price_per_kg": "float", "volume_kg": "float", "flags": "int"}
MANY_IDS = 500
"""More series than these are not named one by one in the query."""


def read_panel(
    store: Store,
    *,
    as_of: dt.datetime,
    received_before: dt.datetime | None = None,
    series_ids: Ints | None = None,
    first_day: int | None = None,
    last_day: int | None = None,
    few: bool = False,
) -> Panel:
    """The panel as it was known at `as_of`: one row a series and day, varieties pooled.

    `received_before` asks the other question, what had reached *us* by then. Rows of a retracted upload are read
    only where that instant (or `as_of`, where it is not given) lies between its receipt and its retraction.
    `few`: see `read_columns`.
    """
    limits = _limits(series_ids, first_day, last_day)
    instant = epoch_us(as_of)
    window = _retracted_then(store, received_before or as_of)
    if received_before is None and not window:
        known = f"issued_at <= {instant} and (superseded_at is null or superseded_at > {instant})"
        source = f"from observation where {known}{limits} order by series_id, day, variety_id"
    else:
        source = _by_rank(as_of, received_before, window, limits)
    found = read_columns(store, READ, source, few=few)
    if series_ids is not None and len(series_ids) > MANY_IDS:
        inside = np.isin(found["series_id"], series_ids)
        found = {name: values[inside] for name, values in found.items()}
    series, day = found["series_id"], found["day"]
    if ((series[1:] < series[:-1]) | ((series[1:] == series[:-1]) & (day[1:] < day[:-1]))).any():
        # SQLite may leave out the order of a query that stands within another; the key's own is what comes as a rule
        order = np.lexsort((day, series))
        found = {name: values[order] for name, values in found.items()}
    return pooled(found["series_id"], found["day"], found["price_per_kg"], found["volume_kg"], found["flags"])


def _limits(series_ids: Ints | None, first_day: int | None, last_day: int | None) -> str:
    limits = ""
    if series_ids is not None and not len(series_ids):
        limits += " and 1 = 0"
    elif series_ids is not None and len(series_ids) <= MANY_IDS:
        limits += f" and series_id in ({', '.join(str(int(number)) for number in series_ids)})"
    if first_day is not None:
        limits += f" and day >= {int(first_day)}"
    if last_day is not None:
        limits += f" and day <= {int(last_day)}"
    return limits


def _retracted_then(store: Store, instant: dt.datetime) -> list[int]:
    """Snapshots that had been received and not yet taken back at `instant`."""
    with store.session() as session:
        then = select(SnapshotRow.id).where(SnapshotRow.received_at <= instant, SnapshotRow.retracted_at > instant)
        return list(session.scalars(then.order_by(SnapshotRow.id)))


def _by_rank(as_of: dt.datetime, received_before: dt.datetime | None, retracted: list[int], limits: str) -> str:
    """The slow way, by rank: for reads that a single comparison cannot answer.

    A correction that became a first version by a retraction comes after what it had corrected, while it was unread.
    """
    instant = epoch_us(as_of)
    fields = "series_id, day, variety_id, issued_at, snapshot_id, price_per_kg, volume_kg, flags"
    versions = f"select {fields} from observation where issued_at <= {instant}{limits}"
    if retracted:
        ids = ", ".join(map(str, retracted))
        versions += (
            f" union all select {fields} from retracted_observation"
            f" where snapshot_id in ({ids}) and issued_at <= {instant}{limits}"
        )
    received = f"where s.received_at <= {epoch_us(received_before)}" if received_before else ""
    unread = f"case when (v.flags & {PROMOTED}) = {PROMOTED} and s.received_at > {instant} then 1 else 0 end"
    return f"""
        from (select v.*, row_number() over (
                  partition by v.series_id, v.day, v.variety_id
                  order by {unread}, v.issued_at desc, v.snapshot_id desc) as place
              from ({versions}) as v join snapshot as s on s.id = v.snapshot_id {received}) as ranked
        where place = 1 order by series_id, day, variety_id"""
