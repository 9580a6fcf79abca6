"""What a problem may not be: options out of range are refused; faulty batches, units and quotas named and left out."""

from __future__ import annotations

import dataclasses
import math

from warning.absorption.problem import Batch, Options, Problem, Quota
from warning.absorption.sanity_lines import lines_passed
from warning.absorption.shocks import ShockKind
from warning.absorption.units import AbsorbingUnit, faults
from warning.catalog import Catalog
from warning.errors import InvalidPlan

MOST_DAYS = 180
Notes = tuple[tuple[str, str], ...]


def check_problem(problem: Problem, catalog: Catalog) -> tuple[Problem, Notes]:
    """(the problem without batches that say nothing, what was noticed). Raises InvalidPlan for options and shocks."""
    _check_options(problem.options)
    _check_shocks(problem, catalog)
    notes: list[tuple[str, str]] = []
    batches = []
    for batch in problem.batches:
        if batch.product_id not in catalog.products:
            raise InvalidPlan(f"there is no product {batch.product_id!r}", where="batches")
        if batch.township_id and batch.township_id not in catalog.townships:
            raise InvalidPlan(
                f"there is no township {batch.township_id!r}", where="batches", todo="use an id of /v1/townships"
            )
        if told := _wrong(batch):
            notes.append(told)
        elif batch.tonnes > 0:
            batches.append(_with_a_floor(batch, notes))
    units = _told_apart(problem.units, notes)
    for unit in units:
        notes.extend(
            (f"{unit.name}：{zh}，未计入", f"{unit.name}: {en}; left out") for _, zh, en in faults(unit)
        )  # fmt: skip
        if unit.township_id and unit.township_id not in catalog.townships:
            zh = f"{unit.name}：没有编码为 {unit.township_id} 的乡镇，按位置不明计"
            notes.append((zh, f"{unit.name}: there is no township {unit.township_id}; its place counts as unknown"))
    problem = dataclasses.replace(problem, units=units, quotas=_amounts(problem.quotas, notes))
    notes.extend(_unplaced_places(problem, tuple(batches)))
    notes.extend(lines_passed(tuple(batches), problem.outputs, catalog))
    if not batches:
        notes.append(("没有需要安置的产品", "there is nothing to place"))
    return dataclasses.replace(problem, batches=tuple(batches)), tuple(notes)


def _with_a_floor(batch: Batch, notes: list[tuple[str, str]]) -> Batch:
    if math.isfinite(batch.floor_per_kg) and batch.floor_per_kg >= 0:
        return batch
    zh = f"{batch.product_id} {batch.lot}：最低价 {batch.floor_per_kg} 无效，按没有最低价计"
    notes.append((zh, f"{batch.product_id} {batch.lot}: {batch.floor_per_kg} per kg is no floor; none is kept"))
    return dataclasses.replace(batch, floor_per_kg=0.0)


def _told_apart(units: tuple[AbsorbingUnit, ...], notes: list[tuple[str, str]]) -> tuple[AbsorbingUnit, ...]:
    """The first of each id: two of one id would both draw its whole quota."""
    found: dict[str, AbsorbingUnit] = {}
    for unit in units:
        if found.setdefault(unit.id, unit) is not unit:
            notes.append((f"编号 {unit.id} 重复，只计第一家", f"there are two units {unit.id}; the first is kept"))
    return tuple(found.values())


def _amounts(quotas: tuple[Quota, ...], notes: list[tuple[str, str]]) -> tuple[Quota, ...]:
    """A quota that is no amount lets nothing through: it must never be taken for plenty."""
    found = []
    for quota in quotas:
        if any(one is not None and not math.isfinite(one) for one in (quota.left_t, quota.left_cny)):
            en = f"what is left of the quota of {quota.unit_id} is no number; it counts as used up"
            notes.append((f"{quota.unit_id} 的采购份额不是数字，按已用完计", en))
            found.append(Quota(quota.unit_id, 0.0))
        else:
            found.append(quota)
    return tuple(found)


def _check_options(options: Options) -> None:
    def within(name: str, low: float, high: float) -> None:
        value = getattr(options, name)
        if value is not None and not (math.isfinite(value) and low <= value <= high):
            raise InvalidPlan(
                f"{name} is {value}", where=f"options.{name}", todo=f"use a number from {low:g} to {high:g}"
            )

    within("days", 1, MOST_DAYS)
    within("key_weight", 1, 100)
    within("worst_share_weight", 0, 100)
    within("fairness_k", 0, 1)
    within("channel_share", 0, 1)
    within("freight_per_t_km", 0, 1000)
    within("nearness", 0, 1000)
    within("most_km", 0, 20000)
    within("preference", 0, 10)
    within("waiting_per_t_day", 0, 10000)


def _check_shocks(problem: Problem, catalog: Catalog) -> None:
    units = {unit.id for unit in problem.units}
    for shock in problem.shocks:
        known = {
            ShockKind.ROAD: set(catalog.townships),
            ShockKind.TOWNSHIP: set(catalog.townships),
            ShockKind.UNIT: units,
            ShockKind.CHANNEL: set(catalog.channels),
            ShockKind.CAPACITY: units | set(catalog.channels) | {"*"},
            ShockKind.STORAGE: set(catalog.products) | {"*"},
        }[shock.kind]
        named = shock.what.split("-", 1) if shock.kind == ShockKind.ROAD and shock.what not in known else [shock.what]
        for name in named:
            if name not in known:
                raise InvalidPlan(
                    f"there is no {shock.kind.value} {name!r}", where="shocks", todo="use an id that exists"
                )
        if shock.kind == ShockKind.CAPACITY and not (math.isfinite(shock.factor) and shock.factor >= 0):
            raise InvalidPlan(f"the factor {shock.factor} is no number from 0 up", where="shocks")


def _wrong(batch: Batch) -> tuple[str, str] | None:
    if not math.isfinite(batch.tonnes) or batch.tonnes < 0:
        return (f"{batch.product_id} {batch.lot}：吨数 {batch.tonnes} 无效，未计入",
                f"{batch.product_id} {batch.lot}: {batch.tonnes} t is no amount; left out")  # fmt: skip
    if not math.isfinite(batch.price_per_kg) or batch.price_per_kg < 0:
        return (f"{batch.product_id} {batch.lot}：价格 {batch.price_per_kg} 无效，未计入",
                f"{batch.product_id} {batch.lot}: {batch.price_per_kg} per kg is no price; left out")  # fmt: skip
    return None


def _unplaced_places(problem: Problem, batches: tuple[Batch, ...]) -> Notes:
    """A word where distances are guesses."""
    known = {name for name, place in problem.places.items() if place.latitude is not None}
    lost = {batch.township_id for batch in batches} - known
    adrift = [unit for unit in problem.units if unit.latitude is None and unit.township_id not in known]
    if not batches or not (lost or adrift):
        return ()
    zh = f"{len(lost)} 个乡镇、{len(adrift)} 家单位没有坐标，运距按 35 公里估计"
    return ((zh, f"{len(lost)} townships and {len(adrift)} units have no coordinates: 35 km are assumed for each"),)
