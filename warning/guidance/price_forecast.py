"""A price forecast as guidance reads it: three quantiles at a few horizons, laid on the coming weeks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from warning.errors import InvalidPlan
from warning.indicators.grid import Floats

WEIGHTS: Final = (0.3, 0.4, 0.3)
"""Of the quantiles 0.1, 0.5 and 0.9 in a mean: Swanson's rule (Hurst, Brown & Swanson 2000, AAPG Bulletin 84)."""
WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class PriceQuantiles:
    """The price so many days ahead, CNY per kg: quantiles 0.1, 0.5 and 0.9."""

    horizon_days: int
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class PriceForecast:
    """One product's forecast, of whichever spoke (model or baseline). What is not a number does not count."""

    product_id: str
    quantiles: tuple[PriceQuantiles, ...]
    simulated: bool = False

    def weekly(self) -> Floats:
        """Prices, 3 quantiles × weeks; week 0 is days 1 to 7 and takes the horizon of 7 days.

        Between horizons the price runs straight; weeks before the first take the first; none lie beyond the last.
        No known horizon of a week or more: shape (3, 0). Raises InvalidPlan where quantiles contradict each other.
        """
        known = {one.horizon_days: one for one in self.quantiles if _known(one)}
        days = sorted(known)
        weeks = days[-1] // WEEK if days else 0
        target = WEEK * np.arange(1, weeks + 1)
        rows = [[getattr(known[day], name) for day in days] for name in ("low", "middle", "high")]
        return np.array([np.interp(target, days, row) if weeks else np.zeros(0) for row in rows], dtype=np.float64)


def mean_price(weekly: Floats) -> Floats:
    """The expected price of each week from 3 quantiles × weeks, by Swanson's weights."""
    return np.asarray(np.array(WEIGHTS) @ weekly, dtype=np.float64)


def _known(one: PriceQuantiles) -> bool:
    values = (one.low, one.middle, one.high)
    if not all(math.isfinite(value) for value in values):
        return False
    if one.horizon_days < 1 or not 0 <= one.low <= one.middle <= one.high:
        raise InvalidPlan(
            f"the forecast's quantiles {values} are negative or out of order",
            where=f"forecast at {one.horizon_days} days",
            todo="give quantiles 0.1, 0.5 and 0.9 in rising order, from 0 up, a day or more ahead",
        )
    return True
