"""The programme's arcs: which batch may go to which unit in which stretch of days, with what it brings and costs.

Days are not told apart where nothing changes: a unit's span is cut only where a batch that it may take is released
or expires, and a stretch's capacity is that of its open days together. What is placed in a stretch is afterwards laid
on its days; no plan by days is lost by it, since all goods of a stretch can be delivered on each of its days.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from warning.absorption.distance import road_km
from warning.absorption.open_days import open_days
from warning.absorption.problem import Problem
from warning.absorption.refusals import Refused, refusals, start_day
from warning.absorption.units import AbsorbingUnit
from warning.catalog import Catalog
from warning.indicators.grid import Bools, Floats, Ints

KG = 1000.0


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """Columns of equal length, one an arc; money in CNY per tonne sent."""

    batch: Ints
    slot: Ints
    unit: Ints
    arriving: Floats
    """Share that is not lost on the way."""
    income: Floats
    freight: Floats
    km: Floats
    score: Floats
    """What the plan values: income and preference less weighted freight and waiting."""

    def some(self, chosen: Bools) -> Arcs:
        """The chosen arcs alone."""
        return Arcs(
            self.batch[chosen], self.slot[chosen], self.unit[chosen], self.arriving[chosen],
            self.income[chosen], self.freight[chosen], self.km[chosen], self.score[chosen],
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """A unit's stretches of days: its open days with tonnes, together and each."""

    unit: Ints
    days: tuple[tuple[dt.date, ...], ...]
    capacity: Floats
    a_day: Floats
    least: Floats
    """The least a delivery may be; 0 for any."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Arcs and slots of a problem, and the reason of each pair that has none."""

    arcs: Arcs
    slots: Slots
    refused: Refused


def network_of(problem: Problem, catalog: Catalog) -> Network:
    """All arcs of a problem whose shocks have been applied (`shocks.shocked`)."""
    km = distances(problem)
    price = np.array([batch.price_per_kg for batch in problem.batches]).reshape(-1, 1)
    paid = np.array([unit.price_per_kg if unit.price_per_kg is not None else np.nan for unit in problem.units])
    share = np.array([unit.habit.price_share for unit in problem.units])
    kept = np.array([1 - unit.lost for unit in problem.units])
    income = np.where(np.isnan(paid), price * share, paid) * kept
    freight = km * problem.options.freight_per_t_km
    refused = refusals(problem, catalog, km, income - freight / KG)
    slots, arc_batch, arc_slot = _stretches(problem, catalog, refused)
    unit = slots.unit[arc_slot]
    first = np.array([days[0].toordinal() for days in slots.days], dtype=np.int64)
    release = np.array([max(batch.release, problem.day).toordinal() for batch in problem.batches], dtype=np.int64)
    wait = first[arc_slot] - release[arc_batch] if len(arc_slot) else np.zeros(0)
    liked = _liked(problem, catalog)[arc_batch, unit]
    money = income[arc_batch, unit] * KG
    score = (
        money * (1 + problem.options.preference * liked)
        - freight[arc_batch, unit] * problem.options.nearness
        - wait * problem.options.waiting_per_t_day
    )
    arcs = Arcs(
        arc_batch, arc_slot, unit, kept[unit], money, freight[arc_batch, unit], km[arc_batch, unit], score
    )  # fmt: skip
    return Network(arcs, slots, refused)


def distances(problem: Problem) -> Floats:
    """Road kilometres, batches × units: from the township to the unit's own place, else its township's."""
    names = sorted({batch.township_id for batch in problem.batches})
    row = {name: number for number, name in enumerate(names)}
    table = road_km([_place(problem, name) for name in names], [_stands(problem, unit) for unit in problem.units])
    found = table[[row[batch.township_id] for batch in problem.batches]]
    return found.reshape(len(problem.batches), len(problem.units))


def _place(problem: Problem, township_id: str) -> tuple[float | None, float | None]:
    place = problem.places.get(township_id)
    return (None, None) if place is None else (place.latitude, place.longitude)


def _stands(problem: Problem, unit: AbsorbingUnit) -> tuple[float | None, float | None]:
    if unit.latitude is not None:
        return unit.latitude, unit.longitude
    return _place(problem, unit.township_id)


def _liked(problem: Problem, catalog: Catalog) -> Floats:
    found = np.zeros((len(problem.batches), len(problem.units)))
    wishing = [number for number, unit in enumerate(problem.units) if unit.prefers]
    for row, batch in enumerate(problem.batches):
        if product := catalog.products.get(batch.product_id):
            for number in wishing:
                found[row, number] = problem.units[number].likes(product)
    return found


def _stretches(problem: Problem, catalog: Catalog, refused: Refused) -> tuple[Slots, Ints, Ints]:
    """(slots, each arc's batch, each arc's slot)."""
    end = problem.day.toordinal() + problem.options.days
    release = np.array([batch.release.toordinal() for batch in problem.batches], dtype=np.int64)
    expiry = np.minimum(np.array([batch.expiry.toordinal() for batch in problem.batches], dtype=np.int64), end)
    units: list[int] = []
    days: list[tuple[dt.date, ...]] = []
    batches: list[Ints] = []
    slots: list[Ints] = []
    for number, unit in enumerate(problem.units):
        may = np.flatnonzero(refused[:, number] == 0)
        if not len(may):
            continue
        start = start_day(unit, problem.day, catalog).toordinal()
        begin = np.maximum(release[may], start)
        cuts = np.unique(np.concatenate([begin, expiry[may] + 1]))
        for first, last in zip(cuts[:-1], cuts[1:] - 1, strict=True):
            inside = may[(begin <= first) & (expiry[may] >= last)]
            span = dt.date.fromordinal(int(first)), dt.date.fromordinal(int(last))
            if len(inside) and (taking := open_days(unit, *span, catalog)):
                batches.append(inside)
                slots.append(np.full(len(inside), len(units), dtype=np.int64))
                units.append(number)
                days.append(taking)
    a_day = np.array([problem.units[number].capacity_t for number in units])
    least = np.array([problem.units[number].minimum_lot_t for number in units])
    count = np.array([len(one) for one in days], dtype=np.float64)
    table = Slots(np.array(units, dtype=np.int64), tuple(days), a_day * count, a_day, least)
    none = np.zeros(0, dtype=np.int64)
    return table, np.concatenate([none, *batches]), np.concatenate([none, *slots])
