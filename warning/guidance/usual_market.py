"""The market that growers sell to as usual: what it takes a week, and how its price gives way when more comes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from warning.errors import InvalidPlan
from warning.indicators.grid import Floats

PRICE_FLEXIBILITY: Final = -0.5
"""Own-price flexibility (price change in per cent for one per cent more volume); a first estimate to be reviewed.

The notion: Moore 1919, J. Am. Stat. Assoc. 16; Houck 1965, J. Farm Economics 47. A market that took nothing from
elsewhere would answer by about 1 / elasticity, −1 or beyond for vegetables; one joined to others answers less.
"""
PIECES: Final = 24
"""Chords that stand for the curved part of a week's revenue."""


@dataclass(frozen=True, slots=True)
class UsualMarket:
    """Tonnes are of one product in one week, for all growers together. None of a limit means none is known."""

    usual_t: float | None
    """Mean weekly outflow: the volume at which the forecast price holds. None: the price is taken not to give way."""
    others_t: tuple[float, ...] = ()
    """What the other growers bring each week; the last goes on, none given means none."""
    price_flexibility: float = PRICE_FLEXIBILITY
    capacity_t: float | None = None
    """The most that can be sold in a week, others included."""
    storage_t: float | None = None
    """Free tonnes of store (cold store and own) in which these growers' goods can wait."""

    def others(self, weeks: int) -> Floats:
        """The others' tonnes in each week."""
        given = self.others_t or (0.0,)
        return np.array([given[min(week, len(given) - 1)] for week in range(weeks)], dtype=np.float64)

    def room(self, weeks: int) -> Floats:
        """Tonnes a week that can still be sold; infinite where no capacity is known."""
        limit = math.inf if self.capacity_t is None else self.capacity_t
        return np.maximum(0.0, limit - self.others(weeks))

    def price_share(self, tonnes: Floats) -> Floats:
        """What is left of the forecast price when so much comes a week: 1 + flexibility × extra share, 0 at least.

        Less than usual does not raise it: nobody is told to count on that.
        """
        if self.usual_t is None:
            return np.ones_like(tonnes)
        extra = np.maximum(0.0, tonnes - self.usual_t) / self.usual_t
        return np.maximum(0.0, 1.0 + self.price_flexibility * extra)

    def pieces(self, others: float, most: float) -> tuple[Floats, Floats]:
        """(widths in tonnes, slopes as shares of the price) of a week's revenue as a concave piecewise linear curve.

        Revenue x · price_share(others + x) for x up to `most`, and no further than where more brings less. Chords lie
        on or below the curve, so no schedule is valued too high.
        """
        knots = self._knots(others, most)
        brings = knots * self.price_share(others + knots)
        widths = np.diff(knots)
        return widths, np.diff(brings) / np.where(widths > 0, widths, 1.0)

    def _knots(self, others: float, most: float) -> Floats:
        if self.usual_t is None or self.price_flexibility == 0:
            return np.unique([0.0, most])
        steep = -self.price_flexibility
        flat = min(most, max(0.0, self.usual_t - others))
        peak = (self.usual_t / steep + self.usual_t - others) / 2
        return np.unique([0.0, *np.linspace(flat, max(flat, min(most, peak)), PIECES + 1)])


def check_market(market: UsualMarket) -> None:
    """Raise InvalidPlan where a number of the market is none that can be."""
    for name in ("usual_t", "capacity_t", "storage_t"):
        value = getattr(market, name)
        if value is not None and not (math.isfinite(value) and value >= 0):
            raise InvalidPlan(
                f"{name} is {value}", where="usual market", todo="give tonnes from 0 up, or leave it blank"
            )
    if not all(math.isfinite(one) and one >= 0 for one in market.others_t):
        raise InvalidPlan("others_t holds no tonnes", where="usual market", todo="give tonnes from 0 up for each week")
    if not (math.isfinite(market.price_flexibility) and market.price_flexibility <= 0):
        raise InvalidPlan(
            f"price_flexibility is {market.price_flexibility}",
            where="usual market",
            todo="give 0 or less: the price falls when more comes",
        )
