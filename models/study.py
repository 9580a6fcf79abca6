"""What every fit and forecast over all series reads, prepared once: grid, state, cells with their features."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from models.features.at_line import Lined, lined
from models.features.state import State, state_of
from models.features.table import FeatureTable, feature_table
from models.market_weeks import MarketWeeks
from models.sampling import Words, cell_words
from models.weekly import Bools, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """A grid with the features of its cells; nothing of a cell depends on weeks after its own."""

    state: State
    lined: Lined
    words: Words

    @property
    def weeks(self) -> MarketWeeks:
        """The grid."""
        return self.state.weeks

    @property
    def table(self) -> FeatureTable:
        """The cells' features."""
        return self.lined.table

    def cells(self, first: int, last: int) -> Ints:
        """The cells of the weeks from column `first` to `last`, both included."""
        return np.flatnonzero((self.table.columns >= first) & (self.table.columns <= last))

    def at(self, grid: Bools, cells: Ints) -> Bools:
        """A grid's values at some cells; False beyond its end."""
        rows, columns = self.table.rows[cells], self.table.columns[cells]
        inside = columns < grid.shape[1]
        found: Bools = inside & grid[rows, np.where(inside, columns, 0)]
        return found


def study(weeks: MarketWeeks, lines: Iterable[float], *, since: int = 0) -> Study:
    """The study of a grid: its cells are the weeks from column `since` on that have a price, bridged ones included."""
    state = state_of(weeks, since=since)
    known = ~np.isnan(state.log_price)
    known[:, :since] = False
    rows, columns = (places.astype(np.int64) for places in np.nonzero(known))
    table = feature_table(state, rows, columns)
    return Study(state, lined(state, table, lines), cell_words(weeks, rows, columns))
