"""What the townships would report each week: area, harvest, stock, sales, prices and costs, lot by lot.

A lot is harvested along a curve of its season and sold a few days behind it. Where an event cuts sales, stock builds
up, what outlives its keeping is lost, and afterwards sales catch up as far as trade allows. So for every row
`sold_t + stock_t <= marketable_t` and nothing is negative.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from pipelines.demo.almanac import EPOCH, Floats, Ints
from pipelines.demo.events import Event
from pipelines.demo.lots import GROWING, Growing, Lot
from pipelines.demo.trade import envelope, generator

WEEKS: Final = 60
REPORTED_BEFORE_HARVEST: Final = 70
"""Days before the harvest from which planting is reported."""
KEPT_BY_SHELF: Final = 1.5
"""Days of ordinary outflow, by shelf life, beyond which unsold produce is lost."""
CATCH_UP: Final = 1.35
"""Outflow by the ordinary one that trade can take to make up for lost sales."""


@dataclass(frozen=True, slots=True)
class Season:
    """One lot in one year, day by day for each township: tonnes, arrays (days, townships)."""

    growing: Growing
    lot: Lot
    first: dt.date
    last: dt.date
    season_end: dt.date
    days: Ints
    output: Floats
    """Marketable tonnes of each township."""
    normal: Floats
    """Share usually sold, one a day."""
    harvested: Floats
    sold: Floats
    stock: Floats
    outflow: Floats
    """Tonnes sold on the day."""


def reports(
    last_day: dt.date,
    events: tuple[Event, ...],
    panel: pd.DataFrame,
    *,
    products: frozenset[str],
    market: str,
    seed: int,
) -> pd.DataFrame:
    """Weekly report rows of the last 60 weeks, for `products`, with farm-gate prices that follow `market`.

    Columns are those of `warning.store.tables.ReportRow` that a township fills in, with the names of the township
    and of the product in `township` and `product`.
    """
    weeks = [last_day - dt.timedelta(7 * week) for week in reversed(range(WEEKS))]
    rows: list[dict[str, Any]] = []
    for growing in GROWING:
        if growing.product not in products:
            continue
        rng = generator(seed, "reports", growing.product)
        wholesale = _week_prices(panel, growing.product, market)
        own = tuple(event for event in events if event.plan.product == growing.product)
        for lot in growing.lots:
            for year in range(weeks[0].year - 1, last_day.year + 2):
                season = grow(growing, lot, year, own, rng)
                rows.extend(_rows(season, weeks, own, wholesale, rng))
    frame = pd.DataFrame(rows)
    return frame.sort_values(["day", "product", "township", "lot"], kind="stable", ignore_index=True)


def grow(growing: Growing, lot: Lot, year: int, events: tuple[Event, ...], rng: np.random.Generator) -> Season:
    """Harvest and sell one lot whose harvest begins in `year`, under the events of its product."""
    first = dt.date(year, *lot.first)
    last = dt.date(year + (lot.last < lot.first), *lot.last)
    lead = max(1, round(min(0.30 * growing.shelf_life_days, 0.15 * (last - first).days)))
    season_end = last + dt.timedelta(round(2.5 * lead) + 4)
    start = (first - EPOCH).days
    days = np.arange(start, (season_end - EPOCH).days + 1, dtype=np.int64)
    picked = _curve((days - start + 1) / ((last - first).days + 1))
    normal = _curve((days - start + 1) / ((last - first).days + 1 + lead))
    output = np.array(list(growing.tonnes.values())) * lot.share * rng.uniform(0.93, 1.07, len(growing.tonnes))
    output = output * _area(events, days)
    sales = np.stack([_sales(events, name, days) for name in growing.tonnes], axis=1)
    slack = rng.uniform(0.0, 0.06, len(growing.tonnes))
    harvested, sold, stock, outflow = _sell(picked, normal, output, sales, slack, shelf_life=growing.shelf_life_days)
    return Season(growing, lot, first, last, season_end, days, output, normal, harvested, sold, stock, outflow)


def _curve(share_of_time: Floats) -> Floats:
    """Share done by a share of the season's time: half steady, half swelling in the middle; 0 before, 1 after."""
    x = np.clip(share_of_time, 0, 1)
    return np.asarray(0.5 * x + 0.5 * x * x * (3 - 2 * x))


def _sell(
    picked: Floats, normal: Floats, output: Floats, sales: Floats, slack: Floats, *, shelf_life: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """(harvested, sold, stock, outflow) in tonnes, each (days, townships), by walking through the days."""
    shape = sales.shape
    harvested = picked[:, None] * output
    usual = np.diff(normal, prepend=0.0)[:, None] * output
    # outside the curve's own days trade still takes about an average day's tonnage
    room = np.maximum(usual, output * 0.5 / len(picked))
    sold, stock, outflow = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    gone, lost = np.zeros(shape[1]), np.zeros(shape[1])
    for day in range(shape[0]):
        behind = np.maximum(normal[day] * (1 - slack * (1 - normal[day])) * output - gone, 0)
        wanted = np.minimum(behind, room[day] * np.where(sales[day] < 1, sales[day], CATCH_UP))
        outflow[day] = np.clip(wanted, 0, np.maximum(harvested[day] - gone - lost, 0))
        gone = gone + outflow[day]
        left = harvested[day] - gone - lost
        spoiled = np.maximum(left - KEPT_BY_SHELF * shelf_life * room[day] - 0.02 * output, 0) * 0.2
        lost = lost + spoiled
        sold[day], stock[day] = gone, left - spoiled
    return harvested, sold, stock, outflow


def _sales(events: tuple[Event, ...], township: str, days: Ints) -> Floats:
    """Factor on a township's sales on each day."""
    factor = np.ones(len(days))
    for event in events:
        if not event.plan.townships or township in event.plan.townships:
            factor *= 1 - (1 - event.plan.sales) * envelope(days, event)
    return factor


def _area(events: tuple[Event, ...], days: Ints) -> float:
    """Planted area by the normal one for a lot that lives on these days."""
    touched = [event for event in events if envelope(days, event).any()]
    return max([event.plan.area for event in touched], default=1.0)


def _week_prices(panel: pd.DataFrame, product: str, market: str) -> dict[dt.date, float]:
    """Mean wholesale price at a market over the seven days up to each day."""
    own = panel[(panel["product"] == product) & (panel["market"] == market)]
    daily = own.set_index("date")["price"].asfreq("D")
    weekly = daily.rolling(7, min_periods=1).mean().dropna()
    return {stamp.date(): float(value) for stamp, value in weekly.items()}  # type: ignore[attr-defined]


def _rows(
    season: Season,
    weeks: list[dt.date],
    events: tuple[Event, ...],
    wholesale: dict[dt.date, float],
    rng: np.random.Generator,
) -> Iterator[dict[str, Any]]:
    """The rows of one lot's season on the reporting days, from planting until it is sold out or over."""
    for week in weeks:
        at = (week - season.first).days
        if not -REPORTED_BEFORE_HARVEST <= at < len(season.days):
            continue
        for column, township in enumerate(season.growing.tonnes):
            if at > 7 and season.stock[at, column] + season.outflow[at, column] < 0.002 * season.output[column]:
                continue
            row = _planted(season, week, column, township, events)
            if at >= 0:
                row |= _marketed(season, at, column)
                row |= _worth(season.growing, wholesale.get(week), rng)
                row |= _felt(township, week, events)
            yield row


def _planted(season: Season, week: dt.date, column: int, township: str, events: tuple[Event, ...]) -> dict[str, Any]:
    """What is known from planting on."""
    growing = season.growing
    normal_area = growing.tonnes[township] * season.lot.share / growing.tonnes_per_mu
    planted = normal_area * _area(events, season.days)
    return {
        "township": township,
        "product": growing.product,
        "lot": f"{season.first.year}{season.lot.name}",
        "day": week,
        "reported_by": "模拟填报员",
        "planted_area_mu": round(planted),
        "normal_area_mu": round(normal_area),
        "seedlings": round(planted * growing.seedlings_per_mu) if growing.seedlings_per_mu else None,
        "expected_harvest_t": round(float(season.output[column]), 1),
        "harvest_from": season.first,
        "harvest_to": season.last,
        "marketable_t": round(float(season.output[column]), 1),
        "production_cost_per_kg": growing.costs.growing,
        "shelf_life_days": growing.shelf_life_days,
        "season_end": season.season_end,
        "outlet": growing.outlet,
        "note": "模拟数据",
        "simulated": True,
    }


def _marketed(season: Season, at: int, column: int) -> dict[str, Any]:
    """Stock and sales on a day of the season; what is still to be harvested replaces the whole harvest."""
    fortnight = season.outflow[max(0, at - 13) : at + 1, column]
    to_come = season.output[column] - season.harvested[at, column]
    return {
        "expected_harvest_t": round(float(to_come), 1),
        # tenths are cut off, not rounded: sold and stock may not add up to more than there is
        "stock_t": float(np.floor(season.stock[at, column] * 10) / 10),
        "sold_t": float(np.floor(season.sold[at, column] * 10) / 10),
        "normal_sold_share": round(float(season.normal[at]), 3),
        "daily_outflow_t": round(float(fortnight.mean()), 2),
        "planned_storage_t": round(float(season.growing.stored_share * to_come), 1),
    }


def _worth(growing: Growing, wholesale: float | None, rng: np.random.Generator) -> dict[str, Any]:
    """Farm-gate price (wholesale less everything on the way) and the fees; no price while none is traded."""
    costs = growing.costs
    row: dict[str, Any] = {
        "collect_fee_per_kg": costs.collect,
        "pack_fee_per_kg": costs.pack,
        "load_fee_per_kg": costs.load,
        "freight_per_kg": costs.freight,
        "market_fee_per_kg": costs.fee,
    }
    noise = rng.normal() * 0.01
    if wholesale is not None:
        row["farm_gate_price_per_kg"] = round(max(0.05, (wholesale - costs.to_market) * (1 + noise)), 2)
    return row


def _felt(township: str, week: dt.date, events: tuple[Event, ...]) -> dict[str, Any]:
    """Bids, roads and the reporter's words on a day."""
    here = [e for e in events if week in e and (not e.plan.townships or township in e.plan.townships)]
    blocked = any(event.plan.kind == "blocked" for event in here)
    without_bids = any(event.plan.no_bids and envelope_on(event, week) > 0.7 for event in here)
    words = ["模拟数据", *(event.plan.cause_zh for event in here)]
    return {"bids_received": not without_bids, "road_blocked": blocked, "note": "；".join(words)}


def envelope_on(event: Event, day: dt.date) -> float:
    """How far an event is under way on one day."""
    return float(envelope(np.array([(day - EPOCH).days], dtype=np.int64), event)[0])
