"""The other markets and products: how the product, the product in its region, and everything together stand.

Only anomalies against a reference of the series' own count: a borrowed one would give a group its own word back.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.base import Floats
from models.features.group import Group
from models.features.own_price import Named
from models.features.presence import log_volume, volume_season
from models.features.reach import lagged, trailing_mean
from models.features.state import State
from models.weekly import bridged

LOW, LOWISH = float(np.log(0.8)), float(np.log(0.9))
MOMENTUM = (1, 2, 4, 8)
WITHIN = (2, 4, 8)
DEVIATION_SPANS = (8, 26, 52)


def groups_of(state: State) -> tuple[Group, ...]:
    """The product everywhere, the product in its region, everything."""
    weeks = state.weeks
    return (
        Group("product", weeks.codes("product")),
        Group("region", weeks.codes("product", "country", "region")),
        Group("all", np.zeros(weeks.shape[0], dtype=np.int64)),
    )


def group_standing(state: State) -> Iterator[Named]:
    """Anomaly, momentum, share of low series, the season ahead and the last day, as means over each group."""
    anomaly = state.own_anomaly
    unknown = np.isnan(anomaly)
    for group in groups_of(state):
        means: list[Named] = [("anomaly", anomaly)]
        means += [(f"momentum{span}", state.log_price - lagged(state.log_price, span)) for span in MOMENTUM]
        means += [
            ("low", np.where(unknown, np.nan, anomaly <= LOW)),
            ("lowish", np.where(unknown, np.nan, anomaly <= LOWISH)),
        ]
        means += [(f"ahead_least{within}", least_ahead(state, within)) for within in WITHIN]
        with np.errstate(divide="ignore", invalid="ignore"):
            means.append(("last_day", np.log(state.weeks.last_price) - np.log(state.weeks.price)))
        for name, values in means:
            yield f"{group.name}_{name}", group.mean(values)[group.codes]


def group_deviation(state: State) -> Iterator[Named]:
    """How far the series has drifted from its group's price (it will follow), and the group's volume.

    The group's price is the running sum of its mean weekly changes, so that series that come and go do not move it.
    """
    change = state.calm_change()
    logs = log_volume(state)
    recent = bridged(logs) - trailing_mean(logs, 4)
    season = volume_season(state)
    for group in groups_of(state)[:2]:
        moves = group.mean(change)
        index = np.cumsum(np.where(np.isnan(moves), 0.0, moves), axis=1)[group.codes]
        apart = state.log_price - index
        for span in DEVIATION_SPANS:
            yield f"{group.name}_apart{span}", apart - trailing_mean(apart, span, least=4)
        yield f"{group.name}_volume_season", group.mean(season)[group.codes]
        yield f"{group.name}_volume4", group.mean(recent)[group.codes]
        yield f"{group.name}_dearness", state.log_price - group.mean(state.log_price)[group.codes]
    yield from _since_moved(state)


def _since_moved(state: State) -> Iterator[Named]:
    """A price that stands still while its region moves: weeks since it changed, and the region's move since then."""
    group = groups_of(state)[1]
    step = state.log_price - lagged(state.log_price, 1)
    number = np.arange(step.shape[1])
    moved = np.maximum.accumulate(np.where(np.abs(step) > 0.004, number, -1), axis=1)
    moves = group.mean(state.calm_change())
    index = np.cumsum(np.where(np.isnan(moves), 0.0, moves), axis=1)[group.codes]
    yield "still_weeks", np.minimum((number - moved).astype(np.float64), 20.0)
    yield "region_since_moved", index - np.take_along_axis(index, np.maximum(moved, 0), axis=1)


def market_others(state: State) -> Iterator[Named]:
    """The other products at the same market."""
    group = Group("market", state.weeks.codes("country", "region", "market"))
    yield "market_anomaly", group.others(state.own_anomaly)
    for span in (1, 4):
        yield f"market_momentum{span}", group.others(state.log_price - lagged(state.log_price, span))


def least_ahead(state: State, within: int) -> Floats:
    """The least anomaly of the next `within` weeks if the price stayed where it is."""
    least = state.own_ahead(1)
    for week in range(2, within + 1):
        least = np.fmin(least, state.own_ahead(week))
    return least
