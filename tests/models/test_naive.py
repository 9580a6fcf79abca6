"""The baselines are what their names say, with the bands of their own past."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from models.base import FORECAST_COLUMNS
from models.naive import LastPrice, SeasonalNaive
from models.weekly import weekly_panel
from warning.errors import InvalidPanel

SUNDAY = dt.date(2020, 12, 27)


@pytest.fixture
def prices() -> pd.DataFrame:
    draw = np.random.default_rng(1)
    days = pd.date_range(end=SUNDAY, periods=160, freq="7D")
    return pd.DataFrame({name: np.exp(np.cumsum(draw.normal(0, 0.1, 160))) for name in "ab"}, index=days)


def test_last_price_carries_the_band_of_all_past_changes(prices):
    frame = LastPrice().fit_predict(weekly_panel(prices, SUNDAY), SUNDAY, (2, 8))

    assert tuple(frame.columns) == FORECAST_COLUMNS
    assert frame["series"].tolist() == ["a", "a", "b", "b"]
    assert frame["horizon_weeks"].tolist() == [2, 8, 2, 8]
    assert frame["target_day"].astype(str).tolist() == ["2021-01-10", "2021-02-21"] * 2
    row = frame.iloc[3]
    changes = np.log(prices["b"]).diff(8).dropna()
    assert row["q50"] == pytest.approx(prices["b"].iloc[-1])
    assert row["q10"] == pytest.approx(row["q50"] * np.exp(min(changes.quantile(0.1), 0)))
    assert row["q90"] == pytest.approx(row["q50"] * np.exp(max(changes.quantile(0.9), 0)))


def test_seasonal_naive_takes_last_years_change_from_here(prices):
    frame = SeasonalNaive().fit_predict(weekly_panel(prices, SUNDAY), SUNDAY, (4,))

    a = prices["a"].to_numpy()
    assert frame["q50"][0] == pytest.approx(a[-1] * a[-1 - 52 + 4] / a[-1 - 52])
    assert (frame["q10"] < frame["q50"]).all()
    assert (frame["q50"] < frame["q90"]).all()


@pytest.mark.parametrize("model", [LastPrice(), SeasonalNaive()])
def test_a_panel_that_knows_the_future_is_refused(model, prices):
    with pytest.raises(InvalidPanel, match="beyond the issue day 2020-12-20"):
        model.fit_predict(weekly_panel(prices, SUNDAY), dt.date(2020, 12, 20), (1,))


@pytest.mark.parametrize("horizon", [0, -1, 27])
def test_a_horizon_out_of_reach_is_refused(horizon, prices):
    with pytest.raises(InvalidPanel, match=f"a horizon of {horizon} weeks"):
        LastPrice().fit_predict(weekly_panel(prices, SUNDAY), SUNDAY, (1, horizon))
