"""Whether the series trades: days a week, share of weeks, the same season of past years, and its volume.

No trade in a season may mean that nothing is there to sell; a spell begins only in weeks that trade.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.base import Floats
from models.features.own_price import Named
from models.features.reach import lagged, trailing_mean
from models.features.state import State
from models.weekly import bridged


def presence(state: State) -> Iterator[Named]:
    """Days priced, share of weeks priced lately and in the same season of the two past years, years of past."""
    begun = np.maximum.accumulate(state.priced, axis=1)
    priced = np.where(begun, state.priced.astype(np.float64), np.nan)
    yield "days", state.weeks.priced_days
    yield "days_mean4", trailing_mean(state.weeks.priced_days, 4)
    yield "priced", state.priced.astype(np.float64)
    for span in (4, 13, 52):
        yield f"priced_share{span}", trailing_mean(priced, span)
    for span in (3, 9):
        share = trailing_mean(priced, span)
        for year in (1, 2):
            yield f"priced_next{span}_{year}", lagged(share, 52 * year - span)
    yield "years", np.cumsum(state.priced, axis=1) / 52.0


def volume(state: State) -> Iterator[Named]:
    """Volume now against its last weeks and against its season, and how large the series is in all."""
    logs = log_volume(state)
    now = bridged(logs)
    yield "volume4", now - trailing_mean(logs, 4)
    yield "volume13", now - trailing_mean(logs, 13)
    yield "volume_season", volume_season(state)
    yield "volume_size", trailing_mean(logs, 52)


def log_volume(state: State) -> Floats:
    """ln of the weekly volume."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(state.weeks.volume))


def volume_season(state: State) -> Floats:
    """ln of three weeks' volume against the same weeks of the two past years."""
    level = trailing_mean(log_volume(state), 3)
    return np.asarray(level - (lagged(level, 52) + lagged(level, 104)) / 2)
