"""The calendar: day of the year, and days from the nearest 春节, by which lunar festivals everywhere move."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.features.own_price import Named
from models.features.state import State
from warning.lunar import nearest_festival


def calendar(state: State) -> Iterator[Named]:
    """Day of the Gregorian year and of the lunar year (-190 to 190 around 春节), the same for every series.

    Diwali, 中秋 and other lunar festivals keep their distance from 春节 to within a month.
    """
    sundays = state.weeks.sundays
    dates = sundays.astype("datetime64[D]")
    day_of_year = (dates - dates.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.float64)
    offset, _ = nearest_festival(sundays)
    for name, values in (("day_of_year", day_of_year), ("lunar_day", offset.astype(np.float64))):
        yield name, np.broadcast_to(values, state.weeks.shape)
