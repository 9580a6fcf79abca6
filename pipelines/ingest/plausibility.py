"""Ten-fold slips: prices and volumes that a series could not have had, judged by what came before only.

A price is suspect when it is at least seven times, or at most a seventh of, the median of the eleven prices
before it within 45 days: markets do not move so in a day, a misplaced decimal point does. A month's volumes are
suspect as a whole when their median is at least six times both last month's and the same month's a year ago
(seasons begin ten-fold too, but they do so every year). Suspect values are kept and flagged, and not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from warning.panel import group_median

if TYPE_CHECKING:
    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Mask = np.ndarray[Any, np.dtype[np.bool_]]

PRICES_BEFORE: Final = 11
FEWEST_BEFORE: Final = 5
DAYS_BEFORE: Final = 45
PRICE_RATIO: Final = 7.0
VOLUME_RATIO: Final = 6.0
FEWEST_VOLUMES: Final = 4
HISTORY_DAYS: Final = 430
BLOCK: Final = 200_000


def price_slips(variety: Ints, day: Ints, price: Floats) -> Mask:
    """Rows whose price is suspect; they come sorted by `variety` (a code for a variety in a series) and day."""
    slips = np.zeros(len(price), dtype=bool)
    at = np.flatnonzero(~np.isnan(price))
    variety, day, price = variety[at], day[at], price[at]
    for start in range(0, len(at), BLOCK):
        stop = min(start + BLOCK, len(at))
        before = _median_before(variety, day, price, start, stop)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = price[start:stop] / before
        slips[at[start:stop]] = (ratio >= PRICE_RATIO) | (ratio <= 1 / PRICE_RATIO)
    return slips


def _median_before(series: Ints, day: Ints, price: Floats, start: int, stop: int) -> Floats:
    """Median of up to eleven prices before each of rows start to stop; NaN with fewer than five."""
    here = np.arange(start, stop)
    window = np.full((stop - start, PRICES_BEFORE), np.nan)
    for step in range(1, PRICES_BEFORE + 1):
        there = np.maximum(here - step, 0)
        same = (here >= step) & (series[there] == series[here]) & (day[here] - day[there] <= DAYS_BEFORE)
        window[:, step - 1] = np.where(same, price[there], np.nan)
    window.sort(axis=1)
    count = PRICES_BEFORE - np.isnan(window).sum(axis=1)
    row = np.arange(len(window))
    low, high = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, PRICES_BEFORE - 1)
    return np.where(count >= FEWEST_BEFORE, (window[row, low] + window[row, high]) / 2, np.nan)


def volume_slips(series: Ints, day: Ints, volume: Floats) -> Mask:
    """Rows whose volume is suspect, in any order; judged by series, since it may stand on any variety's line."""
    known = volume > 0
    if not known.any():
        return np.zeros(len(volume), dtype=bool)
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    key = series * 4096 + month
    blocks, block = np.unique(key, return_inverse=True)
    median = group_median(np.where(known, volume, np.nan), block, len(blocks))
    counts = np.bincount(block[known], minlength=len(blocks))
    ratios = [median / _value_at(blocks, median, blocks - lag) for lag in (1, 12)]
    high = np.logical_and.reduce([ratio >= VOLUME_RATIO for ratio in ratios])
    low = np.logical_and.reduce([ratio <= 1 / VOLUME_RATIO for ratio in ratios])
    odd: Mask = ((high | low) & (counts >= FEWEST_VOLUMES))[block] & known
    return odd


def _value_at(blocks: Ints, values: Floats, wanted: Ints) -> Floats:
    place = np.minimum(np.searchsorted(blocks, wanted), len(blocks) - 1)
    return np.where(blocks[place] == wanted, values[place], np.nan)
