"""The nearest markets by distance: who they are, how they weigh, and what is unknown where nobody said where."""

from __future__ import annotations

import numpy as np
import pytest

from models.features.nearby import nearby
from models.features.state import state_of
from models.market_weeks import MarketWeeks, SeriesPlace

WEEKS = 200
HOME = (30.0, 108.0)
NAN = float("nan")
NOWHERE = (NAN, NAN)


def found(*spots: tuple[float, float], fall: tuple[float, ...], begins: tuple[int, ...] = ()) -> dict[str, np.ndarray]:
    """The features of the last week of markets at `spots`, the price of each multiplied by `fall` in that week."""
    price = np.full((len(spots), WEEKS), 10.0)
    price[:, -1] *= fall
    for row, begin in enumerate(begins):
        price[row, :begin] = np.nan
    places = tuple(SeriesPlace(n, "onion", market=f"m{n}", latitude=a, longitude=b) for n, (a, b) in enumerate(spots))
    sundays = 10_961 + 7 * np.arange(WEEKS, dtype=np.int64)
    weeks = MarketWeeks(places, sundays, price, price, price * 10, np.where(np.isnan(price), 0.0, 5.0))
    return {name: values[:, -1] for name, values in nearby(state_of(weeks))}


def north_of(km: float) -> tuple[float, float]:
    return HOME[0] + km / 111.195, HOME[1]


def test_a_near_market_weighs_more_than_a_far_one():
    told = found(HOME, north_of(0.001), north_of(300), fall=(1.0, 0.5, 0.8))

    # weights 1 and 1 / (1 + 300 / 100)
    mean = (np.log(0.5) + 0.25 * np.log(0.8)) / 1.25
    assert told["nearby_momentum1"][0] == pytest.approx(mean, rel=1e-3)
    assert told["nearby_anomaly"][0] == pytest.approx(mean, rel=1e-3)
    assert told["nearby_low"][0] == pytest.approx(1.0)


def test_markets_beyond_reach_say_nothing():
    told = found(HOME, north_of(501), north_of(1200), fall=(1.0, 0.5, 0.5))

    assert np.isnan(told["nearby_momentum1"][0])
    assert told["nearby_km"][0] == pytest.approx(np.log1p(501), rel=1e-3)


def test_where_nobody_said_where_it_is_all_is_unknown():
    told = found(HOME, NOWHERE, north_of(50), fall=(1.0, 0.5, 0.8))

    assert all(np.isnan(values[1]) for values in told.values())
    assert told["nearby_momentum1"][0] == pytest.approx(np.log(0.8))
    assert all(np.isnan(values).all() for values in found(NOWHERE, NOWHERE, NOWHERE, fall=(1, 1, 0.5)).values())


def test_a_market_with_less_than_a_year_has_neighbours_too_and_a_new_one_is_none():
    told = found(HOME, north_of(50), north_of(60), north_of(1), fall=(1.0, 0.8, 0.8, 0.5), begins=(140, 0, 0, 190))

    assert told["nearby_momentum1"][0] == pytest.approx(np.log(0.8))
