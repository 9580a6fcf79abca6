"""What each lead department has to do under a plan (牵头单位任务清单): a task for each channel that carries goods."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from warning.absorption.plan import Placement, Plan
from warning.absorption.problem import Problem
from warning.absorption.task_words import task_words
from warning.absorption.units import AbsorbingUnit
from warning.catalog import Catalog, Department

KG_A_TONNE = 1000


@dataclass(frozen=True, slots=True)
class Delivery:
    """Tonnes of one product that a unit takes from one township, on `days` days from the first to the last.

    `township_id` is blank for the district as a whole.
    """

    product_id: str
    product_zh: str
    product_en: str
    township_id: str
    township_zh: str
    township_en: str
    tonnes: float
    first_day: dt.date
    last_day: dt.date
    days: int


@dataclass(frozen=True, slots=True)
class TaskUnit:
    """A unit of the register with what it takes under the task."""

    id: str
    name: str
    contact: str
    simulated: bool
    tonnes: float
    first_day: dt.date
    last_day: dt.date
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class DepartmentTask:
    """What one department leads in one channel, with departments under the names of the plan's day.

    Tonnes are whole kilograms: deliveries add up to their unit, units to the task.
    """

    department: Department
    with_departments: tuple[Department, ...]
    channel: str
    number: int
    name_zh: str
    name_en: str
    clause: str
    first_day: dt.date
    last_day: dt.date
    tonnes: float
    units: tuple[TaskUnit, ...]
    text_zh: str
    text_en: str


def department_tasks(plan: Plan, problem: Problem, catalog: Catalog) -> tuple[DepartmentTask, ...]:
    """One task for each channel that carries a kilogram or more, by lead department, the earliest first."""
    by_channel: dict[str, list[Placement]] = defaultdict(list)
    for one in plan.placements:
        by_channel[one.channel].append(one)
    units = {unit.id: unit for unit in reversed(problem.units)}
    found = [_task(key, placed, plan.day, units, catalog) for key, placed in by_channel.items()]
    tasks = sorted((task for task in found if task.units), key=lambda task: (task.first_day, task.number))
    leads = list(dict.fromkeys(task.department.id for task in tasks))
    return tuple(sorted(tasks, key=lambda task: leads.index(task.department.id)))


def lead_departments(plan: Plan, problem: Problem, catalog: Catalog) -> tuple[Department, ...]:
    """The departments that lead a task of the plan, each once: a letter goes to each."""
    found = {task.department.id: task.department for task in department_tasks(plan, problem, catalog)}
    return tuple(found[key] for key in sorted(found))


def products_of(task: DepartmentTask) -> dict[tuple[str, str], float]:
    """Tonnes by product, as (Chinese, English) name, most first."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for unit in task.units:
        for one in unit.deliveries:
            found[one.product_zh, one.product_en] += one.tonnes
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def _task(
    key: str, placed: list[Placement], day: dt.date, units: Mapping[str, AbsorbingUnit], catalog: Catalog
) -> DepartmentTask:
    channel = catalog.channels[key]
    lead = catalog.department_on(channel.lead, day)
    named = {one.id: one for one in (catalog.department_on(other, day) for other in channel.with_departments)}
    taking = _task_units(placed, units, catalog)
    task = DepartmentTask(
        department=lead,
        # A merger makes two departments one: nobody is named twice.
        with_departments=tuple(one for one in named.values() if one.id != lead.id),
        channel=key, number=channel.number, name_zh=channel.name_zh, name_en=channel.name_en, clause=channel.clause,
        first_day=min((unit.first_day for unit in taking), default=day),
        last_day=max((unit.last_day for unit in taking), default=day),
        tonnes=_total(taking), units=taking, text_zh="", text_en="",
    )  # fmt: skip
    return _worded(task, day)


def _worded(task: DepartmentTask, day: dt.date) -> DepartmentTask:
    zh, en = task_words(task, products_of(task), day)
    return dataclasses.replace(task, text_zh=zh, text_en=en)


def _task_units(placed: list[Placement], units: Mapping[str, AbsorbingUnit], catalog: Catalog) -> tuple[TaskUnit, ...]:
    """The units with their deliveries, the earliest first; what rounds to no kilogram is left out."""
    groups: dict[tuple[str, str, str], list[Placement]] = defaultdict(list)
    for one in placed:
        groups[one.unit_id, one.product_id, one.township_id].append(one)
    kilograms = whole_kilograms([sum(one.tonnes for one in group) for group in groups.values()])
    deliveries: dict[str, list[Delivery]] = defaultdict(list)
    for (unit_id, _, _), group, kg in zip(groups, groups.values(), kilograms, strict=True):
        if kg:
            deliveries[unit_id].append(_delivery(group, kg / KG_A_TONNE, catalog))
    found = (_task_unit(units[key], goods) for key, goods in deliveries.items())
    return tuple(sorted(found, key=lambda unit: (unit.first_day, -unit.tonnes, unit.id)))


def _task_unit(unit: AbsorbingUnit, goods: list[Delivery]) -> TaskUnit:
    goods.sort(key=lambda one: (one.first_day, one.product_id, -one.tonnes, one.township_id))
    return TaskUnit(unit.id, unit.name, unit.contact, unit.simulated, _total(goods),
                    min(one.first_day for one in goods), max(one.last_day for one in goods), tuple(goods))  # fmt: skip


def _delivery(group: list[Placement], tonnes: float, catalog: Catalog) -> Delivery:
    product, township = catalog.products[group[0].product_id], catalog.townships.get(group[0].township_id)
    days = {one.day for one in group}
    return Delivery(
        product.id, product.name_zh, product.name_en, group[0].township_id,
        township.name_zh if township else "全区", township.name_en if township else "the district",
        tonnes, min(days), max(days), len(days),
    )  # fmt: skip


def _total(parts: Iterable[Delivery | TaskUnit]) -> float:
    return round(sum(one.tonnes for one in parts), 3)


def whole_kilograms(tonnes: list[float]) -> list[int]:
    """The amounts in kilograms, rounded so that they add up to the rounded whole (largest remainders)."""
    exact = [one * KG_A_TONNE for one in tonnes]
    kilograms = [math.floor(one) for one in exact]
    missing = round(sum(exact)) - sum(kilograms)
    for place in sorted(range(len(exact)), key=lambda place: kilograms[place] - exact[place])[:missing]:
        kilograms[place] += 1
    return kilograms
