"""Prices of room, found fast and roughly: they tell which arcs a large programme should begin with.

Each batch spreads over its arcs by worth less price, softly; prices rise where more comes than there is room for, and
what is soft hardens step by step. The prices prove nothing: sifting does (`sifting.py`).
Source: entropic transport with capacities (Cuturi 2013; Benamou et al. 2015).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warning.absorption.arcs import Network
from warning.absorption.crowding import unit_totals
from warning.absorption.programme import Programme
from warning.indicators.grid import Floats, Ints

STEPS = 60
SOFTEST, HARDER, HARDEST = 300.0, 0.93, 5.0
"""CNY a tonne: differences of worth that hardly count at first; the factor a step; and in the end."""
OF_BATCH, OF_SLOT = 12, 3
LEAST_T, PLENTY_T = 1e-9, 1e12


@dataclass(slots=True)
class _Market:
    """Arcs ordered by batch, with the prices of slots and units."""

    order: Ints
    slot: Ints
    unit: Ints
    score: Floats
    starts: Ints
    """Where the arcs of each batch begin."""
    runs: Ints
    tonnes: Floats
    """Of each batch."""
    capacity: Floats
    totals: Floats
    slot_price: Floats
    unit_price: Floats

    def worth(self) -> Floats:
        """What each arc brings at the prices."""
        return np.asarray(self.score - self.slot_price[self.slot] - self.unit_price[self.unit])

    def settle(self, softness: float) -> None:
        """One step: spread the goods, then raise or lower the prices."""
        spread = self.worth()
        spread -= np.repeat(np.maximum.reduceat(spread, self.starts), self.runs)
        np.exp(spread / softness, out=spread)
        spread *= np.repeat(self.tonnes / np.add.reduceat(spread, self.starts), self.runs)
        load = np.asarray(np.bincount(self.slot, spread, len(self.slot_price)), dtype=np.float64)
        self.slot_price = _moved(self.slot_price, load, self.capacity, softness)
        spread *= np.minimum(1.0, self.capacity / np.maximum(load, LEAST_T))[self.slot]
        taken = np.asarray(np.bincount(self.unit, spread, len(self.totals)), dtype=np.float64)
        self.unit_price = _moved(self.unit_price, taken, self.totals, softness)


def priced_arcs(programme: Programme, network: Network) -> Ints:
    """The arcs of most worth at the prices: some of each batch, some of each slot."""
    if not programme.arcs:
        return np.zeros(0, dtype=np.int64)
    market = _market(programme, network)
    for step in range(STEPS):
        market.settle(max(SOFTEST * HARDER**step, HARDEST))
    order = market.order[np.argsort(-market.worth(), kind="stable")]
    chosen = (ranks(network.arcs.batch[order]) < OF_BATCH) | (ranks(network.arcs.slot[order]) < OF_SLOT)
    return np.sort(order[chosen])


def ranks(groups: Ints) -> Ints:
    """Each entry's rank within its group, in the order given."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    first = np.concatenate([[True], ordered[1:] != ordered[:-1]]) if len(ordered) else np.zeros(0, dtype=bool)
    starts = np.flatnonzero(first)
    number = np.arange(len(ordered)) - np.repeat(starts, np.diff(np.append(starts, len(ordered))))
    found = np.empty(len(groups), dtype=np.int64)
    found[order] = number
    return found


def _market(programme: Programme, network: Network) -> _Market:
    arcs = network.arcs
    order = np.argsort(arcs.batch, kind="stable")
    batch = arcs.batch[order]
    starts = np.flatnonzero(np.concatenate([[True], batch[1:] != batch[:-1]]))
    capacity, totals = network.slots.capacity, unit_totals(programme, network)
    return _Market(
        order, arcs.slot[order], arcs.unit[order], arcs.score[order],
        starts, np.diff(np.append(starts, len(order))), programme.row_upper[batch[starts]],
        capacity, totals, np.zeros(len(capacity)), np.zeros(len(totals)),
    )  # fmt: skip


def _moved(price: Floats, load: Floats, room: Floats, softness: float) -> Floats:
    """Prices after a step: up where more came than fits, down to nothing where less did."""
    crowding = np.log(np.maximum(load, LEAST_T) / np.clip(room, LEAST_T, PLENTY_T))
    return np.asarray(np.maximum(0.0, price + softness * crowding))
