"""What a schedule of sales brings: tonnes by week, and proceeds under each quantile of the forecast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warning.guidance.price_forecast import WEIGHTS
from warning.guidance.selling_ways import KG, Ways
from warning.guidance.usual_market import UsualMarket
from warning.indicators.grid import Floats


@dataclass(frozen=True, slots=True)
class Outcome:
    """One grower's schedule. Proceeds are CNY after storage and selling costs.

    `low_cny`, `middle_cny` and `high_cny` are those where every week's price is at its quantile 0.1, 0.5 or 0.9.
    """

    sold_t: tuple[float, ...]
    lost_t: float
    """Lost in store."""
    unsold_t: float
    """Of what is there within the weeks: no buyer, no room, or past its shelf life."""
    low_cny: float
    middle_cny: float
    high_cny: float
    expected_cny: float


def outcomes(ways: Ways, taken: Floats, market: UsualMarket, weekly: Floats, there: Floats) -> tuple[Outcome, ...]:
    """Each grower's outcome of the tonnes `taken` by way.

    `weekly` is 3 quantiles × weeks, CNY per kg; `there` each grower's tonnes within the weeks.
    """
    sold = ways.sold(taken)
    share = market.price_share(sold.sum(axis=0) + market.others(ways.weeks))
    cost = ways.by_grower(taken * ways.cost)
    money = KG * (weekly * share) @ sold.T - cost
    lost = ways.by_grower(taken * (1 - ways.kept))
    unsold = np.maximum(0.0, there - ways.by_grower(taken))
    expected = np.array(WEIGHTS) @ money
    return tuple(
        Outcome(
            sold_t=tuple(float(tonnes) for tonnes in sold[at]),
            lost_t=float(lost[at]),
            unsold_t=float(unsold[at]),
            low_cny=float(money[0, at]),
            middle_cny=float(money[1, at]),
            high_cny=float(money[2, at]),
            expected_cny=float(expected[at]),
        )
        for at in range(ways.growers)
    )


def proceeds(found: tuple[Outcome, ...]) -> float:
    """Expected proceeds of all growers together."""
    return sum(one.expected_cny for one in found)
