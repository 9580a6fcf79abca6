"""What more capacity would do: the bindings of a plan, each solved again with ten tonnes more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warning.absorption.arcs import Network
from warning.absorption.problem import Problem
from warning.absorption.programme import Programme
from warning.absorption.relaxing import Binding
from warning.absorption.sifting import Sifting

MORE_T = 10.0
TRIED = 20
TOLD = 6
LEAST_T = 0.01


@dataclass(frozen=True, slots=True)
class Enlargement:
    """What `more_t` tonnes more at a unit would let the district place."""

    unit_id: str
    more_t: float
    placed_t: float
    """Tonnes more that would be placed somewhere."""
    worth: float
    """The dual value: tonnes more by the first tonne of capacity."""
    text_zh: str
    text_en: str


def enlargements(problem: Problem, binding: Binding) -> tuple[Enlargement, ...]:
    """Of the units whose capacity binds, those of most use; amounts at will (minimum lots are left aside)."""
    programme, network = binding.programme, binding.network
    worth = _worth(binding)
    ranked = sorted((unit for unit, dual in worth.items() if dual > 1e-6), key=lambda unit: -worth[unit])[:TRIED]
    if not ranked:
        return ()
    stages = Sifting(programme, network, binding.given)
    base = -stages.minimise(programme.placing).cost
    found = []
    for unit in ranked:
        rows = _rows(network, programme, unit)
        for row, more in rows:
            stages.solver.bound_row(row, float(programme.row_lower[row]), float(programme.row_upper[row]) + more)
        gained = -stages.again(programme.placing).cost - base
        for row, _ in rows:
            stages.solver.bound_row(row, float(programme.row_lower[row]), float(programme.row_upper[row]))
        if gained > LEAST_T:
            found.append(_told(problem, unit, gained, worth[unit]))
    return tuple(sorted(found, key=lambda one: -one.placed_t)[:TOLD])


def _worth(binding: Binding) -> dict[int, float]:
    """By unit: tonnes that its first tonne more would save, by its total or by its best day."""
    worth = dict(binding.total_duals)
    for unit, dual in zip(binding.network.slots.unit.tolist(), binding.slot_duals.tolist(), strict=True):
        worth[unit] = max(worth.get(unit, 0.0), dual)
    return worth


def _rows(network: Network, programme: Programme, unit: int) -> list[tuple[int, float]]:
    """Rows to loosen and by how much: the total by all of it, each stretch of days by its share."""
    slots = np.flatnonzero(network.slots.unit == unit)
    days = np.array([len(network.slots.days[slot]) for slot in slots], dtype=np.float64)
    loosened = [
        (int(programme.slot_rows[slot]), float(MORE_T * share))
        for slot, share in zip(slots, days / days.sum(), strict=True)
    ]
    if unit in programme.total_rows:
        loosened.append((programme.total_rows[unit], MORE_T))
    return loosened


def _told(problem: Problem, unit: int, gained: float, worth: float) -> Enlargement:
    name = problem.units[unit].name
    zh = f"{name}若再增加 {MORE_T:g} 吨消纳能力，全区可再安置 {gained:.1f} 吨"
    en = f"another {MORE_T:g} t of capacity at {name} would place {gained:.1f} t more"
    return Enlargement(problem.units[unit].id, MORE_T, float(gained), float(worth), zh, en)
