"""The Theta method on ln weekly prices, by statsmodels, with its past forecasts re-made as each week knew them.

The forecast is that of statsmodels' `ThetaModel` (simple exponential smoothing with half the slope of a straight
line) on logs less half of their yearly course. The smoothing parameter minimises the squared one-week errors, which is
what `ThetaModel.fit` minimises too, found here by Brent's method on a recursive filter instead of a Kalman filter: a
twentieth of the time. Past forecasts take course, slope and level from the weeks before their origin alone; only the
smoothing parameter is today's.

Sources: Assimakopoulos & Nikolopoulos (2000), Int. J. Forecasting 16, 521-530; Hyndman & Billah (2003), ibid. 19,
287-290: both as in statsmodels.tsa.forecasting.theta.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from models.bands import BandRule, Track, banded, errors_of
from models.base import Floats
from models.weekly import SeriesWeeks, WeeklyPanel

if TYPE_CHECKING:
    import pandas as pd

YEAR_WEEKS = 52
SEASON_NEEDS_WEEKS = 156
"""Three years: two to see a course in, one of past errors to judge it by."""
COURSE_SHARE = 0.5
"""How much of the course is believed: a mean of few years is half chance. The whole of it forecast worse than none
up to two weeks ahead; halves and two thirds did equally well, and better than a choice by each series' past errors."""
COURSE_REACH = 4
"""Weeks to either side that a week's term is averaged with, in falling weights: neighbours share their season."""
THREE_YEARS = BandRule(window=156, corrected=True)
FIRST_ORIGIN = 51
"""A year of weeks before the first forecast: an earlier slope is noise."""
FIRST_SEASONAL_ORIGIN = 2 * YEAR_WEEKS - 1
"""Each week of the year then has one decomposed value, the least that a classical decomposition takes."""
REMEMBERED_WEEKS = 312
"""Six years of past forecasts: three for the band of an origin three years back."""
SMOOTHING_BOUNDS = (1e-4, 1 - 1e-4)
"""As statsmodels' ExponentialSmoothing."""


@dataclass(frozen=True, slots=True)
class Theta:
    """Theta, with a season from three years on; the band is the last three years' errors."""

    name: str = "theta"
    rule: BandRule = THREE_YEARS

    def track(self, weeks: SeriesWeeks, horizons: Sequence[int]) -> Track:
        """Forecasts from the end of the series by statsmodels, and the past errors of the same method."""
        logs = weeks.logs
        seasonal = len(logs) >= SEASON_NEEDS_WEEKS
        course = year_course(logs) if seasonal else np.zeros(YEAR_WEEKS)
        adjusted = logs - np.resize(course, len(logs))
        alpha = smoothing(adjusted)
        ahead = np.asarray(horizons, dtype=np.int64)
        points = _statsmodels_forecast(adjusted, alpha, int(ahead.max()))[ahead - 1]
        points = points + course[(len(logs) - 1 + ahead) % YEAR_WEEKS]
        forecasts = past_forecasts(logs, alpha, horizons, seasonal=seasonal)
        return Track(points, errors_of(weeks, forecasts, horizons))

    def fit_predict(self, weekly: WeeklyPanel, issue_day: dt.date, horizons_weeks: Sequence[int]) -> pd.DataFrame:
        """As `Forecaster.fit_predict`."""
        return banded(self, weekly, issue_day, horizons_weeks)


def smoothing(logs: Floats) -> float:
    """The smoothing parameter with the least squared one-week errors, the level starting at the first week."""
    from scipy.optimize import minimize_scalar

    def squares(alpha: float) -> float:
        errors = logs[1:] - _levels(logs, alpha)[:-1]
        return float(errors @ errors)

    found = minimize_scalar(squares, bounds=SMOOTHING_BOUNDS, method="bounded", options={"xatol": 1e-6})
    return float(found.x)


def year_course(logs: Floats) -> Floats:
    """The 52 additive seasonal terms that are taken out, the first for the series' first week; needs two years.

    Those of statsmodels' seasonal_decompose(logs, model="additive", period=52) (detrended by a centred moving
    average, averaged by week of the year, summing to zero), smoothed over neighbouring weeks and halved.
    """
    course: Floats = _courses(logs, len(logs) - 1)[0]
    return course


def past_forecasts(logs: Floats, alpha: float, horizons: Sequence[int], *, seasonal: bool) -> Floats:
    """Forecasts from each week, horizons × weeks, as ThetaModel with this `alpha` would make on the weeks up to it.

    NaN before the first origin, and more than `REMEMBERED_WEEKS` ago.
    X(t+h) = level(t) + b(t)/2 × (h - 1 + 1/alpha - (1-alpha)^n/alpha), n = t + 1, plus
    the season of week t+h where there is one.
    """
    count = len(logs)
    first = max(FIRST_SEASONAL_ORIGIN if seasonal else FIRST_ORIGIN, count - REMEMBERED_WEEKS)
    level, slope = _levels(logs, alpha)[first:], _slopes(logs)[first:]
    out = np.full((len(horizons), count), np.nan)
    if seasonal:
        courses = _courses(logs, first)
        hot = _one_hot(count)
        level = level - np.einsum("tp,tp->t", _levels(hot, alpha)[first:], courses)
        slope = slope - np.einsum("tp,tp->t", _season_slopes(count)[first:], courses)
    origins = np.arange(first, count)
    reach = 1 / alpha - (1 - alpha) ** (origins + 1) / alpha
    for place, horizon in enumerate(horizons):
        out[place, first:] = level + slope / 2 * (horizon - 1 + reach)
        if seasonal:
            out[place, first:] += courses[origins - first, (origins + horizon) % YEAR_WEEKS]
    return out


def _statsmodels_forecast(adjusted: Floats, alpha: float, steps: int) -> Floats:
    """What statsmodels forecasts from a deseasonalised series, given its smoothing parameter."""
    from statsmodels.tsa.forecasting.theta import ThetaModel, ThetaModelResults

    model = ThetaModel(adjusted, deseasonalize=False)
    level, slope = _levels(adjusted, alpha)[-1], _slopes(adjusted)[-1]
    results = ThetaModelResults(slope, alpha, None, level, np.empty(0), False, model)
    forecast: Floats = results.forecast(steps).to_numpy(dtype=np.float64)
    return forecast


def _levels(values: Floats, alpha: float) -> Floats:
    """Simple exponential smoothing along the first axis, starting at the first value."""
    from scipy.signal import lfilter

    start = (1 - alpha) * values[:1]
    return np.asarray(lfilter([alpha], [1.0, alpha - 1.0], values, axis=0, zi=start)[0])


def _slopes(values: Floats) -> Floats:
    """Least-squares slope per week of the values up to each week, along the first axis; the first is 0."""
    centred = values - values[:1]  # sums of squares of a level would eat the digits
    weeks = np.arange(len(values), dtype=np.float64)
    if values.ndim > 1:
        weeks = weeks[:, np.newaxis]
    counts = weeks + 1
    crossed = np.cumsum(weeks * centred, axis=0) - weeks / 2 * np.cumsum(centred, axis=0)
    squares = np.maximum(counts * (counts**2 - 1) / 12, 1.0)
    return np.asarray(crossed / squares)


def _courses(logs: Floats, first: int) -> Floats:
    """`year_course` of the weeks up to each origin from `first` on, origins × 52; exactly as each origin knew it."""
    half = YEAR_WEEKS // 2
    count = len(logs)
    weights = np.r_[0.5, np.ones(YEAR_WEEKS - 1), 0.5] / YEAR_WEEKS
    detrended = logs[half:-half] - np.convolve(logs, weights, mode="valid")
    since = first - YEAR_WEEKS
    later = _one_hot(count)[half:-half][since:] * detrended[since:, np.newaxis]
    later[0] += np.bincount(np.arange(half, half + since) % YEAR_WEEKS, detrended[:since], YEAR_WEEKS)
    means = np.cumsum(later, axis=0) / _season_counts(count)[since:]
    terms = means - means.mean(axis=1, keepdims=True)
    return np.asarray(COURSE_SHARE * (terms @ _neighbours()))


@lru_cache(maxsize=1)
def _neighbours() -> Floats:
    """52 × 52 weights that smooth a yearly course around the year, falling linearly to either side."""
    apart = np.abs(np.arange(YEAR_WEEKS)[:, np.newaxis] - np.arange(YEAR_WEEKS))
    weights = np.maximum(COURSE_REACH + 1.0 - np.minimum(apart, YEAR_WEEKS - apart), 0.0)
    return np.asarray(weights / weights.sum(axis=0))


@lru_cache(maxsize=4)
def _one_hot(count: int) -> Floats:
    """weeks × 52: 1 in the column of the week's place in the year of 52 that begins with the series."""
    hot = np.zeros((count, YEAR_WEEKS))
    hot[np.arange(count), np.arange(count) % YEAR_WEEKS] = 1.0
    return hot


@lru_cache(maxsize=4)
def _season_counts(count: int) -> Floats:
    half = YEAR_WEEKS // 2
    return np.asarray(np.cumsum(_one_hot(count)[half:-half], axis=0))


@lru_cache(maxsize=4)
def _season_slopes(count: int) -> Floats:
    return _slopes(_one_hot(count))
