"""The linear programme of a plan: its columns (arcs, what is left, deliveries, the worst share) and its rows.

Rows: each batch's tonnes are sent or left; a slot's capacity, and its minimum lot where it has one; a unit's total in
tonnes and in money; a channel's share; proportion between townships (Orgut et al. 2015, fairness within K); the worst
township's share left; and, from the second stage on, what must be placed. Source: mission §6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from warning.absorption.arcs import KG, Network
from warning.absorption.problem import Problem
from warning.indicators.grid import Bools, Floats, Ints

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix

INFINITE = np.inf
NOTHING_KNOWN_PER_KG = 1.0
"""CNY: what a kilogram counts where no price is known, so that the worst share still has a weight."""


@dataclass(frozen=True, slots=True, eq=False)
class Programme:
    """Minimise costs over `lower ≤ x ≤ upper`, `row_lower ≤ A x ≤ row_upper`; some columns whole numbers.

    Columns in order: arcs, tonnes left of each batch, deliveries of each slot with a minimum lot, the worst share.
    """

    matrix: csc_matrix
    row_lower: Floats
    row_upper: Floats
    upper: Floats
    placing: Floats
    """Cost of the first stage: less waste (negative: tonnes that are placed)."""
    worth: Floats
    """Cost of the second: less score, and the worst share's weight."""
    arcs: int
    whole: Ints
    """Columns that are whole numbers."""
    slot_rows: Ints
    """The row of each slot's capacity."""
    total_rows: dict[int, int]
    """By unit: the row of its total tonnes."""
    placed_row: int
    flows: bool
    """Whether it is a flow from batches through slots and units, the worst share aside."""

    @property
    def batches(self) -> int:
        """How many batches there are: the first rows are theirs, and the first columns after the arcs."""
        return self.columns - self.arcs - len(self.whole) - 1

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return len(self.upper)


class _Rows:
    """Rows in the making: entries, bounds."""

    def __init__(self) -> None:
        self.row: list[Ints] = []
        self.column: list[Ints] = []
        self.value: list[Floats] = []
        self.lower: list[float] = []
        self.upper: list[float] = []

    def add(self, lower: float, upper: float, *entries: tuple[Ints | int, Floats | float]) -> int:
        """One row: entries are (columns, their coefficients)."""
        return self.many(np.array([lower]), np.array([upper]), *((0, column, value) for column, value in entries))

    def many(self, lower: Floats, upper: Floats, *entries: tuple[Ints | int, Ints | int, Floats | float]) -> int:
        """Several rows; entries are (row within them, column, coefficient). Gives the first row's number."""
        first = len(self.lower)
        self.lower.extend(lower)
        self.upper.extend(upper)
        for row, column, value in entries:
            rows, columns, values = np.broadcast_arrays(np.atleast_1d(row), np.atleast_1d(column), np.atleast_1d(value))
            self.row.append(rows + first)
            self.column.append(columns)
            self.value.append(values.astype(np.float64))
        return first

    def matrix(self, columns: int) -> csc_matrix:
        """All rows as one sparse matrix."""
        from scipy.sparse import coo_matrix

        entries = np.concatenate(self.value), (np.concatenate(self.row), np.concatenate(self.column))
        return coo_matrix(entries, shape=(len(self.lower), columns)).tocsc()


def programme_of(problem: Problem, network: Network) -> Programme:
    """The programme of a problem's network."""
    arcs, slots, options = network.arcs, network.slots, problem.options
    tonnes = np.array([batch.tonnes for batch in problem.batches])
    count, left = len(arcs.batch), len(arcs.batch) + np.arange(len(tonnes))
    mixed = np.flatnonzero(slots.least > 0) if options.whole_lots else np.zeros(0, dtype=np.int64)
    deliveries = count + len(tonnes) + np.arange(len(mixed))
    worst = count + len(tonnes) + len(mixed)
    every = np.arange(count)
    rows = _Rows()
    rows.many(tonnes, tonnes, (arcs.batch, every, 1.0), (np.arange(len(tonnes)), left, 1.0))
    slot_rows = _slot_rows(rows, network, mixed, deliveries)
    totals = _total_rows(rows, problem, network)
    if options.channel_share is not None:
        _share_rows(rows, problem, network, left, tonnes)
    _township_rows(rows, problem, left, tonnes, worst)
    placed = rows.add(-INFINITE, INFINITE, (every, 1.0))
    columns = worst + 1
    upper = np.full(columns, INFINITE)
    upper[deliveries] = [len(slots.days[slot]) for slot in mixed]
    placing, worth = np.zeros(columns), np.zeros(columns)
    placing[:count], worth[:count] = -1.0, -arcs.score
    worth[worst] = options.worst_share_weight * _value(problem)
    return Programme(
        rows.matrix(columns), np.array(rows.lower), np.array(rows.upper), upper, placing, worth,
        count, deliveries, slot_rows, totals, placed, _flows(problem),
    )  # fmt: skip


def _flows(problem: Problem) -> bool:
    money = any(quota.left_cny is not None for quota in problem.quotas)
    return not money and problem.options.channel_share is None and problem.options.fairness_k is None


def _slot_rows(rows: _Rows, network: Network, mixed: Ints, deliveries: Ints) -> Ints:
    arcs, slots = network.arcs, network.slots
    every = np.arange(len(arcs.batch))
    limit = slots.capacity.copy()
    limit[mixed] = 0.0
    first = rows.many(
        np.full(len(limit), -INFINITE), limit, (arcs.slot, every, 1.0), (mixed, deliveries, -slots.a_day[mixed])
    )
    if len(mixed):
        place = np.full(len(limit), -1)
        place[mixed] = np.arange(len(mixed))
        held = place[arcs.slot] >= 0
        rows.many(
            np.zeros(len(mixed)),
            np.full(len(mixed), INFINITE),
            (place[arcs.slot[held]], every[held], 1.0),
            (np.arange(len(mixed)), deliveries, -slots.least[mixed]),
        )
    return first + np.arange(len(limit))


def _total_rows(rows: _Rows, problem: Problem, network: Network) -> dict[int, int]:
    """Rows of units that have a most in all: free store, quota left in tonnes or money."""
    arcs = network.arcs
    quotas = {quota.unit_id: quota for quota in problem.quotas}
    found: dict[int, int] = {}
    order = np.argsort(arcs.unit, kind="stable")
    bounds = np.searchsorted(arcs.unit[order], np.arange(len(problem.units) + 1))
    for number, unit in enumerate(problem.units):
        mine = order[bounds[number] : bounds[number + 1]]
        quota = quotas.get(unit.id)
        most = [one for one in (unit.storage_t, quota.left_t if quota else None) if one is not None]
        if not len(mine):
            continue
        if most:
            found[number] = rows.add(-INFINITE, max(0.0, min(most)), (mine, 1.0))
        if quota is not None and quota.left_cny is not None:
            price = [unit.pays(problem.batches[batch].price_per_kg) * KG for batch in arcs.batch[mine]]
            rows.add(-INFINITE, max(0.0, quota.left_cny), (mine, np.array(price)))
    return found


def _share_rows(rows: _Rows, problem: Problem, network: Network, left: Ints, tonnes: Floats) -> None:
    """A channel's tonnes ≤ share × (all tonnes − tonnes left)."""
    share = problem.options.channel_share or 0.0
    names = np.array([problem.units[unit].channel for unit in range(len(problem.units))], dtype=object)
    for channel in sorted(set(names)):
        mine = np.flatnonzero(names[network.arcs.unit] == channel)
        rows.add(-INFINITE, share * tonnes.sum(), (mine, 1.0), (left, share))


def _township_rows(rows: _Rows, problem: Problem, left: Ints, tonnes: Floats, worst: int) -> None:
    names, of = np.unique([batch.township_id for batch in problem.batches], return_inverse=True)
    surplus: Floats = np.bincount(of, tonnes, len(names)).astype(np.float64)
    weight = np.where(key_batches(problem), problem.options.key_weight, 1.0)
    rows.many(
        np.full(len(names), -INFINITE),
        np.zeros(len(names)),
        (of, left, weight),
        (np.arange(len(names)), worst, -surplus),
    )
    fairness = problem.options.fairness_k
    if fairness is None:
        return
    total = surplus.sum()
    for number in range(len(names)):
        mine = (of == number).astype(np.float64)
        part = surplus[number] / total if total > 0 else 0.0
        rows.add(-INFINITE, fairness * total, (left, part + fairness - mine))
        rows.add(-INFINITE, fairness * total, (left, mine + fairness - part))


def key_batches(problem: Problem) -> Bools:
    """Which batches come from a key village or township."""
    places = problem.places
    return np.array(
        [batch.key or (batch.township_id in places and places[batch.township_id].key) for batch in problem.batches],
        dtype=bool,
    )


def _value(problem: Problem) -> float:
    """CNY of all goods at the day's price."""
    return sum(batch.tonnes * KG * (batch.price_per_kg or NOTHING_KNOWN_PER_KG) for batch in problem.batches)
