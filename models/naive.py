"""The baselines that a model must beat: the last price, and last year's change from here.

Both carry a band of their own past errors; for the last price these are the series' own past changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.bands import BandRule, Track, banded, errors_of
from models.weekly import SeriesWeeks, WeeklyPanel

if TYPE_CHECKING:
    import pandas as pd

YEAR_WEEKS = 52
EVERY_CHANGE = BandRule(window=None, corrected=False, least=52)
"""The protocol's: numpy's quantiles of all past changes, from 52 on."""
EVERY_ERROR = BandRule(window=None, corrected=False)


@dataclass(frozen=True, slots=True)
class LastPrice:
    """The price stays where it is; the band is every past change over as many weeks.

    The protocol of evaluation calls this the naive: last price × exp(expanding quantiles of ln changes), 52 at least
    when it is judged.
    """

    name: str = "last_price"
    rule: BandRule = EVERY_CHANGE

    def track(self, weeks: SeriesWeeks, horizons: Sequence[int]) -> Track:
        """Forecasts from every week."""
        forecasts = np.tile(weeks.logs, (len(horizons), 1))
        return Track(forecasts[:, -1], errors_of(weeks, forecasts, horizons))

    def fit_predict(self, weekly: WeeklyPanel, issue_day: dt.date, horizons_weeks: Sequence[int]) -> pd.DataFrame:
        """As `Forecaster.fit_predict`."""
        return banded(self, weekly, issue_day, horizons_weeks)


@dataclass(frozen=True, slots=True)
class SeasonalNaive:
    """The price changes from here as it did from the same week of last year: P(t) × P(t+h-52) / P(t-52)."""

    name: str = "seasonal_naive"
    rule: BandRule = EVERY_ERROR

    def track(self, weeks: SeriesWeeks, horizons: Sequence[int]) -> Track:
        """Forecasts from every week that has one a year before it."""
        logs, count = weeks.logs, len(weeks.logs)
        forecasts = np.full((len(horizons), count), np.nan)
        origins = np.arange(YEAR_WEEKS, count)
        for place, horizon in enumerate(horizons):
            then = origins - YEAR_WEEKS
            forecasts[place, origins] = logs[origins] + logs[then + horizon] - logs[then]
        return Track(forecasts[:, -1], errors_of(weeks, forecasts, horizons))

    def fit_predict(self, weekly: WeeklyPanel, issue_day: dt.date, horizons_weeks: Sequence[int]) -> pd.DataFrame:
        """As `Forecaster.fit_predict`."""
        return banded(self, weekly, issue_day, horizons_weeks)
