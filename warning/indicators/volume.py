"""Volume and revenue against their season, the type of a price fall, the stall, and what may be unsold."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from warning.indicators.grid import Bools, Floats, Grid, Ints, along, grid_of, like, trailing_sum
from warning.indicators.seasons import mean_of_years, past_years
from warning.lunar import nearest_festival

if TYPE_CHECKING:
    import pandas as pd

    from warning.indicators.grid import Frame

VOLUME_DAYS, DAYS_NEEDED = 10, 3
SURPLUS_DAYS = 28
STALL_DAYS, SEASON_SHARE = 7, 0.10
STALL_REACH = 21
"""The market days of a stall must lie within three weeks."""
FESTIVAL_QUIET = 7
"""Days on each side of 春节 that count for no stall."""
SEASON_YEARS_DAYS = 3 * 365
LEAST_RATIO = 0.01
"""A volume below a hundredth of its season is read as a hundredth, so that no logarithm is infinite."""


class SaleType(enum.StrEnum):
    """What kind of slow sale a low price is; volume classifies, it is not added."""

    GLUT = "glut"
    STALLED = "stalled"
    ORDINARY = "ordinary"
    NOT_LOW = ""


def volume_anomaly(volume: Frame, *, lunar: bool = False) -> Frame:
    """v: ln(10-day volume / seasonal 10-day volume), without unit, daily.

    The seasonal volume is the mean of the same ten days in 3 to 5 past years (without the highest and lowest of
    five); each window needs 3 days with a volume. With `lunar`, days within three weeks of 春节 go by lunar
    offset. Source: mission §3.
    """
    return along(volume, lambda grid: volume_grid(grid, 0, np.full(len(grid.values), lunar)))


def revenue_anomaly(price: Frame, volume: Frame, *, lunar: bool = False) -> Frame:
    """ρ: ln(10-day revenue / seasonal revenue), where revenue is price × volume of the days that have both.

    Only meaningful where price and volume are of the same kind and place. Source: mission §3.
    """
    prices, volumes = grid_of(price), grid_of(volume)
    revenue = Grid(prices.values * volumes.values, prices.days)
    return like(price, volume_grid(revenue, 0, np.full(len(revenue.values), lunar)))


def volume_grid(grid: Grid, since: int, lunar: Bools) -> Floats:
    """As `volume_anomaly` (of a volume or a revenue), series × days from `since` on."""
    sums = _window_sums(grid.values, VOLUME_DAYS, DAYS_NEEDED)
    return log_ratio(sums[:, since:], mean_of_years(past_years(sums, grid.days, since, lunar)))


def log_ratio(now: Floats, usual: Floats) -> Floats:
    """ln(now / usual), not below ln(0.01); NaN where either is unknown or nothing is usual."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = now / np.where(usual > 0, usual, np.nan)
        return np.log(np.maximum(ratio, LEAST_RATIO))


def surplus_grid(grid: Grid, since: int, lunar: Bools) -> Floats:
    """Volume of the last 28 days less its season, in the unit of the grid: series × days from `since` on.

    For a glut this is the estimated surplus, for a stall its negative is (mission §3, E without T3).
    """
    sums = _window_sums(grid.values, SURPLUS_DAYS, DAYS_NEEDED)
    return sums[:, since:] - mean_of_years(past_years(sums, grid.days, since, lunar))


def stall_share(
    volume: Frame,
    *,
    market_day: pd.DataFrame | None = None,
    lunar: bool = False,
    days: int = STALL_DAYS,
    season_share: float = SEASON_SHARE,
) -> Frame:
    """The best of the last 7 market days: its volume over what a trading day at that time of year usually brings.

    At or below 0.5 the sales stall (for a week no market day reached half the season's volume), whatever the price.
    The seven days lie within three weeks and in season (the seasonal volume is a tenth of the yearly mean at least).
    `market_day` (like `volume`, true or false) says on which days the market traded at all; the 7 days on each side
    of 春节 do not count with `lunar`; a day whose volume is unknown neither counts nor breaks the run. NaN where
    there are no such seven days. Source: mission §3 (秭归 2020: outflow fell to an eighth at unchanged price).
    """
    grid = grid_of(volume)
    trading = np.ones(grid.values.shape, dtype=np.bool_)
    if market_day is not None:
        trading = grid_of(market_day.astype(np.float64)).values > 0
    flags = np.full(len(grid.values), lunar)
    return like(volume, stall_grid(grid, 0, flags, trading, days=days, season_share=season_share))


def stall_grid(
    grid: Grid, since: int, lunar: Bools, trading: Bools, *, days: int = STALL_DAYS, season_share: float = SEASON_SHARE
) -> Floats:
    """As `stall_share`, series × days from `since` on; `trading` is series × days of the whole grid."""
    start = max(0, since - STALL_REACH)
    norm, in_season = _daily_norm(grid, start, lunar, season_share)
    now = grid.values[:, start:]
    counted = in_season & trading[:, start:] & ~np.isnan(now)
    offset, _ = nearest_festival(grid.days[start:])
    counted &= ~(lunar[:, np.newaxis] & (np.abs(offset) <= FESTIVAL_QUIET))
    share = np.where(counted, now / np.where(counted, norm, 1.0), np.nan)
    return _highest_of_last(share, days)[:, since - start :]


def _highest_of_last(share: Floats, days: int) -> Floats:
    """The highest of the last `days` known values, where they lie within STALL_REACH days: series × days."""
    known = ~np.isnan(share)
    seen = np.cumsum(known, axis=1)
    out = np.full(share.shape, np.nan)
    number = np.arange(share.shape[1])
    for row in np.flatnonzero(seen[:, -1] >= days):
        places = np.flatnonzero(known[row])
        highest = sliding_window_view(share[row, places], days).max(axis=1)
        full = seen[row] >= days
        window = seen[row, full] - days
        near = number[full] - places[window] < STALL_REACH
        out[row, full] = np.where(near, highest[window], np.nan)
    return out


def _daily_norm(grid: Grid, start: int, lunar: Bools, season_share: float) -> tuple[Floats, Bools]:
    """(usual volume of a trading day, whether the day is in season), series × days from `start` on."""
    known = ~np.isnan(grid.values)
    days_known = trailing_sum(known.astype(np.float64), VOLUME_DAYS)
    sums = _window_sums(grid.values, VOLUME_DAYS, DAYS_NEEDED)
    with np.errstate(invalid="ignore", divide="ignore"):
        each = sums / days_known
    # the window of a past year is centred on the day: a trailing one lags where the season ends steeply
    norm = mean_of_years(past_years(each, grid.days, start, lunar, ahead=VOLUME_DAYS // 2))
    seasonal = mean_of_years(past_years(sums / VOLUME_DAYS, grid.days, start, lunar, ahead=VOLUME_DAYS // 2))
    yearly = trailing_sum(np.where(known, grid.values, 0.0), SEASON_YEARS_DAYS)[:, start:] / SEASON_YEARS_DAYS
    return norm, ~np.isnan(norm) & (norm > 0) & (seasonal >= season_share * yearly)


def _window_sums(values: Floats, width: int, needed: int) -> Floats:
    """Sum of the known values of `width` days ending on each day, where at least `needed` are known."""
    known = ~np.isnan(values)
    count = trailing_sum(known.astype(np.float64), width)
    total = trailing_sum(np.where(known, values, 0.0), width)
    return np.where(count >= needed, total, np.nan)


def market_days(traded: Bools, market: Ints, closed: Bools) -> Bools:
    """Series × days: the series' market traded something that day, and no source calls it closed.

    `traded` says series × days where a price or a volume is known; `market` numbers each series' market from 0;
    `closed` is markets × days.
    """
    if not len(market):
        return traded.copy()
    open_days = np.zeros(closed.shape, dtype=np.bool_)
    order = np.argsort(market, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(market[order]) > 0])
    open_days[market[order][starts]] = np.logical_or.reduceat(traded[order], starts, axis=0)
    found: Bools = (open_days & ~closed)[market]
    return found
