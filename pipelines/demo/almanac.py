"""Festivals by lunar date, and how far every day lies from the nearest one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]

LUNAR_DATES: Final = {"春节": (1, 1), "端午": (5, 5), "中秋": (8, 15)}
NATIONAL_DAY: Final = (10, 1)
FESTIVALS: Final = (*LUNAR_DATES, "国庆")
EPOCH: Final = dt.date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Pull:
    """How a festival pulls a product: the log of price and volume at its height, and in the slump after it."""

    festival: str
    price: float
    volume: float
    before_days: int = 18
    after_days: int = 12
    price_after: float = 0.0
    volume_after: float = 0.0


def festival_day(festival: str, year: int) -> dt.date:
    """The Gregorian day of a festival in a Gregorian year, from the lunar calendar where it is a lunar one."""
    if festival == "国庆":
        return dt.date(year, *NATIONAL_DAY)
    from lunar_python import Lunar

    solar = Lunar.fromYmd(year, *LUNAR_DATES[festival]).getSolar()
    return dt.date(solar.getYear(), solar.getMonth(), solar.getDay())


def festival_offsets(days: Ints, festival: str) -> Ints:
    """Signed days from the nearest such festival for each day (days since 1970): negative before it."""
    years = range((EPOCH + dt.timedelta(int(days[0]))).year - 1, (EPOCH + dt.timedelta(int(days[-1]))).year + 2)
    feasts = np.array([(festival_day(festival, year) - EPOCH).days for year in years], dtype=np.int64)
    offsets = days[:, None] - feasts[None, :]
    return np.asarray(offsets[np.arange(len(days)), np.abs(offsets).argmin(axis=1)])


def pulled(offsets: Ints, pull: Pull) -> tuple[Floats, Floats]:
    """(log price, log volume) that a festival adds: a rise up to its eve, then a slump that dies away."""
    before = (offsets < 0) & (offsets >= -pull.before_days)
    after = (offsets >= 0) & (offsets < pull.after_days)
    rise = np.where(before, 1.0 + (offsets + 1) / pull.before_days, 0.0)
    slump = np.where(after, 1.0 - offsets / pull.after_days, 0.0)
    return pull.price * rise + pull.price_after * slump, pull.volume * rise + pull.volume_after * slump
