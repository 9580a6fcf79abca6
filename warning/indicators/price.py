"""Price against its season: the weekly reading, the reference price, and r."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from warning.indicators.grid import Bools, Floats, Grid, along, grid_of, like, sorted_median, trailing_windows
from warning.indicators.seasons import reference_by_festival, reference_by_xun

if TYPE_CHECKING:
    import pandas as pd

    from warning.indicators.grid import Frame

READING_DAYS, READING_NEEDED = 7, 2


def reading(price: Frame) -> Frame:
    """The reading: median price of the 7 days ending on the day, where at least 2 of them are priced.

    Daily in, daily out, in the unit of `price`. Source: mission §4.
    """
    return along(price, lambda grid: reading_grid(grid.values, 0))


def reading_grid(values: Floats, since: int) -> Floats:
    """As `reading`, series × days from `since` on."""
    medians, count = sorted_median(trailing_windows(values, READING_DAYS, since))
    return np.where(count >= READING_NEEDED, medians, np.nan)


def reference(price: Frame, *, lunar: bool = False, deflator: pd.Series | None = None) -> Frame:
    """The reference price of each day: the same 旬 ±1 over 3 to 5 past years, in the unit of `price`.

    A 旬's price is the median of its days; a past year gives the mean of the 旬 before, the same and the one
    after (those it has); the reference is the mean over years, without the dearest and cheapest when there are
    five. NaN with fewer than three past years. With `lunar`, days within three weeks of 春节 are compared with
    days as far from past ones. `deflator` (a consumer price index, daily) turns past prices into the day's money.
    Source: mission §3 (kin: India's 3-year, Japan's 6-year and Korea's 10-year means).
    """
    grid = grid_of(price)
    cpi = None if deflator is None else deflator.reindex(price.index).to_numpy(dtype=np.float64)
    return like(price, reference_grid(grid, 0, np.full(len(grid.values), lunar), cpi))


def reference_grid(grid: Grid, since: int, lunar: Bools, cpi: Floats | None = None) -> Floats:
    """As `reference`, series × days from `since` on; `cpi` is days, or series × days."""
    if cpi is not None:
        grid = Grid(grid.values / cpi, grid.days)
    found = reference_by_xun(grid, since)
    if lunar.any():
        festive = reference_by_festival(grid.take(np.flatnonzero(lunar)), since)
        found[lunar] = np.where(np.isnan(festive), found[lunar], festive)
    return found if cpi is None else found * cpi[..., since:]


def price_ratio(price: Frame, *, lunar: bool = False, deflator: pd.Series | None = None) -> Frame:
    """r: the reading over the reference price, without unit (0.7 is 30 % below the season). Source: mission §3."""
    ratio = grid_of(reading(price)).values / grid_of(reference(price, lunar=lunar, deflator=deflator)).values
    return like(price, ratio)
