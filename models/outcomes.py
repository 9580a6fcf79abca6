"""What became of each week: did a slow-sales spell begin within so many weeks, as far as that can be told by the end.

The label itself is `warning.spells`; here it is asked of a grid that ends where knowledge ends, so that nothing that
happened later can decide which weeks count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.base import Floats
from models.market_weeks import MarketWeeks
from models.weekly import Bools
from warning.spells import spells_of_weeks


@dataclass(frozen=True, slots=True, eq=False)
class Spells:
    """Series × weeks at one line: where a spell begins, and where a warning of one to come can be issued."""

    onset: Bools
    clear: Bools
    known: Bools
    """Where the anomaly is known."""

    def within(self, horizon: int) -> Bools:
        """Whether a spell begins in one of the next `horizon` weeks; false where they are not over."""
        found = np.zeros_like(self.onset)
        for step in range(1, min(horizon, self.onset.shape[1] - 1) + 1):
            found[:, :-step] |= self.onset[:, step:]
        return found

    def told(self, horizon: int) -> Bools:
        """Clear weeks whose outcome is known by the grid's end: an onset shows in the week after it.

        As protocol v1, at least half of the weeks ahead must have an anomaly.
        """
        seen = np.zeros(self.known.shape)
        for step in range(1, min(horizon, self.known.shape[1] - 1) + 1):
            seen[:, :-step] += self.known[:, step:]
        found: Bools = self.clear & (seen >= horizon / 2)
        found[:, max(found.shape[1] - horizon - 1, 0) :] = False
        return found


def spells_at(weeks: MarketWeeks, line: float) -> Spells:
    """The spells of a grid at `line` × reference."""
    found = spells_of_weeks(weeks.frame(), line)
    onset, clear, anomaly = (frame.to_numpy().T for frame in (found.onset, found.clear, found.anomaly))
    return Spells(np.ascontiguousarray(onset), np.ascontiguousarray(clear), ~np.isnan(np.ascontiguousarray(anomaly)))


def log_changes(log_price: Floats, priced: Bools, weeks: int) -> Floats:
    """ln price `weeks` weeks on minus ln price now, where that week has a price of its own; NaN elsewhere."""
    out = np.full(log_price.shape, np.nan)
    if weeks < log_price.shape[1]:
        later = np.where(priced[:, weeks:], log_price[:, weeks:], np.nan)
        out[:, :-weeks] = later - log_price[:, :-weeks]
    return out
