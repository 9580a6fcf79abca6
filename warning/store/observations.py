"""Observations in bulk: what is new is decided in columns, then written once; read back as of any instant.

A version is never overwritten. Its key is (series, day, variety, issued_at, snapshot); `superseded_at` is the
issue time of the next version and is kept in the same transaction, so that an as-of read is one comparison.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from warning.catalog import PriceKind
from warning.panel import Panel, pooled
from warning.quality import Quality
from warning.store.columns import read_columns
from warning.store.tables import SeriesRow, SnapshotRow, VarietyRow
from warning.store.types import epoch_us

if TYPE_CHECKING:
    from warning.store.engine import Store

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Mask = np.ndarray[Any, np.dtype[np.bool_]]

VALUES = ("price_per_kg", "price_low", "price_high", "volume_kg")
KEY = ("series_id", "day", "variety_id", "issued_at")
WRITTEN = ("series_id", "day", "variety_id", "issued_at", "snapshot_id", *VALUES, "flags")
INGEST_LOCK = 7_806_501_155
"""Key of the PostgreSQL advisory lock that writers of observations hold."""
STATED_BITS = int(Quality.ISSUE_ASSUMED | Quality.ISSUE_RECEIVED)
CHUNK = 50_000
FEW = 5_000
"""Rows up to which starting a bulk reader costs more than it saves."""


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """What makes a series: product × market × kind of price (× a variety that speaks alone)."""

    product_id: str
    market_id: str
    kind: PriceKind
    currency: str
    variety: str = ""

    @property
    def text(self) -> str:
        """The id that people and the API use."""
        alone = f":{self.variety}" if self.variety else ""
        return f"{self.product_id}@{self.market_id}:{self.kind.value}{alone}"


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
        same, changed = _against_store(store, rows, fresh & known, snapshot_id)
        again |= same
        fresh &= ~same
    late = changed & ~rows.stated
    issued = np.where(late, epoch_us(received_at), rows.issued_at)
    flags = np.where(late, (rows.flags & ~int(Quality.ISSUE_ASSUMED)) | int(Quality.ISSUE_RECEIVED), rows.flags)
    rows = replace(rows, issued_at=issued, flags=flags)
    _insert(session, rows, np.flatnonzero(fresh), snapshot_id)
    _supersede(session, rows.take(fresh & (changed | _several_versions(rows, fresh))))
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return Stored(accepted=fresh[back], repeated=again[back], conflicting=conflicting[back])


def series_ids(session: Session) -> dict[str, int]:
    """Ids of all series by key."""
    return dict(session.execute(select(SeriesRow.key, SeriesRow.id)).tuples().all())


def variety_names(session: Session) -> dict[int, str]:
    """Names of all varieties by id."""
    return dict(session.execute(select(VarietyRow.id, VarietyRow.name)).tuples().all())


def hold_lock(session: Session) -> None:
    """Let writers of observations come one after another (on SQLite the write lock is held already)."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql(f"select pg_advisory_xact_lock({INGEST_LOCK})")


def register_series(session: Session, series: list[SeriesKey], *, feed: str, simulated: bool) -> tuple[Ints, set[int]]:
    """(ids in the order given, ids that are new); series are made in the order of their keys."""
    known = series_ids(session)
    missing = sorted({key.text: key for key in series if key.text not in known}.items())
    made = [
        SeriesRow(
            key=text_,
            product_id=key.product_id,
            market_id=key.market_id,
            kind=key.kind.value,
            variety=key.variety,
            currency=key.currency,
            feed=feed,
            simulated=simulated,
        )
        for text_, key in missing
    ]
    session.add_all(made)
    session.flush()
    known |= {row.key: row.id for row in made}
    return np.array([known[key.text] for key in series], dtype=np.int64), {row.id for row in made}


def register_varieties(session: Session, varieties: list[str]) -> Ints:
    """Ids of the variety names in the order given, made where new."""
    known = dict(session.execute(select(VarietyRow.name, VarietyRow.id)).tuples().all())
    made = [VarietyRow(name=name) for name in sorted(set(varieties) - set(known))]
    session.add_all(made)
    session.flush()
    known |= {row.name: row.id for row in made}
    return np.array([known[name] for name in varieties], dtype=np.int64)


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


def _against_store(store: Store, rows: Observations, wanted: Mask, snapshot_id: int) -> tuple[Mask, Mask]:
    """(already known, known with other numbers) for the wanted rows, compared with what is committed.

    A row repeats when the current version says the same, or any version that its source issued at that time,
    or any version that came from the very same bytes (an archive read again must not undo later corrections).
    """
    held, current, own = _versions(store, rows, wanted, snapshot_id)
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


def _versions(store: Store, rows: Observations, wanted: Mask, snapshot_id: int) -> tuple[Observations, Mask, Mask]:
    """Committed versions of the touched series and days, sorted by key; which are current; which our own bytes'."""
    ids = np.unique(rows.series[wanted])
    days = rows.day[wanted]
    chosen = f"series_id between {ids.min()} and {ids.max()}"
    if len(ids) <= 500:
        chosen = f"series_id in ({', '.join(map(str, ids.tolist()))})"
    kinds = dict.fromkeys(
        ("series_id", "day", "variety_id", "issued_at", "snapshot_id", "superseded_at", "flags"), "int"
    )
    found = read_columns(
        store,
        kinds | dict.fromkeys(VALUES, "float"),
        f"from observation where {chosen} and day between {days.min()} and {days.max()}",
        few=int(wanted.sum()) <= FEW,
    )
    order = np.argsort(_packed(found["series_id"], found["day"], found["variety_id"]), kind="stable")
    found = {name: values[order] for name, values in found.items()}
    held = Observations(
        series=found["series_id"],
        day=found["day"],
        variety=found["variety_id"],
        issued_at=found["issued_at"],
        stated=(found["flags"] & STATED_BITS) == 0,
        flags=found["flags"],
        **{name: found[name] for name in VALUES},
    )
    with store.session() as reading:
        twin = SnapshotRow.sha256 == select(SnapshotRow.sha256).where(SnapshotRow.id == snapshot_id).scalar_subquery()
        own = reading.scalars(select(SnapshotRow.id).where(twin)).all()
    return held, found["superseded_at"] == -1, np.isin(found["snapshot_id"], np.array(own, dtype=np.int64))


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
    pieces = (_written(rows.take(chosen[start : start + CHUNK]), snapshot_id) for start in range(0, len(chosen), CHUNK))
    if session.get_bind().dialect.name == "sqlite":
        _insert_sqlite(session, pieces)
    else:
        _copy_postgres(session, pieces)


def _written(rows: Observations, snapshot_id: int) -> tuple[np.ndarray[Any, Any], ...]:
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


def _insert_sqlite(session: Session, pieces: Iterable[tuple[np.ndarray[Any, Any], ...]]) -> None:
    cursor: Any = session.connection().connection.cursor()
    marks = ", ".join("?" * len(WRITTEN))
    statement = f"insert into observation ({', '.join(WRITTEN)}) values ({marks})"
    for columns in pieces:
        # SQLite stores NaN as NULL by itself, so no value needs to be looked at
        cursor.executemany(statement, zip(*(column.tolist() for column in columns), strict=True))
    cursor.close()


def _copy_postgres(session: Session, pieces: Iterable[tuple[np.ndarray[Any, Any], ...]]) -> None:
    import pyarrow as pa
    from pyarrow import csv

    cursor: Any = session.connection().connection.cursor()
    with cursor.copy(f"copy observation ({', '.join(WRITTEN)}) from stdin with (format csv)") as copy:
        for columns in pieces:
            arrays = [pa.array(column, from_pandas=True) for column in columns]
            sink = pa.BufferOutputStream()
            table = pa.table(dict(zip(WRITTEN, arrays, strict=True)))
            csv.write_csv(table, sink, csv.WriteOptions(include_header=False))
            copy.write(sink.getvalue().to_pybytes())
    cursor.close()


def _supersede(session: Session, rows: Observations) -> None:
    """Set `superseded_at` anew for every version of the keys given."""
    keys = {(int(s), int(d), int(v)) for s, d, v in zip(rows.series, rows.day, rows.variety, strict=True)}
    supersede_keys(session, keys)


def supersede_keys(session: Session, keys: set[tuple[int, int, int]]) -> None:
    """Set `superseded_at` of every version of (series, day, variety): the issue time of the version after it."""
    if not keys:
        return
    statement = text(
        """
        update observation set superseded_at = (
            select min(later.issued_at) from observation as later
            where later.series_id = observation.series_id and later.day = observation.day
              and later.variety_id = observation.variety_id
              and (later.issued_at > observation.issued_at
                   or (later.issued_at = observation.issued_at and later.snapshot_id > observation.snapshot_id)))
        where series_id = :series and day = :day and variety_id = :variety
        """
    )
    session.execute(statement, [{"series": s, "day": d, "variety": v} for s, d, v in sorted(keys)])


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

    `received_before` asks the other question, what had reached *us* by then. Rows of a retracted upload are
    read only by an as-of between its receipt and its retraction. `few`: see `read_columns`.
    """
    limits = _limits(series_ids, first_day, last_day)
    names = {"series_id": "int", "day": "int", "price_per_kg": "float", "volume_kg": "float", "flags": "int"}
    instant = epoch_us(as_of)
    window = _retracted_then(store, instant)
    if received_before is None and not window:
        known = f"issued_at <= {instant} and (superseded_at is null or superseded_at > {instant})"
        source = f"from observation where {known}{limits} order by series_id, day"
        found = read_columns(store, names, source, few=few)
    else:
        found = read_columns(store, names, _by_rank(instant, received_before, window, limits), few=few)
    if series_ids is not None:
        inside = np.isin(found["series_id"], series_ids)
        found = {name: values[inside] for name, values in found.items()}
    order = _packed(found["series_id"], found["day"], np.zeros(len(found["day"]), dtype=np.int64))
    if (order[1:] < order[:-1]).any():
        # the key's own order is what comes back; a database may still choose another way to it
        found = {name: values[np.argsort(order, kind="stable")] for name, values in found.items()}
    return pooled(found["series_id"], found["day"], found["price_per_kg"], found["volume_kg"], found["flags"])


def _limits(series_ids: Ints | None, first_day: int | None, last_day: int | None) -> str:
    limits = ""
    if series_ids is not None and 0 < len(series_ids) <= 500:
        limits += f" and series_id in ({', '.join(str(int(number)) for number in series_ids)})"
    if first_day is not None:
        limits += f" and day >= {int(first_day)}"
    if last_day is not None:
        limits += f" and day <= {int(last_day)}"
    return limits


def _retracted_then(store: Store, instant: int) -> list[int]:
    """Snapshots that had been received and not yet taken back at `instant`."""
    with store.session() as session:
        rows = session.execute(
            select(SnapshotRow.id, SnapshotRow.received_at, SnapshotRow.retracted_at).where(
                SnapshotRow.retracted_at.is_not(None)
            )
        ).all()
    return [row.id for row in rows if epoch_us(row.received_at) <= instant < epoch_us(row.retracted_at)]


def _by_rank(instant: int, received_before: dt.datetime | None, retracted: list[int], limits: str) -> str:
    """The slow way, by rank: for reads that a single comparison cannot answer."""
    fields = "series_id, day, variety_id, issued_at, snapshot_id, price_per_kg, volume_kg, flags"
    versions = f"select {fields} from observation where issued_at <= {instant}{limits}"
    if retracted:
        ids = ", ".join(map(str, retracted))
        versions += (
            f" union all select {fields} from retracted_observation"
            f" where snapshot_id in ({ids}) and issued_at <= {instant}{limits}"
        )
    received = f"where s.received_at <= {epoch_us(received_before)}" if received_before else ""
    return f"""
        from (select v.*, row_number() over (
                  partition by v.series_id, v.day, v.variety_id order by v.issued_at desc, v.snapshot_id desc) as place
              from ({versions}) as v join snapshot as s on s.id = v.snapshot_id {received}) as ranked
        where place = 1 order by series_id, day"""
