"""What every forecaster promises, whatever is inside: a weekly panel in, a frame of quantiles out.

A model of single series (naive, Theta) and a model over all series (quantile regression, spell risk) look the same
from here: the daily run and the backtest call `fit_predict` and read the columns of `FORECAST_COLUMNS`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

    from models.weekly import WeeklyPanel

Floats = NDArray[np.float64]

LEVELS = (0.1, 0.5, 0.9)
HORIZONS = (1, 2, 4, 8, 12)
"""Weeks ahead of the last whole week: the spells' horizons, one short and one long."""
QUANTILE_COLUMNS = ("q10", "q50", "q90")
FORECAST_COLUMNS = ("series", "horizon_weeks", "target_day", *QUANTILE_COLUMNS)


class Forecaster(Protocol):
    """A way of forecasting weekly prices."""

    @property
    def name(self) -> str:
        """The stable word under which its forecasts are stored."""
        ...

    def fit_predict(self, weekly: WeeklyPanel, issue_day: dt.date, horizons_weeks: Sequence[int]) -> pd.DataFrame:
        """Quantiles of the weekly median price, in the prices' own unit, from what `issue_day` knew.

        Columns as `FORECAST_COLUMNS`: the column label of the series, weeks ahead of the last whole week, the
        Sunday that ends the week meant, and q10 <= q50 <= q90. One row for each series the panel does not refuse
        and each horizon, in the panel's order; never a NaN. InvalidPanel where `weekly` reaches beyond `issue_day`.
        """
        ...


def forecast_frame(
    weekly: WeeklyPanel, rows: Sequence[int], horizons: Sequence[int], quantiles: Floats
) -> pd.DataFrame:
    """The frame every forecaster gives back; `quantiles` is series × horizons × 3 in the prices' unit."""
    import pandas as pd

    count = len(rows)
    columns: dict[str, Any] = {
        "series": pd.Index([weekly.names[row] for row in rows]).repeat(len(horizons)),
        "horizon_weeks": np.tile(np.asarray(horizons, dtype=np.int64), count),
        "target_day": np.tile(target_days(weekly, horizons), count),
    }
    flat = quantiles.reshape(count * len(horizons), len(LEVELS))
    columns |= {name: flat[:, place] for place, name in enumerate(QUANTILE_COLUMNS)}
    return pd.DataFrame(columns, columns=list(FORECAST_COLUMNS))


def target_days(weekly: WeeklyPanel, horizons: Sequence[int]) -> NDArray[np.datetime64]:
    """The Sundays that end the weeks forecast."""
    last = np.datetime64(weekly.last_sunday, "s")
    return np.array([last + np.timedelta64(7 * weeks, "D") for weeks in horizons], dtype="datetime64[s]")
