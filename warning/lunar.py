"""春节 through the years: when it falls, and how many days a day lies from it.

The dates come from lunar_python; they are computed once a process, from 1990 to 2100.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
from numpy.typing import NDArray

from warning.errors import InvalidReference

FIRST_YEAR, LAST_YEAR = 1990, 2100
EPOCH = dt.date(1970, 1, 1)

Days = NDArray[np.int64]


@cache
def spring_festivals() -> tuple[dt.date, ...]:
    """春节 of each year from FIRST_YEAR to LAST_YEAR."""
    from lunar_python import Lunar

    found = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        solar = Lunar.fromYmd(year, 1, 1).getSolar()
        found.append(dt.date(solar.getYear(), solar.getMonth(), solar.getDay()))
    return tuple(found)


def spring_festival(year: int) -> dt.date:
    """The day of 春节 in a Gregorian year; InvalidReference outside 1990 to 2100."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidReference(
            f"春节 of {year} is not in the table",
            where="warning.lunar",
            todo=f"ask for a year from {FIRST_YEAR} to {LAST_YEAR}",
        )
    return spring_festivals()[year - FIRST_YEAR]


@cache
def _festival_days() -> Days:
    days = np.array([(day - EPOCH).days for day in spring_festivals()], dtype=np.int64)
    days.setflags(write=False)
    return days


def nearest_festival(days: Days) -> tuple[Days, Days]:
    """(offset, year) of each day: days after (negative: before) the nearest 春节, and that festival's year.

    `days` count from 1970-01-01. A day outside 1990 to 2100 takes the first or last festival of the table.
    """
    festivals = _festival_days()
    after = np.clip(np.searchsorted(festivals, days), 1, len(festivals) - 1)
    nearer_before = days - festivals[after - 1] <= festivals[after] - days
    index = np.where(nearer_before, after - 1, after)
    return days - festivals[index], index + FIRST_YEAR


def festival_day(years: Days) -> Days:
    """Days since 1970-01-01 of 春节 in each year; a year outside the table gives a day before all data."""
    inside = (years >= FIRST_YEAR) & (years <= LAST_YEAR)
    found = _festival_days()[np.clip(years, FIRST_YEAR, LAST_YEAR) - FIRST_YEAR]
    return np.where(inside, found, np.int64(-10_000_000))
