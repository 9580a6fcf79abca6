"""What came through the sieve: columns as small as they can be until all is read, and where each row stood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from pipelines.feeds.base import Feed
from pipelines.ingest.distinct import distinct
from warning.store.observations import Observations
from warning.store.types import epoch_us

if TYPE_CHECKING:
    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Mask = np.ndarray[Any, np.dtype[np.bool_]]

SMALL: Final = {"series": np.int32, "day": np.int32, "variety": np.int32, "flags": np.int32}
"""Kept in half their size: a province's archive is read whole before a row is written."""
CONTRACT: Final = dict.fromkeys(SMALL, np.int64)
TOLD: Final = ("series", "variety", "day", "price_per_kg", "volume_kg")
"""What a person is told of a row in conflict."""


class Told(NamedTuple):
    """One row, in codes and numbers of ours."""

    series: int
    variety: int
    day: int
    price_per_kg: float
    volume_kg: float


@dataclass(slots=True)
class Kept:
    """Rows of ours in columns, part by part, with the file and line of each."""

    files: dict[str, int] = field(default_factory=dict)
    columns: dict[str, list[np.ndarray[Any, Any]]] = field(
        default_factory=lambda: {name: [] for name in Observations.__slots__}
    )
    file: list[np.ndarray[Any, np.dtype[np.int32]]] = field(default_factory=list)
    line: list[np.ndarray[Any, np.dtype[np.int32]]] = field(default_factory=list)

    def add(self, rows: Observations, file: pd.Series[Any], line: pd.Series[Any]) -> None:
        """Keep one batch's rows."""
        for name, parts in self.columns.items():
            values = getattr(rows, name)
            parts.append(values.astype(SMALL.get(name, values.dtype)))
        self.file.append(codes_in(file, self.files).astype(np.int32))
        self.line.append(line.to_numpy().astype(np.int32))

    def release(self) -> Observations:
        """Everything kept, in one; given once, since each column's parts are let go as it is made."""
        whole = {}
        for name in list(self.columns):
            whole[name] = _joined(self.columns[name], CONTRACT.get(name))
            if name not in TOLD:
                del self.columns[name]
        return Observations(**whole)

    def told(self, rows: Ints) -> Iterator[tuple[str, int, Told]]:
        """(file, line, what there is to tell) of rows of `release()`."""
        names = list(self.files)
        file, line = _joined(self.file), _joined(self.line)
        columns = [_joined(self.columns[name])[rows].tolist() for name in TOLD]
        for row, told in zip(rows, zip(*columns, strict=True), strict=True):
            yield names[file[row]], int(line[row]), Told(*told)


def codes_in(column: pd.Series[Any], known: dict[str, int]) -> Ints:
    """Each word's code in `known`, which new words join."""
    codes, keys = distinct([column])
    numbers = [known.setdefault(key[0], len(known)) for key in keys]
    return np.array(numbers or [0], dtype=np.int64)[codes]


def issue_times(rows: pd.DataFrame, feed: Feed, received_at: dt.datetime) -> tuple[Ints, Mask]:
    """(issue time in µs, whether the source stated it): else value date plus the usual lag, never after receipt."""
    now = epoch_us(received_at)
    days, inverse = np.unique(rows["date"].to_numpy("datetime64[D]"), return_inverse=True)
    zone, lag = ZoneInfo(feed.timezone), feed.usual_lag
    known = [epoch_us(dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC) + lag) for day in days.tolist()]
    assumed = np.minimum(np.array(known, dtype=np.int64)[inverse], now)
    given = pd.to_datetime(rows["issued_at"], utc=True)
    stated: Mask = given.notna().to_numpy(dtype=bool)
    if not stated.any():
        return assumed, stated
    us = given.dt.as_unit("us").astype("int64").to_numpy()
    return np.where(stated, np.minimum(us, now), assumed), stated


def _joined(parts: list[np.ndarray[Any, Any]], dtype: type[np.generic] | None = None) -> np.ndarray[Any, Any]:
    return np.concatenate(parts, dtype=dtype) if parts else np.zeros(0, dtype=dtype or float)
