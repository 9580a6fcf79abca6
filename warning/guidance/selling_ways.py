"""The ways goods can be sold: each lot in each week in which it is there and still keeps, with what waiting costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from warning.guidance.grower import Grower
from warning.guidance.price_forecast import WEEK
from warning.guidance.usual_market import UsualMarket
from warning.indicators.grid import Floats, Ints

KG: Final = 1000.0
GRAM_T: Final = 1e-6
"""Less is no lot."""


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Columns of equal length, one a way; tonnes are counted as they came in. `lot_t` is tonnes by lot."""

    lot: Ints
    grower: Ints
    since: Ints
    """The week in which the lot is there."""
    week: Ints
    """The week in which it is sold."""
    kept: Floats
    """Share of it that is left to sell."""
    cost: Floats
    """CNY per tonne that came in: storage until then, and selling."""
    kept_a_week: Floats
    lot_t: Floats
    growers: int
    weeks: int

    def stored(self, end: int) -> Floats:
        """Share of each way's tonnes that goes into store at the end of week `end`."""
        waiting = (self.since <= end) & (self.week > end)
        return np.where(waiting, self.kept_a_week ** (end - self.since), 0.0)

    def sold(self, taken: Floats) -> Floats:
        """Tonnes sold, growers × weeks."""
        found = np.zeros((self.growers, self.weeks))
        np.add.at(found, (self.grower, self.week), taken * self.kept)
        return found

    def by_grower(self, values: Floats) -> Floats:
        """Sums of a value of the ways by grower."""
        return np.bincount(self.grower, weights=values, minlength=self.growers).astype(np.float64)


def ways_of(growers: Sequence[Grower], weeks: int) -> Ways:
    """All ways within `weeks` weeks. Goods wait a further week only where they keep through the whole of it."""
    lots = [lot for number, grower in enumerate(growers) for lot in _lots(number, grower, weeks)]
    rows = [
        (place, number, since, week)
        for place, (number, since, keeps, _) in enumerate(lots)
        for week in range(since, min(weeks, since + max(1, keeps // WEEK)))
    ]
    lot, grower, since, week = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    left = np.array([1 - one.loss_a_week for one in growers])[grower]
    store = np.array([one.storage_cost_t_week for one in growers])[grower]
    sell = np.array([one.selling_cost_per_kg for one in growers])[grower] * KG
    kept = left ** (week - since)
    steps = np.where(left < 1, (1 - kept) / np.where(left < 1, 1 - left, 1.0), week - since)
    tonnes = np.array([tonnes for *_, tonnes in lots], dtype=np.float64)
    return Ways(lot, grower, since, week, kept, store * steps + sell * kept, left, tonnes, len(growers), weeks)


def _lots(number: int, grower: Grower, weeks: int) -> list[tuple[int, int, int, float]]:
    """(grower, week, days it keeps, tonnes) of what is ready and of each week's harvest that can be sold at all."""
    found = [(number, 0, grower.keeps_days, grower.ready_t)]
    found += [(number, week, grower.shelf_life_days, tonnes) for week, tonnes in enumerate(grower.harvest_t[:weeks])]
    return [lot for lot in found if lot[2] >= 1 and lot[3] > GRAM_T]


def at_once(ways: Ways, market: UsualMarket) -> Floats:
    """Tonnes by way where everything is sold in the week in which it is there."""
    return _within_room(ways, np.where(ways.week == ways.since, ways.lot_t[ways.lot], 0.0), market)


def evenly(ways: Ways, market: UsualMarket) -> Floats:
    """Tonnes by way where each lot is sold in even parts over the weeks it keeps, as far as the store has room."""
    count = np.bincount(ways.lot, minlength=len(ways.lot_t))
    taken = (ways.lot_t / np.maximum(count, 1))[ways.lot]
    fits = 1.0
    if market.storage_t is not None:
        fullest = max((float(taken @ ways.stored(end)) for end in range(ways.weeks - 1)), default=0.0)
        fits = min(1.0, market.storage_t / fullest) if fullest > 0 else 1.0
    waits = np.where(ways.week > ways.since, taken * fits, 0.0)
    rest = ways.lot_t - np.bincount(ways.lot, weights=waits, minlength=len(ways.lot_t))
    return _within_room(ways, np.where(ways.week > ways.since, waits, rest[ways.lot]), market)


def _within_room(ways: Ways, taken: Floats, market: UsualMarket) -> Floats:
    """The same with weeks that sell more than there is room for cut down to it; the rest stays unsold."""
    total, room = ways.sold(taken).sum(axis=0), market.room(ways.weeks)
    share = np.where(total > room, room / np.where(total > 0, total, 1.0), 1.0)
    return taken * share[ways.week]
