"""A plan's programme with amounts at will, in two stages: least waste, then most worth with the waste held.

A large one that is a flow is parted by its least cut first (`crowding.py`); the answer is that of the whole programme.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from warning.absorption.arcs import Network
from warning.absorption.crowding import Crowd, crowd
from warning.absorption.pricing import priced_arcs
from warning.absorption.programme import Programme
from warning.absorption.sifting import Sifting
from warning.indicators.grid import Bools, Floats, Ints

HELD = 1e-9
"""Relative: what the second stage may give away of the tonnes of the first, so that rounding does not bar its way."""
PARTED = 150_000
"""Arcs above which a flow is parted."""
DEAR = 2.0
"""What a tonne left costs where all can be placed, in the highest worth of any: more than any detour."""


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """The programme in which capacity binds, whole or its crowded part, and what a tonne more of it would do."""

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
    if programme.flows and programme.arcs > PARTED:
        return _by_parts(programme, network)
    return _in_stages(programme, network)


def _in_stages(programme: Programme, network: Network) -> Relaxed:
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


def _by_parts(programme: Programme, network: Network) -> Relaxed:
    found = crowd(programme, network)
    arcs, slots = network.arcs, network.slots
    # what goes from one side to the other carries nothing in any plan of least waste
    inside = found.batches[arcs.batch] & found.slots[arcs.slot]
    outside = ~found.batches[arcs.batch] & ~(found.slots | found.units[slots.unit])[arcs.slot]
    crowded = _in_stages(*_part(programme, network, inside, found.batches))
    rest = _all_placed(*_part(_less_room(programme, network, found), network, outside, ~found.batches),
                       np.flatnonzero(np.isin(np.flatnonzero(outside), found.used)))  # fmt: skip
    if rest is None:
        return _in_stages(programme, network)
    values = np.zeros(programme.columns)
    for part, mask in ((crowded, inside), (rest, outside)):
        count = int(mask.sum())
        values[: programme.arcs][mask] = part.values[:count]
        values[programme.arcs :] += part.values[count:]
    given = np.union1d(np.flatnonzero(inside)[crowded.given], np.flatnonzero(outside)[rest.given])
    bound = crowded.worth_bound + rest.worth_bound
    return Relaxed(values, found.placed_bound, bound, given, crowded.binding)


def _all_placed(programme: Programme, network: Network, used: Ints) -> Relaxed | None:
    """The greatest worth with everything placed; None where the price of leaving was not enough for that."""
    cost = programme.worth.copy()
    left = slice(programme.arcs, programme.arcs + programme.batches)
    cost[left] = DEAR * np.abs(cost[: programme.arcs]).max(initial=1.0)
    stages = Sifting(programme, network, np.union1d(used, priced_arcs(programme, network)))
    best = stages.minimise(cost)
    values = stages.full(best.values)
    if values[left].sum() > HELD * max(1.0, float(programme.row_upper[: programme.batches].sum())):
        return None
    given = np.sort(stages.given[stages.given < programme.arcs])
    return Relaxed(values, float("nan"), -best.bound, given, Binding(programme, network, given, np.zeros(0), {}))


def _less_room(programme: Programme, network: Network, found: Crowd) -> Programme:
    """With the units' totals less what the crowded have of them."""
    slots = network.slots
    theirs = np.bincount(slots.unit[found.slots], slots.capacity[found.slots], len(found.units))
    upper = programme.row_upper.copy()
    for unit, row in programme.total_rows.items():
        upper[row] = max(0.0, upper[row] - theirs[unit])
    return replace(programme, row_upper=upper)


def _part(programme: Programme, network: Network, inside: Bools, batches: Bools) -> tuple[Programme, Network]:
    """Some arcs alone, and nothing of the batches that are not theirs."""
    kept = np.concatenate([np.flatnonzero(inside), np.arange(programme.arcs, programme.columns)])
    lower, upper = programme.row_lower.copy(), programme.row_upper.copy()
    gone = np.flatnonzero(~batches)
    lower[gone] = upper[gone] = 0.0
    fewer = int((~inside).sum())
    part = replace(
        programme,
        matrix=programme.matrix[:, kept],
        row_lower=lower,
        row_upper=upper,
        upper=programme.upper[kept],
        placing=programme.placing[kept],
        worth=programme.worth[kept],
        arcs=programme.arcs - fewer,
        whole=programme.whole - fewer,
    )
    return part, replace(network, arcs=network.arcs.some(inside))
