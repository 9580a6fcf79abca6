"""Harvests laid on weeks, and what of them nobody takes while they keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from warning.guidance.coming_harvest import ComingHarvest
from warning.guidance.price_forecast import WEEK
from warning.indicators.grid import Floats


def by_week(lots: Sequence[tuple[ComingHarvest, float | None]], first: dt.date, weeks: int) -> Floats:
    """Tonnes in each week from `first` on, each lot's spread evenly over its days."""
    found = np.zeros(weeks)
    for one, tonnes in lots:
        begin, end = (one.first - first).days, (one.last - first).days
        starts = WEEK * np.arange(weeks)
        days = np.minimum(end, starts + WEEK - 1) - np.maximum(begin, starts) + 1
        found += (tonnes or 0.0) / (end - begin + 1) * np.maximum(0, days)
    return found


def unsold(harvest: Floats, takes: Floats, shelf_life_days: int) -> float:
    """Tonnes of weekly harvests that nobody takes while they keep, the oldest sold first.

    Goods may wait a further week only where they keep through the whole of it; after the last week they keep no longer.
    """
    keeps = max(1, shelf_life_days // WEEK)
    waiting: list[list[float]] = []
    over = 0.0
    for week, (tonnes, takes_t) in enumerate(zip(harvest, takes, strict=True)):
        room = float(takes_t)
        over += sum(left for until, left in waiting if until < week)
        waiting = [one for one in waiting if one[0] >= week] + [[week + keeps - 1, float(tonnes)]]
        for one in waiting:
            sold = min(one[1], room)
            one[1] -= sold
            room -= sold
    return over + sum(left for _, left in waiting)
