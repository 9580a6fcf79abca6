"""Laying what goes to a unit in a stretch of days on its days: as early as its capacity lets it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence

import numpy as np

from warning.absorption.arcs import Network
from warning.absorption.problem import Problem
from warning.indicators.grid import Floats

SMALL_T = 1e-6


def laid_on_days(problem: Problem, network: Network, tonnes: Floats) -> Iterator[tuple[int, dt.date, float]]:
    """(arc, day, tonnes) for all that is sent; deliveries of a unit with a minimum lot are of equal size."""
    used = np.flatnonzero(tonnes > SMALL_T)
    slots = network.slots
    expiry = np.array([problem.batches[batch].expiry.toordinal() for batch in network.arcs.batch[used]], dtype=np.int64)
    used = used[np.lexsort((used, expiry, network.arcs.slot[used]))] if len(used) else used
    of = network.arcs.slot[used]
    for slot in np.unique(of):
        arcs = used[of == slot]
        days = _amounts(float(tonnes[arcs].sum()), slots.days[slot], float(slots.a_day[slot]), float(slots.least[slot]))
        yield from _poured(arcs, tonnes, days)


def _amounts(flow: float, days: Sequence[dt.date], a_day: float, least: float) -> list[tuple[dt.date, float]]:
    count = min(len(days), max(1, math.ceil(flow / a_day - 1e-9)))
    if least > 0:
        return [(day, flow / count) for day in days[:count]]
    amounts = [(day, a_day) for day in days[: count - 1]]
    return [*amounts, (days[count - 1], flow - a_day * (count - 1))]


def _poured(
    arcs: Sequence[int], tonnes: Floats, days: list[tuple[dt.date, float]]
) -> Iterator[tuple[int, dt.date, float]]:
    """The arcs' tonnes in turn into the days' amounts."""
    queue = iter(days)
    day, room = next(queue)
    for arc in arcs:
        left = float(tonnes[arc])
        while left > SMALL_T:
            part = min(left, room)
            if part > SMALL_T:
                yield int(arc), day, part
            left -= part
            room -= part
            if room <= SMALL_T:
                following = next(queue, None)
                if following is None:
                    if left > SMALL_T:
                        yield int(arc), day, left
                    break
                day, room = following
