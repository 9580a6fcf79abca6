"""Wide daily frames as arrays with a series to each row, and the windows that all indicators look through.

Outside, series stand in columns and days in rows; inside, a series is one contiguous row of days, because every
window runs along the days. Nothing here looks ahead: a value at a day uses that day and earlier ones, summed in
an order that depends neither on where the frame begins nor on where it ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from warning.errors import InvalidPanel

if TYPE_CHECKING:
    import pandas as pd

    Frame = TypeVar("Frame", pd.Series, pd.DataFrame)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Grid:
    """Daily values of several series: `values` is series × days, `days` count from 1970-01-01 without gaps."""

    values: Floats
    days: Ints

    def take(self, rows: slice | Ints) -> Grid:
        """The same days of some of the series."""
        return Grid(self.values[rows], self.days)


def grid_of(frame: pd.Series | pd.DataFrame) -> Grid:
    """The grid of a daily frame; InvalidPanel where its index is not daily without gaps."""
    import pandas as pd

    index = frame.index
    if not isinstance(index, pd.DatetimeIndex):
        raise InvalidPanel(
            f"the index is {type(index).__name__}, not DatetimeIndex", where="index", todo="give a daily index"
        )
    days = index.to_numpy().astype("datetime64[D]").astype(np.int64)
    if len(days) and not np.array_equal(days, np.arange(days[0], days[0] + len(days))):
        raise InvalidPanel("the days are not consecutive", where="index", todo="reindex to every calendar day")
    values = np.asarray(frame.to_numpy(dtype=np.float64))
    values = values[np.newaxis, :] if values.ndim == 1 else values.T
    return Grid(np.ascontiguousarray(values), days)


def like(frame: Frame, values: NDArray[np.generic]) -> Frame:
    """`values` (series × days) as the same kind of frame as `frame`, over its last days."""
    import pandas as pd

    index = frame.index[len(frame.index) - values.shape[1] :]
    if isinstance(frame, pd.DataFrame):
        return pd.DataFrame(values.T, index=index, columns=frame.columns)
    return pd.Series(values[0], index=index, name=frame.name)


def along(frame: Frame, compute: Callable[[Grid], NDArray[np.generic]]) -> Frame:
    """What `compute` makes of the frame's grid, as the same kind of frame."""
    return like(frame, compute(grid_of(frame)))


def sorted_median(windows: Floats) -> tuple[Floats, Ints]:
    """(median, count) of the known values along the last axis; NaN where there is none."""
    ordered = np.sort(windows, axis=-1)  # NaN goes last
    count = np.count_nonzero(~np.isnan(ordered), axis=-1).astype(np.int64)
    low, high = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, windows.shape[-1] - 1)
    pick = np.take_along_axis(ordered, np.stack([low, high], axis=-1), axis=-1)
    return np.where(count > 0, (pick[..., 0] + pick[..., 1]) / 2, np.nan), count


def trailing_windows(values: Floats, width: int, since: int) -> Floats:
    """The `width` days ending on each day from `since` on: series × days × width; NaN before the frame."""
    start = since - width + 1
    if start < 0:
        values = np.concatenate([np.full((len(values), -start), np.nan), values], axis=1)
        start = 0
    return sliding_window_view(values[:, start:], width, axis=1)


def trailing_sum(values: Floats, width: int) -> Floats:
    """Sum of the `width` days ending on each day; days before the frame count as 0.

    Windows of one, two, four, … days are doubled and put together, so that a day's sum is the same to the last
    bit whatever comes long before or after it.
    """
    total = np.zeros_like(values)
    doubled, size, reach = values, 1, 0
    while size <= width:
        if width & size:
            total = total + _shifted(doubled, reach)
            reach += size
        size *= 2
        if size <= width:
            doubled = doubled + _shifted(doubled, size // 2)
    return total


def _shifted(values: Floats, days: int) -> Floats:
    """Each day's value of `days` before; 0 before the frame."""
    if days == 0:
        return values
    out = np.zeros_like(values)
    out[:, days:] = values[:, :-days]
    return out


def at_days(values: Floats, first_day: int, wanted: Ints) -> Floats:
    """Columns of `values` (series × days from `first_day`) on the wanted days; NaN outside the frame."""
    place = wanted - first_day
    inside = (place >= 0) & (place < values.shape[1])
    if inside.all():
        return values[:, place]
    out = np.full((len(values), len(wanted)), np.nan)
    out[:, inside] = values[:, place[inside]]
    return out
