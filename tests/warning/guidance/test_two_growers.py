"""Two growers who share a market and its store, against every schedule in whole parts written out by hand."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pytest

from warning.guidance.grower import Grower
from warning.guidance.marketing_time import shared_schedule
from warning.guidance.price_forecast import PriceForecast, PriceQuantiles
from warning.guidance.usual_market import UsualMarket

DAY = dt.date(2026, 3, 1)
WEIGHTS = (0.3, 0.4, 0.3)


def most(growers: list[Grower], weekly: np.ndarray, market: UsualMarket) -> float:
    """The most expected proceeds of both, sales in whole tonnes, within capacity and store.

    Written without the programme: every quantile is sold under by itself, and the three weighed afterwards.
    """
    weeks = weekly.shape[1]
    parts = [
        [sales for sales in itertools.product(range(int(one.ready_t) + 1), repeat=min(weeks, one.shelf_life_days // 7))
         if sum(sales) <= one.ready_t]
        for one in growers
    ]  # fmt: skip
    best = 0.0
    for both in itertools.product(*parts):
        money = [0.0, 0.0, 0.0]
        stored = [0.0] * weeks
        brought = np.zeros(weeks)
        cost = 0.0
        for one, sales in zip(growers, both, strict=True):
            for week, taken in enumerate(sales):
                brought[week] += taken * (1 - one.loss_a_week) ** week
                for past in range(week):
                    stored[past] += taken * (1 - one.loss_a_week) ** past
                    cost += taken * (1 - one.loss_a_week) ** past * one.storage_cost_t_week
        others = market.others(weeks)
        if max(stored) > market.storage_t + 1e-9 or np.any(brought + others > market.capacity_t + 1e-9):
            continue
        for week in range(weeks):
            extra = max(0.0, brought[week] + others[week] - market.usual_t) / market.usual_t
            left = max(0.0, 1 + market.price_flexibility * extra)
            for at in range(3):
                money[at] += 1000 * brought[week] * weekly[at, week] * left
        best = max(best, sum(weight * one for weight, one in zip(WEIGHTS, money, strict=True)) - cost)
    return best


@pytest.mark.parametrize("seed", range(6))
def test_no_shared_schedule_in_whole_tonnes_brings_more(seed):
    rng = np.random.default_rng(seed)
    middle = rng.uniform(0.5, 2.0, 3)
    weekly = np.array([middle * 0.7, middle, middle * rng.uniform(1.1, 2.0, 3)])
    growers = [
        Grower(name, "cabbage", tonnes, int(rng.integers(7, 30)), loss_a_week=float(rng.uniform(0, 0.1)),
               storage_cost_t_week=float(rng.uniform(0, 50)))
        for name, tonnes in (("a", 6.0), ("b", 5.0))
    ]  # fmt: skip
    market = UsualMarket(float(rng.uniform(3, 8)), (float(rng.uniform(0, 3)),), capacity_t=12.0, storage_t=8.0)
    forecast = PriceForecast(
        "cabbage", tuple(PriceQuantiles(7 * (week + 1), *map(float, weekly[:, week])) for week in range(3))
    )
    found = shared_schedule(DAY, growers, forecast, market)
    reached = sum(one.best.expected_cny for one in found)
    whole = most(growers, weekly, market)
    assert reached >= whole * (1 - 2e-3), "chords of the curve may cost a hair"
    assert reached <= whole * 1.08 + 50, "no more than finer parts can explain"
