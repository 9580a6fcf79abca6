"""A plan's programme with amounts at will, in two stages: least waste, then most worth with the waste held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warning.absorption.arcs import Network
from warning.absorption.programme import Programme
from warning.absorption.sifting import Sifting
from warning.indicators.grid import Floats, Ints

HELD = 1e-9
"""Relative: what the second stage may give away of the tonnes of the first, so that rounding does not bar its way."""


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """Where capacity binds, and what a tonne more of it would do."""

    programme: Programme
    network: Network
    given: Ints
    """Its arcs that the solver was given in the end."""
    slot_duals: Floats
    """Tonnes more that would be placed by a tonne more of each slot's capacity."""
    total_duals: dict[int, float]
    """The same by a tonne more of a unit's total."""


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """The best amounts, with what no plan can exceed."""

    values: Floats
    """Of all columns."""
    placed_bound: float
    worth_bound: float
    """Score less the worst share's weight."""
    given: Ints
    """The arcs of the whole programme that a solver was given in the end."""
    binding: Binding


def held(placed: float) -> float:
    """What must still be placed in the second stage."""
    return placed - HELD * max(1.0, placed)


def relaxed(programme: Programme, network: Network) -> Relaxed:
    """The two stages of a programme."""
    stages = Sifting(programme, network)
    least = stages.minimise(programme.placing)
    stages.hold(held(-least.cost))
    best = stages.minimise(programme.worth)
    given = np.sort(stages.given[stages.given < programme.arcs])
    binding = Binding(
        programme,
        network,
        given,
        np.maximum(0.0, -least.duals[programme.slot_rows]),
        {unit: max(0.0, -float(least.duals[row])) for unit, row in programme.total_rows.items()},
    )
    return Relaxed(stages.full(best.values), -least.bound, -best.bound, given, binding)
