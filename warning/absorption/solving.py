"""Solving a plan's programme: the best amounts, then minimum lots kept where there are any."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warning.absorption.arcs import Network
from warning.absorption.programme import Programme
from warning.absorption.relaxing import Binding, held, relaxed
from warning.absorption.sifting import Sifting
from warning.indicators.grid import Floats, Ints

SMALL_T = 1e-7
WHOLE_GAP = 0.002
"""Relative, for each stage of a programme with minimum lots."""


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """Tonnes on each arc, with what the stages say of them."""

    tonnes: Floats
    placed: float
    """Tonnes that are placed."""
    placed_bound: float
    """No plan places more."""
    score: float
    score_bound: float
    worst_share: float
    arcs_used: int
    """How many of the arcs a solver was given in the end."""
    binding: Binding


def solve_plan(programme: Programme, network: Network, start: Floats) -> Solved:
    """The two stages; `start` is a plan by hand (tonnes by arc): the answer never wastes more than it."""
    best = relaxed(programme, network)
    values = _whole(programme, network, best.given, start) if len(programme.whole) else best.values
    tonnes = np.where(values[: programme.arcs] > SMALL_T, values[: programme.arcs], 0.0)
    return Solved(
        tonnes=tonnes,
        placed=float(tonnes.sum()),
        placed_bound=best.placed_bound,
        score=float(-programme.worth[: programme.arcs] @ tonnes),
        score_bound=best.worth_bound + float(programme.worth[-1] * values[-1]),
        worst_share=float(values[-1]),
        arcs_used=len(best.given),
        binding=best.binding,
    )


def _whole(programme: Programme, network: Network, given: Ints, start: Floats) -> Floats:
    """Both stages with minimum lots, over the arcs given and those of the plan by hand; values of all columns."""
    stages = Sifting(programme, network, np.union1d(given, np.flatnonzero(start > 0)))
    place = np.full(programme.columns, -1)
    place[stages.given] = np.arange(len(stages.given))
    stages.solver.whole(place[programme.whole], WHOLE_GAP)
    stages.solver.start_from(_completed(programme, network, start)[stages.given])
    least = stages.solver.solve()
    stages.hold(held(-least.cost))
    stages.solver.costs(programme.worth[stages.given])
    stages.solver.start_from(least.values)
    return stages.full(stages.solver.solve().values)


def _completed(programme: Programme, network: Network, tonnes: Floats) -> Floats:
    """All columns of a plan by hand: what it leaves, how many deliveries it makes."""
    arcs, slots = network.arcs, network.slots
    batches = programme.batches
    values = np.zeros(programme.columns)
    values[: programme.arcs] = tonnes
    left = programme.row_upper[:batches] - np.bincount(arcs.batch, tonnes, batches)
    values[programme.arcs : programme.arcs + batches] = np.maximum(left, 0.0)
    mixed = np.flatnonzero(slots.least > 0)
    flow = np.bincount(arcs.slot, tonnes, len(slots.unit))[mixed]
    values[programme.whole] = np.ceil(flow / slots.a_day[mixed] - 1e-9)
    values[-1] = _worst(programme, values)
    return values


def _worst(programme: Programme, values: Floats) -> float:
    """The smallest worst share that the township rows allow."""
    column = programme.matrix[:, -1].tocoo()
    used = programme.matrix[:, :-1] @ values[:-1]
    return float(max((used[row] / -share for row, share in zip(column.row, column.data, strict=True) if share < 0),
                     default=0.0))  # fmt: skip
