"""Stock and sales: the sold share and its lag, days of supply, over-planting, and tonnes to place."""

from __future__ import annotations

import numpy as np

from warning.indicators.grid import Floats, Ints

CANNOT_CLEAR = 99.0
"""D where nothing goes out or no time is left: larger than any line, and finite."""


def sold_share(sold: Floats, marketable: Floats) -> Floats:
    """S: tonnes sold since the season's start over marketable tonnes, 0 to 1. Source: mission §3."""
    return np.clip(sold / np.where(marketable > 0, marketable, np.nan), 0.0, 1.0)


def sales_lag(sold: Floats, usual: Floats) -> Floats:
    """ΔS: the share usually sold by this day less the share sold, in points (positive: behind). Source: mission §3."""
    return (usual - sold) * 100.0


def days_left(shelf_life: Floats, to_season_end: Floats) -> Floats:
    """Days in which a stock must go: the shorter of remaining shelf life and days to the season's end, at least one."""
    return np.maximum(np.fmin(shelf_life, to_season_end), 1.0)


def supply_ratio(stock: Floats, daily_outflow: Floats, left: Floats) -> Floats:
    """D: days of supply (stock / mean outflow of 14 days) over the days left; above 1 it cannot clear in time.

    Tonnes, tonnes a day, days. 99 where stock lies and nothing goes out; 0 without stock; NaN where stock, outflow
    or days left are unknown. Source: mission §3.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.minimum(stock / daily_outflow / left, CANNOT_CLEAR)
    ratio = np.where((stock > 0) & (daily_outflow <= 0), CANNOT_CLEAR, ratio)
    ratio = np.where((stock <= 0) & ~np.isnan(daily_outflow), 0.0, ratio)
    return np.where(np.isnan(stock) | np.isnan(daily_outflow) | np.isnan(left), np.nan, ratio)


def tonnes_to_place(stock: Floats, harvest: Floats, outflow: Floats, storage: Floats) -> Floats:
    """E: stock + expected harvest − expected outflow − planned storage over one horizon, tonnes, not below 0.

    Harvest and storage that are unknown count as nothing; NaN where stock or outflow is. Source: mission §3.
    """
    found = stock + np.nan_to_num(harvest) - outflow - np.nan_to_num(storage)
    return np.maximum(found, 0.0)


def harvest_between(
    to_come: Floats | float,
    begin: Floats | float,
    end: Floats | float,
    today: Ints | int,
    first: Floats | Ints,
    last: Floats | Ints,
) -> Floats:
    """Tonnes harvested from day `first` to day `last`, both after `today`, evenly over what is left of the harvest.

    `to_come` is what is not harvested yet of a harvest from day `begin` to day `end` (days since 1970). A harvest that
    is over, or of which a number is unknown, brings nothing.
    """
    start = np.maximum(begin, today + 1)
    a_day = to_come / np.where(end >= start, end - start + 1, np.nan)
    days = np.minimum(end, last) - np.maximum(start, first) + 1
    tonnes: Floats = np.nan_to_num(a_day * np.maximum(days, 0.0))
    return tonnes


def over_planting(planted: Floats, normal: Floats) -> Floats:
    """Planted area over the normal one, less 1 (0.1 is ten per cent too much). Source: mission §3, lead."""
    return planted / np.where(normal > 0, normal, np.nan) - 1.0
