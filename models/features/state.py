"""The state that every feature starts from: log prices, their seasonal reference, the anomaly, all as of each week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.base import Floats
from models.features.group import Group
from models.features.reach import lagged, trailing_mean
from models.market_weeks import MarketWeeks
from models.weekly import Bools, bridged
from warning.spells import weekly_reference

AHEAD = 12
"""Weeks ahead for which the season's course is laid out: the longest horizon."""
KNOWN_AHEAD = 50
"""The reference is that old at least: it may be read so far ahead."""
SLIP = 0.7
"""A weekly change beyond this (in logs: twice or half) is left out of means over markets: mostly a slip of a digit."""
USUAL_WEEKS, LEAST_WEEKS = 52, 8
"""Over so many weeks a series' usual distance from its group is taken; with fewer than the least it has none."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Series × weeks, in logs, NaN where unknown.

    `log_price` bridges gaps of two weeks; `reference` reaches `KNOWN_AHEAD` weeks beyond the last week; `own_anomaly`
    is log price minus reference; `change` is that of the last week, unknown where both weeks are bridged.

    A series without a reference of its own (less than two past years) borrows its product's: `anomaly` is then the
    mean anomaly of the product's series in its country plus `apart`, how far the series stands from its usual distance
    to their price. It takes eight weeks of prices to know that distance.
    """

    weeks: MarketWeeks
    priced: Bools
    log_price: Floats
    reference: Floats
    own_anomaly: Floats
    anomaly: Floats
    apart: Floats
    change: Floats
    group: Group
    since: int = 0
    """The first column that is asked for: a block may leave earlier weeks unknown."""

    def own_ahead(self, weeks: int) -> Floats:
        """The anomaly that the week `weeks` on would have if the price stayed where it is; own references only."""
        count = self.log_price.shape[1]
        return np.asarray(self.log_price - self.reference[:, weeks : count + weeks])

    def ahead(self, weeks: int) -> Floats:
        """As `own_ahead`, borrowed where the series has no reference of its own."""
        own = self.own_ahead(weeks)
        return _filled(own, self.group, self.apart)

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
    own = log_price - reference[:, : log_price.shape[1]]
    group = Group("product", weeks.codes("product", "country"))
    # the group's price is that of its series with a reference: the distance must be to what is borrowed
    distance = log_price - group.mean(np.where(np.isnan(own), np.nan, log_price))[group.codes]
    apart = distance - trailing_mean(distance, USUAL_WEEKS, least=LEAST_WEEKS)
    anomaly = _filled(own, group, apart)
    return State(weeks, priced, log_price, reference, own, anomaly, apart, change, group, since)


def log_reference(weeks: MarketWeeks) -> Floats:
    """ln of the seasonal reference, series × (weeks + `KNOWN_AHEAD`)."""
    import pandas as pd

    index = pd.RangeIndex(weeks.shape[1] + KNOWN_AHEAD)
    frame = pd.DataFrame(bridged(weeks.price).T).reindex(index)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.ascontiguousarray(np.log(weekly_reference(frame).to_numpy().T))


def _filled(own: Floats, group: Group, apart: Floats) -> Floats:
    """Own values, and where there are none the group's mean of them plus how far the series stands apart."""
    return np.where(np.isnan(own), group.mean(own)[group.codes] + apart, own)
