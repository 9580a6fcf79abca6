"""What may go wrong, or be made better, in a plan: roads, townships, units and channels closed; capacity changed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warning.errors import InvalidPlan

if TYPE_CHECKING:
    from warning.absorption.problem import Batch, Problem
    from warning.absorption.units import AbsorbingUnit


class ShockKind(enum.StrEnum):
    """What happens; `what` of the shock says to whom."""

    ROAD = "road"
    """A township is cut off: goods go only to units in it, and come only from it. Two joined by `-`: that road."""
    TOWNSHIP = "township"
    """Nothing leaves the township, and its units take nothing."""
    UNIT = "unit"
    """A unit (a market, a cold store) takes nothing."""
    CHANNEL = "channel"
    """No unit of the channel takes anything."""
    CAPACITY = "capacity"
    """Daily and total capacity of a unit or channel times `factor`; `*` for all."""
    STORAGE = "storage"
    """Goods of a product (`*`: of all) keep `days` longer."""


@dataclass(frozen=True, slots=True)
class Shock:
    """One shock; `factor` is for capacity, `days` for storage."""

    kind: ShockKind
    what: str
    factor: float = 0.0
    days: int = 0


def parse_shock(text: str) -> Shock:
    """A shock from its short spelling: `road:500155104`, `capacity:canteens=0.5`, `storage:*=2`, `unit:…`.

    Raises InvalidPlan where it is none.
    """
    kind, _, rest = text.partition(":")
    what, _, amount = rest.partition("=")
    wrong = InvalidPlan(
        f"{text!r} is no shock",
        where="shock",
        todo="write road:TOWNSHIP, road:A-B, township:…, unit:…, channel:…, capacity:CHANNEL=0.5 or storage:PRODUCT=2",
    )
    if kind not in set(ShockKind) or not what:
        raise wrong
    try:
        number = float(amount) if amount else 0.0
    except ValueError:
        raise wrong from None
    if kind == ShockKind.CAPACITY and (not amount or not 0 <= number < 1e6):
        raise wrong
    if kind == ShockKind.STORAGE and not (number.is_integer() and 0 < number <= 365):
        raise wrong
    if kind == ShockKind.STORAGE:
        return Shock(ShockKind.STORAGE, what, days=int(number))
    return Shock(ShockKind(kind), what, factor=number)


def shocked(problem: Problem) -> Problem:
    """The problem as its shocks leave it, but for cut roads (`road_open`), which `arcs` asks for."""
    units = tuple(_unit(unit, problem.shocks) for unit in problem.units)
    stored = [shock for shock in problem.shocks if shock.kind == ShockKind.STORAGE]
    batches = tuple(_stored(batch, problem.day, stored) for batch in problem.batches)
    return dataclasses.replace(problem, units=units, batches=batches)


def _stored(batch: Batch, day: dt.date, stored: Iterable[Shock]) -> Batch:
    """The batch with the days that storage adds; what has spoiled before it comes is not made fresh by it."""
    days = sum(shock.days for shock in stored if shock.what in ("*", batch.product_id))
    if not days or batch.expiry < max(batch.release, day):
        return batch
    return dataclasses.replace(batch, expiry=batch.expiry + dt.timedelta(days=days))


def _unit(unit: AbsorbingUnit, shocks: Iterable[Shock]) -> AbsorbingUnit:
    factor = 1.0
    for shock in shocks:
        named = shock.what in ("*", unit.id, unit.channel)
        if shock.kind == ShockKind.CAPACITY and named:
            factor *= shock.factor
        closed = (
            (shock.kind == ShockKind.UNIT and shock.what == unit.id)
            or (shock.kind == ShockKind.CHANNEL and shock.what == unit.channel)
            or (shock.kind == ShockKind.TOWNSHIP and shock.what == unit.township_id)
        )
        if closed:
            factor = 0.0
    if factor == 1.0:
        return unit
    storage = None if unit.storage_t is None else unit.storage_t * factor
    a_day = unit.capacity_t * factor
    if unit.minimum_lot_t <= unit.capacity_t and unit.minimum_lot_t > a_day:
        a_day = 0.0  # what is left of a day holds no delivery that it would take
    return dataclasses.replace(unit, tonnes_per_day=a_day, storage_t=storage)


def road_open(shocks: Iterable[Shock], origin: str, end: str) -> bool:
    """Whether goods can go from the township `origin` to `end` under the shocks; inside a township they always can.

    A closed township lets nothing out at all.
    """
    for shock in shocks:
        if shock.kind == ShockKind.TOWNSHIP and origin == shock.what:
            return False
        if shock.kind == ShockKind.ROAD and origin != end:
            first, _, second = shock.what.partition("-")
            cut = {origin, end} == {first, second} if second else first in (origin, end)
            if cut:
                return False
    return True
