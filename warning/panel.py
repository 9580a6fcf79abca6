"""The panel: what the models and the indicators read, one price and one volume per series and day.

Columns in, columns out: varieties of a day are pooled here (median price, volume once a day), and values whose
quality forbids reading are left out, so that nobody downstream has to remember to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from warning.quality import UNREADABLE_PRICE, UNREADABLE_VOLUME

if TYPE_CHECKING:
    import pandas as pd

    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Panel:
    """Pooled observations in columns, sorted by series and day; days count from 1970-01-01.

    `price` is per kg in the series' currency, `volume` in kg; NaN where there is none to read.
    """

    series_id: Ints
    day: Ints
    price: Floats
    volume: Floats
    flags: Ints

    def __len__(self) -> int:
        return len(self.day)

    def frame(self) -> pd.DataFrame:
        """The tidy frame: series_id, date, price, volume, flags."""
        import pandas as pd

        return pd.DataFrame(
            {
                "series_id": self.series_id,
                "date": self.day.astype("datetime64[D]").astype("datetime64[s]"),
                "price": self.price,
                "volume": self.volume,
                "flags": self.flags,
            }
        )

    def wide(self, series_ids: Ints, *, first_day: int, last_day: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """(price, volume) as daily frames without gaps, one column per series in the order of `series_ids`."""
        import pandas as pd

        index = pd.DatetimeIndex(np.arange(first_day, last_day + 1).astype("datetime64[D]").astype("datetime64[s]"))
        order = np.argsort(series_ids)
        place = np.searchsorted(series_ids, self.series_id, sorter=order)
        if not len(order):
            empty = pd.DataFrame(index=index, columns=np.arange(0), dtype=float)
            return empty, empty.copy()
        inside = (place < len(order)) & (self.day >= first_day) & (self.day <= last_day)
        column = order[np.minimum(place, len(order) - 1)]
        inside &= series_ids[column] == self.series_id
        frames = []
        for values in (self.price, self.volume):
            # Fortran order: a column is contiguous, and columns are what the indicators walk along
            grid = np.full((len(index), len(series_ids)), np.nan, order="F")
            grid[self.day[inside] - first_day, column[inside]] = values[inside]
            frames.append(pd.DataFrame(grid, index=index, columns=np.arange(len(series_ids)), copy=False))
        return frames[0], frames[1]


def pooled(series_id: Ints, day: Ints, price: Floats, volume: Floats, flags: Ints) -> Panel:
    """A day's varieties as one row: median of readable prices, sum of readable volumes, flags together.

    Rows must come sorted by series and day. A volume printed once a market-day is summed with blanks, so it
    counts once; volumes printed per variety add up to the day's.
    """
    price = np.where(flags & int(UNREADABLE_PRICE), np.nan, price)
    volume = np.where(flags & int(UNREADABLE_VOLUME), np.nan, volume)
    if not len(day):
        return Panel(series_id, day, price, volume, flags)
    starts = np.flatnonzero(np.r_[True, (series_id[1:] != series_id[:-1]) | (day[1:] != day[:-1])])
    if len(starts) == len(day):
        return Panel(series_id, day, price, volume, flags)
    sizes = np.diff(np.r_[starts, len(day)])
    several = np.flatnonzero(sizes > 1)
    pooled_price, pooled_volume, pooled_flags = price[starts], volume[starts], flags[starts]
    member = np.repeat(sizes > 1, sizes)
    group = np.repeat(np.arange(len(several)), sizes[several])
    pooled_price[several] = group_median(price[member], group, len(several))
    traded = ~np.isnan(volume[member])
    total = np.bincount(group[traded], weights=volume[member][traded], minlength=len(several))
    counted = np.bincount(group[traded], minlength=len(several))
    pooled_volume[several] = np.where(counted > 0, total, np.nan)
    pooled_flags[several] = np.bitwise_or.reduceat(flags, starts)[several]
    return Panel(series_id[starts], day[starts], pooled_price, pooled_volume, pooled_flags)


def group_median(values: Floats, group: Ints, count: int) -> Floats:
    """Median of each group's numbers; NaN for a group that has none."""
    known = ~np.isnan(values)
    values, group = values[known], group[known]
    order = np.lexsort((values, group))
    values, group = values[order], group[order]
    sizes = np.bincount(group, minlength=count)
    first = np.r_[0, np.cumsum(sizes)[:-1]]
    out = np.full(count, np.nan)
    some = sizes > 0
    low, high = (first + (sizes - 1) // 2)[some], (first + sizes // 2)[some]
    out[some] = (values[low] + values[high]) / 2
    return out
