"""The daily run's forecasts: Theta with a band, the naive baseline beside it, and which of the two may speak.

A model speaks for a series and a horizon only where its mean pinball loss over past origins was lower than the
baseline's over the same origins; every series gets rows, or a named reason why it has none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.bands import Track, TrackedForecaster, band, check_asked, past_losses, shared
from models.base import HORIZONS, LEVELS, QUANTILE_COLUMNS, Floats, forecast_frame
from models.naive import LastPrice, SeasonalNaive
from models.theta import Theta
from models.weekly import SeriesWeeks, WeeklyPanel, weekly_panel

if TYPE_CHECKING:
    import pandas as pd

JUDGED_WEEKS = 104
"""Past origins that decide who speaks: two years, so that each season counts twice."""
LEAST_ORIGINS = 26
MARGIN = 0.02
"""The model's loss must be lower by this share: a tie goes to what is simpler."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which of the two speaks, and the mean past pinball losses (in logs) that say so; NaN where none is known."""

    speaks: str
    reason: str
    loss_model: float
    loss_baseline: float
    origins: int


@dataclass(frozen=True, slots=True, eq=False)
class ForecastTable:
    """Forecasts of one issue day.

    `rows`: series (column label), horizon_weeks, horizon_days, target_day (the Sunday ending the week meant), model,
    q10, q50, q90, baseline, baseline_q10, baseline_q50, baseline_q90, speaks ("model" or "baseline"), reason,
    loss_model, loss_baseline (mean pinball in logs, NaN where no origin could be judged), origins.
    `seasonal`: the seasonal naive beside them, in the columns of `models.base.FORECAST_COLUMNS`.
    `silent`: series, reason (short, stale, gappy, constant), words; the series without rows.
    Prices are in the unit they came in; `last_sunday` ends the last whole week read.
    """

    issue_day: dt.date
    last_sunday: dt.date
    rows: pd.DataFrame
    seasonal: pd.DataFrame
    silent: pd.DataFrame


def forecast_weekly(
    prices: pd.DataFrame,
    issue_day: dt.date,
    horizons: Sequence[int] = HORIZONS,
    *,
    model: TrackedForecaster | None = None,
) -> ForecastTable:
    """Forecasts of every column of a wide daily price frame, from what was known on `issue_day`.

    `prices`: DatetimeIndex × series, NaN where there is none; `horizons` in weeks, 1 to 26; `model` is Theta unless
    told. Rows after `issue_day` change nothing. InvalidPanel where the frame or a horizon is not as asked.
    """
    weekly = weekly_panel(prices, issue_day)
    check_asked(weekly, issue_day, horizons)
    model, baseline = model or Theta(), LastPrice()
    shape = (len(weekly.rows()), len(horizons), len(LEVELS))
    spoken, beside = np.empty(shape), np.empty(shape)
    verdicts: list[Verdict] = []
    for place, (_, weeks) in enumerate(weekly.each()):
        tracks = model.track(weeks, horizons), baseline.track(weeks, horizons)
        spoken[place], beside[place] = (np.exp(band(t, m.rule)) for t, m in zip(tracks, (model, baseline), strict=True))
        verdicts += _verdicts(weeks, horizons, (model, baseline), tracks)
    rows = _rows(weekly, horizons, (model.name, baseline.name), (spoken, beside), verdicts)
    seasonal = SeasonalNaive().fit_predict(weekly, issue_day, horizons)
    return ForecastTable(issue_day, weekly.last_sunday, rows, seasonal, _silent(weekly))


def _verdicts(
    weeks: SeriesWeeks,
    horizons: Sequence[int],
    models: tuple[TrackedForecaster, TrackedForecaster],
    tracks: tuple[Track, Track],
) -> Iterator[Verdict]:
    """Model against baseline on the series' own past, for each horizon."""
    count = len(weeks.logs)
    for place, horizon in enumerate(horizons):
        judged = range(max(count - horizon - JUDGED_WEEKS, 0), max(count - horizon, 0))
        ours, theirs = (
            past_losses(track.errors[place], horizon, model.rule, judged)
            for model, track in zip(models, tracks, strict=True)
        )
        both = shared(ours, theirs)
        yield verdict(ours[both], theirs[both], models[0].name, models[1].name)


def verdict(losses_model: Floats, losses_baseline: Floats, model: str, baseline: str) -> Verdict:
    """Who speaks, given the pinball losses of the same past origins."""
    origins = len(losses_model)
    ours = float(losses_model.mean()) if origins else float("nan")
    theirs = float(losses_baseline.mean()) if origins else float("nan")
    if origins < LEAST_ORIGINS:
        reason = f"{baseline} speaks: {origins} past origins to compare on, {LEAST_ORIGINS} are needed"
        return Verdict("baseline", reason, ours, theirs, origins)
    figures = f"mean pinball loss {ours:.4f} against {theirs:.4f} over {origins} past origins"
    if ours < (1 - MARGIN) * theirs:
        return Verdict("model", f"{model} speaks: {figures}", ours, theirs, origins)
    reason = f"{baseline} speaks: {model} does not beat it by {MARGIN:.0%}, {figures}"
    return Verdict("baseline", reason, ours, theirs, origins)


def _rows(
    weekly: WeeklyPanel,
    horizons: Sequence[int],
    names: tuple[str, str],
    quantiles: tuple[NDArray[np.float64], NDArray[np.float64]],
    verdicts: Sequence[Verdict],
) -> pd.DataFrame:
    """Model and baseline side by side, one row a series and horizon."""
    frame = forecast_frame(weekly, weekly.rows(), horizons, quantiles[0])
    beside = forecast_frame(weekly, weekly.rows(), horizons, quantiles[1])
    frame.insert(2, "horizon_days", frame["horizon_weeks"] * 7)
    frame.insert(4, "model", names[0])
    frame["baseline"] = names[1]
    for column in QUANTILE_COLUMNS:
        frame[f"baseline_{column}"] = beside[column]
    for column in Verdict.__slots__:
        frame[column] = [getattr(each, column) for each in verdicts]
    return frame


def _silent(weekly: WeeklyPanel) -> pd.DataFrame:
    import pandas as pd

    refused = sorted(weekly.refusals.items())
    return pd.DataFrame(
        {
            "series": pd.Index([weekly.names[row] for row, _ in refused]),
            "reason": [refusal.code for _, refusal in refused],
            "words": [refusal.text for _, refusal in refused],
        }
    )
