"""Sifting: a large programme solved over some of its arcs, those left out priced with the duals and let in where they
would help, until none does. What comes out is then optimal over all arcs, by duality.

Source: Bixby et al. 1992 (sifting); Gilmore and Gomory 1961 (pricing columns).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from warning.absorption.arcs import Network
from warning.absorption.pricing import ranks
from warning.absorption.programme import Programme
from warning.absorption.solver import Solution, Solver
from warning.indicators.grid import Bools, Floats, Ints

DIRECT = 20_000
"""Arcs up to which all are given to the solver at once."""
NEAREST, BEST = 5, 5
ADDED = 3
ROUNDS = 60
TOLERANCE = 1e-7


class Sifting:
    """A programme with the arcs that have been let in; `arcs` are those to begin with (None: chosen here)."""

    def __init__(self, programme: Programme, network: Network, arcs: Ints | None = None) -> None:
        self.programme = programme
        self.active = _first_arcs(network, programme.arcs) if arcs is None else arcs
        self.rest = np.arange(programme.arcs, programme.columns)
        self.given = np.concatenate([self.rest, self.active])
        self.network = network
        self.solver = Solver(
            programme.matrix[:, self.given],
            programme.row_lower,
            programme.row_upper,
            programme.upper[self.given],
            programme.placing[self.given],
        )

    def minimise(self, cost: Floats) -> Solution:
        """Solve for `cost` over all arcs, letting in those that help; its bound holds over all arcs."""
        self.solver.costs(cost[self.given])
        return self.again(cost)

    def again(self, cost: Floats) -> Solution:
        """The same after rows were bounded anew."""
        found = self.solver.solve()
        for _ in range(ROUNDS):
            reduced = self._reduced(found, cost)
            new = self._helping(reduced, cost)
            if not len(new):
                return found
            self.let_in(new, cost)
            found = self.solver.solve()
        return replace(found, bound=found.bound + self._missed(self._reduced(found, cost)))

    def let_in(self, arcs: Ints, cost: Floats) -> None:
        """Give the solver more arcs."""
        if len(arcs):
            self.solver.add(self.programme.matrix[:, arcs], cost[arcs], self.programme.upper[arcs])
            self.given = np.concatenate([self.given, arcs])

    def hold(self, placed: float) -> None:
        """From now on so many tonnes must be placed."""
        self.solver.bound_row(self.programme.placed_row, placed, np.inf)

    def full(self, values: Floats) -> Floats:
        """Values of all columns from those of the given ones."""
        whole = np.zeros(self.programme.columns)
        whole[self.given] = values
        return whole

    def _reduced(self, found: Solution, cost: Floats) -> Floats:
        """What a tonne on each arc would cost at the duals; 0 for those that were let in."""
        count = self.programme.arcs
        if len(self.given) - len(self.rest) == count:
            return np.zeros(count)
        reduced = cost[:count] - self.programme.matrix[:, :count].T @ found.duals
        reduced[self.given[self.given < count]] = 0.0
        return np.asarray(reduced)

    def _missed(self, reduced: Floats) -> float:
        """The most (as a cost, negative) that arcs left out could bring: each batch's tonnes on its best of them."""
        best = np.zeros(self.programme.batches)
        np.minimum.at(best, self.network.arcs.batch, reduced)
        return float(best @ self.programme.row_upper[: len(best)])

    def _helping(self, reduced: Floats, cost: Floats) -> Ints:
        scale = float(np.abs(cost[: self.programme.arcs]).max(initial=1.0))
        helping = np.flatnonzero(reduced < -TOLERANCE * scale)
        arcs = self.network.arcs
        order = helping[np.argsort(reduced[helping], kind="stable")]
        chosen = ranks(arcs.batch[order]) < ADDED
        chosen |= ranks(arcs.slot[order]) < ADDED
        return np.sort(order[chosen])


def _first_arcs(network: Network, count: int) -> Ints:
    """All arcs of a small programme; else of each batch the nearest and those of the best score."""
    if count <= DIRECT:
        return np.arange(count)
    arcs = network.arcs
    chosen: Bools = np.zeros(count, dtype=bool)
    for key, most in ((arcs.km, NEAREST), (-arcs.score, BEST)):
        order = np.argsort(key, kind="stable")
        chosen[order[ranks(arcs.batch[order]) < most]] = True
    order = np.argsort(-arcs.score, kind="stable")
    chosen[order[ranks(arcs.slot[order]) < 2]] = True
    return np.flatnonzero(chosen)
