"""The state that every feature starts from: log prices, their seasonal reference, the anomaly, all as of each week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.base import Floats
from models.features.reach import lagged
from models.market_weeks import MarketWeeks
from models.weekly import Bools, bridged
from warning.spells import weekly_reference

AHEAD = 12
"""Weeks ahead for which the season's course is laid out: the longest horizon."""
KNOWN_AHEAD = 50
"""The reference is that old at least: it may be read so far ahead."""
SLIP = 0.7
"""A weekly change beyond this (in logs: twice or half) is left out of means over markets: mostly a slip of a digit."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Series × weeks, in logs, NaN where unknown.

    `log_price` bridges gaps of two weeks; `reference` reaches `KNOWN_AHEAD` weeks beyond the last week; `anomaly` is
    log price minus reference; `change` is that of the last week, unknown where both weeks are bridged.
    """

    weeks: MarketWeeks
    priced: Bools
    log_price: Floats
    reference: Floats
    anomaly: Floats
    change: Floats
    since: int = 0
    """The first column that is asked for: a block may leave earlier weeks unknown."""

    def ahead(self, weeks: int) -> Floats:
        """The anomaly that the week `weeks` on would have if the price stayed where it is."""
        count = self.log_price.shape[1]
        return np.asarray(self.log_price - self.reference[:, weeks : count + weeks])

    def calm_change(self) -> Floats:
        """The weekly change without slips of a digit."""
        return np.where(np.abs(self.change) < SLIP, self.change, np.nan)


def state_of(weeks: MarketWeeks, *, since: int = 0) -> State:
    """The state of a grid; the reference is that of the label (`warning.spells`)."""
    priced = ~np.isnan(weeks.price)
    log_price = np.log(bridged(weeks.price))
    reference = log_reference(weeks)
    change = log_price - lagged(log_price, 1)
    change = np.where((change == 0) & ~priced, np.nan, change)
    return State(weeks, priced, log_price, reference, log_price - reference[:, : log_price.shape[1]], change, since)


def log_reference(weeks: MarketWeeks) -> Floats:
    """ln of the seasonal reference, series × (weeks + `KNOWN_AHEAD`)."""
    import pandas as pd

    index = pd.RangeIndex(weeks.shape[1] + KNOWN_AHEAD)
    frame = pd.DataFrame(bridged(weeks.price).T).reindex(index)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.ascontiguousarray(np.log(weekly_reference(frame).to_numpy().T))
