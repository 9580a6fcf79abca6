"""Why a unit cannot take a batch: the first reason that holds, as a matrix batches × units."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, TypeAlias

import numpy as np

from warning.absorption.channels import JOINT_EMERGENCY, YELLOW, unsuitable_channels
from warning.absorption.problem import Batch, Problem
from warning.absorption.shocks import road_open
from warning.absorption.units import MOST_LEAD_DAYS, AbsorbingUnit, UnitKind, faults
from warning.catalog import Catalog, Product
from warning.indicators.grid import Floats

Refused: TypeAlias = np.ndarray


class Refusal(enum.IntEnum):
    """Why not; NONE where the unit may take the batch."""

    NONE = 0
    EXPIRED = 1
    PRODUCT = 2
    CHANNEL = 3
    CLOSED = 4
    FAULTY = 5
    ROAD = 6
    LATE = 7
    FAR = 8
    PRICE = 9
    QUOTA = 10


WORDS: Final[Mapping[Refusal, tuple[str, str]]] = {
    Refusal.NONE: ("可消纳的单位都已用满", "every unit that may take it is full"),
    Refusal.EXPIRED: ("已过保质期", "its shelf life is over"),
    Refusal.PRODUCT: ("没有单位接收该产品", "no unit accepts the product"),
    Refusal.CHANNEL: ("没有适合该产品的渠道开放", "no channel that suits the product is open"),
    Refusal.CLOSED: ("接收单位停供或产能为零", "the units that accept it are closed or have no capacity"),
    Refusal.FAULTY: ("接收单位登记有误", "the register's entry of the units that accept it is faulty"),
    Refusal.ROAD: ("道路或乡镇封闭，无法运出", "roads or townships are closed"),
    Refusal.LATE: ("渠道启动时已过保质期", "the channels would start after its shelf life"),
    Refusal.FAR: ("接收单位超出运距上限", "the units that accept it lie beyond the distance allowed"),
    Refusal.PRICE: ("扣除运费后低于农户最低价", "after freight the price lies below the growers' floor"),
    Refusal.QUOTA: ("采购份额已用完", "the purchasing quota is used up"),
}


def refusals(problem: Problem, catalog: Catalog, km: Floats, net: Floats) -> Refused:
    """Batches × units: a `Refusal` each. `km` and `net` (CNY per kg after loss and freight) have the same shape."""
    batches, units = problem.batches, problem.units
    found = np.zeros((len(batches), len(units)), dtype=np.int8)
    last = problem.day + dt.timedelta(days=problem.options.days)
    starts = [start_day(unit, problem.day, catalog) for unit in units]

    def mark(where: np.ndarray, why: Refusal) -> None:
        found[(found == 0) & where] = why

    gone = np.array([batch.expiry <= problem.day or batch.expiry < batch.release for batch in batches], dtype=bool)
    mark(np.broadcast_to(gone[:, None], found.shape), Refusal.EXPIRED)
    mark(~_accepting(batches, units, catalog), Refusal.PRODUCT)
    mark(_channel_closed(problem, catalog), Refusal.CHANNEL)
    faulty = np.array([any(True for _ in faults(unit)) for unit in units], dtype=bool)
    mark(np.broadcast_to(faulty[None, :], found.shape), Refusal.FAULTY)
    shut = np.array([unit.capacity_t <= 0 or unit.storage_t == 0 for unit in units], dtype=bool)
    mark(np.broadcast_to(shut[None, :], found.shape), Refusal.CLOSED)
    mark(_cut_off(problem), Refusal.ROAD)
    expiry = np.array([batch.expiry.toordinal() for batch in batches]).reshape(-1, 1)
    release = np.array([batch.release.toordinal() for batch in batches]).reshape(-1, 1)
    start = np.array([one.toordinal() for one in starts]).reshape(1, -1)
    mark((start > expiry) | (np.maximum(start, release) > last.toordinal()), Refusal.LATE)
    if problem.options.most_km is not None:
        mark(km > problem.options.most_km, Refusal.FAR)
    floor = np.array([batch.floor_per_kg for batch in batches]).reshape(-1, 1)
    mark((floor > 0) & _priced(batches, units) & (net < floor - 1e-9), Refusal.PRICE)
    mark(np.broadcast_to(_used_up(problem)[None, :], found.shape), Refusal.QUOTA)
    return found


def _priced(batches: Sequence[Batch], units: Sequence[AbsorbingUnit]) -> np.ndarray:
    """Where what is paid is known: a floor is held against a price, not against none."""
    quoted = np.array([batch.price_per_kg > 0 for batch in batches], dtype=bool).reshape(-1, 1)
    stated = np.array([unit.price_per_kg is not None for unit in units], dtype=bool).reshape(1, -1)
    return np.asarray(quoted | stated)


def start_day(unit: AbsorbingUnit, day: dt.date, catalog: Catalog) -> dt.date:
    """The first day on which a unit can take goods: its own lead, else its channel's; the day after the decision."""
    channel = catalog.channels.get(unit.channel)
    lead = unit.lead_days if unit.lead_days is not None else (channel.start_days[0] if channel else 1)
    return day + dt.timedelta(days=min(max(1, lead), MOST_LEAD_DAYS))


def _accepting(batches: Sequence[Batch], units: Sequence[AbsorbingUnit], catalog: Catalog) -> np.ndarray:
    names = sorted({batch.product_id for batch in batches})
    row = {name: number for number, name in enumerate(names)}
    takes = np.zeros((len(names), len(units)), dtype=bool)
    for name in names:
        if product := catalog.products.get(name):
            takes[row[name]] = [unit.kind != UnitKind.FLEET and unit.takes(product) for unit in units]
    return takes[[row[batch.product_id] for batch in batches]].reshape(len(batches), len(units))


def _channel_closed(problem: Problem, catalog: Catalog) -> np.ndarray:
    """True where the unit's channel does not suit the batch; a unit that names the product vouches for itself."""
    names = [unit.channel for unit in problem.units]

    @cache
    def unsuited(product_id: str, days: int, level: int, blocked: bool) -> np.ndarray:
        product = catalog.products[product_id]
        left_out = {
            one.channel
            for one in unsuitable_channels(
                product, problem.day, catalog, level=level, logistics_blocked=blocked, shelf_life_left=days
            )
        }
        return np.array([
            (_emergency(catalog, unit.channel) and level < YELLOW and not blocked)
            or unit.channel not in catalog.channels
            or (unit.channel in left_out and not _vouches(unit, product))
            for unit in problem.units
        ], dtype=bool)  # fmt: skip

    found = np.ones((len(problem.batches), len(names)), dtype=bool)
    for number, batch in enumerate(problem.batches):
        if batch.product_id in catalog.products:
            first = max(batch.release, problem.day)
            days = max(0, (batch.expiry - first).days)
            found[number] = unsuited(batch.product_id, days, batch.level, batch.blocked)
    return found


def _emergency(catalog: Catalog, channel: str) -> bool:
    return channel in catalog.channels and catalog.channels[channel].number == JOINT_EMERGENCY


def _vouches(unit: AbsorbingUnit, product: Product) -> bool:
    return product.id in unit.accepts or product.group in unit.accepts


def _cut_off(problem: Problem) -> np.ndarray:
    if not problem.shocks:
        return np.zeros((len(problem.batches), len(problem.units)), dtype=bool)
    pairs = {
        (batch.township_id, unit.township_id): road_open(problem.shocks, batch.township_id, unit.township_id)
        for batch in problem.batches
        for unit in problem.units
    }
    return np.array(
        [[not pairs[batch.township_id, unit.township_id] for unit in problem.units] for batch in problem.batches],
        dtype=bool,
    ).reshape(len(problem.batches), len(problem.units))


def _used_up(problem: Problem) -> np.ndarray:
    used = {
        quota.unit_id
        for quota in problem.quotas
        if (quota.left_t is not None and quota.left_t <= 0) or (quota.left_cny is not None and quota.left_cny <= 0)
    }
    return np.array([unit.id in used for unit in problem.units], dtype=bool)
