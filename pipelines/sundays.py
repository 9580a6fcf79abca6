"""The Sundays on which the models speak."""

from __future__ import annotations

import datetime as dt


def last_sunday(day: dt.date) -> dt.date:
    """The Sunday on or before a day: the last whole week ends there."""
    return day - dt.timedelta(days=(day.weekday() + 1) % 7)
