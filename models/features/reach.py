"""Looking back along the weeks: lags and trailing windows of series × weeks, NaN where unknown.

A value at a week reads that week and earlier ones. Sums run from the first week on, so that the value is the same to
the last bit whatever weeks come later.
"""

from __future__ import annotations

import numpy as np

from models.base import Floats
from models.weekly import Bools, Ints


def lagged(values: Floats, weeks: int) -> Floats:
    """Each week's value of `weeks` before; of `-weeks` later where that is negative (labels only). NaN beyond."""
    if weeks == 0:
        return values
    out = np.full(values.shape, np.nan)
    if abs(weeks) < values.shape[1]:
        if weeks > 0:
            out[:, weeks:] = values[:, :-weeks]
        else:
            out[:, :weeks] = values[:, -weeks:]
    return out


def trailing_mean(values: Floats, weeks: int, *, least: int = 1) -> Floats:
    """Mean of the known values of the last `weeks` weeks; NaN where fewer than `least` are known."""
    total, count = _window(values, weeks)
    return np.where(count >= least, total / np.maximum(count, 1), np.nan)


def trailing_spread(values: Floats, weeks: int, *, least: int = 8) -> Floats:
    """Standard deviation (of the population) of the known values of the last `weeks` weeks."""
    mean = trailing_mean(values, weeks, least=least)
    square = trailing_mean(values * values, weeks, least=least)
    return np.asarray(np.sqrt(np.maximum(square - mean * mean, 0.0)))


def trailing_least(values: Floats, weeks: int) -> Floats:
    """The least known value of the last `weeks` weeks."""
    out, reach = values, 1
    while reach < weeks:
        step = min(reach, weeks - reach)
        out = np.fmin(out, lagged(out, step))
        reach += step
    return out


def weeks_since(event: Bools, *, most: float) -> Floats:
    """Weeks since the event last stood, 0 where it stands now; `most` where it never did or longer ago."""
    number = np.arange(event.shape[1])
    last: Ints = np.maximum.accumulate(np.where(event, number, -10_000), axis=1)
    return np.minimum((number - last).astype(np.float64), most)


def _window(values: Floats, weeks: int) -> tuple[Floats, Floats]:
    """(sum, count) of the known values of each trailing window."""
    known = ~np.isnan(values)
    total = np.cumsum(np.where(known, values, 0.0), axis=1)
    count = np.cumsum(known, axis=1, dtype=np.float64)
    for sums in (total, count):
        if weeks < values.shape[1]:
            sums[:, weeks:] = sums[:, weeks:] - sums[:, :-weeks].copy()
    return total, count
