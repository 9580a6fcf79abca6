"""Weekly prices and volumes of many markets on one grid: what the models over all series read.

A week runs from Monday to Sunday and is labelled by its Sunday; its price is the median of its prices, its last price
that of its last priced day. Series stand in rows, sorted by key, so that nothing depends on the order rows came in.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.base import Floats
from warning.errors import InvalidPanel
from warning.panel import group_median

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]

WEEK_DAYS = 7
MONDAY = 4
"""1970-01-05, the first Monday, in days from 1970-01-01."""


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """What a series is of and where it stands: product, region, market, country; coordinates NaN where unknown."""

    key: Hashable
    product: str
    region: str = ""
    market: str = ""
    country: str = ""
    latitude: float = float("nan")
    longitude: float = float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class MarketWeeks:
    """Series × weeks: `price` (median), `last_price`, `volume` (NaN where none), `priced_days` (0 to 7).

    `sundays` are the days from 1970-01-01 that end the columns' weeks. `reported`: by name, what townships had said of
    the series' product by each Sunday (`models/features/reported.py`); empty where there are no reports.
    """

    places: tuple[SeriesPlace, ...]
    sundays: Ints
    price: Floats
    last_price: Floats
    volume: Floats
    priced_days: Floats
    reported: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int]:
        """(series, weeks)."""
        return len(self.places), len(self.sundays)

    def until(self, column: int) -> MarketWeeks:
        """The grid as it was known when the week of `column` ended; series that had not begun stay, all unknown."""
        cut = slice(0, column + 1)
        return MarketWeeks(
            self.places,
            self.sundays[cut],
            self.price[:, cut],
            self.last_price[:, cut],
            self.volume[:, cut],
            self.priced_days[:, cut],
            {name: values[:, cut] for name, values in self.reported.items()},
        )

    def codes(self, *names: str) -> Ints:
        """A number for each series by what the named attributes say together; in the order of first appearance."""
        found: dict[tuple[object, ...], int] = {}
        keys = [tuple(getattr(place, name) for name in names) for place in self.places]
        return np.array([found.setdefault(key, len(found)) for key in keys], dtype=np.int64)

    def frame(self) -> pd.DataFrame:
        """Weekly prices as Sundays × series (column numbers), as `warning.spells` reads them."""
        import pandas as pd

        index = pd.DatetimeIndex(self.sundays.astype("datetime64[D]").astype("datetime64[s]"))
        return pd.DataFrame(self.price.T, index=index, columns=np.arange(len(self.places)))


def market_weeks(
    places: Sequence[SeriesPlace],
    series: Ints,
    day: Ints,
    price: Floats,
    volume: Floats | None = None,
    *,
    until: int | None = None,
) -> MarketWeeks:
    """The weekly grid of observations in columns: `series` is a place's number, `day` counts from 1970-01-01.

    Several rows of a day (varieties) are allowed: a week's price is the median of all its rows, a day's price the
    median of the day's, volumes are summed. Prices that are not above 0 do not count. With `until` the grid ends with
    the last week that is over by that day, whether or not anything was traded in it; without it, with the week of the
    last row: many markets have none on a Sunday, and a forecaster who sees no later row must not lose that week.
    """
    readable = np.isfinite(price) & (price > 0)
    if not len(day) or not readable.any():
        raise InvalidPanel("there is no price above 0", where="price", todo="give at least one")
    last = (int(day.max()) - MONDAY) // WEEK_DAYS + 1 if until is None else (until + 1 - MONDAY) // WEEK_DAYS
    week = (day - MONDAY) // WEEK_DAYS
    kept = readable & (week < last)
    if not kept.any():
        raise InvalidPanel("there is no whole week", where="date", todo="give at least one week, Monday to Sunday")
    first = int(week[kept].min())
    series, day, price, week = series[kept], day[kept], price[kept], week[kept] - first
    shape = len(places), last - first
    volume = np.full(len(day), np.nan) if volume is None else volume[kept]
    cell = series * shape[1] + week
    out = [np.full(shape[0] * shape[1], np.nan) for _ in range(3)]
    out[0][:] = group_median(price, cell, shape[0] * shape[1])
    last_day, days = _last_days(cell, day, shape[0] * shape[1])
    of_last = day == last_day[cell]
    out[1][:] = group_median(price[of_last], cell[of_last], shape[0] * shape[1])
    with np.errstate(invalid="ignore"):
        traded = np.isfinite(volume) & (volume > 0)
    out[2][:] = np.bincount(cell[traded], weights=volume[traded], minlength=shape[0] * shape[1])
    out[2][out[2] == 0] = np.nan
    sundays = (np.arange(first, last, dtype=np.int64) + 1) * WEEK_DAYS + MONDAY - 1
    grids = [grid.reshape(shape) for grid in (*out, days)]
    return MarketWeeks(tuple(places), sundays, grids[0], grids[1], grids[2], grids[3])


def _last_days(cell: Ints, day: Ints, count: int) -> tuple[Ints, Floats]:
    """(the last day, the number of days) that each cell has a price on."""
    last = np.full(count, -1, dtype=np.int64)
    np.maximum.at(last, cell, day)
    once = np.unique(cell * WEEK_DAYS + (day - MONDAY) % WEEK_DAYS)
    return last, np.bincount(once // WEEK_DAYS, minlength=count).astype(np.float64)
