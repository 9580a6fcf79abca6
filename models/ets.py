"""Exponential smoothing with a damped trend on ln weekly prices, by statsmodels.

The parameters and the first level are those of all weeks; past forecasts take level and trend as each week left them.
The daily run speaks by Theta (`models/theta.py`); this one stands beside it for comparison, by the same protocol.

Source: Hyndman, Koehler, Ord and Snyder (2008), Forecasting with Exponential Smoothing, model (A, Ad, N), as in
statsmodels.tsa.exponential_smoothing.ets.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.bands import BandRule, Track, banded, errors_of
from models.base import Floats
from models.theta import FIRST_ORIGIN, THREE_YEARS
from models.weekly import SeriesWeeks, WeeklyPanel

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class DampedTrend:
    """ETS (A, Ad, N); the band is the last three years' errors."""

    name: str = "ets"
    rule: BandRule = THREE_YEARS

    def track(self, weeks: SeriesWeeks, horizons: Sequence[int]) -> Track:
        """Forecasts from every week after the first year."""
        forecasts = past_forecasts(weeks.logs, horizons)
        return Track(forecasts[:, -1], errors_of(weeks, forecasts, horizons))

    def fit_predict(self, weekly: WeeklyPanel, issue_day: dt.date, horizons_weeks: Sequence[int]) -> pd.DataFrame:
        """As `Forecaster.fit_predict`."""
        return banded(self, weekly, issue_day, horizons_weeks)


def past_forecasts(logs: Floats, horizons: Sequence[int]) -> Floats:
    """Forecasts from each week, horizons × weeks: level + trend × (φ + φ² + … + φʰ); NaN in the first year."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    found = ETSModel(logs, error="add", trend="add", damped_trend=True).fit(disp=False)
    level, trend = np.asarray(found.level), np.asarray(found.slope)
    out = np.empty((len(horizons), len(logs)))
    for place, horizon in enumerate(horizons):
        out[place] = level + trend * float(np.sum(found.damping_trend ** np.arange(1, horizon + 1)))
    out[:, : min(FIRST_ORIGIN, len(logs) - 1)] = np.nan
    return out
