"""The forecast is statsmodels' own, and its past is made of the states that each week left."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from models.ets import DampedTrend
from models.theta import FIRST_ORIGIN
from models.weekly import SeriesWeeks, weekly_panel

HORIZONS = (1, 2, 4, 8, 12)


def walk(weeks: int, seed: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return 2 + np.cumsum(draw.normal(0.002, 0.04, weeks)) + draw.normal(0, 0.03, weeks)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_points_are_those_of_ets_model(seed):
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    logs = walk(150, seed)
    every = np.ones(len(logs), dtype=bool)
    theirs = ETSModel(logs, error="add", trend="add", damped_trend=True).fit(disp=False).forecast(12)

    track = DampedTrend().track(SeriesWeeks(logs, every, every), HORIZONS)

    np.testing.assert_allclose(track.points, theirs[np.array(HORIZONS) - 1], atol=1e-9)
    assert np.isnan(track.errors[0, :FIRST_ORIGIN]).all()
    assert np.isfinite(track.errors[0, FIRST_ORIGIN:-1]).all()


def test_it_speaks_through_the_protocol_of_every_forecaster():
    days = pd.date_range("2016-01-04", periods=150 * 7, freq="D")
    prices = pd.DataFrame({"onion": np.exp(np.repeat(walk(150, 4), 7))}, index=days)
    issued = days[-1].date()
    assert issued.weekday() == 6
    found = DampedTrend().fit_predict(weekly_panel(prices, issued), issued, (2, 4))
    assert found["series"].tolist() == ["onion", "onion"]
    assert (found["q10"] <= found["q50"]).all()
    assert (found["q50"] <= found["q90"]).all()
    assert found["target_day"].dt.date.tolist() == [issued + dt.timedelta(weeks=2), issued + dt.timedelta(weeks=4)]
