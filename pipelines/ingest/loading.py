"""Loading: everything an upload became, written in one transaction or not at all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipelines.ingest.account import CONFLICT
from pipelines.ingest.plausibility import HISTORY_DAYS, price_slips, volume_slips
from pipelines.ingest.reporting import store_reports
from pipelines.ingest.sifting import Sieve
from warning.quality import Quality
from warning.store.columns import read_columns
from warning.store.engine import Session, Store
from warning.store.markets import close_markets, register_markets, registered_markets
from warning.store.names import note_unknown
from warning.store.observations import (
    Observations,
    SeriesKey,
    Stored,
    series_ids,
    store_observations,
    variety_names,
)
from warning.store.types import day_of

if TYPE_CHECKING:
    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Floats = np.ndarray[Any, np.dtype[np.float64]]

FEW_SERIES = 20


class _Track(NamedTuple):
    """What ten-fold slips are judged by, in columns."""

    variety: Ints
    """A code for a variety in a series."""
    series: Ints
    day: Ints
    price: Floats
    volume: Floats

    def after(self, before: _Track) -> _Track:
        """Both, the other one first."""
        join = np.concatenate
        return _Track(
            join([before.variety, self.variety]),
            join([before.series, self.series]),
            join([before.day, self.day]),
            join([before.price, self.price]),
            join([before.volume, self.volume]),
        )


@dataclass(slots=True)
class Loaded:
    """How many rows and reports were accepted and repeated, and the flags of what was accepted."""

    accepted: int = 0
    repeated: int = 0
    flags: Ints | None = None


def load(store: Store, session: Session, sieve: Sieve, snapshot_id: int, received_at: dt.datetime) -> Loaded:
    """Write rows, reports, markets, closures and unknown names; conflicts join the rejected lines."""
    _register_markets(session, sieve, received_at)
    loaded = Loaded()
    if sieve.kept.file:
        stored, flags = _store_rows(store, session, sieve, snapshot_id, received_at)
        loaded.accepted, loaded.repeated = int(stored.accepted.sum()), int(stored.repeated.sum())
        loaded.flags = flags[stored.accepted]
        _reject_conflicts(sieve, stored)
    if sieve.reports:
        accepted, repeated = store_reports(session, sieve, snapshot_id, received_at)
        loaded.accepted, loaded.repeated = loaded.accepted + accepted, loaded.repeated + repeated
    close_markets(session, sieve.closures, snapshot_id)
    note_unknown(session, list(sieve.tally.unknown.values()), received_at)
    return loaded


def _register_markets(session: Session, sieve: Sieve, at: dt.datetime) -> None:
    """Add the markets met for the first time; another ingest may have added them since this one began to read."""
    held = registered_markets(session)
    new = [market for name, market in sieve.matcher.new_markets.items() if name not in held]
    register_markets(session, new, feed=sieve.feed.id, at=at)


def _store_rows(
    store: Store, session: Session, sieve: Sieve, snapshot_id: int, received_at: dt.datetime
) -> tuple[Stored, Ints]:
    """(what became of each row, the flags that the ingest gave it)."""
    rows, series = sieve.kept.release(), list(sieve.series)
    flags = rows.flags | _slips(store, session, sieve, rows, series)
    given = [replace(rows, flags=flags)]
    del rows  # the store sorts a copy: with the only reference handed over, an archive is in memory once
    stored = store_observations(
        store,
        session,
        given.pop(),
        series=series,
        varieties=list(sieve.varieties),
        snapshot_id=snapshot_id,
        received_at=received_at,
        feed=sieve.feed.id,
        simulated=sieve.feed.simulated,
    )
    return stored, flags


def _slips(store: Store, session: Session, sieve: Sieve, rows: Observations, series: list[SeriesKey]) -> Ints:
    """Ten-fold flags, judged by the upload and what the store holds of the year before it."""
    known = series_ids(session)
    held = {known[key.text]: code for code, key in enumerate(series) if key.text in known}
    own = rows.series * (len(sieve.varieties) + 1) + rows.variety
    track = _Track(own, rows.series, rows.day, rows.price_per_kg, rows.volume_kg)
    if held:
        track = track.after(_history(store, session, sieve, held, int(rows.day.min())))
    slips = volume_slips(track.series, track.day, track.volume) * int(Quality.VOLUME_TENFOLD)
    order = np.lexsort((track.day, track.variety))
    odd = price_slips(track.variety[order], track.day[order], track.price[order])
    slips[order[odd]] |= int(Quality.PRICE_TENFOLD)
    return slips[len(slips) - len(rows) :]


def _history(store: Store, session: Session, sieve: Sieve, held: dict[int, int], first_day: int) -> _Track:
    """What is known of these series (id in the store to code in the upload) in the year before the upload."""
    found = read_columns(
        store,
        {"series_id": "int", "variety_id": "int", "day": "int", "price_per_kg": "float", "volume_kg": "float"},
        f"from observation where superseded_at is null and day >= {first_day - HISTORY_DAYS} and day < {first_day}"
        f" and series_id between {min(held)} and {max(held)}",
        few=len(held) <= FEW_SERIES,
    )
    inside = np.isin(found["series_id"], np.array(list(held)))
    series, variety, *values = (column[inside] for column in found.values())
    other = len(sieve.varieties)
    names = {number: sieve.varieties.get(name, other) for number, name in variety_names(session).items()}
    code = _coded(series, held)
    return _Track(code * (other + 1) + _coded(variety, names), code, *values)


def _coded(numbers: Ints, codes: dict[int, int]) -> Ints:
    found, inverse = np.unique(numbers, return_inverse=True)
    return np.array([codes[number] for number in found.tolist()], dtype=np.int64)[inverse]


def _reject_conflicts(sieve: Sieve, stored: Stored) -> None:
    names, keys = list(sieve.varieties), list(sieve.series)
    detail = "the same day, variety and place stands twice with other numbers; the first holds"
    for file, line, row in sieve.kept.told(np.flatnonzero(stored.conflicting)):
        words = [f"{keys[row.series].text} {names[row.variety]}".strip(), f"{day_of(row.day)}"]
        amounts = [f"{row.price_per_kg:.4g}/kg", f"{row.volume_kg:.6g} kg"]
        text = ", ".join([*words, *(amount for amount in amounts if not amount.startswith("nan"))])
        sieve.tally.reject(file, line, CONFLICT, detail, text)
