"""The nearest markets of the same product by distance, where coordinates are known.

Within `REACH_KM` as the crow flies; the nearest weigh most. Distance says who may trade with each other, correlation
(`models/features/neighbours.py`) who has done so: a market with a year of history has neighbours by distance alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from models.base import Floats
from models.features.own_price import Named
from models.features.state import State
from models.features.ties import STANDING, standing, strongest, tied_series, weighted
from models.market_weeks import MarketWeeks
from models.weekly import Bools
from warning.absorption.distance import straight_km

REACH_KM = 500.0
"""A night's drive by lorry."""
HALF_KM = 100.0
"""A market so far away weighs half as much as one next door."""


def nearby(state: State) -> Iterator[Named]:
    """Anomaly, momentum, season ahead and last day of the nearest markets, and how far the nearest one is, ln km."""
    found = {f"nearby_{name}": np.full(state.weeks.shape, np.nan) for name in (*STANDING, "km")}
    places = state.weeks.places
    located = np.array([not np.isnan(place.latitude) and not np.isnan(place.longitude) for place in places], dtype=bool)
    if located.any():
        _fill(found, state, located)
    yield from found.items()


def _fill(found: Mapping[str, Floats], state: State, located: Bools) -> None:
    """The features of the series whose place is known."""
    told = standing(state)
    for every, first, beyond in tied_series(state):
        rows = every[located[every]]
        if len(rows) < 2:
            continue
        km = _kilometres(state.weeks, rows)
        ties = strongest(np.where(km <= REACH_KM, 1 / (1 + km / HALF_KM), -1.0))
        at = np.ix_(rows, np.arange(first, beyond))
        for name, values in told.items():
            found[f"nearby_{name}"][at] = weighted(ties, values[rows, first:beyond])
        nearest = km.min(axis=1)
        found["nearby_km"][at] = np.where(np.isfinite(nearest), np.log1p(nearest), np.nan)[:, np.newaxis]


def _kilometres(weeks: MarketWeeks, rows: np.ndarray) -> Floats:
    """Kilometres as the crow flies between series; infinite to the series itself."""
    spots = [(weeks.places[row].latitude, weeks.places[row].longitude) for row in rows]
    # rounded, so that the order of the nearest does not hang on a last bit
    km = np.round(straight_km(spots, spots), 3)
    np.fill_diagonal(km, np.inf)
    return np.asarray(km, dtype=np.float64)
