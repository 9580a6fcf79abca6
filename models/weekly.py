"""Daily prices as whole weeks: the median of Monday to Sunday, labelled by its Sunday, and who can be forecast.

Nothing after the issue day is read, nor the week that the issue day cuts in two. A gap of up to two weeks is bridged
with the price before it; a longer one is a hole, interpolated in logs only so that a filter can run across it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.base import Floats
from warning.errors import InvalidPanel
from warning.indicators.grid import sorted_median

if TYPE_CHECKING:
    import pandas as pd

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

BRIDGED_WEEKS = 2
LEAST_SPAN_WEEKS = 104
"""Two years: less does not show a yearly course, and leaves no past errors to make a band from."""
LEAST_SHARE_OBSERVED = 0.6
STALE_AFTER_WEEKS = 4
_SUNDAY = 3
"""1970-01-04, the first Sunday, in days from 1970-01-01."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a series cannot be forecast: a stable word (short, stale, gappy, constant) and a sentence."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class SeriesWeeks:
    """One series from its first price to the last whole week: `logs` without holes, and what of it is real.

    `known` weeks have a price or are bridged: a forecast may start there. `traded` weeks have a price: a forecast
    may be judged there.
    """

    logs: Floats
    known: Bools
    traded: Bools


@dataclass(frozen=True, slots=True, eq=False)
class WeeklyPanel:
    """Weekly median prices, series × weeks, NaN where no day of the week has a price.

    `refusals` holds the rows that cannot be forecast; `rows()` are the others.
    """

    names: tuple[Hashable, ...]
    last_sunday: dt.date
    prices: Floats
    refusals: Mapping[int, Refusal]

    def rows(self) -> list[int]:
        """Positions of the series that can be forecast."""
        return [row for row in range(len(self.names)) if row not in self.refusals]

    def weeks(self) -> NDArray[np.datetime64]:
        """The Sundays of the columns."""
        count = self.prices.shape[1]
        days = np.arange(1 - count, 1) * 7
        return np.datetime64(self.last_sunday, "s") + days.astype("timedelta64[D]")

    def series(self, row: int) -> SeriesWeeks:
        """One series' logs from its first price on; it must have one."""
        prices = self.prices[row]
        prices = prices[int(np.argmax(~np.isnan(prices))) :]
        traded = ~np.isnan(prices)
        logs = bridged(np.log(prices))
        known = ~np.isnan(logs)
        weeks = np.arange(len(logs))
        # beyond the last price np.interp carries it on, which is what a stale market shows
        return SeriesWeeks(np.interp(weeks, weeks[known], logs[known]), known, traded)

    def each(self) -> Iterator[tuple[int, SeriesWeeks]]:
        """(position, weeks) of the series that can be forecast."""
        for row in self.rows():
            yield row, self.series(row)


def weekly_panel(prices: pd.DataFrame, issue_day: dt.date) -> WeeklyPanel:
    """The weekly panel of a wide daily frame as `issue_day` knew it.

    `prices` has a DatetimeIndex (ascending, a day at most once; missing days are allowed) and a series to each
    column, NaN where there is no price. InvalidPanel names the column or index that breaks this, or the column
    that has a zero, negative or infinite price on or before the issue day.
    """
    days = _days_of(prices)
    names = _names_of(prices)
    issued = np.datetime64(issue_day, "D").astype(np.int64)
    last = int((issued - _SUNDAY) // 7 * 7 + _SUNDAY)
    read = days <= last
    days = days[read]
    values = prices.to_numpy(dtype=np.float64, na_value=np.nan)[: int(np.count_nonzero(read))]
    _check_prices(values, names, days)
    weekly = _medians(values, days, last)
    sunday = dt.date(1970, 1, 1) + dt.timedelta(days=last)
    return WeeklyPanel(names, sunday, weekly, _refusals(weekly))


def bridged(values: Floats) -> Floats:
    """Gaps of up to two weeks filled with the value before; weeks run along the last axis."""
    out = values
    for _ in range(BRIDGED_WEEKS):
        before = np.concatenate([np.full((*out.shape[:-1], 1), np.nan), out[..., :-1]], axis=-1)
        out = np.where(np.isnan(out), before, out)
    return out


def _days_of(prices: pd.DataFrame) -> Ints:
    """Days from 1970-01-01 of the index, checked."""
    import pandas as pd

    index = prices.index
    if not isinstance(index, pd.DatetimeIndex):
        raise InvalidPanel(
            f"the index is {type(index).__name__}, not DatetimeIndex", where="index", todo="give a daily index"
        )
    if index.tz is not None:
        raise InvalidPanel(f"the index is in {index.tz}", where="index", todo="give market days without a time zone")
    days: Ints = index.to_numpy().astype("datetime64[D]").astype(np.int64)
    if len(days) > 1 and not (np.diff(days) > 0).all():
        place = int(np.argmax(np.diff(days) <= 0)) + 1
        raise InvalidPanel(
            f"the days do not ascend, or one stands twice: {index[place].date()}",
            where="index",
            todo="sort the days and pool their rows",
        )
    return days


def _names_of(prices: pd.DataFrame) -> tuple[Hashable, ...]:
    """The column labels; InvalidPanel names one that stands twice or is not of numbers."""
    if not prices.columns.is_unique:
        twice = prices.columns[prices.columns.duplicated()][0]
        raise InvalidPanel(f"column {twice!r} stands twice", where=f"column {twice!r}", todo="pool it into one series")
    for name, kind in prices.dtypes.items():
        if kind.kind not in "fiu":
            raise InvalidPanel(
                f"column {name!r} is of {kind}, not of numbers", where=f"column {name!r}", todo="convert it to float64"
            )
    return tuple(prices.columns)


def _check_prices(values: Floats, names: tuple[Hashable, ...], days: Ints) -> None:
    wrong = (values <= 0) | np.isinf(values)
    if not wrong.any():
        return
    row, column = (int(place) for place in np.argwhere(wrong)[0])
    day = np.datetime64(int(days[row]), "D")
    raise InvalidPanel(
        f"column {names[column]!r} has the price {values[row, column]} on {day}",
        where=f"column {names[column]!r}, {day}",
        todo="give prices above zero, and NaN where there is none",
    )


def _medians(values: Floats, days: Ints, last: int) -> Floats:
    """Median of each whole week, series × weeks, up to the week ending on `last`."""
    first = int(days[0] - _SUNDAY - 1) // 7 * 7 + _SUNDAY + 1 if len(days) else last - 6
    weeks = (last - first + 1) // 7
    grid = np.full((weeks * 7, values.shape[1]), np.nan)
    grid[days - first] = values
    out = np.empty((values.shape[1], weeks))
    for column in range(values.shape[1]):
        out[column] = sorted_median(grid[:, column].reshape(weeks, 7))[0]
    return out


def _refusals(weekly: Floats) -> dict[int, Refusal]:
    refused = ((row, _refusal(prices)) for row, prices in enumerate(weekly))
    return {row: refusal for row, refusal in refused if refusal is not None}


def _refusal(prices: Floats) -> Refusal | None:
    """Why this series cannot be forecast, or None where it can."""
    places = np.flatnonzero(~np.isnan(prices))
    if not len(places):
        return Refusal("short", "no price at all in a whole week")
    span, silent = len(prices) - int(places[0]), len(prices) - 1 - int(places[-1])
    if span < LEAST_SPAN_WEEKS:
        return Refusal("short", f"{span} weeks since the first price; {LEAST_SPAN_WEEKS} are needed")
    if silent >= STALE_AFTER_WEEKS:
        return Refusal("stale", f"no price for {silent} weeks; one in the last {STALE_AFTER_WEEKS} is needed")
    share = len(places) / span
    if share < LEAST_SHARE_OBSERVED:
        return Refusal("gappy", f"{share:.0%} of the weeks have a price; {LEAST_SHARE_OBSERVED:.0%} are needed")
    if np.ptp(prices[places]) == 0:
        return Refusal("constant", f"the same price in all of {len(places)} weeks: nothing to learn a band from")
    return None
