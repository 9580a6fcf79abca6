"""Township reports as daily readings of cost, stock and sales (T2, T3).

A report speaks until the next one of its lot, at most two weeks; what changes slowly (areas, costs, the season's
output and end) holds for a season. Lots of a place are summed; the district sums its townships the same way.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from warning.catalog import Product
from warning.indicators.cost import cost_ratio, farm_gate_price
from warning.indicators.grid import Bools, Floats, Ints, trailing_sum
from warning.indicators.stock import (
    days_left,
    harvest_between,
    over_planting,
    sales_lag,
    sold_share,
    supply_ratio,
    tonnes_to_place,
)
from warning.planting import usual_seedlings
from warning.trace import NEVER

if TYPE_CHECKING:
    import pandas as pd

HOLD_DAYS, SEASON_HOLD_DAYS = 14, 120
OUTFLOW_DAYS = 14
HORIZON_DAYS = 28
"""Tonnes to place are counted over the days left, at most four weeks."""
FRESH = (
    "stock_t",
    "sold_t",
    "daily_outflow_t",
    "normal_sold_share",
    "farm_gate_price_per_kg",
    "bids_received",
    "shelf_life_days",
    "road_blocked",
)
SEASONAL = (
    "planted_area_mu",
    "normal_area_mu",
    "seedlings",
    "usual_seedlings",
    "expected_harvest_t",
    "harvest_from",
    "harvest_to",
    "marketable_t",
    "planned_storage_t",
    "production_cost_per_kg",
    "collect_fee_per_kg",
    "pack_fee_per_kg",
    "load_fee_per_kg",
    "freight_per_kg",
    "market_fee_per_kg",
    "season_end",
)
DATES = ("harvest_from", "harvest_to", "season_end")


@dataclass(frozen=True, slots=True)
class Lots:
    """The reports as daily values, each lots × days; a lot is a lot of a product in a township."""

    township: tuple[str, ...]
    product: tuple[str, ...]
    lot: tuple[str, ...]
    days: Ints
    values: Mapping[str, Floats]
    shelf_left: Floats
    last_report: Ints
    """The day of each lot's last report at each day, or one before all data."""
    simulated: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Readings of T2 and T3 of several subjects, each subjects × days, NaN unknown."""

    k: Floats
    sold: Floats
    lag: Floats
    supply: Floats
    over: Floats
    """Planted area above normal, as a share."""
    seeded: Floats
    """Seedlings above those of the same 旬 of past years, as a share."""
    harvest_in: Floats
    """Days until the next harvest begins, where none has begun."""
    no_bids: Floats
    blocked: Floats
    stock: Floats
    surplus: Floats
    last_report: Ints


def lots_of(reports: pd.DataFrame, first_day: int, last_day: int) -> Lots:
    """Daily values of every lot from `first_day` to `last_day` (days since 1970), carried forward as reports hold.

    Older reports among `reports` tell how many seedlings are usual.
    """
    import pandas as pd

    start = first_day - SEASON_HOLD_DAYS
    day = pd.to_datetime(reports["day"]).to_numpy().astype("datetime64[D]").astype(np.int64)
    if "seedlings" in reports:
        usual = usual_seedlings(reports)
        # both or neither, so that the two are carried forward in step
        known = np.where(np.isnan(usual), np.nan, _numbers(reports, "seedlings"))
        reports = reports.assign(usual_seedlings=usual, seedlings=known)
    kept = reports.assign(_day=day)[(day >= start) & (day <= last_day)]
    kept = kept.assign(lot=kept["lot"].fillna("").astype(str))
    order = ["product_id", "township_id", "lot", "_day"] + (["issued_at"] if "issued_at" in kept else [])
    kept = kept.sort_values(order, kind="stable").drop_duplicates(order[:4], keep="last")
    names = kept.drop_duplicates(order[:3])
    lot = np.cumsum(~kept.duplicated(order[:3]).to_numpy()) - 1
    days = np.arange(start, last_day + 1, dtype=np.int64)
    place = kept["_day"].to_numpy(dtype=np.int64) - start
    shape, skip = (len(names), len(days)), first_day - start
    values, ages = {}, {}
    for name in FRESH + SEASONAL:
        column = _numbers(kept, name)
        carried, ages[name] = _carried(column, lot, place, shape, HOLD_DAYS if name in FRESH else SEASON_HOLD_DAYS)
        values[name] = carried[:, skip:]
    return Lots(
        township=tuple(names["township_id"]),
        product=tuple(names["product_id"]),
        lot=tuple(names["lot"]),
        days=days[skip:],
        values=values | {"mean_outflow": _mean_outflow(values, ages, lot, place, kept, shape)[:, skip:]},
        # not counted down from one report to the next: the stock reported with it is sold and harvested anew meanwhile
        shelf_left=values["shelf_life_days"],
        last_report=_last_report(lot, place, shape, days)[:, skip:],
        simulated=tuple(kept.groupby(lot)["simulated"].any()) if "simulated" in kept else (False,) * len(names),
    )


def evidence_of(
    lots: Lots, groups: Sequence[Sequence[int]], products: Mapping[str, Product], wholesale: Mapping[str, Floats]
) -> Evidence:
    """The readings of each group of lots; `wholesale` gives each product's district price per kg, by day."""
    parts = [_group(lots, np.asarray(group, dtype=np.int64), products, wholesale) for group in groups]
    return Evidence(**{name: np.stack([part[name] for part in parts]) for name in parts[0]})


def no_evidence(subjects: int, days: int) -> Evidence:
    """Evidence of which nothing is known."""
    blank = {line.name: np.full((subjects, days), np.nan) for line in dataclasses.fields(Evidence)}
    return Evidence(**blank | {"last_report": np.full((subjects, days), NEVER, dtype=np.int64)})


def _numbers(reports: pd.DataFrame, name: str) -> Floats:
    """A column as floats: dates as days since 1970, yes and no as 1 and 0, NaN where absent."""
    import pandas as pd

    if name not in reports:
        return np.full(len(reports), np.nan)
    if name in DATES:
        dates = pd.to_datetime(reports[name]).to_numpy().astype("datetime64[D]")
        return np.where(np.isnat(dates), np.nan, dates.astype(np.int64))
    return pd.to_numeric(reports[name].astype(object), errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def _carried(column: Floats, lot: Ints, place: Ints, shape: tuple[int, int], hold: int) -> tuple[Floats, Floats]:
    """(values carried forward at most `hold` days, how many days ago each was reported)."""
    known = ~np.isnan(column)
    grid = np.full(shape, np.nan)
    grid[lot[known], place[known]] = column[known]
    number = np.arange(shape[1])
    latest = np.maximum.accumulate(np.where(np.isnan(grid), -1, number), axis=1)
    age = (number - latest).astype(np.float64)
    held = np.take_along_axis(grid, np.maximum(latest, 0), axis=1)
    return np.where((latest >= 0) & (age <= hold), held, np.nan), age


def _mean_outflow(
    values: dict[str, Floats],
    ages: dict[str, Floats],
    lot: Ints,
    place: Ints,
    kept: pd.DataFrame,
    shape: tuple[int, int],
) -> Floats:
    """Tonnes a day over the last 14: reported outflow, or else the growth of what was sold."""
    outflow, _ = _carried(_numbers(kept, "daily_outflow_t"), lot, place, shape, HOLD_DAYS)
    known = ~np.isnan(outflow)
    count = trailing_sum(known.astype(np.float64), OUTFLOW_DAYS)
    total = trailing_sum(np.where(known, outflow, 0.0), OUTFLOW_DAYS)
    reported = np.where(known & (count > 0), total / np.maximum(count, 1), np.nan)
    sold, _ = _carried(_numbers(kept, "sold_t"), lot, place, shape, HOLD_DAYS)
    grown = np.full(shape, np.nan)
    grown[:, OUTFLOW_DAYS:] = (sold[:, OUTFLOW_DAYS:] - sold[:, :-OUTFLOW_DAYS]) / OUTFLOW_DAYS
    return np.where(np.isnan(reported), np.where(grown >= 0, grown, np.nan), reported)


def _last_report(lot: Ints, place: Ints, shape: tuple[int, int], days: Ints) -> Ints:
    grid = np.full(shape, NEVER, dtype=np.int64)
    grid[lot, place] = days[place]
    return np.asarray(np.maximum.accumulate(grid, axis=1))


def _group(
    lots: Lots, rows: Ints, products: Mapping[str, Product], wholesale: Mapping[str, Floats]
) -> dict[str, np.ndarray]:
    """The readings of one group of lots of one product, by name."""
    value = {name: grid[rows] for name, grid in lots.values.items()}
    product_id = lots.product[int(rows[0])]
    product = products.get(product_id)
    shelf = np.where(
        np.isnan(lots.shelf_left[rows]), product.shelf_life_days if product else np.nan, lots.shelf_left[rows]
    )
    left = days_left(shelf, value["season_end"] - lots.last_report[rows])
    both = ~np.isnan(value["sold_t"]) & ~np.isnan(value["marketable_t"])
    sold = sold_share(_sum(value["sold_t"], both), _sum(value["marketable_t"], both))
    usual = _mean(value["normal_sold_share"], value["marketable_t"])
    stock, outflow = _sum(value["stock_t"]), _sum(value["mean_outflow"])
    group_left = _mean(left, value["stock_t"])
    bids = _mean(value["bids_received"], None)
    return {
        "k": _mean(_farm_gate_over_cost(value, wholesale.get(product_id)), value["marketable_t"]),
        "sold": sold,
        "lag": sales_lag(sold, usual),
        "supply": supply_ratio(stock, outflow, group_left),
        "over": _over(value["planted_area_mu"], value["normal_area_mu"]),
        "seeded": _over(value["seedlings"], value["usual_seedlings"]),
        "harvest_in": _harvest_in(value, lots.days),
        "no_bids": np.where(np.isnan(bids), np.nan, (bids < 0.5).astype(np.float64)),
        "blocked": _most(value["road_blocked"]),
        "stock": stock,
        "surplus": _surplus(value, lots.days, stock, outflow, group_left),
        "last_report": lots.last_report[rows].max(axis=0),
    }


def _over(planted: Floats, normal: Floats) -> Floats:
    """Share above normal of the lots of which both are known: one without its normal says nothing of too much."""
    both = ~np.isnan(planted) & ~np.isnan(normal)
    return over_planting(_sum(planted, both), _sum(normal, both))


def _harvest_in(value: Mapping[str, Floats], days: Ints) -> Floats:
    """Days until the first lot's harvest begins; NaN where one is being harvested, or none is to come."""
    wait = value["harvest_from"] - days
    ready = ((wait <= 0) & ~(value["harvest_to"] < days)).any(axis=0)
    first = np.where(wait > 0, wait, np.inf).min(axis=0)
    return np.where(ready | ~np.isfinite(first), np.nan, first)


def _farm_gate_over_cost(value: Mapping[str, Floats], wholesale: Floats | None) -> Floats:
    """K of each lot: the farm-gate price reported, else the district's wholesale price less the lot's fees."""
    gate = value["farm_gate_price_per_kg"]
    if wholesale is not None:
        fees = [value[name] for name in SEASONAL if name.endswith("_fee_per_kg") or name == "freight_per_kg"]
        stated = ~np.isnan(np.stack(fees)).all(axis=0)
        collect, pack, load, freight, fee = fees
        derived = farm_gate_price(wholesale[np.newaxis, :], collect, pack, load, freight, fee)
        gate = np.where(np.isnan(gate) & stated, derived, gate)
    return cost_ratio(gate, value["production_cost_per_kg"])


def _surplus(value: Mapping[str, Floats], days: Ints, stock: Floats, outflow: Floats, left: Floats) -> Floats:
    """E over the days left, at most four weeks: stock + harvest of that time − outflow − planned storage."""
    horizon = np.minimum(np.where(np.isnan(left), HORIZON_DAYS, left), HORIZON_DAYS)
    begin, end, to_come = value["harvest_from"], value["harvest_to"], value["expected_harvest_t"]
    harvest = harvest_between(to_come, begin, end, days, days + 1, days + horizon).sum(axis=0)
    return tonnes_to_place(stock, harvest, outflow * horizon, _sum(value["planned_storage_t"]))


def _sum(values: Floats, where: Bools | None = None) -> Floats:
    """Sum over lots of what is known; NaN where nothing is."""
    known = ~np.isnan(values) if where is None else where
    return np.where(known.any(axis=0), np.where(known, values, 0.0).sum(axis=0), np.nan)


def _mean(values: Floats, weights: Floats | None) -> Floats:
    """Mean over lots of what is known, weighted where weights are known and positive (else equally)."""
    known = ~np.isnan(values)
    weight = np.ones_like(values) if weights is None else np.nan_to_num(np.where(weights > 0, weights, 0.0))
    weight = np.where(known, weight, 0.0)
    weight = np.where(weight.sum(axis=0) > 0, weight, known.astype(np.float64))
    total = weight.sum(axis=0)
    return np.where(
        total > 0, (np.where(known, values, 0.0) * weight).sum(axis=0) / np.where(total > 0, total, 1), np.nan
    )


def _most(values: Floats) -> Floats:
    """The largest of what is known; NaN where nothing is."""
    known = ~np.isnan(values)
    return np.where(known.any(axis=0), np.where(known, values, -np.inf).max(axis=0), np.nan)
