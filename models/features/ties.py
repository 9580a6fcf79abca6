"""Ties between the series of a product, found on what was known by then, and what is read of the tied ones.

Ties hold for half a year, counted from a fixed week. Only series that have begun by its first week take part, so that
later ones part none.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.base import Floats
from models.features.groups import LOW, least_ahead
from models.features.reach import lagged
from models.features.state import State
from models.market_weeks import WEEK_DAYS
from models.weekly import Ints

ANCHOR_WEEKS = 26
BEGUN_WEEKS = 30
"""A series takes part from so many weeks after its first price on."""
NEAREST = 8
LEAST_WEIGHT = 0.05
MOST_TOGETHER = 1000
"""Products with more series are tied region by region: the cost grows with the square of the number."""

STANDING = ("anomaly", "low", "momentum1", "momentum2", "momentum4", "ahead_least4", "ahead_least8", "last_day")
"""Names of what `standing` gives."""

Ties = tuple[Ints, Floats]
"""(places, weights) of each series' strongest ties, series × `NEAREST` at most."""


def tied_series(state: State) -> Iterator[tuple[Ints, int, int]]:
    """(rows, first, beyond): series of one product that may be tied, and the columns of the half year it holds for."""
    begins = np.where(state.priced.any(axis=1), state.priced.argmax(axis=1), state.weeks.shape[1])
    for first, beyond in _half_years(state):
        for rows in _together(state, np.flatnonzero(begins < first - BEGUN_WEEKS)):
            if len(rows) >= 3:
                yield rows, first, beyond


def standing(state: State) -> dict[str, Floats]:
    """What is read of tied series: how they stand now and where they go, series × weeks."""
    anomaly = state.own_anomaly
    with np.errstate(divide="ignore", invalid="ignore"):
        last_day = np.log(state.weeks.last_price) - np.log(state.weeks.price)
    return {
        "anomaly": anomaly,
        "low": np.where(np.isnan(anomaly), np.nan, anomaly <= LOW),
        **{f"momentum{span}": state.log_price - lagged(state.log_price, span) for span in (1, 2, 4)},
        "ahead_least4": least_ahead(state, 4),
        "ahead_least8": least_ahead(state, 8),
        "last_day": last_day,
    }


def strongest(strength: Floats) -> Ties:
    """The ties of each series (row) to the others by a matrix of strengths; one at or below 0 weighs nothing."""
    order = np.argsort(-strength, axis=1, kind="stable")[:, : min(NEAREST, len(strength) - 1)]
    return order, np.maximum(np.take_along_axis(strength, order, axis=1), 0.0)


def weighted(ties: Ties, values: Floats) -> Floats:
    """Weighted mean over each series' ties, place by place: a matrix product's last bit varies with its shape."""
    order, weights = ties
    total, weight = np.zeros(values.shape), np.zeros(values.shape)
    for place in range(order.shape[1]):
        theirs = values[order[:, place]]
        known = ~np.isnan(theirs)
        total += np.where(known, theirs, 0.0) * weights[:, [place]]
        weight += known * weights[:, [place]]
    return np.where(weight > LEAST_WEIGHT, total / np.maximum(weight, LEAST_WEIGHT), np.nan)


def _half_years(state: State) -> Iterator[tuple[int, int]]:
    """(first, beyond) columns of each half year that holds a week asked for."""
    weeks = state.weeks.sundays // WEEK_DAYS
    count = len(weeks)
    first = int(-weeks[0] % ANCHOR_WEEKS) if count else 0
    for start in range(first, count, ANCHOR_WEEKS):
        if start + ANCHOR_WEEKS > state.since and start > BEGUN_WEEKS:
            yield start, min(start + ANCHOR_WEEKS, count)


def _together(state: State, begun: Ints) -> Iterator[Ints]:
    """Rows of the series that may be tied: of one product, in one region where the product has too many."""
    product = state.weeks.codes("product")[begun]
    region = state.weeks.codes("product", "country", "region")[begun]
    for code in np.unique(product):
        of_product = product == code
        if np.count_nonzero(of_product) <= MOST_TOGETHER:
            yield begun[of_product]
            continue
        for part in np.unique(region[of_product]):
            some = begun[region == part]
            for start in range(0, len(some), MOST_TOGETHER):
                yield some[start : start + MOST_TOGETHER]
