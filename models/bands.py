"""Bands from a forecaster's own past errors, and what they would have cost: no distribution is assumed.

An error of `horizon` weeks made at an origin is known `horizon` weeks later and not before; the band at any origin
stands on the errors known by then, so that the band of today and the bands it is judged by are made alike.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import nan
from typing import TYPE_CHECKING, Protocol

import numpy as np

from models.base import LEVELS, Floats, forecast_frame
from models.weekly import Bools, SeriesWeeks, WeeklyPanel
from warning.errors import InvalidPanel

if TYPE_CHECKING:
    import pandas as pd

LONGEST_WEEKS = 26
"""A series of two years leaves as many past errors of a forecast half a year ahead."""
LEAST_ERRORS = 20
"""An 80 % band needs nine errors to have an edge within them; twice that and a little, as they overlap."""


@dataclass(frozen=True, slots=True)
class BandRule:
    """How errors become a band.

    `window`: the last so many known errors, or None for all. `corrected`: quantile positions level × (n + 1), that hold
    their level for the next error in a finite sample (Weibull; the conformal correction), instead of numpy's
    level × (n - 1) + 1. `least`: fewer errors make no band when judging.
    """

    window: int | None
    corrected: bool
    least: int = LEAST_ERRORS


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One series' forecasts by one model, in logs.

    `points`: horizons. `errors`: horizons × weeks of the series, actual minus forecast at the origin that the
    column stands for; NaN where no forecast was made or its target has no price.
    """

    points: Floats
    errors: Floats


class TrackedForecaster(Protocol):
    """A forecaster that looks at one series at a time and remembers how wrong it was."""

    @property
    def name(self) -> str:
        """As `Forecaster.name`."""
        ...

    @property
    def rule(self) -> BandRule:
        """How its errors become its band."""
        ...

    def track(self, weeks: SeriesWeeks, horizons: Sequence[int]) -> Track:
        """Forecasts from the end of the series and its errors from earlier weeks, each as known then."""
        ...


def banded(
    model: TrackedForecaster, weekly: WeeklyPanel, issue_day: dt.date, horizons_weeks: Sequence[int]
) -> pd.DataFrame:
    """`Forecaster.fit_predict` of a forecaster that looks at one series at a time."""
    check_asked(weekly, issue_day, horizons_weeks)
    rows = weekly.rows()
    quantiles = np.empty((len(rows), len(horizons_weeks), len(LEVELS)))
    for place, (_, weeks) in enumerate(weekly.each()):
        quantiles[place] = np.exp(band(model.track(weeks, horizons_weeks), model.rule))
    return forecast_frame(weekly, rows, horizons_weeks, quantiles)


def check_asked(weekly: WeeklyPanel, issue_day: dt.date, horizons_weeks: Sequence[int]) -> None:
    """InvalidPanel where the panel knows more than the issue day, or a horizon is out of reach."""
    if weekly.last_sunday > issue_day:
        raise InvalidPanel(
            f"the panel reaches to {weekly.last_sunday}, beyond the issue day {issue_day}",
            where="last_sunday",
            todo="build it with weekly_panel(prices, issue_day)",
        )
    for horizon in horizons_weeks:
        if not 1 <= horizon <= LONGEST_WEEKS:
            raise InvalidPanel(
                f"a horizon of {horizon} weeks", where="horizons", todo=f"ask for 1 to {LONGEST_WEEKS} weeks"
            )


def errors_of(weeks: SeriesWeeks, forecasts: Floats, horizons: Sequence[int]) -> Floats:
    """Actual minus forecast, horizons × weeks; `forecasts` alike, NaN where none was made.

    Origins must be known and targets traded. Where that leaves fewer than `LEAST_ERRORS` at a horizon (produce
    that is away for months), holes count as interpolated: a rough band is better than none.
    """
    errors = np.full_like(forecasts, np.nan)
    for place, horizon in enumerate(horizons):
        if horizon >= len(weeks.logs):
            continue
        error = weeks.logs[horizon:] - forecasts[place, :-horizon]
        strict = np.where(weeks.known[:-horizon] & weeks.traded[horizon:], error, np.nan)
        enough = np.count_nonzero(~np.isnan(strict)) >= LEAST_ERRORS
        errors[place, :-horizon] = strict if enough else error
    return errors


def band(track: Track, rule: BandRule) -> Floats:
    """Quantiles in logs at the end of the series, horizons × 3, never crossing."""
    out = np.empty((len(track.points), len(LEVELS)))
    for place, errors in enumerate(track.errors):
        known = errors[~np.isnan(errors)]
        recent = known if rule.window is None else known[-rule.window :]
        low, high = edges(sorted(recent.tolist()), rule.corrected)
        out[place] = track.points[place] + np.array([low, 0.0, high])
    return out


def edges(ordered: list[float], corrected: bool) -> tuple[float, float]:
    """(low, high) edges of the 80 % band around the point: low <= 0 <= high; `ordered` is not empty."""
    (low, low_next, low_part), (high, high_next, high_part) = _places(len(ordered), corrected)
    bottom = ordered[low] + low_part * (ordered[low_next] - ordered[low])
    top = ordered[high] + high_part * (ordered[high_next] - ordered[high])
    return (bottom if bottom < 0 else 0.0), (top if top > 0 else 0.0)


@lru_cache(maxsize=4096)
def _places(count: int, corrected: bool) -> tuple[tuple[int, int, float], tuple[int, int, float]]:
    """Where the two edges stand among `count` ordered errors: (place, the next place, part of the way to it)."""
    out = []
    for level in (LEVELS[0], LEVELS[-1]):
        place = level * (count + 1) - 1 if corrected else level * (count - 1)
        place = min(max(place, 0.0), count - 1.0)
        out.append((int(place), min(int(place) + 1, count - 1), place - int(place)))
    return out[0], out[1]


def past_losses(errors: Floats, horizon: int, rule: BandRule, origins: Sequence[int]) -> Floats:
    """Pinball loss (mean of three quantiles, logs) at each of the ascending origins; NaN where there was no band.

    The band at an origin stands on the errors that were known by then, the last `rule.window` of them.
    """
    at = np.asarray(origins, dtype=np.int64)
    made = np.flatnonzero(~np.isnan(errors))
    known = np.searchsorted(made + horizon, at, side="right").tolist()
    values = errors[made].tolist()
    lows, highs = [nan] * len(at), [nan] * len(at)
    # values[first:beyond] stand in `ordered`
    beyond = known[0] if known else 0
    first = _since(beyond, rule)
    ordered = sorted(values[first:beyond])
    for place, upto in enumerate(known):
        for value in values[beyond:upto]:
            insort(ordered, value)
        beyond, since = upto, _since(upto, rule)
        for value in values[first:since]:
            del ordered[bisect_left(ordered, value)]
        first = since
        if len(ordered) >= rule.least:
            lows[place], highs[place] = edges(ordered, rule.corrected)
    return pinball(errors[at], np.array([lows, np.zeros(len(at)), highs]))


def _since(known: int, rule: BandRule) -> int:
    return 0 if rule.window is None else max(known - rule.window, 0)


def pinball(actual: Floats, quantiles: Floats) -> Floats:
    """Mean pinball loss over the levels; `quantiles` is levels × the shape of `actual`."""
    levels = np.array(LEVELS)[:, np.newaxis]
    miss = actual - quantiles
    losses: Floats = np.maximum(levels * miss, (levels - 1) * miss).mean(axis=0)
    return losses


def shared(*losses: Floats) -> Bools:
    """Where all of them are known."""
    return np.asarray(~np.isnan(np.stack(losses)).any(axis=0))
