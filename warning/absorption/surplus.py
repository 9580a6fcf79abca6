"""The surplus (E) as batches: from township reports by lot where there are any, from volume over norm otherwise.

A lot's surplus is what townships report of it: stock + harvest − outflow − planned storage over the days left, at most
four weeks (mission §3). The usual outflow and the planned storage take the oldest goods first; what is left of the
stock and of each week's harvest is a batch with its own last day.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from warning.absorption.problem import Batch
from warning.catalog import Product
from warning.indicators.stock import days_left, harvest_between
from warning.township import HOLD_DAYS, HORIZON_DAYS, Lots

EPOCH = dt.date(1970, 1, 1)
WEEK = 7
SMALL_T = 0.05


@dataclass(frozen=True, slots=True)
class Subject:
    """What the day's run says of a product in the district: wholesale price in CNY per kg, level."""

    price_per_kg: float = 0.0
    level: int = 0


def reported_batches(
    lots: Lots,
    day: dt.date,
    products: Mapping[str, Product],
    subjects: Mapping[str, Subject],
    *,
    townships: Collection[str] = (),
) -> tuple[Batch, ...]:
    """The batches of all lots that report, of the products among `subjects` and the townships named (none: all)."""
    at = int(np.searchsorted(lots.days, (day - EPOCH).days))
    found: list[Batch] = []
    for row, (product_id, township) in enumerate(zip(lots.product, lots.township, strict=True)):
        if product_id in subjects and product_id in products and (not townships or township in townships):
            found.extend(_of_lot(lots, row, at, day, products[product_id], subjects[product_id]))
    return tuple(found)


def estimated_batch(product: Product, day: dt.date, tonnes: float, subject: Subject) -> Batch:
    """One batch for the whole district, where nobody reports: volume over norm (or below it, for a stall)."""
    expiry = day + dt.timedelta(days=min(product.shelf_life_days, HORIZON_DAYS))
    return Batch(
        product.id, "", "", day + dt.timedelta(days=1), expiry, tonnes, subject.price_per_kg,
        level=subject.level, estimated=True,
    )  # fmt: skip


def _of_lot(lots: Lots, row: int, at: int, day: dt.date, product: Product, subject: Subject) -> Iterator[Batch]:
    if lots.days[at] - lots.last_report[row, at] > HOLD_DAYS:
        return
    value = {name: float(grid[row, at]) for name, grid in lots.values.items()}
    stock, outflow = value["stock_t"], value["mean_outflow"]
    if math.isnan(stock) or math.isnan(outflow):
        return
    shelf = float(lots.shelf_left[row, at])
    shelf = product.shelf_life_days if math.isnan(shelf) else shelf
    to_end = value["season_end"] - lots.last_report[row, at]
    left = float(days_left(np.array(shelf), np.array(to_end)))
    span = int(min(left, HORIZON_DAYS))
    stored = 0.0 if math.isnan(value["planned_storage_t"]) else value["planned_storage_t"]
    # the span of the alert's surplus: what is harvested after a stock has expired is another surplus
    steps = [(day, day + dt.timedelta(days=max(1, int(shelf))), stock), *_harvest(value, day, span, product)]
    steps = list(_sold_first(steps, outflow * span + stored))
    for release, expiry, tonnes in steps:
        if tonnes > SMALL_T:
            yield Batch(
                product.id, lots.township[row], lots.lot[row], max(release, day + dt.timedelta(days=1)), expiry, tonnes,
                subject.price_per_kg or _wholesale(value), _floor(value), level=subject.level,
                blocked=value["road_blocked"] >= 0.5,
            )  # fmt: skip


def _harvest(
    value: Mapping[str, float], day: dt.date, span: int, product: Product
) -> list[tuple[dt.date, dt.date, float]]:
    """(release, expiry, tonnes) of what is harvested within the span: each week's goods are there at its end."""
    begin, end, to_come = value["harvest_from"], value["harvest_to"], value["expected_harvest_t"]
    today = (day - EPOCH).days
    if math.isnan(end):
        return []
    starts = np.arange(today + 1, min(int(end), today + span) + 1, WEEK)
    stops = np.minimum(starts + WEEK - 1, min(int(end), today + span))
    found = []
    for stop, tonnes in zip(stops, harvest_between(to_come, begin, end, today, starts, stops), strict=True):
        if tonnes > 0:
            ready = EPOCH + dt.timedelta(days=int(stop))
            found.append((ready, ready + dt.timedelta(days=product.shelf_life_days), float(tonnes)))
    return found


def _sold_first(steps: list[tuple[dt.date, dt.date, float]], usual: float) -> Iterator[tuple[dt.date, dt.date, float]]:
    """The steps without what goes out as usual, oldest first."""
    for release, expiry, tonnes in steps:
        gone = min(tonnes, usual)
        usual -= gone
        yield release, expiry, tonnes - gone


def _floor(value: Mapping[str, float]) -> float:
    """What bringing a kilogram to the gate costs; below it, it stays in the field. What growing cost is spent."""
    return sum(0.0 if math.isnan(value[name]) else value[name] for name in ("collect_fee_per_kg", "pack_fee_per_kg",
                                                                           "load_fee_per_kg"))  # fmt: skip


def _wholesale(value: Mapping[str, float]) -> float:
    """The farm-gate price with the fees up to the market, where no market speaks; 0 where that is unknown too."""
    gate = value["farm_gate_price_per_kg"]
    fees = sum(0.0 if math.isnan(value[name]) else value[name] for name in ("freight_per_kg", "market_fee_per_kg"))
    return 0.0 if math.isnan(gate) else gate + _floor(value) + fees
