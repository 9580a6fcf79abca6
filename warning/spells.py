"""What a slow-sales spell is: the label, written once, for models, scoring and the board.

By protocol v1: weekly prices (Monday to Sunday, median) against the mean of the same week in the three years
before, smoothed over three weeks. A label looks at the week after; an indicator must not read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

YEARS, YEARS_NEEDED, YEAR_WEEKS = 3, 2, 52
CLEAR_WEEKS = 4
BRIDGED_WEEKS = 2
LINE = 0.8


@dataclass(frozen=True, slots=True)
class SpellWeeks:
    """Weeks of several series as wide frames: Sundays × series, over each series' own first to last week.

    `price`: weekly price, gaps of up to two weeks bridged. `anomaly`: ln(price / reference). `low`: at or below
    the line. `onset`: a spell begins this week. `clear`: the last four weeks were above the line (one may be
    unknown), so that a warning issued on this Sunday is of an onset to come.
    """

    price: pd.DataFrame
    anomaly: pd.DataFrame
    low: pd.DataFrame
    onset: pd.DataFrame
    clear: pd.DataFrame

    def onset_within(self, weeks: int) -> pd.DataFrame:
        """Whether a spell begins within the next `weeks` weeks; false where the panel ends before they do."""
        ahead = [self.onset.shift(-step, fill_value=False) for step in range(1, weeks + 1)]
        found = ahead[0]
        for later in ahead[1:]:
            found = found | later
        return found

    def tellable(self, weeks: int) -> pd.DataFrame:
        """Issue weeks whose outcome within `weeks` weeks counts.

        The week is clear, the series goes on beyond the horizon, and at least half its weeks have an anomaly.
        """
        seen = sum(self.anomaly.shift(-step).notna().astype(int) for step in range(1, weeks + 1))
        goes_on = _within_life(self.price).shift(-(weeks + 1), fill_value=False)
        return self.clear & goes_on & (seen >= weeks / 2)


def weekly_prices(price: pd.DataFrame) -> pd.DataFrame:
    """Median price of each week from Monday to Sunday, labelled by its Sunday; prices not above 0 do not count."""
    return price.where(price > 0).resample("W-SUN", label="right", closed="right").median()


def spell_weeks(price: pd.DataFrame, threshold: float = LINE) -> SpellWeeks:
    """The weeks of daily prices (days × series) with their spells at `threshold` × reference."""
    return spells_of_weeks(weekly_prices(price), threshold)


def spells_of_weeks(weekly: pd.DataFrame, threshold: float = LINE) -> SpellWeeks:
    """As `spell_weeks`, of weekly prices (consecutive weeks × series, all above 0 or unknown)."""
    alive = _within_life(weekly)
    observed = weekly.notna()
    filled = weekly.ffill(limit=BRIDGED_WEEKS).where(alive)
    anomaly = weekly_anomaly(filled)
    low = anomaly <= np.log(threshold)
    known = anomaly.notna()
    calm = _weeks_set(low) == 0
    mostly_known = _weeks_set(known) >= CLEAR_WEEKS - 1
    trades = low & observed
    onset = trades & trades.shift(-1, fill_value=False) & (calm & mostly_known).shift(1, fill_value=False)
    return SpellWeeks(filled, anomaly, low, onset, calm & mostly_known & known)


def weekly_anomaly(weekly: pd.DataFrame) -> pd.DataFrame:
    """ln(price / reference), the reference being that of `weekly_reference`."""
    return (weekly / weekly_reference(weekly)).apply(np.log)


def weekly_reference(weekly: pd.DataFrame, *, ahead: int = 0) -> pd.DataFrame:
    """The mean of the smoothed price 52, 104 and 156 weeks before the week that lies `ahead` weeks on.

    At least two of the three must be known. It is known 51 weeks ahead (`ahead` of 0 to 50), so it tells the season's
    course before it has come.
    """
    smooth = weekly.rolling(3, center=True, min_periods=2).mean()
    total, count = 0.0 * weekly.fillna(0.0), 0 * weekly.fillna(0.0)
    for year in range(1, YEARS + 1):
        past = smooth.shift(YEAR_WEEKS * year - ahead)
        total, count = total + past.fillna(0.0), count + past.notna()
    return (total / count.where(count > 0)).where(count >= YEARS_NEEDED)


def _within_life(weekly: pd.DataFrame) -> pd.DataFrame:
    """From each series' first observed week to its last."""
    return weekly.ffill().notna() & weekly.bfill().notna()


def _weeks_set(flags: pd.DataFrame) -> pd.DataFrame:
    """How many of the last four weeks are set; none before there are four."""
    return flags.astype(int).rolling(CLEAR_WEEKS).sum()
