"""g: quarterly and yearly price growth against what is usual for the season."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from warning.indicators.grid import Floats, Grid, Ints, along, at_days, trailing_sum
from warning.indicators.seasons import YEARS_NEEDED, years_before

if TYPE_CHECKING:
    from warning.indicators.grid import Frame

MONTH_DAYS, DAYS_NEEDED = 30, 4
QUARTER_DAYS, YEAR_DAYS = 91, 365
LEAST_SPREAD = 0.001
"""Growth that varies by less than a tenth of a percent a month gives nothing to compare with: g is unknown."""
QUARTER_WEIGHT, YEAR_WEIGHT = 0.4, 0.6


def growth_anomaly(price: Frame) -> Frame:
    """g: 0.4 × z of the quarterly compound growth + 0.6 × z of the yearly one; daily, in standard deviations.

    Compound growth a month: (P/P₋₃)^(1/3) − 1 and (P/P₋₁₂)^(1/12) − 1; each is standardised by the mean and the
    standard deviation of the same season in all past years, at least three. Source: FAO's Indicator of Food Price
    Anomalies (IFPA; SDG indicator 2.c.1), on calendar months. Here P is the mean of the 30 days ending on the day
    (at least 4 priced), against 91 and 365 days before, and a past year's value is that of the same calendar day,
    so that the indicator is daily and looks at nothing later; past years weigh equally, where FAO weighs recent
    ones more.
    """
    return along(price, lambda grid: growth_grid(grid, 0))


def growth_grid(grid: Grid, since: int) -> Floats:
    """As `growth_anomaly`, series × days from `since` on."""
    known = ~np.isnan(grid.values)
    count = trailing_sum(known.astype(np.float64), MONTH_DAYS)
    total = trailing_sum(np.where(known, grid.values, 0.0), MONTH_DAYS)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_month = np.where((count >= DAYS_NEEDED) & (total > 0), np.log(total / count), np.nan)
    quarter = _compound_growth(log_month, QUARTER_DAYS, 3)
    year = _compound_growth(log_month, YEAR_DAYS, 12)
    days = grid.days
    quarterly, yearly = _against_past(quarter, days, since), _against_past(year, days, since)
    return QUARTER_WEIGHT * quarterly + YEAR_WEIGHT * yearly


def _compound_growth(log_month: Floats, lag: int, months: int) -> Floats:
    """Monthly compound growth over `lag` days; NaN in the first of them."""
    out = np.full(log_month.shape, np.nan)
    if log_month.shape[1] > lag:
        out[:, lag:] = np.expm1((log_month[:, lag:] - log_month[:, :-lag]) / months)
    return out


def _against_past(growth: Floats, days: Ints, since: int) -> Floats:
    """Each day's growth less the mean, over the standard deviation, of the same day in all past years."""
    wanted = days[since:]
    count = np.zeros((len(growth), len(wanted)))
    total, squares = np.zeros_like(count), np.zeros_like(count)
    now = growth[:, since:]
    for back in range(1, (len(days) - 1) // YEAR_DAYS + 1):
        # differences to the present value keep the sum of squares well conditioned
        past = at_days(growth, int(days[0]), years_before(wanted, back)) - now
        known = ~np.isnan(past)
        past = np.where(known, past, 0.0)
        count += known
        total += past
        squares += past * past
    enough = count >= YEARS_NEEDED
    mean = total / np.maximum(count, 1)
    variance = (squares - count * mean * mean) / np.maximum(count - 1, 1)
    usable = enough & (variance > LEAST_SPREAD**2)
    return np.where(usable, -mean / np.sqrt(np.where(usable, variance, 1.0)), np.nan)
