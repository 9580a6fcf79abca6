"""Loading: everything an upload became, written in one transaction or not at all."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from pipelines.ingest.plausibility import HISTORY_DAYS, tenfold_flags
from pipelines.ingest.sifting import Sieve
from warning.store.columns import read_columns
from warning.store.engine import Session, Store
from warning.store.markets import close_markets, register_markets
from warning.store.names import note_unknown
from warning.store.observations import (
    Observations,
    SeriesKey,
    Stored,
    series_ids,
    store_observations,
    variety_names,
)
from warning.store.reports import FIGURES, add_report
from warning.store.snapshots import RejectedLine

CONFLICT = "conflicting_repeat"
FEW_SERIES = 20


@dataclass(slots=True)
class Loaded:
    """How many rows and reports were accepted and repeated, and the flags of what was accepted."""

    accepted: int = 0
    repeated: int = 0
    flags: np.ndarray | None = None


def load(store: Store, session: Session, sieve: Sieve, snapshot_id: int, received_at: dt.datetime) -> Loaded:
    """Write rows, reports, markets, closures and unknown names; conflicts join the rejected lines."""
    register_markets(session, sieve.matcher.new_markets.values(), feed=sieve.feed.id, at=received_at)
    loaded = Loaded()
    rows = sieve.rows()
    if len(rows):
        stored, rows = _store_rows(store, session, sieve, rows, snapshot_id, received_at)
        loaded.accepted, loaded.repeated = int(stored.accepted.sum()), int(stored.repeated.sum())
        loaded.flags = rows.flags[stored.accepted]
        _reject_conflicts(sieve, rows, stored)
    for reports in sieve.reports:
        _store_reports(session, sieve, reports, snapshot_id, received_at, loaded)
    close_markets(session, sieve.closures, snapshot_id)
    note_unknown(session, list(sieve.tally.unknown.values()), received_at)
    return loaded


def _store_rows(
    store: Store, session: Session, sieve: Sieve, rows: Observations, snapshot_id: int, received_at: dt.datetime
) -> tuple[Stored, Observations]:
    series = list(sieve.series)
    rows = replace(rows, flags=rows.flags | _slips(store, session, sieve, rows, series))
    stored = store_observations(
        store,
        session,
        rows,
        series=series,
        varieties=list(sieve.varieties),
        snapshot_id=snapshot_id,
        received_at=received_at,
        feed=sieve.feed.id,
        simulated=sieve.feed.simulated,
    )
    return stored, rows


def _slips(store: Store, session: Session, sieve: Sieve, rows: Observations, series: list[SeriesKey]) -> np.ndarray:
    """Ten-fold flags, judged by the upload and what the store holds of the year before it."""
    known = series_ids(session)
    held = {known[key.text]: code for code, key in enumerate(series) if key.text in known}
    part = len(sieve.varieties) + 1
    own = rows.series * part + rows.variety
    columns = [own, rows.series, rows.day, rows.price_per_kg, rows.volume_kg]
    if held:
        before = _history(store, session, sieve, held, part, int(rows.day.min()))
        columns = [np.concatenate([old, new]) for old, new in zip(before, columns, strict=True)]
    order = np.lexsort((columns[2], columns[0]))
    flags = np.zeros(len(order), dtype=np.int64)
    flags[order] = tenfold_flags(*(column[order] for column in columns))
    return flags[len(order) - len(rows) :]


def _history(
    store: Store, session: Session, sieve: Sieve, held: dict[int, int], part: int, first_day: int
) -> list[np.ndarray]:
    """(variety in series, series, day, price, volume) of what is known of these series in the year before the upload."""
    names = variety_names(session)
    found = read_columns(
        store,
        {"series_id": "int", "day": "int", "variety_id": "int", "price_per_kg": "float", "volume_kg": "float"},
        f"from observation where superseded_at is null and day >= {first_day - HISTORY_DAYS} and day < {first_day}"
        f" and series_id between {min(held)} and {max(held)}",
        few=len(held) <= FEW_SERIES,
    )
    inside = np.isin(found["series_id"], np.array(list(held)))
    found = {name: values[inside] for name, values in found.items()}
    code = np.array([held[number] for number in found["series_id"].tolist()], dtype=np.int64)
    variety = np.array(
        [sieve.varieties.get(names[number], part - 1) for number in found["variety_id"].tolist()], dtype=np.int64
    )
    return [code * part + variety, code, found["day"], found["price_per_kg"], found["volume_kg"]]


def _reject_conflicts(sieve: Sieve, rows: Observations, stored: Stored) -> None:
    names = list(sieve.varieties)
    keys = list(sieve.series)
    for row in np.flatnonzero(stored.conflicting).tolist():
        file, line = sieve.place(row)
        day = dt.date(1970, 1, 1) + dt.timedelta(days=int(rows.day[row]))
        text = f"{keys[rows.series[row]].text} {names[rows.variety[row]]} {day} {rows.price_per_kg[row]:.4g}/kg"
        sieve.tally.rejected.append(
            RejectedLine(
                file,
                line,
                CONFLICT,
                "the same day, variety and place stands twice with other numbers; the first holds",
                f"{text} {rows.volume_kg[row]:.6g} kg",
            )
        )


def _store_reports(
    session: Session, sieve: Sieve, reports: pd.DataFrame, snapshot_id: int, received_at: dt.datetime, loaded: Loaded
) -> None:
    for record in reports.to_dict("records"):
        file, line = str(record.get("file", "")), int(record.get("line", 0))
        township = sieve.matcher.township(str(record["township"]))
        product = sieve.matcher.product(str(record["product"]))
        wrong = next((found for found in (township, product) if found.reason), None)
        if wrong is not None:
            text = f"{record['township']}, {record['product']}, {record['day']}"
            sieve.tally.rejected.append(RejectedLine(file, line, wrong.reason, wrong.detail, text))
            continue
        made = add_report(
            session,
            township_id=township.id,
            product_id=product.id,
            lot=str(record.get("lot") or ""),
            day=_date(record["day"]),
            issued_at=_issued(record, received_at),
            snapshot_id=snapshot_id,
            reported_by=str(record.get("reported_by") or ""),
            simulated=sieve.feed.simulated,
            **{name: _figure(name, record.get(name)) for name in FIGURES},
        )
        loaded.accepted += made is not None
        loaded.repeated += made is None


def _issued(record: dict[Any, Any], received_at: dt.datetime) -> dt.datetime:
    """A report is known at the evening of its day; one filed later for an earlier day keeps that assumption."""
    evening = dt.datetime.combine(_date(record["day"]), dt.time(12), dt.UTC)
    return min(evening, received_at)


def _date(value: Any) -> dt.date:
    return pd.Timestamp(value).date()


def _figure(name: str, value: Any) -> Any:
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)) or value is pd.NA:
        return None
    if name in {"harvest_from", "harvest_to", "season_end"}:
        return _date(value)
    if name in {"bids_received", "road_blocked"}:
        return bool(value)
    if name in {"outlet", "note"}:
        return str(value)
    return float(value)
