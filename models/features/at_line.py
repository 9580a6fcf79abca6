"""Features read against a line: how far each anomaly is from it, and how the series has fared below it.

One model speaks for every line this way: it learns from falls to 1.1 × the seasonal reference what it needs to know
about falls to 0.7, of which there are few.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from models.features.own_price import CHANGE_SPANS, relative
from models.features.reach import trailing_mean, weeks_since
from models.features.state import State
from models.features.table import FeatureTable, Values
from models.weekly import Ints

LOW_SPANS = (26, 52, 104)
LONGEST_SINCE = 150.0
LEAST_SPREAD = 0.02

LINE_NAMES = (
    *(f"nearness{span}" for span in CHANGE_SPANS),
    *(f"low_share{span}" for span in LOW_SPANS),
    "since_low",
    "line",
)


@dataclass(frozen=True, slots=True, eq=False)
class Lined:
    """A table that can be read against several lines; `below`: by line, cells × (low shares, weeks since)."""

    table: FeatureTable
    below: Mapping[float, Values]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns of `at`."""
        return *self.table.names, *LINE_NAMES

    def at(self, line: float, cells: Ints | None = None) -> Values:
        """The values of some cells (all unless told), anomalies minus ln(line), and the columns `LINE_NAMES`."""
        table, log_line = self.table, float(np.log(line))
        chosen = table.values if cells is None else table.values[cells]
        count = len(table.names)
        values = np.empty((len(chosen), count + len(LINE_NAMES)), dtype=np.float32)
        values[:, :count] = chosen
        values[:, [place for place, name in enumerate(table.names) if relative(name)]] -= np.float32(log_line)
        for place, span in enumerate(CHANGE_SPANS):
            least = values[:, table.names.index(f"ahead_least{span}")]
            spread = values[:, table.names.index(f"change_spread{span}")]
            values[:, count + place] = least / np.maximum(spread, LEAST_SPREAD)
        below = self.below[line]
        values[:, count + len(CHANGE_SPANS) : -1] = below if cells is None else below[cells]
        values[:, -1] = log_line
        return values


def lined(state: State, table: FeatureTable, lines: Iterable[float]) -> Lined:
    """The table with what each line adds to it."""
    return Lined(table, {line: _below(state, table, float(np.log(line))) for line in lines})


def _below(state: State, table: FeatureTable, log_line: float) -> Values:
    """Share of the last weeks at or below the line, and weeks since the last such week."""
    unknown = np.isnan(state.anomaly)
    below = ~unknown & (state.anomaly <= log_line)
    share = np.where(unknown, np.nan, below)
    out = np.empty((len(table), len(LOW_SPANS) + 1), dtype=np.float32)
    for place, span in enumerate(LOW_SPANS):
        out[:, place] = trailing_mean(share, span)[table.rows, table.columns]
    out[:, -1] = weeks_since(below, most=LONGEST_SINCE)[table.rows, table.columns]
    return out
