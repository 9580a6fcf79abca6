"""The days of a span on which a unit takes goods: not its weekends, nor its school holidays."""

from __future__ import annotations

import datetime as dt

from warning.absorption.school_terms import holiday_on
from warning.absorption.units import AbsorbingUnit
from warning.catalog import Catalog


def open_days(unit: AbsorbingUnit, first: dt.date, last: dt.date, catalog: Catalog) -> tuple[dt.date, ...]:
    """The unit's open days from `first` to `last`, both included; none where the span is empty."""
    days = [dt.date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
    if unit.closed_weekends:
        days = [day for day in days if day.weekday() < 5]
    if unit.closed_in_holidays:
        days = [day for day in days if holiday_on(day, catalog.school_holidays) is None]
    return tuple(days)
