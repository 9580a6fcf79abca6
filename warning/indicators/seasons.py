"""The same time of year in past years: by 旬 (ten-day period), by calendar day, and by lunar offset around 春节."""

from __future__ import annotations

import numpy as np

from warning.indicators.grid import Bools, Floats, Grid, Ints, at_days, sorted_median
from warning.lunar import festival_day, nearest_festival

YEARS_BACK, YEARS_NEEDED = 5, 3
FESTIVAL_REACH = 21
"""Days on each side of 春节 in which past years go by lunar offset."""
XUN_A_YEAR = 36


def xun_number(days: Ints) -> Ints:
    """The running number of each day's 旬: 36 a year, the third of a month has 8 to 11 days."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    day_of_month = (dates - months.astype("datetime64[D]")).astype(np.int64)
    number: Ints = months.astype(np.int64) * 3 + np.minimum(day_of_month // 10, 2)
    return number


def years_before(days: Ints, years: int) -> Ints:
    """The same calendar day `years` before; 29 February becomes the 28th."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    day_of_month = (dates - months.astype("datetime64[D]")).astype(np.int64)
    earlier = months - 12 * years
    length = ((earlier + 1).astype("datetime64[D]") - earlier.astype("datetime64[D]")).astype(np.int64)
    found: Ints = earlier.astype("datetime64[D]").astype(np.int64) + np.minimum(day_of_month, length - 1)
    return found


def lunar_years_before(days: Ints, years: int) -> Ints:
    """The day as far from 春节 `years` before as `days` lie from theirs, where that is within 21 days."""
    offset, year = nearest_festival(days)
    return np.where(np.abs(offset) <= FESTIVAL_REACH, festival_day(year - years) + offset, years_before(days, years))


def mean_of_years(years: Floats) -> Floats:
    """Mean over the first axis (past years), without the highest and lowest where all five are known.

    NaN where fewer than three are known. mission: reference over 3 to 5 past years.
    """
    known = ~np.isnan(years)
    count = known.sum(axis=0)
    filled = np.where(known, years, 0.0)
    total = filled.sum(axis=0)
    trimmed = total - filled.max(axis=0) - filled.min(axis=0)  # read only where all five are known
    mean = np.where(count == YEARS_BACK, trimmed / (YEARS_BACK - 2), total / np.maximum(count, 1))
    return np.where(count >= YEARS_NEEDED, mean, np.nan)


def past_years(values: Floats, days: Ints, since: int, lunar: Bools, *, ahead: int = 0) -> Floats:
    """Values of the same day in the five past years: years × series × days from `since` on.

    `values` is series × days. Series with `lunar` go by lunar offset around 春节. `ahead` shifts the past days
    forward, which centres a trailing window; nothing within the last 300 days is ever read.
    """
    out = np.empty((YEARS_BACK, len(values), len(days) - since))
    for back in range(1, YEARS_BACK + 1):
        out[back - 1] = at_days(values, int(days[0]), years_before(days[since:], back) + ahead)
        if lunar.any():
            out[back - 1, lunar] = at_days(values[lunar], int(days[0]), lunar_years_before(days[since:], back) + ahead)
    return out


def reference_by_xun(grid: Grid, since: int) -> Floats:
    """Mean over past years of the same 旬 ±1: series × days from `since` on, in the unit of the grid."""
    numbers = xun_number(grid.days)
    first = int(numbers[0])
    starts = np.searchsorted(numbers, np.arange(first, int(numbers[-1]) + 2))
    medians = _block_medians(grid.values, starts[:-1], np.diff(starts))
    # a 旬 before the frame has a neighbour in it
    around = _mean_of_three(np.pad(medians, ((0, 0), (1, 0)), constant_values=np.nan))
    wanted, place = np.unique(numbers[since:], return_inverse=True)
    years = np.stack([at_days(around, first - 1, wanted - XUN_A_YEAR * back) for back in range(1, YEARS_BACK + 1)])
    return mean_of_years(years)[:, place]


def reference_by_festival(grid: Grid, since: int) -> Floats:
    """As `reference_by_xun`, in ten-day blocks counted from 春节; NaN more than 21 days away from one."""
    offset, year = nearest_festival(grid.days[since:])
    out = np.full((len(grid.values), len(offset)), np.nan)
    near = np.abs(offset) <= FESTIVAL_REACH
    for festival_year in np.unique(year[near]):
        blocks = offset // 10
        for block in np.unique(blocks[near & (year == festival_year)]):
            days = near & (year == festival_year) & (blocks == block)
            past = [_festival_value(grid, int(festival_year) - back, int(block)) for back in range(1, YEARS_BACK + 1)]
            out[:, days] = mean_of_years(np.stack(past))[:, np.newaxis]
    return out


def _festival_value(grid: Grid, year: int, block: int) -> Floats:
    """Mean of the medians of three ten-day blocks around `block` of one year's 春节, a value a series."""
    centre = int(festival_day(np.array([year], dtype=np.int64))[0])
    first = centre + 10 * (block - 1)
    window = at_days(grid.values, int(grid.days[0]), np.arange(first, first + 30, dtype=np.int64))
    medians, _ = sorted_median(window.reshape(len(window), 3, 10))
    return _mean_of_three(medians)[:, 1]


def _block_medians(values: Floats, starts: Ints, sizes: Ints) -> Floats:
    """Median of each stretch of days: series × stretches."""
    width = int(sizes.max())
    steps = np.arange(width)
    index = starts[:, np.newaxis] + steps
    inside = steps < sizes[:, np.newaxis]
    gathered = values[:, np.minimum(index, values.shape[1] - 1)]
    medians, _ = sorted_median(np.where(inside, gathered, np.nan))
    return medians


def _mean_of_three(values: Floats) -> Floats:
    """Mean of each value and its two neighbours along the last axis, of those that are known."""
    padded = np.pad(values, ((0, 0), (1, 1)), constant_values=np.nan)
    stack = np.stack([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]])
    known = ~np.isnan(stack)
    count = known.sum(axis=0)
    total = np.where(known, stack, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
