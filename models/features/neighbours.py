"""The markets that move with a series, and those that move a week before it, found on what was known by then.

Twice a year, for each product, weekly changes of the four years before are correlated between its series; the eight
strongest weigh by their correlation, drawn towards none where few weeks are shared. Distance enters by this: markets
that trade with each other move together, and an address alone does not say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from models.base import Floats
from models.features.groups import LOW, least_ahead
from models.features.own_price import Named
from models.features.reach import lagged, trailing_mean
from models.features.state import State
from models.market_weeks import WEEK_DAYS
from models.weekly import Bools, Ints

ANCHOR_WEEKS = 26
HISTORY_WEEKS = 208
BEGUN_WEEKS = 30
"""A series takes part from so many weeks after its first price on."""
SHARED_WEEKS = 20
DRAWN_WEEKS = 30
"""A correlation over so many shared weeks counts half."""
NEAREST = 8
LEAST_WEIGHT = 0.05
MOST_TOGETHER = 1000
"""Products with more series are correlated region by region: the cost grows with the square of the number."""
DEVIATION_SPANS = (4, 8, 26)


def neighbours(state: State) -> Iterator[Named]:
    """Anomaly, momentum, season ahead and last day of the nearest markets; the drift from them; the leaders' moves."""
    told = _told(state)
    found = {name: np.full(state.weeks.shape, np.nan) for name in _names(told)}
    begins = _first_priced(state)
    for first, last in _stretches(state):
        for some in _together(state, np.flatnonzero(begins < first - BEGUN_WEEKS)):
            if len(some) >= 3:
                _fill(found, state, told, some, first, last)
    yield from found.items()


def _told(state: State) -> dict[str, Floats]:
    """What is read of the neighbours, series × weeks."""
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


LED = ("momentum1", "momentum2", "last_day")


def _names(told: Mapping[str, Floats]) -> list[str]:
    near = [f"near_{name}" for name in told]
    return [*near, *(f"near_apart{span}" for span in DEVIATION_SPANS), *(f"leader_{name}" for name in LED)]


def _fill(
    found: Mapping[str, Floats], state: State, told: Mapping[str, Floats], some: Ints, first: int, last: int
) -> None:
    """The features of some series in the weeks from `first` to before `last`, by correlations known at `first`."""
    change = state.calm_change()
    since = max(0, first - HISTORY_WEEKS)
    past = change[some, since:first]
    near = _strongest(_correlation(past, past))
    leaders = _strongest(_correlation(past[:, 1:], past[:, :-1]))
    at = np.ix_(some, np.arange(first, last))
    for name, values in told.items():
        found[f"near_{name}"][at] = _weighted(near, values[some, first:last])
    for name in LED:
        found[f"leader_{name}"][at] = _weighted(leaders, told[name][some, first:last])
    begin = max(0, first - BEGUN_WEEKS)
    moves = _weighted(near, change[some, begin:last])
    apart = state.log_price[some, begin:last] - np.cumsum(np.where(np.isnan(moves), 0.0, moves), axis=1)
    for span in DEVIATION_SPANS:
        drift = apart - trailing_mean(apart, span, least=3)
        found[f"near_apart{span}"][at] = drift[:, first - begin :]


def _together(state: State, begun: Ints) -> Iterator[Ints]:
    """Rows of the series that may be neighbours: of one product, in one region where the product has too many.

    Only series that have begun are counted, so that later ones do not part them.
    """
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


def _stretches(state: State) -> Iterator[tuple[int, int]]:
    """(first, beyond) columns of each half year, counted from a fixed week, that holds a week asked for."""
    weeks = state.weeks.sundays // WEEK_DAYS
    count = len(weeks)
    first = int(-weeks[0] % ANCHOR_WEEKS) if count else 0
    for start in range(first, count, ANCHOR_WEEKS):
        if start + ANCHOR_WEEKS > state.since and start > BEGUN_WEEKS:
            yield start, min(start + ANCHOR_WEEKS, count)


def _first_priced(state: State) -> Ints:
    return np.where(state.priced.any(axis=1), state.priced.argmax(axis=1), state.weeks.shape[1]).astype(np.int64)


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


def _strongest(correlation: Floats) -> tuple[Ints, Floats]:
    """(places, weights) of each series' strongest, series × `NEAREST` at most."""
    order = np.argsort(-correlation, axis=1, kind="stable")[:, : min(NEAREST, len(correlation) - 1)]
    return order, np.maximum(np.take_along_axis(correlation, order, axis=1), 0.0)


def _weighted(strongest: tuple[Ints, Floats], values: Floats) -> Floats:
    """Weighted mean over each series' strongest, place by place: a matrix product's last bit varies with its shape."""
    order, weights = strongest
    total, weight = np.zeros(values.shape), np.zeros(values.shape)
    for place in range(order.shape[1]):
        theirs = values[order[:, place]]
        known = ~np.isnan(theirs)
        total += np.where(known, theirs, 0.0) * weights[:, [place]]
        weight += known * weights[:, [place]]
    return np.where(weight > LEAST_WEIGHT, total / np.maximum(weight, LEAST_WEIGHT), np.nan)
