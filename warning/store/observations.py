"""Observations in bulk: what is new is decided in columns, then written once; read back as of any instant.

A version is never overwritten. Its key is (series, day, variety, issued_at, snapshot); `superseded_at` is the
issue time of the next version and is kept in the same transaction, so that an as-of read is one comparison.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from warning.quality import Quality
from warning.store.bulk_writer import CHUNK, Piece, write_rows
from warning.store.columns import read_columns
from warning.store.engine import lock_writers
from warning.store.panel_reader import MANY_IDS, read_panel
from warning.store.series_register import SeriesKey, register_series, register_varieties, series_ids, variety_names
from warning.store.tables import SnapshotRow
from warning.store.types import epoch_us
from warning.store.versions import supersede

if TYPE_CHECKING:
    from warning.store.engine import Store

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Mask = np.ndarray[Any, np.dtype[np.bool_]]

__all__ = [
    "Observations",
    "SeriesKey",
    "Stored",
    "hold_lock",
    "read_panel",
    "register_series",
    "register_varieties",
    "series_ids",
    "store_observations",
    "variety_names",
]

VALUES = ("price_per_kg", "price_low", "price_high", "volume_kg")
WRITTEN = ("series_id", "day", "variety_id", "issued_at", "snapshot_id", *VALUES, "flags")
FEW = 5_000
"""Rows up to which starting a bulk reader costs more than it saves."""


@dataclass(frozen=True, slots=True)
class Observations:
    """Rows to be stored, in columns of equal length.

    `series` and `variety` are codes into lists that come along; `issued_at` is microseconds since 1970 UTC;
    `stated` says whether the source itself gave that time. Prices are per kg, volume in kg, NaN for none.
    """

    series: Ints
    day: Ints
    variety: Ints
    issued_at: Ints
    stated: Mask
    price_per_kg: Floats
    price_low: Floats
    price_high: Floats
    volume_kg: Floats
    flags: Ints

    def __len__(self) -> int:
        return len(self.day)

    def take(self, rows: Ints | Mask) -> Observations:
        """The rows chosen, in that order."""
        return Observations(*(getattr(self, name)[rows] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of each row given to `store_observations`: exactly one of the three is true."""

    accepted: Mask
    repeated: Mask
    conflicting: Mask
    """The same series, day, variety and issue time stands twice with different numbers; the first is kept."""


def store_observations(
    store: Store,
    session: Session,
    rows: Observations,
    *,
    series: list[SeriesKey],
    varieties: list[str],
    snapshot_id: int,
    received_at: dt.datetime,
    feed: str,
    simulated: bool = False,
) -> Stored:
    """Write what is new, inside the caller's transaction (which must hold the write lock)."""
    ids, new_series = register_series(session, series, feed=feed, simulated=simulated)
    variety_ids = register_varieties(session, varieties)
    rows = replace(rows, series=ids[rows.series], variety=variety_ids[rows.variety])
    order = np.lexsort((rows.issued_at, rows.variety, rows.day, rows.series))
    rows = rows.take(order)
    again, conflicting = _within(rows)
    fresh = ~again & ~conflicting
    known = np.isin(rows.series, np.array(sorted(set(ids.tolist()) - new_series), dtype=np.int64))
    changed = np.zeros(len(rows), dtype=bool)
    if (fresh & known).any():
        same, changed = _against_store(store, session, rows, fresh & known, snapshot_id)
        again |= same
        fresh &= ~same
    late = changed & ~rows.stated
    issued = np.where(late, epoch_us(received_at), rows.issued_at)
    flags = np.where(late, (rows.flags & ~int(Quality.ISSUE_ASSUMED)) | int(Quality.ISSUE_RECEIVED), rows.flags)
    rows = replace(rows, issued_at=issued, flags=flags)
    if late.any():
        twice, against = _at_receipt(rows, np.flatnonzero(fresh))
        again, conflicting, fresh = again | twice, conflicting | against, fresh & ~twice & ~against
    _insert(session, rows, np.flatnonzero(fresh), snapshot_id)
    touched = fresh & (changed | _several_versions(rows, fresh))
    supersede(session, rows.series[touched], rows.day[touched], rows.variety[touched])
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return Stored(accepted=fresh[back], repeated=again[back], conflicting=conflicting[back])


def hold_lock(session: Session) -> None:
    """Let writers of observations come one after another (on SQLite the write lock is held already)."""
    lock_writers(session.connection())


def _within(rows: Observations) -> tuple[Mask, Mask]:
    """(repeats, conflicts) among sorted rows of one upload: the first of a key is kept."""
    if not len(rows):
        return np.zeros(0, dtype=bool), np.zeros(0, dtype=bool)
    keys = (rows.series, rows.day, rows.variety, rows.issued_at)
    same_key = np.r_[False, np.logical_and.reduce([key[1:] == key[:-1] for key in keys])]
    first = np.maximum.accumulate(np.where(same_key, 0, np.arange(len(rows))))
    equal = _equal(rows, np.arange(len(rows)), rows, first)
    return same_key & equal, same_key & ~equal


def _equal(left: Observations, at_left: Ints, right: Observations, at_right: Ints) -> Mask:
    """Whether prices and volume are the same numbers (missing equals missing)."""
    same = np.ones(len(at_left), dtype=bool)
    for name in VALUES:
        a, b = getattr(left, name)[at_left], getattr(right, name)[at_right]
        same &= (a == b) | (np.isnan(a) & np.isnan(b))
    return same


def _against_store(
    store: Store, session: Session, rows: Observations, wanted: Mask, snapshot_id: int
) -> tuple[Mask, Mask]:
    """(already known, known with other numbers) for the wanted rows, compared with what is committed.

    A row repeats when the current version says the same, or any version that its source issued at that time,
    or any version that came from the very same bytes (an archive read again must not undo later corrections).
    """
    held, current, came_with = _versions(store, rows, wanted)
    own = np.isin(came_with, _twins(session, snapshot_id))
    at = np.flatnonzero(wanted)
    key_of = _packed(rows.series, rows.day, rows.variety)[at]
    held_key = _packed(held.series, held.day, held.variety)
    same, changed = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    start, stop = np.searchsorted(held_key, key_of, "left"), np.searchsorted(held_key, key_of, "right")
    changed[at] = stop > start
    for step in range(int((stop - start).max(initial=0))):
        place = start + step
        there = place < stop
        mine, theirs = at[there], place[there]
        equal = _equal(rows, mine, held, theirs)
        stated = rows.stated[mine] & (rows.issued_at[mine] == held.issued_at[theirs])
        same[mine] |= equal & ((current[theirs] & ~rows.stated[mine]) | stated | own[theirs])
    return same, changed & ~same


def _packed(series: Ints, day: Ints, variety: Ints) -> Ints:
    """One sortable integer for (series, day, variety): 24 + 20 + 19 bits, days shifted to be positive."""
    return (series << 39) | ((day + 200_000) << 19) | variety


def _versions(store: Store, rows: Observations, wanted: Mask) -> tuple[Observations, Mask, Ints]:
    """Committed versions of the touched series and days, sorted by key; which are current; their snapshots."""
    ids, days = np.unique(rows.series[wanted]), rows.day[wanted]
    chosen = f"series_id between {ids.min()} and {ids.max()}"
    if len(ids) <= MANY_IDS:
        chosen = f"series_id in ({', '.join(map(str, ids.tolist()))})"
    spread = len(ids) * int(days.max() - days.min() + 1)
    found = read_columns(
        store,
        dict.fromkeys(("series_id", "day", "variety_id", "issued_at", "snapshot_id", "superseded_at"), "int")
        | dict.fromkeys(VALUES, "float"),
        f"from observation where {chosen} and day between {days.min()} and {days.max()}",
        few=int(wanted.sum()) <= FEW and spread <= 10 * FEW,
    )
    order = np.argsort(_packed(found["series_id"], found["day"], found["variety_id"]), kind="stable")
    found = {name: values[order] for name, values in found.items()}
    held = Observations(
        series=found["series_id"],
        day=found["day"],
        variety=found["variety_id"],
        issued_at=found["issued_at"],
        stated=np.zeros(len(order), dtype=bool),
        flags=np.zeros(len(order), dtype=np.int64),
        **{name: found[name] for name in VALUES},
    )
    return held, found["superseded_at"] == -1, found["snapshot_id"]


def _twins(session: Session, snapshot_id: int) -> Ints:
    """Snapshots of the very same bytes; asked in the writer's own session, which alone sees the new one."""
    twin = SnapshotRow.sha256 == select(SnapshotRow.sha256).where(SnapshotRow.id == snapshot_id).scalar_subquery()
    return np.array(session.scalars(select(SnapshotRow.id).where(twin)).all(), dtype=np.int64)


def _at_receipt(rows: Observations, chosen: Ints) -> tuple[Mask, Mask]:
    """(repeats, conflicts) that came of it that corrections are issued at receipt, where others stood already."""
    order = np.lexsort(tuple(column[chosen] for column in (rows.issued_at, rows.variety, rows.day, rows.series)))
    at = chosen[order]
    repeats, conflicts = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    repeats[at], conflicts[at] = _within(rows.take(at))
    return repeats, conflicts


def _several_versions(rows: Observations, fresh: Mask) -> Mask:
    """Fresh rows whose (series, day, variety) stands more than once in this upload, under several issue times."""
    at = np.flatnonzero(fresh)
    key = _packed(rows.series[at], rows.day[at], rows.variety[at])
    same = key[1:] == key[:-1]  # rows come sorted by key
    several = np.zeros(len(rows), dtype=bool)
    several[at[1:][same]] = several[at[:-1][same]] = True
    return several


def _insert(session: Session, rows: Observations, chosen: Ints, snapshot_id: int) -> None:
    """Write the chosen rows, some ten thousand at a time: a second copy of an archive would double the memory."""
    starts = range(0, len(chosen), CHUNK)
    pieces = (_written(rows.take(chosen[start : start + CHUNK]), snapshot_id) for start in starts)
    write_rows(session, "observation", WRITTEN, pieces)


def _written(rows: Observations, snapshot_id: int) -> Piece:
    """Columns in the order of `WRITTEN`."""
    return (
        rows.series,
        rows.day,
        rows.variety,
        rows.issued_at,
        np.full(len(rows), snapshot_id),
        rows.price_per_kg,
        rows.price_low,
        rows.price_high,
        rows.volume_kg,
        rows.flags,
    )
