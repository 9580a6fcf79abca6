"""The series' own price: how far from its season, how fast it moves, how much it swings, and what lies ahead.

Features named in `RELATIVE` are anomalies: against another line than 1 × reference they are read minus ln(line).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.base import Floats
from models.features.reach import lagged, trailing_least, trailing_mean, trailing_spread
from models.features.state import AHEAD, State

Named = tuple[str, Floats]

ANOMALY_LAGS = (1, 2, 3, 4, 8, 13, 26, 52)
ANOMALY_SPANS = (4, 13, 26, 52)
LEAST_SPANS = (4, 13, 26)
MOMENTUM_SPANS = (1, 2, 3, 4, 6, 8, 13, 26, 52)
SWING_SPANS = (13, 26, 52)
WITHIN = (2, 4, 8, 12)
CHANGE_SPANS = (2, 4, 8)
CHANGE_HISTORY = 104


def price_past(state: State) -> Iterator[Named]:
    """Anomaly now, before and on average; momentum over many spans; swings of the weekly change."""
    anomaly, price = state.anomaly, state.log_price
    yield "anomaly", anomaly
    for lag in ANOMALY_LAGS:
        yield f"anomaly_lag{lag}", lagged(anomaly, lag)
    for span in ANOMALY_SPANS:
        yield f"anomaly_mean{span}", trailing_mean(anomaly, span)
    for span in LEAST_SPANS:
        yield f"anomaly_least{span}", trailing_least(anomaly, span)
    for span in MOMENTUM_SPANS:
        yield f"momentum{span}", price - lagged(price, span)
    for span in SWING_SPANS:
        yield f"swing{span}", trailing_spread(state.change, span)
    with np.errstate(divide="ignore", invalid="ignore"):
        yield "last_day", np.log(state.weeks.last_price) - np.log(state.weeks.price)
    yield "year_on_year", price - lagged(price, 52)
    yield "two_years_on", price - lagged(price, 104)


def season_ahead(state: State) -> Iterator[Named]:
    """Where the seasonal reference goes next: the anomaly of each coming week if the price stayed where it is."""
    price = state.log_price
    least = state.ahead(1)
    for week in range(1, AHEAD + 1):
        ahead = state.ahead(week)
        least = np.fmin(least, ahead)
        yield f"ahead{week}", ahead
        if week in WITHIN:
            yield f"ahead_least{week}", least
    for span in CHANGE_SPANS:
        yield f"change_spread{span}", trailing_spread(price - lagged(price, span), CHANGE_HISTORY, least=26)
        for year in (1, 2):
            yield f"past_change{span}_{year}", lagged(price, 52 * year - span) - lagged(price, 52 * year)
    for ahead_weeks in (4, 8):
        yield f"last_year_ahead{ahead_weeks}", price - lagged(price, 52 - ahead_weeks)


def relative(name: str) -> bool:
    """Whether a feature is an anomaly, to be read against the line."""
    return "anomaly" in name or name.startswith("ahead") or "_ahead_least" in name
