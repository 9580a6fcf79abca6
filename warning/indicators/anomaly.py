"""z: how far the price lies from its own trend and season, in robust standard deviations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from warning.indicators.grid import Bools, Floats, Grid, Ints, along, sorted_median
from warning.indicators.price import READING_DAYS, reading_grid

if TYPE_CHECKING:
    from warning.indicators.grid import Frame

WEEKS_NEEDED, SHARE_NEEDED, WEEKS_RECENT = 156, 0.70, 26
MAD_TO_SIGMA = 1.4826
LEAST_SCALE = 0.005
"""A price that hardly ever moves (half a percent about its fit) has no deviations to count in: z is unknown."""
YEAR_DAYS = 365.25
SUNDAY = 3
"""1970-01-04, the first Sunday, counted from 1970-01-01."""


def trend_anomaly(price: Frame) -> Frame:
    """z: (ln reading − fit) / (1.4826 × MAD of the fit's residuals); daily, in robust standard deviations.

    The fit is ordinary least squares of the ln of weekly prices (median of Monday to Sunday) on a linear trend
    and two yearly harmonics, over all weeks that ended before the reading's seven days began. It needs a span of
    156 weeks, 70 % of them observed and one in the last 26, and residuals of half a percent, else
    z is NaN. Source: WFP's Alert for Price Spikes (ALPS, Technical Guidance Note 2014), there on months with dummies
    for the season and for rises; mirrored here.
    """
    return along(price, lambda grid: anomaly_grid(grid, reading_grid(grid.values, 0), 0))


@dataclass(frozen=True, slots=True)
class _Weeks:
    """Weekly ln prices (series × weeks, NaN unknown), their design (6 × weeks) and cumulative normal equations."""

    log_price: Floats
    sundays: Ints
    design: Floats
    gram: Floats
    moment: Floats
    first: Ints
    observed: Ints
    latest: Ints


def anomaly_grid(grid: Grid, readings: Floats, since: int) -> Floats:
    """As `trend_anomaly`, series × days from `since` on; `readings` are those days' readings."""
    out = np.full(readings.shape, np.nan)
    weeks = _weeks(grid)
    if not len(weeks.sundays):
        return out
    days = grid.days[since:]
    fit_week = (days - READING_DAYS - int(weeks.sundays[0])) // 7
    with np.errstate(divide="ignore", invalid="ignore"):
        log_reading = np.log(readings)
    for week in np.unique(fit_week[fit_week >= 0]):
        some = np.flatnonzero(_fit_possible(weeks, int(week)))
        if not len(some):
            continue
        at = np.flatnonzero(fit_week == week)
        out[np.ix_(some, at)] = _standardised(weeks, int(week), some, days[at], log_reading[np.ix_(some, at)])
    return out


def design_of(days: Ints) -> Floats:
    """The regressors on the days that end each week: 1, trend in decades, two yearly harmonics; 6 × days."""
    angle = 2 * np.pi * days / YEAR_DAYS
    trend = days / (10 * YEAR_DAYS) - 4.0
    return np.stack([np.ones(len(days)), trend, np.cos(angle), np.sin(angle), np.cos(2 * angle), np.sin(2 * angle)])


def weekly_log_prices(grid: Grid) -> tuple[Floats, Ints]:
    """(ln of the median price of each Monday to Sunday, series × weeks; the Sundays), whole weeks only."""
    before = int((grid.days[0] - SUNDAY - 1) % 7) if len(grid.days) else 0
    count = (before + len(grid.days)) // 7
    if count <= 0:
        return np.empty((len(grid.values), 0)), np.empty(0, dtype=np.int64)
    padded = np.pad(grid.values, ((0, 0), (before, 0)), constant_values=np.nan)
    whole = padded[:, : 7 * count].reshape(len(grid.values), count, 7)
    medians, _ = sorted_median(whole)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(medians)
    return np.where(np.isfinite(logs), logs, np.nan), grid.days[0] - before + 6 + 7 * np.arange(count)


def _upper(size: int) -> list[tuple[int, int]]:
    """The places on and above the diagonal of a square of that size, row by row."""
    return [(row, column) for row in range(size) for column in range(row, size)]


def _weeks(grid: Grid) -> _Weeks:
    log_price, sundays = weekly_log_prices(grid)
    design = design_of(sundays)
    known = ~np.isnan(log_price)
    filled = np.where(known, log_price, 0.0)
    upper = _upper(len(design))
    # a cumulative sum gives every expanding fit at once, the same to the last bit wherever the frame ends
    gram = np.stack([np.cumsum(np.where(known, design[i] * design[j], 0.0), axis=1) for i, j in upper])
    moment = np.stack([np.cumsum(row * filled, axis=1) for row in design])
    number = np.arange(len(sundays))
    return _Weeks(
        log_price,
        sundays,
        design,
        gram,
        moment,
        first=np.where(known.any(axis=1), known.argmax(axis=1), len(sundays)).astype(np.int64),
        observed=np.cumsum(known, axis=1).astype(np.int64),
        latest=np.maximum.accumulate(np.where(known, number, -1), axis=1) if len(number) else known.astype(np.int64),
    )


def _fit_possible(weeks: _Weeks, week: int) -> Bools:
    """Which series can be fitted on the weeks up to `week`."""
    span = week - weeks.first + 1
    enough: Bools = (span >= WEEKS_NEEDED) & (weeks.observed[:, week] >= SHARE_NEEDED * span)
    return enough & (weeks.latest[:, week] > week - WEEKS_RECENT)


def _standardised(weeks: _Weeks, week: int, some: Ints, days: Ints, log_reading: Floats) -> Floats:
    """z of some series on the days whose fit ends with `week`."""
    size = len(weeks.design)
    gram = np.empty((len(some), size, size))
    for place, (i, j) in enumerate(_upper(size)):
        gram[:, i, j] = gram[:, j, i] = weeks.gram[place, some, week]
    beta = np.asarray(np.linalg.solve(gram, weeks.moment[:, some, week].T[..., np.newaxis])[..., 0], dtype=np.float64)
    residual: Floats = weeks.log_price[some, : week + 1] - _fitted(beta, weeks.design[:, : week + 1])
    middle, _ = sorted_median(residual)
    spread, _ = sorted_median(np.abs(residual - middle[:, np.newaxis]))
    scale = MAD_TO_SIGMA * spread
    scale[scale < LEAST_SCALE] = np.nan
    return np.asarray((log_reading - _fitted(beta, design_of(days))) / scale[:, np.newaxis])


def _fitted(beta: Floats, design: Floats) -> Floats:
    """beta (series × 6) on a design (6 × days), term by term: a matrix product's last bit varies with its shape."""
    total: Floats = beta[:, 0, np.newaxis] * design[0]
    for term in range(1, len(design)):
        total = total + beta[:, term, np.newaxis] * design[term]
    return total
