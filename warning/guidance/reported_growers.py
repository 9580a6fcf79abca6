"""The growers of a product as their townships report them: what lies ready, what is to be harvested, how it keeps."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np

from warning.catalog import Product
from warning.guidance.grower import Grower
from warning.guidance.price_forecast import WEEK
from warning.indicators.stock import days_left, harvest_between
from warning.lunar import EPOCH
from warning.township import HOLD_DAYS, Lots

WEEKS: Final = 16
"""Weeks of harvest that are laid out: more than any forecast reaches."""
LOST_BY_THE_END: Final = 0.10
"""Share of stored goods lost over a whole shelf life; a first estimate to be reviewed in the district."""
STORAGE_COST_T_WEEK: Final = 14.0
"""CNY for a tonne stored a week (2 a day); a first estimate to be reviewed in the district."""
FEES: Final = ("collect_fee_per_kg", "pack_fee_per_kg", "load_fee_per_kg", "freight_per_kg", "market_fee_per_kg")
Values = Mapping[str, float]


def reported_growers(
    lots: Lots, day: dt.date, product: Product, *, townships: Collection[str] = ()
) -> tuple[Grower, ...]:
    """One grower a township that reported the product in the two weeks up to `day`; `townships` narrows (none: all).

    Lots of a township are put together: stock keeps as long as its tonnes do on average, and what is reported to keep
    less than a day counts as expired. A stock or harvest that was not reported counts as none.
    """
    at = int(np.searchsorted(lots.days, (day - EPOCH).days))
    rows: dict[str, list[int]] = {}
    for row, (product_id, township) in enumerate(zip(lots.product, lots.township, strict=True)):
        heard = lots.days[at] - lots.last_report[row, at] <= HOLD_DAYS
        if product_id == product.id and heard and (not townships or township in townships):
            rows.setdefault(township, []).append(row)
    return tuple(_grower(lots, places, at, product, township) for township, places in sorted(rows.items()))


def harvest_by_week(value: Values, today: int) -> tuple[float, ...]:
    """Tonnes to come in each of the coming weeks of one lot, evenly over what is left of its harvest.

    What is reported is what is not harvested yet. `today` in days since 1970; week 0 is the seven days after it.
    """
    begin, end, to_come = value["harvest_from"], value["harvest_to"], value["expected_harvest_t"]
    starts = today + 1 + WEEK * np.arange(WEEKS)
    weeks = harvest_between(to_come, begin, end, today, starts, starts + WEEK - 1)
    return tuple(float(one) for one in weeks)


def _grower(lots: Lots, rows: list[int], at: int, product: Product, township: str) -> Grower:
    values = [{name: float(grid[row, at]) for name, grid in lots.values.items()} for row in rows]
    keeps = [_keeps(one, product, int(lots.last_report[row, at])) for one, row in zip(values, rows, strict=True)]
    stock = [_known(one["stock_t"]) for one in values]
    good = [(tonnes, days) for tonnes, days in zip(stock, keeps, strict=True) if days >= 1]
    ready = sum(tonnes for tonnes, _ in good)
    average = sum(tonnes * days for tonnes, days in good) / ready if ready > 0 else None
    harvest = np.sum([harvest_by_week(one, int(lots.days[at])) for one in values], axis=0)
    return Grower(
        township_id=township,
        product_id=product.id,
        ready_t=ready,
        shelf_life_days=max(1, product.shelf_life_days),
        harvest_t=tuple(float(one) for one in harvest),
        ready_keeps_days=None if average is None else int(average),
        loss_a_week=1 - (1 - LOST_BY_THE_END) ** (WEEK / max(WEEK, product.shelf_life_days)),
        storage_cost_t_week=STORAGE_COST_T_WEEK,
        selling_cost_per_kg=_fees(values),
        expired_t=sum(stock) - ready,
        road_blocked=any(one["road_blocked"] >= 0.5 for one in values),
        no_bids=_unbidden(values),
        simulated=any(lots.simulated[row] for row in rows),
    )


def _unbidden(values: Sequence[Values]) -> bool:
    """Whether most of the lots that say whether anybody bid had no bid."""
    bids = [one["bids_received"] for one in values if not math.isnan(one["bids_received"])]
    return bool(bids) and sum(bids) / len(bids) < 0.5


def _keeps(value: Values, product: Product, reported: int) -> float:
    """Days that a lot's stock keeps: what is reported, else the product's; not beyond the season's end."""
    stated = value["shelf_life_days"]
    shelf = float(product.shelf_life_days) if math.isnan(stated) else stated
    if shelf < 1:
        return 0.0
    return float(days_left(np.array(shelf), np.array(value["season_end"] - reported)))


def _fees(values: Sequence[Values]) -> float:
    """CNY per kg between field and market: the mean of the lots that state any; 0 where none does."""
    stated = [sum(_known(one[name]) for name in FEES) for one in values if not all(math.isnan(one[n]) for n in FEES)]
    return sum(stated) / len(stated) if stated else 0.0


def _known(value: float) -> float:
    return 0.0 if math.isnan(value) else value
