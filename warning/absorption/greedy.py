"""Nearest first: what an office does by hand. Whoever spoils first is served first, by the nearest unit with room.

It is the plan's reference, and its starting point where minimum lots make the programme a mixed-integer one.
"""

from __future__ import annotations

import math

import numpy as np

from warning.absorption.arcs import KG, Network
from warning.absorption.problem import Problem
from warning.indicators.grid import Floats


def nearest_first(problem: Problem, network: Network) -> Floats:
    """Tonnes by arc; capacities, totals, quotas and minimum lots are kept."""
    arcs, slots = network.arcs, network.slots
    sent = np.zeros(len(arcs.batch))
    room = slots.capacity.copy()
    total, money = _limits(problem)
    first = np.array([days[0].toordinal() for days in slots.days], dtype=np.int64)
    order = np.lexsort((first[arcs.slot], arcs.km, arcs.batch)) if len(sent) else np.zeros(0, dtype=np.int64)
    bounds = np.searchsorted(arcs.batch[order], np.arange(len(problem.batches) + 1))
    urgent = sorted(range(len(problem.batches)), key=lambda one: (problem.batches[one].expiry, one))
    for batch in urgent:
        left, price = problem.batches[batch].tonnes, problem.batches[batch].price_per_kg
        for arc in order[bounds[batch] : bounds[batch + 1]]:
            if left <= 0:
                break
            unit, slot = int(arcs.unit[arc]), int(arcs.slot[arc])
            paid = problem.units[unit].pays(price) * KG
            most = min(left, room[slot], total[unit], money[unit] / paid if paid > 0 else math.inf)
            if most > 0:
                sent[arc] = most
                left -= most
                room[slot] -= most
                total[unit] -= most
                money[unit] -= most * paid
    return _whole_lots(problem, network, sent) if problem.options.whole_lots else sent


def _limits(problem: Problem) -> tuple[Floats, Floats]:
    """(most tonnes, most CNY) of each unit."""
    quotas = {quota.unit_id: quota for quota in problem.quotas}
    tonnes, money = np.full(len(problem.units), np.inf), np.full(len(problem.units), np.inf)
    for number, unit in enumerate(problem.units):
        quota = quotas.get(unit.id)
        known = [one for one in (unit.storage_t, quota.left_t if quota else None) if one is not None]
        tonnes[number] = min(known, default=np.inf)
        if quota is not None and quota.left_cny is not None:
            money[number] = quota.left_cny
    return tonnes, money


def _whole_lots(problem: Problem, network: Network, sent: Floats) -> Floats:
    """Less what would make deliveries smaller than the minimum lot."""
    slots = network.slots
    flow = np.bincount(network.arcs.slot, sent, len(slots.unit))
    keep = np.ones(len(slots.unit))
    for slot in np.flatnonzero((slots.least > 0) & (flow > 0)):
        count = math.ceil(flow[slot] / slots.a_day[slot] - 1e-9)
        if flow[slot] / count < slots.least[slot] - 1e-9:
            keep[slot] = (count - 1) * slots.a_day[slot] / flow[slot]
    return sent * keep[network.arcs.slot]
