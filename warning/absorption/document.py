"""A plan as plain values for people and machines: the one form that the command, the service and the store share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from warning.absorption.plan import Placement, Plan, Totals
from warning.absorption.problem import Problem
from warning.absorption.tasks import department_tasks
from warning.catalog import Catalog

PLACES = {"t": 3, "cny": 2, "km": 1, "share": 4, "gap": 6}
"""Decimals by the last part of a name: kilograms, fen, hundred metres."""


COMPARED = ("placed_t", "wasted_t", "value_cny", "freight_cny", "worst_share")


def plan_document(plan: Plan, problem: Problem, catalog: Catalog) -> dict[str, Any]:
    """The plan with names, channels and departments' tasks; numbers rounded to the kilogram and the fen."""
    document = {
        "day": plan.day,
        "totals": totals_document(plan.totals),
        "by_hand": totals_document(plan.by_hand),
        "channels": channel_lines(plan, problem, catalog),
        "placements": [_placement(one, problem, catalog) for one in plan.placements],
        "unplaced": [asdict(one) | _names(one.product_id, one.township_id, catalog) for one in plan.unplaced],
        "enlargements": [asdict(one) for one in plan.enlargements],
        "tasks": [asdict(task) for task in department_tasks(plan, problem, catalog)],
        "proof": asdict(plan.proof),
        "notes": [{"zh": zh, "en": en} for zh, en in plan.notes],
        "shocks": [asdict(shock) for shock in problem.shocks],
        "options": asdict(problem.options),
        "estimated": any(batch.estimated for batch in problem.batches),
        "simulated": any(unit.simulated for unit in problem.units),
    }
    rounded: dict[str, Any] = _plain(document)
    return rounded


def totals_document(totals: Totals) -> dict[str, Any]:
    """The totals with the value, which is income less freight."""
    return asdict(totals) | {"value_cny": totals.value_cny}


def channel_lines(plan: Plan, problem: Problem, catalog: Catalog) -> list[dict[str, Any]]:
    """One line a channel that carries something: tonnes, units, days, clause and lead, most tonnes first."""
    found: dict[str, list[Placement]] = {}
    for one in plan.placements:
        found.setdefault(one.channel, []).append(one)
    lines = []
    for key, placed in found.items():
        channel = catalog.channels[key]
        lead = catalog.department_on(channel.lead, problem.day)
        lines.append({
            "channel": key, "number": channel.number, "name_zh": channel.name_zh, "name_en": channel.name_en,
            "clause": channel.clause, "lead": lead.id, "lead_zh": lead.name_zh, "lead_en": lead.name_en,
            "tonnes_t": sum(one.tonnes for one in placed), "units": len({one.unit_id for one in placed}),
            "first_day": min(one.day for one in placed), "last_day": max(one.day for one in placed),
            "kept": all(one.kept for one in placed),
        })  # fmt: skip
    return sorted(lines, key=lambda line: (-line["tonnes_t"], line["number"]))


def _placement(one: Placement, problem: Problem, catalog: Catalog) -> dict[str, Any]:
    names = {unit.id: unit.name for unit in problem.units}
    document = asdict(one) | _names(one.product_id, one.township_id, catalog) | {"unit_name": names[one.unit_id]}
    document["tonnes_t"] = document.pop("tonnes")
    return document


def _names(product_id: str, township_id: str, catalog: Catalog) -> dict[str, str]:
    township = catalog.townships.get(township_id)
    return {
        "product_zh": catalog.products[product_id].name_zh,
        "product_en": catalog.products[product_id].name_en,
        "township_zh": township.name_zh if township else "全区",
        "township_en": township.name_en if township else "the district",
    }


def _plain(value: Any, name: str = "") -> Any:
    """Dates as text, enumerations as their words, floats rounded by what they are."""
    if isinstance(value, dict):
        return {key: _plain(one, key) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one, name) for one in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return round(value, PLACES.get(name.rsplit("_", 1)[-1], 6)) + 0.0
    return str(value) if isinstance(value, str) else value


def compared(plans: Iterable[tuple[str, Plan]]) -> list[dict[str, Any]]:
    """Plans side by side, each with its title, totals and tonnes by channel; the others are against the first."""
    lines: list[dict[str, Any]] = []
    first: dict[str, Any] = {}
    for title, plan in plans:
        by_channel: dict[str, float] = {}
        for one in plan.placements:
            by_channel[one.channel] = by_channel.get(one.channel, 0.0) + one.tonnes
        totals = totals_document(plan.totals)
        line: dict[str, Any] = {"title": title, "totals": totals, "channels_t": by_channel}
        if first:
            line["against_first"] = {name: totals[name] - first[name] for name in COMPARED}
        first = first or totals
        lines.append(line)
    rounded: list[dict[str, Any]] = _plain(lines)
    return rounded
