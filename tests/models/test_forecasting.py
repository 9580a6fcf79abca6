"""The daily run's forecasts: every series answered, bands that cover, and a past that stays as it was."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from models.base import HORIZONS
from models.forecasting import forecast_weekly, verdict
from models.theta import Theta
from models.weekly import weekly_panel
from warning.errors import InvalidPanel

ISSUE = dt.date(2019, 6, 5)
FIGURES = ["q10", "q50", "q90", "baseline_q10", "baseline_q50", "baseline_q90"]


def market(years: float = 7.0, *, seed: int = 0, holes: bool = True) -> pd.DataFrame:
    """Daily prices 2014 on: a level, a trend, a season, and those who cannot be forecast."""
    draw = np.random.default_rng(seed)
    days = pd.date_range("2014-01-01", periods=int(365 * years))
    place = np.arange(len(days))
    wander = np.cumsum(draw.normal(0, 0.015, len(days)))
    year = 2 * np.pi * place / 364
    frame = pd.DataFrame(
        {
            "level": 20 * np.exp(draw.normal(0, 0.05, len(days))),
            "trend": 900 * np.exp(0.0008 * place + draw.normal(0, 0.05, len(days))),
            "season": 0.5 * np.exp(0.9 * np.sin(year) + draw.normal(0, 0.03, len(days))),
            "walk": 5 * np.exp(wander),
            "holed": 3 * np.exp(wander + 0.5 * np.sin(year)),
            "short": 4 * np.exp(wander),
            "constant": 7.0,
            "missing": np.nan,
            "stale": 2 * np.exp(wander),
        },
        index=days,
    )
    frame.loc[frame.index < "2018-01-01", "short"] = np.nan
    frame.loc[frame.index > "2019-05-01", "stale"] = np.nan
    frame.loc["2016-03-01":"2016-08-01", "holed"] = np.nan
    return frame.mask(draw.random(frame.shape) < 0.3) if holes else frame


@pytest.fixture(scope="module")
def prices() -> pd.DataFrame:
    return market()


@pytest.fixture(scope="module")
def table(prices):
    return forecast_weekly(prices, ISSUE)


def test_every_series_has_rows_or_a_named_reason(prices, table):
    assert table.last_sunday == dt.date(2019, 6, 2)
    assert table.rows["series"].unique().tolist() == ["level", "trend", "season", "walk", "holed"]
    assert (table.rows.groupby("series")["horizon_weeks"].apply(tuple) == HORIZONS).all()
    assert dict(zip(table.silent["series"], table.silent["reason"], strict=True)) == {
        "short": "short",
        "constant": "constant",
        "missing": "short",
        "stale": "stale",
    }
    assert set(prices.columns) == set(table.rows["series"]) | set(table.silent["series"])


def test_no_nan_no_crossing_and_the_right_sundays(table):
    rows = table.rows
    for frame, columns in ((rows, FIGURES), (table.seasonal, ["q10", "q50", "q90"])):
        assert np.isfinite(frame[columns].to_numpy()).all()
        assert (frame[columns] > 0).all(axis=None)
    for prefix in ("", "baseline_"):
        assert (rows[f"{prefix}q10"] <= rows[f"{prefix}q50"]).all()
        assert (rows[f"{prefix}q50"] <= rows[f"{prefix}q90"]).all()
    ahead = (rows["target_day"] - pd.Timestamp(table.last_sunday)).dt.days
    assert (ahead == rows["horizon_days"]).all()
    assert (rows["horizon_days"] == 7 * rows["horizon_weeks"]).all()
    assert set(rows["model"]) == {"theta"}
    assert set(rows["baseline"]) == {"last_price"}


def test_prices_come_back_in_the_unit_they_came_in(table):
    at = table.rows.set_index(["series", "horizon_weeks"])["q50"]

    assert at["level", 4] == pytest.approx(20, rel=0.05)
    assert at["trend", 1] == pytest.approx(900 * np.exp(0.0008 * 1980), rel=0.08)


def test_the_model_speaks_where_it_was_better_and_says_by_how_much(table):
    rows = table.rows
    speaks = rows["speaks"] == "model"
    judged = rows["origins"] >= 26
    assert (speaks == (judged & (rows["loss_model"] < 0.98 * rows["loss_baseline"]))).all()
    at = rows.set_index(["series", "horizon_weeks"])
    assert at.loc[("season", 8), "speaks"] == "model"  # the course is plain to see
    assert at.loc[("level", 1), "speaks"] == "model"  # the last price is noise about a level
    reason = at.loc[("season", 8), "reason"]
    assert reason.startswith("theta speaks: ")
    assert f"{at.loc[('season', 8), 'loss_model']:.4f} against" in reason


def test_a_verdict_needs_origins_and_a_margin():
    losses = np.full(30, 1.0)

    assert verdict(losses * 0.97, losses, "theta", "last_price").speaks == "model"
    tie = verdict(losses * 0.99, losses, "theta", "last_price")
    assert (tie.speaks, tie.origins) == ("baseline", 30)
    assert "does not beat it by 2%" in tie.reason
    few = verdict(losses[:25] * 0.5, losses[:25], "theta", "last_price")
    assert few.speaks == "baseline"
    assert "25 past origins" in few.reason
    assert verdict(losses[:0], losses[:0], "theta", "last_price").speaks == "baseline"


@pytest.mark.parametrize("issue_day", [ISSUE, dt.date(2019, 6, 2), dt.date(2018, 1, 1)])
def test_later_rows_change_not_a_bit(prices, issue_day):
    wild = prices.copy()
    wild.loc[wild.index > pd.Timestamp(issue_day)] *= 1000
    cut = prices.loc[: pd.Timestamp(issue_day)]

    first, second, third = (forecast_weekly(frame, issue_day) for frame in (cut, prices, wild))

    for other in (second, third):
        for name in ("rows", "seasonal", "silent"):
            pd.testing.assert_frame_equal(getattr(first, name), getattr(other, name), check_exact=True)


def test_a_series_is_forecast_alike_alone_and_in_company(prices, table):
    alone = forecast_weekly(prices[["holed"]], ISSUE).rows

    together = table.rows[table.rows["series"] == "holed"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, together, check_exact=True)


def test_bands_cover_about_four_fifths():
    inside = []
    for seed in range(6):
        frame = market(seed=seed, holes=False)[["level", "season", "walk"]]
        weekly = weekly_panel(frame, dt.date(2020, 12, 20)).prices
        for ago in range(20, 100, 8):
            issue_day = dt.date(2020, 12, 20) - dt.timedelta(weeks=ago)
            past = weekly_panel(frame, issue_day)
            made = Theta().fit_predict(past, issue_day, (1, 4))
            place = weekly.shape[1] - 1 - ago + made["horizon_weeks"].to_numpy()
            actual = weekly[made["series"].map({"level": 0, "season": 1, "walk": 2}).to_numpy(), place]
            inside += ((made["q10"] <= actual) & (actual <= made["q90"])).tolist()
    assert len(inside) == 360
    assert 0.72 <= np.mean(inside) <= 0.88


def test_produce_that_is_away_for_months_still_has_a_band():
    days = pd.date_range("2015-01-01", "2018-12-31")
    draw = np.random.default_rng(3)
    away = pd.DataFrame({"spring": np.exp(draw.normal(0, 0.2, len(days)))}, index=days)
    away.loc[np.asarray(days.isocalendar().week) > 33, "spring"] = np.nan
    issue_day = dt.date(2018, 7, 1)

    rows = forecast_weekly(away, issue_day).rows

    assert len(rows) == 5
    assert np.isfinite(rows[FIGURES].to_numpy()).all()


def test_a_series_that_stood_still_but_once_has_an_answer():
    days = pd.date_range("2016-01-01", "2018-12-31")
    still = pd.DataFrame({"state_price": np.where(days < "2016-06-01", 1740.0, 1840.0)}, index=days)

    rows = forecast_weekly(still, dt.date(2018, 12, 31)).rows

    assert np.isfinite(rows[FIGURES].to_numpy()).all()
    assert rows["baseline_q50"].tolist() == pytest.approx([1840] * 5)


def test_nothing_to_forecast_gives_empty_frames_with_their_columns(prices, table):
    nothing = forecast_weekly(prices[["constant", "missing"]], ISSUE)

    assert len(nothing.rows) == len(nothing.seasonal) == 0
    assert list(nothing.rows.columns) == list(table.rows.columns)
    assert nothing.silent["reason"].tolist() == ["constant", "short"]


def test_horizons_are_as_asked_and_checked(prices):
    rows = forecast_weekly(prices[["walk"]], ISSUE, (3,)).rows

    assert rows["target_day"].astype(str).tolist() == ["2019-06-23"]
    with pytest.raises(InvalidPanel, match="a horizon of 40 weeks"):
        forecast_weekly(prices, ISSUE, (1, 40))


def test_importing_the_room_loads_no_heavy_library():
    code = "import sys, models.forecasting; print({'scipy', 'statsmodels', 'pandas'} & set(sys.modules))"

    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"
