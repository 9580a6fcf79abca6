"""The markets that move with a series, and those that move a week before it, found on what was known by then.

Twice a year, for each product, weekly changes of the four years before are correlated between its series; the eight
strongest weigh by their correlation, drawn towards none where few weeks are shared. Markets that trade with each
other move together, which an address alone does not say (`models/features/nearby.py` asks for that).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from models.base import Floats
from models.features.own_price import Named
from models.features.reach import trailing_mean
from models.features.state import State
from models.features.ties import BEGUN_WEEKS, STANDING, standing, strongest, tied_series, weighted
from models.weekly import Bools, Ints

HISTORY_WEEKS = 208
SHARED_WEEKS = 20
DRAWN_WEEKS = 30
"""A correlation over so many shared weeks counts half."""
DEVIATION_SPANS = (4, 8, 26)
LED = ("momentum1", "momentum2", "last_day")


def neighbours(state: State) -> Iterator[Named]:
    """Anomaly, momentum, season ahead and last day of the nearest markets; the drift from them; the leaders' moves."""
    told = standing(state)
    found = {name: np.full(state.weeks.shape, np.nan) for name in _names()}
    for some, first, beyond in tied_series(state):
        _fill(found, state, told, some, first, beyond)
    yield from found.items()


def _names() -> list[str]:
    near = [f"near_{name}" for name in STANDING]
    return [*near, *(f"near_apart{span}" for span in DEVIATION_SPANS), *(f"leader_{name}" for name in LED)]


def _fill(
    found: Mapping[str, Floats], state: State, told: Mapping[str, Floats], some: Ints, first: int, last: int
) -> None:
    """The features of some series in the weeks from `first` to before `last`, by correlations known at `first`."""
    change = state.calm_change()
    since = max(0, first - HISTORY_WEEKS)
    past = change[some, since:first]
    near = strongest(_correlation(past, past))
    leaders = strongest(_correlation(past[:, 1:], past[:, :-1]))
    at = np.ix_(some, np.arange(first, last))
    for name, values in told.items():
        found[f"near_{name}"][at] = weighted(near, values[some, first:last])
    for name in LED:
        found[f"leader_{name}"][at] = weighted(leaders, told[name][some, first:last])
    begin = max(0, first - BEGUN_WEEKS)
    moves = weighted(near, change[some, begin:last])
    apart = state.log_price[some, begin:last] - np.cumsum(np.where(np.isnan(moves), 0.0, moves), axis=1)
    for span in DEVIATION_SPANS:
        drift = apart - trailing_mean(apart, span, least=3)
        found[f"near_apart{span}"][at] = drift[:, first - begin :]


def _correlation(ours: Floats, theirs: Floats) -> Floats:
    """Correlation of each series' row of `ours` with each of `theirs` over their shared weeks, drawn towards 0.

    -1 where too few weeks are shared, and with itself. Rounded, so that the order of the strongest does not hang on
    a last bit.
    """
    known, other = (~np.isnan(ours)).astype(np.float64), (~np.isnan(theirs)).astype(np.float64)
    ours, theirs = np.where(known > 0, ours, 0.0), np.where(other > 0, theirs, 0.0)
    shared = known @ other.T
    sums, others = ours @ other.T, known @ theirs.T
    count = np.maximum(shared, 1.0)
    cross = ours @ theirs.T - sums * others / count
    squares = (ours * ours) @ other.T - sums * sums / count
    others_squares = known @ (theirs * theirs).T - others * others / count
    scale = np.sqrt(np.maximum(squares, 0.0) * np.maximum(others_squares, 0.0))
    enough: Bools = (shared >= SHARED_WEEKS) & (scale > 1e-12)
    found = np.where(enough, cross / np.where(enough, scale, 1.0) * shared / (shared + DRAWN_WEEKS), -1.0)
    np.fill_diagonal(found, -1.0)
    return np.asarray(np.round(found, 6), dtype=np.float64)
