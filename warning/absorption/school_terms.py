"""When schools buy nothing: holidays by month and day, or those that a year states for itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from warning.catalog import SchoolHoliday


def holiday_on(day: dt.date, holidays: Iterable[SchoolHoliday]) -> SchoolHoliday | None:
    """The school holiday on `day`, None in term.

    A holiday with a year is that year's; the yearly one of the same name then does not hold in it.
    """
    known = tuple(holidays)
    for holiday in known:
        years = (holiday.year,) if holiday.year is not None else (day.year - 1, day.year)
        for year in years:
            if holiday.year is None and _stated(holiday.name_zh, year, known):
                continue
            first, last = _span(holiday, year)
            if first <= day <= last:
                return holiday
    return None


def _stated(name: str, year: int, holidays: Iterable[SchoolHoliday]) -> bool:
    return any(holiday.year == year and holiday.name_zh == name for holiday in holidays)


def _span(holiday: SchoolHoliday, year: int) -> tuple[dt.date, dt.date]:
    """First and last day; one that ends before it begins runs into the next year."""
    first = _day(year, holiday.first)
    last = _day(year, holiday.last)
    return first, last if last >= first else _day(year + 1, holiday.last)


def _day(year: int, month_day: tuple[int, int]) -> dt.date:
    month, day = month_day
    leapless = month == 2 and day == 29 and not (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    return dt.date(year, month, 28 if leapless else day)
