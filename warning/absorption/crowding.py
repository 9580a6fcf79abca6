"""What cannot all be placed, told from what can: the least cut of a plan that is a flow.

Without quotas of money, channel shares and fairness a plan is a flow from batches through slots and units. Its least
cut parts it in two: crowded batches, whose slots or units are full in every plan of least waste, and the others, which
are placed whole and take none of the crowded's room in such a plan. Source: Ford and Fulkerson 1956.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warning.absorption.arcs import Network
from warning.absorption.programme import Programme
from warning.indicators.grid import Bools, Floats, Ints

FINEST = 1000.0
"""The library's flows are whole numbers: kilograms, or coarser where those of all goods would not fit into 31 bits."""
MOST = 2.0e9


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """The crowded side of the least cut."""

    batches: Bools
    slots: Bools
    units: Bools
    """By number, up to the last that has a slot."""
    placed_bound: float
    """No plan places more tonnes (the cut's capacity, unrounded)."""
    used: Ints
    """Arcs on which a plan of least waste sends something."""


def crowd(programme: Programme, network: Network) -> Crowd:
    """The crowded side of a programme whose `flows` is true."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    arcs, slots = network.arcs, network.slots
    tonnes, totals = programme.row_upper[: programme.batches], unit_totals(programme, network)
    slot, unit = programme.batches, programme.batches + len(slots.unit)
    sink = unit + len(totals)
    source = sink + 1
    grain = min(FINEST, MOST / max(1.0, float(tonnes.sum())))
    tails = np.concatenate(
        [np.full(slot, source), arcs.batch, slot + np.arange(len(slots.unit)), np.arange(unit, sink)]
    )
    heads = np.concatenate([np.arange(slot), slot + arcs.slot, unit + slots.unit, np.full(len(totals), sink)])
    plenty = np.full(len(arcs.batch), tonnes.sum() + 1.0)
    # goods are rounded up and room down, so that what the rounded flow places can be placed
    room = [_whole(one, grain) for one in (plenty, slots.capacity, totals)]
    amounts = np.concatenate([_whole(tonnes, grain, up=True), *room])
    graph = csr_matrix((amounts, (tails, heads)), shape=(source + 1, source + 1))
    flow = maximum_flow(graph, source, sink, method="dinic").flow
    # scipy gives what flows one way as a negative flow the other way, so that this is the residual
    residual = graph - flow
    residual.eliminate_zeros()
    reached = np.zeros(source + 1, dtype=bool)
    reached[breadth_first_order(residual, source, return_predecessors=False)] = True
    batches, inside, full = reached[:slot], reached[slot:unit], reached[unit:sink]
    bound = tonnes[~batches].sum() + slots.capacity[inside & ~full[slots.unit]].sum() + totals[full].sum()
    used = np.flatnonzero(np.asarray(flow[arcs.batch, slot + arcs.slot]).ravel() > 0)
    return Crowd(batches, inside, full, float(bound), used)


def unit_totals(programme: Programme, network: Network) -> Floats:
    """Most tonnes in all of each unit, by its number; infinite where none is set."""
    totals = np.full(int(network.slots.unit.max(initial=-1)) + 1, np.inf)
    for unit, row in programme.total_rows.items():
        totals[unit] = programme.row_upper[row]
    return totals


def _whole(tonnes: Floats, grain: float, *, up: bool = False) -> Ints:
    """Whole numbers of the library's flows; what has no limit counts as its whole range."""
    most = np.minimum(tonnes * grain, MOST)
    return (np.ceil(most - 1e-6) if up else np.floor(most + 1e-6)).astype(np.int32)
