"""The table of features: which blocks there are, and their values at the weeks asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.base import Floats
from models.features.calendar import calendar
from models.features.groups import group_deviation, group_standing, market_others
from models.features.nearby import nearby
from models.features.neighbours import neighbours
from models.features.own_price import Named, price_past, season_ahead
from models.features.presence import presence, volume
from models.features.reported import reported
from models.features.state import State
from models.weekly import Ints

Block = Callable[[State], Iterator[Named]]
Values = NDArray[np.float32]

BLOCKS: tuple[Block, ...] = (
    price_past,
    season_ahead,
    presence,
    volume,
    group_standing,
    group_deviation,
    market_others,
    neighbours,
    nearby,
    calendar,
    reported,
)


@dataclass(frozen=True, slots=True, eq=False)
class FeatureTable:
    """Features (`values`: cells × names) of the cells (`rows`, `columns`: series and week of each)."""

    names: tuple[str, ...]
    values: Values
    rows: Ints
    columns: Ints

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, cells: NDArray[np.int64] | NDArray[np.bool_]) -> FeatureTable:
        """Some of the cells."""
        return FeatureTable(self.names, self.values[cells], self.rows[cells], self.columns[cells])

    def of(self, name: str) -> Values:
        """One feature's values."""
        return self.values[:, self.names.index(name)]


def feature_table(state: State, rows: Ints, columns: Ints, blocks: Sequence[Block] = BLOCKS) -> FeatureTable:
    """The features of the cells asked for, each from its week and earlier ones only.

    A block's grids are read and dropped one at a time, so that the memory is that of the cells and a few grids.
    """
    names: list[str] = []
    columns_of: list[Values] = []
    for block in blocks:
        for name, grid in block(state):
            names.append(name)
            columns_of.append(_at(grid, rows, columns))
    values = np.empty((len(rows), len(names)), dtype=np.float32)
    for place, column in enumerate(columns_of):
        values[:, place] = column
    return FeatureTable(tuple(names), values, rows, columns)


def _at(grid: Floats, rows: Ints, columns: Ints) -> Values:
    return np.asarray(grid[rows, columns], dtype=np.float32)
