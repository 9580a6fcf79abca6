"""The placement plan (消纳方案): what goes where on which day, what does not and why, and what more room would do."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from warning.absorption.arcs import KG, Network, network_of
from warning.absorption.enlarging import Enlargement, enlargements
from warning.absorption.greedy import nearest_first
from warning.absorption.laying import laid_on_days
from warning.absorption.problem import Batch, Problem
from warning.absorption.programme import programme_of
from warning.absorption.sanity import check_problem
from warning.absorption.shocks import shocked
from warning.absorption.solving import solve_plan
from warning.absorption.unplaced import Unplaced, unplaced
from warning.catalog import Catalog
from warning.indicators.grid import Floats


@dataclass(frozen=True, slots=True)
class Placement:
    """Tonnes of one product and lot from one township to one unit on one day."""

    day: dt.date
    product_id: str
    township_id: str
    lot: str
    unit_id: str
    channel: str
    tonnes: float
    arriving_t: float
    """Less what is lost on the way."""
    income_cny: float
    freight_cny: float
    km: float
    kept: bool
    """Put into store: saved from waste, and to be sold later."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a plan comes to."""

    surplus_t: float = 0.0
    placed_t: float = 0.0
    arriving_t: float = 0.0
    kept_t: float = 0.0
    """Of those placed, into store."""
    wasted_t: float = 0.0
    """Not placed."""
    lost_t: float = 0.0
    """Of those placed, on the way and in handling."""
    income_cny: float = 0.0
    freight_cny: float = 0.0
    worst_share: float = 0.0
    """The largest share of a township's surplus that is not placed, 0 to 1."""
    worst_township: str = ""
    mean_km: float = 0.0

    @property
    def value_cny(self) -> float:
        """Income less freight."""
        return self.income_cny - self.freight_cny


@dataclass(frozen=True, slots=True)
class Proof:
    """How good the plan is, against what no plan can exceed."""

    arcs: int
    arcs_solved: int
    waste_gap_t: float
    """Tonnes that no plan could save beyond these (0: proven least waste)."""
    value_gap: float
    """Relative to the best score with this waste, of the programme with amounts at will."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer to a `Problem`."""

    day: dt.date
    placements: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]
    totals: Totals
    by_hand: Totals
    """Nearest first, as an office does it by hand."""
    enlargements: tuple[Enlargement, ...]
    proof: Proof
    notes: tuple[tuple[str, str], ...] = field(default=())
    """What to know of the inputs, in Chinese and English."""


def make_plan(problem: Problem, catalog: Catalog) -> Plan:
    """The plan of least waste, then of most worth, for a problem.

    Faulty batches and units are left out and said so in the notes; a problem with nothing to place gives an empty
    plan. Raises InvalidPlan where an option or a shock makes no sense.
    """
    problem, notes = check_problem(problem, catalog)
    after = shocked(problem)
    network = network_of(after, catalog)
    by_hand = nearest_first(after, network)
    if not len(network.arcs.batch):
        none = np.zeros(0)
        return Plan(problem.day, (), unplaced(after, network, none), _totals(after, network, ()),
                    _totals(after, network, ()), (), Proof(0, 0, 0.0, 0.0), notes)  # fmt: skip
    programme = programme_of(after, network)
    solved = solve_plan(programme, network, by_hand)
    placements = _placements(after, network, solved.tonnes)
    gap = max(0.0, solved.score_bound - solved.score) / max(1.0, abs(solved.score_bound))
    return Plan(
        day=problem.day,
        placements=placements,
        unplaced=unplaced(after, network, solved.tonnes),
        totals=_totals(after, network, placements),
        by_hand=_totals(after, network, _placements(after, network, by_hand)),
        enlargements=enlargements(after, solved.binding),
        proof=Proof(
            arcs=len(network.arcs.batch),
            arcs_solved=solved.arcs_used,
            waste_gap_t=max(0.0, solved.placed_bound - solved.placed),
            value_gap=gap,
        ),
        notes=notes,
    )


def _placements(problem: Problem, network: Network, tonnes: Floats) -> tuple[Placement, ...]:
    arcs = network.arcs
    found = []
    for arc, day, amount in laid_on_days(problem, network, tonnes):
        batch, unit = problem.batches[arcs.batch[arc]], problem.units[arcs.unit[arc]]
        found.append(
            Placement(
                day, batch.product_id, batch.township_id, batch.lot, unit.id, unit.channel, amount,
                amount * float(arcs.arriving[arc]), amount * float(arcs.income[arc]),
                amount * float(arcs.freight[arc]), float(arcs.km[arc]), unit.habit.keeps,
            )
        )  # fmt: skip
    order = {channel: number for number, channel in enumerate(dict.fromkeys(unit.channel for unit in problem.units))}
    return tuple(sorted(found, key=lambda one: (one.day, order[one.channel], one.unit_id, one.township_id, one.lot)))


def _totals(problem: Problem, network: Network, placements: Iterable[Placement]) -> Totals:
    placed = tuple(placements)
    surplus = sum(batch.tonnes for batch in problem.batches)
    sent, arriving = sum(one.tonnes for one in placed), sum(one.arriving_t for one in placed)
    worst, where = worst_share(problem.batches, placed)
    return Totals(
        surplus_t=surplus,
        placed_t=sent,
        arriving_t=arriving,
        kept_t=sum(one.tonnes for one in placed if one.kept),
        wasted_t=max(0.0, surplus - sent),
        lost_t=sent - arriving,
        income_cny=sum(one.income_cny for one in placed),
        freight_cny=sum(one.freight_cny for one in placed),
        worst_share=worst,
        worst_township=where,
        mean_km=sum(one.km * one.tonnes for one in placed) / sent if sent else 0.0,
    )


def worst_share(batches: Iterable[Batch], placements: Iterable[Placement]) -> tuple[float, str]:
    """(the largest share of a township's surplus that is not placed, the township)."""
    surplus: dict[str, float] = defaultdict(float)
    placed: dict[str, float] = defaultdict(float)
    for batch in batches:
        surplus[batch.township_id] += batch.tonnes
    for one in placements:
        placed[one.township_id] += one.tonnes
    shares = [(max(0.0, 1 - placed[name] / tonnes), name) for name, tonnes in surplus.items() if tonnes > 0]
    return max(shares, default=(0.0, ""))


__all__ = ["KG", "Placement", "Plan", "Proof", "Totals", "make_plan", "worst_share"]
