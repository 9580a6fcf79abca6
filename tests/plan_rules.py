"""What a placement plan must keep, told day by day and pair by pair, apart from the code that makes plans.

Plain loops over the problem's own values; of the product only the catalog, the channels' advice and the school terms
are used.
"""

from __future__ import annotations

import datetime as dt
import functools
import math

from warning.absorption.channels import suitable_channels
from warning.absorption.problem import Batch, Problem
from warning.absorption.school_terms import holiday_on
from warning.absorption.shocks import ShockKind
from warning.absorption.units import AbsorbingUnit, UnitKind
from warning.reference import load_catalog

CATALOG = load_catalog()
EMERGENCY = 9
YELLOW = 2


def last_day(problem: Problem, batch: Batch) -> dt.date:
    """The last day on which the batch can be delivered, with what storage adds."""
    more = sum(s.days for s in problem.shocks if s.kind == ShockKind.STORAGE and s.what in ("*", batch.product_id))
    return batch.expiry + dt.timedelta(days=more)


def factor(problem: Problem, unit: AbsorbingUnit) -> float:
    """What the shocks leave of a unit's capacity."""
    left = 1.0
    for shock in problem.shocks:
        closed = {
            ShockKind.UNIT: unit.id,
            ShockKind.CHANNEL: unit.channel,
            ShockKind.TOWNSHIP: unit.township_id,
        }.get(shock.kind)
        if closed == shock.what:
            left = 0.0
        if shock.kind == ShockKind.CAPACITY and shock.what in ("*", unit.id, unit.channel):
            left *= shock.factor
    return left


def a_day(problem: Problem, unit: AbsorbingUnit) -> float:
    """Tonnes the unit takes on an open day."""
    grams = unit.habit.grams_per_diner if unit.grams_per_diner is None else unit.grams_per_diner
    own = unit.diners * grams / 1e6 if unit.tonnes_per_day is None else unit.tonnes_per_day
    return own * factor(problem, unit)


def in_all(problem: Problem, unit: AbsorbingUnit) -> float:
    """Tonnes the unit takes over the whole plan: free store, quota."""
    stored = math.inf if unit.storage_t is None else unit.storage_t * factor(problem, unit)
    quotas = [q.left_t for q in problem.quotas if q.unit_id == unit.id and q.left_t is not None]
    return max(0.0, min([stored, *quotas]))


def money(problem: Problem, unit: AbsorbingUnit) -> float:
    """CNY the unit can spend."""
    return max(0.0, min([q.left_cny for q in problem.quotas if q.unit_id == unit.id and q.left_cny is not None],
                        default=math.inf))  # fmt: skip


def pays(batch: Batch, unit: AbsorbingUnit) -> float:
    """CNY per kg."""
    return unit.price_per_kg if unit.price_per_kg is not None else batch.price_per_kg * unit.habit.price_share


def lost(unit: AbsorbingUnit) -> float:
    """Share lost on the way."""
    return unit.habit.loss_rate if unit.loss_rate is None else unit.loss_rate


def kilometres(problem: Problem, batch: Batch, unit: AbsorbingUnit) -> float:
    """By road, from the batch's township to the unit."""
    start, home = problem.places.get(batch.township_id), problem.places.get(unit.township_id)
    end = (unit.latitude, unit.longitude)
    if unit.latitude is None and home is not None:
        end = (home.latitude, home.longitude)
    if start is None or start.latitude is None or start.longitude is None or end[0] is None or end[1] is None:
        return 35.0
    north, south = math.radians(start.latitude), math.radians(end[0])
    turn = math.cos(math.radians(start.longitude - end[1]))
    cosine = math.sin(north) * math.sin(south) + math.cos(north) * math.cos(south) * turn
    return max(6.0, 6371 * math.acos(min(1.0, cosine)) * 1.35)


def net_per_kg(problem: Problem, batch: Batch, unit: AbsorbingUnit) -> float:
    """CNY per kg sent that growers keep after loss and freight."""
    freight = kilometres(problem, batch, unit) * problem.options.freight_per_t_km / 1000
    return pays(batch, unit) * (1 - lost(unit)) - freight


def first_day(problem: Problem, unit: AbsorbingUnit) -> dt.date:
    """The first day on which the unit takes anything."""
    lead = CATALOG.channels[unit.channel].start_days[0] if unit.lead_days is None else unit.lead_days
    return problem.day + dt.timedelta(days=max(1, lead))


def is_open(unit: AbsorbingUnit, day: dt.date) -> bool:
    """Whether the unit takes goods on that day of the week and of the school year."""
    weekend = unit.closed_weekends and day.isoweekday() > 5
    return not weekend and not (unit.closed_in_holidays and holiday_on(day, CATALOG.school_holidays) is not None)


def road_is_open(problem: Problem, batch: Batch, unit: AbsorbingUnit) -> bool:
    """Whether goods can leave the township and reach the unit's."""
    here, there = batch.township_id, unit.township_id
    for shock in problem.shocks:
        if shock.kind == ShockKind.TOWNSHIP and here == shock.what:
            return False
        if shock.kind == ShockKind.ROAD and here != there:
            ends = shock.what.split("-")
            if (len(ends) == 1 and ends[0] in (here, there)) or (len(ends) == 2 and set(ends) == {here, there}):
                return False
    return True


@functools.cache
def _suiting(product_id: str, day: dt.date, level: int, blocked: bool, days: int) -> frozenset[str]:
    product = CATALOG.products[product_id]
    told = suitable_channels(product, day, CATALOG, level=level, logistics_blocked=blocked, shelf_life_left=days)
    return frozenset(one.channel for one in told)


def suits(problem: Problem, batch: Batch, unit: AbsorbingUnit) -> bool:
    """Whether the unit accepts the product and its channel is for it."""
    product = CATALOG.products[batch.product_id]
    named = product.id in unit.accepts or product.group in unit.accepts
    if unit.kind == UnitKind.FLEET or (unit.accepts and not named):
        return False
    if CATALOG.channels[unit.channel].number == EMERGENCY and batch.level < YELLOW and not batch.blocked:
        return False
    days = max(0, (last_day(problem, batch) - max(batch.release, problem.day)).days)
    return named or unit.channel in _suiting(product.id, problem.day, batch.level, batch.blocked, days)


def pair_may(problem: Problem, batch: Batch, unit: AbsorbingUnit) -> bool:
    """Whether the unit may take the batch on some day, for all but its days."""
    most = problem.options.most_km
    return (
        batch.expiry >= max(batch.release, problem.day)
        and suits(problem, batch, unit)
        and unit.minimum_lot_t <= a_day(problem, unit) + 1e-12
        and money(problem, unit) > 0
        and road_is_open(problem, batch, unit)
        and (most is None or kilometres(problem, batch, unit) <= most)
        and (
            batch.floor_per_kg <= 0
            or (unit.price_per_kg is None and batch.price_per_kg == 0)
            or net_per_kg(problem, batch, unit) >= batch.floor_per_kg - 1e-6
        )
    )


def days_of(problem: Problem, batch: Batch, unit: AbsorbingUnit) -> list[dt.date]:
    """The days on which the unit could take the batch: after release and lead time, before expiry, when it is open."""
    begin = max(batch.release, first_day(problem, unit))
    end = min(last_day(problem, batch), problem.day + dt.timedelta(days=problem.options.days))
    span = (begin + dt.timedelta(days=step) for step in range(max(0, (end - begin).days + 1)))
    return [day for day in span if is_open(unit, day)]


def is_key(problem: Problem, batch: Batch) -> bool:
    """Whether the batch comes from a key village or township."""
    place = problem.places.get(batch.township_id)
    return batch.key or (place is not None and place.key)
