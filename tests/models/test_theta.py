"""The forecast is statsmodels' own, and its past is re-made as each week knew it."""

from __future__ import annotations

import numpy as np
import pytest

from models.theta import YEAR_WEEKS, Theta, past_forecasts, smoothing, year_course
from models.weekly import SeriesWeeks

HORIZONS = (1, 2, 4, 8, 12)


def walk(weeks: int, seed: int, *, season: float = 0.0, noise: float = 0.05, drift: float = 0.001) -> np.ndarray:
    """Logs that wander, with a yearly course and a quickly forgotten noise on top."""
    draw = np.random.default_rng(seed)
    place = np.arange(weeks)
    wandering = np.cumsum(draw.normal(0, 0.04, weeks)) + drift * place
    return 2 + wandering + season * np.sin(2 * np.pi * place / YEAR_WEEKS) + draw.normal(0, noise, weeks)


def weeks_of(logs: np.ndarray) -> SeriesWeeks:
    every = np.ones(len(logs), dtype=bool)
    return SeriesWeeks(logs, every, every)


def smoothed_half(course: np.ndarray) -> np.ndarray:
    """A course averaged with four weeks to either side, in falling weights, and halved."""
    weights = np.array([1, 2, 3, 4, 5, 4, 3, 2, 1]) / 25
    return 0.5 * sum(weight * np.roll(course, shift) for shift, weight in zip(range(-4, 5), weights, strict=True))


@pytest.mark.parametrize(("weeks", "seed", "noise"), [(104, 1, 0.05), (150, 2, 0.0), (155, 3, 0.2)])
def test_a_short_series_is_forecast_as_plain_theta_model(weeks, seed, noise):
    from statsmodels.tsa.forecasting.theta import ThetaModel

    logs = walk(weeks, seed, noise=noise)
    theirs = np.asarray(ThetaModel(logs, deseasonalize=False).fit().forecast(12))

    ours = Theta().track(weeks_of(logs), HORIZONS).points

    # their optimiser stops within about 1e-4 of the least squares
    np.testing.assert_allclose(ours, theirs[np.array(HORIZONS) - 1], atol=1e-3)


@pytest.mark.parametrize(("weeks", "seed"), [(156, 4), (299, 5), (520, 6)])
def test_a_long_one_as_theta_model_on_logs_less_half_their_course(weeks, seed):
    from statsmodels.tsa.forecasting.theta import ThetaModel
    from statsmodels.tsa.seasonal import seasonal_decompose

    logs = walk(weeks, seed, season=0.3)
    course = smoothed_half(seasonal_decompose(logs, model="additive", period=YEAR_WEEKS).seasonal[:YEAR_WEEKS])
    theirs = np.asarray(ThetaModel(logs - np.resize(course, weeks), deseasonalize=False).fit().forecast(12))
    theirs = theirs + course[(weeks + np.arange(12)) % YEAR_WEEKS]

    ours = Theta().track(weeks_of(logs), HORIZONS).points

    np.testing.assert_allclose(year_course(logs), course, atol=1e-9)
    np.testing.assert_allclose(ours, theirs[np.array(HORIZONS) - 1], atol=1e-3)


def test_the_smoothing_parameter_has_the_least_squared_errors():
    logs = walk(200, 7, noise=0.1)

    def squares(alpha: float) -> float:
        level, total = logs[0], 0.0
        for value in logs[1:]:
            total += (value - level) ** 2
            level += alpha * (value - level)
        return total

    grid = np.linspace(0.001, 0.999, 999)
    best = grid[np.argmin([squares(alpha) for alpha in grid])]
    assert smoothing(logs) == pytest.approx(best, abs=0.001)


@pytest.mark.parametrize("seasonal", [False, True])
def test_a_past_forecast_is_the_present_one_of_the_series_cut_there(seasonal):
    logs = walk(330, 8, season=0.2)

    past = past_forecasts(logs, 0.7, HORIZONS, seasonal=seasonal)

    for origin in (110, 155, 156, 260, 329):
        cut = past_forecasts(logs[: origin + 1], 0.7, HORIZONS, seasonal=seasonal)
        np.testing.assert_allclose(past[:, origin], cut[:, -1], rtol=1e-11)


@pytest.mark.parametrize("weeks", [120, 400])
def test_past_forecasts_end_in_the_forecast_that_statsmodels_makes(weeks):
    logs = walk(weeks, 9, season=0.2)
    seasonal = weeks >= 156
    course = year_course(logs) if seasonal else np.zeros(YEAR_WEEKS)
    alpha = smoothing(logs - np.resize(course, weeks))

    past = past_forecasts(logs, alpha, HORIZONS, seasonal=seasonal)

    np.testing.assert_allclose(past[:, -1], Theta().track(weeks_of(logs), HORIZONS).points, rtol=1e-10)


def test_a_trend_is_followed_by_half_and_a_season_is_seen_coming():
    rising = Theta().track(weeks_of(walk(150, 10, noise=0.0, drift=0.05)), HORIZONS).points
    assert np.diff(rising) == pytest.approx(np.diff(HORIZONS) * 0.025, rel=0.25)

    place = np.arange(4 * YEAR_WEEKS + 13)  # ends at the top of the course
    wave = 2 + 0.4 * np.sin(2 * np.pi * place / YEAR_WEEKS)
    ahead = Theta().track(weeks_of(wave), (13,)).points[0]
    assert ahead == pytest.approx(wave[-1] - 0.5 * 0.4, abs=0.05)


def test_a_level_price_stays_where_it_is():
    logs = 1 + np.random.default_rng(11).normal(0, 0.01, 300)

    assert Theta().track(weeks_of(logs), HORIZONS).points == pytest.approx(np.ones(5), abs=0.02)


def test_the_scale_of_prices_does_not_matter():
    logs = walk(250, 12, season=0.2)
    track, shifted = (Theta().track(weeks_of(logs + shift), HORIZONS) for shift in (0.0, -9.0))

    np.testing.assert_allclose(shifted.points, track.points - 9, atol=1e-6)
