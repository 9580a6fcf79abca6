"""The rules a person would use, which every table of skill shows beside ours: no label, no future.

Each takes weekly median prices (series × weeks, NaN where no day of the week was priced) and gives a score of the
same shape, higher where it is more alarming and NaN where it cannot speak. A value at a week reads that week and
earlier ones only, and is the same to the last bit whatever comes after. A week without a price is read as the price
before it, for up to two weeks, as the label does; a trend or a month's mean stands only on prices that were paid.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from models.base import Floats
from models.weekly import Ints, bridged
from warning.errors import InvalidPanel
from warning.indicators.anomaly import anomaly_grid
from warning.indicators.grid import Grid
from warning.indicators.growth import growth_grid
from warning.spells import YEAR_WEEKS, weekly_anomaly

AT_MOST_HALF = 0.5
WEEK_DAYS = 7
SUNDAY = 3
"""1970-01-04, the first Sunday, in days from 1970-01-01."""
SERIES_AT_ONCE = 128
"""Daily grids of so many series stay small; what is computed does not depend on it."""


def anomaly_rule(price: Floats) -> Floats:
    """Minus ln(price / reference): how far below its season the price is now.

    Reference as the label's (`warning.spells.weekly_anomaly`): the mean of the same week in the three years before.
    """
    _check_price(price)
    return -_anomaly(price)


def miews_triggers(price: Floats) -> Floats:
    """How many of two glut triggers are met, 0 to 2: below the mean of three years, and at most half of last year's.

    The mean is the label's reference, and last year's is the price 52 weeks before. A trigger that cannot be told is
    not met; NaN where neither can. Source: India's Market Intelligence and Early Warning System (MIEWS), mission §7.
    """
    _check_price(price)
    now = bridged(price)
    last_year = np.full_like(now, np.nan)
    last_year[:, YEAR_WEEKS:] = now[:, :-YEAR_WEEKS]
    anomaly, half = _anomaly(price), AT_MOST_HALF * last_year
    met = (anomaly < 0).astype(np.float64) + (now <= half)
    return np.where(np.isnan(anomaly) & np.isnan(now - half), np.nan, met)


def mirrored_alps(price: Floats, sundays: Ints, *, since: int = 0) -> Floats:
    """Minus z: how far the price lies below its own trend and season, in robust standard deviations.

    z as `warning.indicators.anomaly`: fitted on the weeks before (156 at least, 70 % of them observed) for each week
    anew, whose cost grows with the square of the weeks; weeks before the column `since` are not asked for and NaN.
    Source: WFP's Alert for Price Spikes (ALPS, Technical Guidance Note 2014), mirrored for falls.
    """
    _check_weeks(price, sundays, since)

    def minus_z(some: Floats) -> Floats:
        grid = _daily(_on_sundays(some), sundays)
        return -anomaly_grid(grid, _on_sundays(bridged(some))[:, WEEK_DAYS * since :], WEEK_DAYS * since)

    return _on_days(price, since, minus_z)


def mirrored_ifpa(price: Floats, sundays: Ints, *, since: int = 0) -> Floats:
    """Minus g: how far quarterly and yearly growth lie below what is usual for the season, in standard deviations.

    g as `warning.indicators.growth`, where each day has its week's price and a month is the thirty days that end on
    the Sunday; weeks before the column `since` are not asked for and NaN. Source: FAO's Indicator of Food Price
    Anomalies (IFPA; SDG indicator 2.c.1), mirrored for falls.
    """
    _check_weeks(price, sundays, since)

    def minus_g(some: Floats) -> Floats:
        return -growth_grid(_daily(np.repeat(some, WEEK_DAYS, axis=1), sundays), WEEK_DAYS * since)

    return _on_days(price, since, minus_g)


def check_sundays(sundays: Ints, weeks: int) -> None:
    """InvalidPanel where the days are not consecutive Sundays, one to each of the weeks."""
    consecutive = bool(np.all(np.diff(sundays) == WEEK_DAYS) and np.all(sundays % WEEK_DAYS == SUNDAY))
    if sundays.shape != (weeks,) or not consecutive:
        raise InvalidPanel(
            f"{len(sundays)} days for {weeks} weeks, or not consecutive Sundays",
            where="sundays",
            todo="give the Sunday that ends each week, in days from 1970-01-01",
        )


def _anomaly(price: Floats) -> Floats:
    import pandas as pd

    return np.ascontiguousarray(weekly_anomaly(pd.DataFrame(bridged(price).T)).to_numpy().T)


def _on_sundays(weekly: Floats) -> Floats:
    """Series × days, each week's value on its Sunday and NaN on the six days before."""
    daily = np.full((len(weekly), WEEK_DAYS * weekly.shape[1]), np.nan)
    daily[:, WEEK_DAYS - 1 :: WEEK_DAYS] = weekly
    return daily


def _daily(values: Floats, sundays: Ints) -> Grid:
    first = int(sundays[0]) - WEEK_DAYS + 1 if len(sundays) else 0
    return Grid(values, np.arange(first, first + values.shape[1], dtype=np.int64))


def _on_days(price: Floats, since: int, compute: Callable[[Floats], Floats]) -> Floats:
    """The Sundays of a daily indicator that starts with the week `since`, some series at a time."""
    out = np.full(price.shape, np.nan)
    if since >= price.shape[1]:
        return out
    for start in range(0, len(price), SERIES_AT_ONCE):
        some = slice(start, start + SERIES_AT_ONCE)
        out[some, since:] = compute(price[some])[:, WEEK_DAYS - 1 :: WEEK_DAYS]
    return out


def _check_price(price: Floats) -> None:
    if price.ndim != 2:
        raise InvalidPanel(f"prices of shape {price.shape}", where="price", todo="give series × weeks")
    wrong = (price <= 0) | np.isinf(price)
    if wrong.any():
        row, week = (int(place) for place in np.argwhere(wrong)[0])
        raise InvalidPanel(
            f"the price {price[row, week]} of series {row} in week {week}",
            where="price",
            todo="give prices above zero, and NaN where there is none",
        )


def _check_weeks(price: Floats, sundays: Ints, since: int) -> None:
    _check_price(price)
    check_sundays(sundays, price.shape[1])
    if since < 0:
        raise InvalidPanel(f"the first column is {since}", where="since", todo="count columns from 0")
