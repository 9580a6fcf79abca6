"""Uploads of a few rows, written as an ingest writes them, and what a store holds as content without its ids."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pytest
from sqlalchemy import select

from warning.catalog import PriceKind
from warning.quality import Quality
from warning.store.engine import Store
from warning.store.observations import Observations, SeriesKey, Stored, hold_lock, store_observations
from warning.store.snapshots import RawBytes, open_snapshot
from warning.store.tables import ObservationRow, RetractedObservationRow, SeriesRow, SnapshotRow, VarietyRow
from warning.store.types import epoch_day, epoch_us

NAN = float("nan")


class Line(NamedTuple):
    """One row of an upload; `issued` is given where the source states it."""

    day: dt.date
    price: float
    volume: float = NAN
    variety: str = ""
    series: str = "onion"
    issued: dt.datetime | None = None
    flags: int = 0


class Taken(NamedTuple):
    """An upload's id in the store, and what became of its rows."""

    id: int
    stored: Stored


def key_of(series: str) -> SeriesKey:
    return SeriesKey(series, "in-test-alpha", PriceKind.WHOLESALE, "INR")


def assumed(day: dt.date) -> dt.datetime:
    """The issue time of a value whose source states none: the day after."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)


def columns_of(lines: Sequence[Line], received: dt.datetime) -> tuple[Observations, list[SeriesKey], list[str]]:
    """The rows as the ingest hands them over."""
    series = list(dict.fromkeys(line.series for line in lines))
    varieties = list(dict.fromkeys(line.variety for line in lines))
    known = [min(line.issued or assumed(line.day), received) for line in lines]
    unstated = int(Quality.ISSUE_ASSUMED)
    nothing = np.full(len(lines), NAN)
    rows = Observations(
        series=np.array([series.index(line.series) for line in lines], dtype=np.int64),
        day=np.array([epoch_day(line.day) for line in lines], dtype=np.int64),
        variety=np.array([varieties.index(line.variety) for line in lines], dtype=np.int64),
        issued_at=np.array([epoch_us(instant) for instant in known], dtype=np.int64),
        stated=np.array([line.issued is not None for line in lines], dtype=bool),
        price_per_kg=np.array([line.price for line in lines], dtype=float),
        price_low=nothing,
        price_high=nothing,
        volume_kg=np.array([line.volume for line in lines], dtype=float),
        flags=np.array([line.flags | (0 if line.issued else unstated) for line in lines], dtype=np.int64),
    )
    return rows, [key_of(name) for name in series], varieties


@pytest.fixture
def upload() -> Callable[..., Taken]:
    """Take in lines as one upload, `upload(store, lines, received, sha256=…)`; the same bytes have one sha256."""

    def taken(store: Store, lines: Sequence[Line], received: dt.datetime, *, sha256: str | None = None) -> Taken:
        digest = sha256 or hashlib.sha256(repr((lines, received)).encode()).hexdigest()
        rows, series, varieties = columns_of(lines, received)
        with store.writing() as session:
            hold_lock(session)
            number = open_snapshot(
                session,
                RawBytes(digest, digest, 1),
                feed="test",
                name="test.csv",
                received_at=received,
                received_by="",
                simulated=False,
            )
            stored = store_observations(
                store,
                session,
                rows,
                series=series,
                varieties=varieties,
                snapshot_id=number,
                received_at=received,
                feed="test",
            )
        return Taken(number, stored)

    return taken


@pytest.fixture
def line() -> type[Line]:
    """A row of an upload."""
    return Line


@pytest.fixture(scope="session")
def content() -> Callable[[Store], str]:
    """Digest of all observations with their series, varieties and snapshots by name: equal stores, equal digests."""
    return digest_of


def digest_of(store: Store) -> str:
    rows: list[Any] = []
    with store.session() as session:
        for table in (ObservationRow, RetractedObservationRow):
            values = [column for column in table.__table__.columns if not column.name.endswith("_id")]
            found = session.execute(
                select(SeriesRow.key, SeriesRow.feed, VarietyRow.name, SnapshotRow.sha256, *values)
                .select_from(table)
                .join(SeriesRow, SeriesRow.id == table.series_id)
                .join(VarietyRow, VarietyRow.id == table.variety_id)
                .join(SnapshotRow, SnapshotRow.id == table.snapshot_id)
            )
            rows.append(sorted(repr(tuple(row)) for row in found))
        for row in session.scalars(select(SnapshotRow).order_by(SnapshotRow.sha256)):
            rows.append([row.sha256, row.name, row.accepted, row.repeated, row.rejected, str(row.retracted_at)])
        rows.append(sorted(session.scalars(select(SeriesRow.key))))
    return hashlib.sha256(repr(rows).encode()).hexdigest()
