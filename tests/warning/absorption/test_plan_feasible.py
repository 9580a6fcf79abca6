"""Every constraint of hundreds of random plans, checked from the plan alone by rules told apart from the solver."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from plan_rules import (
    CATALOG,
    a_day,
    days_of,
    in_all,
    kilometres,
    lost,
    money,
    net_per_kg,
    pair_may,
    pays,
    road_is_open,
    suits,
)
from plan_worlds import busy, problems

from warning.absorption.plan import Placement, Plan, make_plan
from warning.absorption.problem import Batch, Problem
from warning.absorption.units import AbsorbingUnit

LOOSE = 1e-5
"""Tonnes: the solver's own tolerance, many times over."""
DUST = 1e-4
"""Below a hundred grams nothing is a delivery."""
often = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def planned(problem: Problem) -> Plan:
    return make_plan(problem, CATALOG)


def summed(
    placements: Iterable[Placement], by: Callable[[Placement], Hashable], of: Callable[[Placement], float] | None = None
) -> dict[Hashable, float]:
    found: dict[Hashable, float] = defaultdict(float)
    for one in placements:
        found[by(one)] += one.tonnes if of is None else of(one)
    return found


def pairs(problem: Problem, plan: Plan) -> list[tuple[Placement, Batch, AbsorbingUnit]]:
    """Each placement with its batch and unit, found by the lot and the unit's id."""
    batches, units = {one.lot: one for one in problem.batches}, {one.id: one for one in problem.units}
    return [(one, batches[one.lot], units[one.unit_id]) for one in plan.placements]


@often
@given(problems())
def test_goods_move_after_release_and_lead_time_before_expiry_and_on_open_days(problem):
    for one, batch, unit in pairs(problem, planned(problem)):
        assert one.day in days_of(problem, batch, unit)
        assert problem.day < one.day <= problem.day + dt.timedelta(days=problem.options.days)


@often
@given(problems())
def test_no_unit_gets_more_than_it_takes_on_a_day_or_in_all(problem):
    placements = planned(problem).placements
    units = {one.id: one for one in problem.units}
    for (unit, day), tonnes in summed(placements, lambda one: (one.unit_id, one.day)).items():
        assert tonnes <= a_day(problem, units[unit]) + LOOSE, day
    for unit, tonnes in summed(placements, lambda one: one.unit_id).items():
        assert tonnes <= in_all(problem, units[unit]) + LOOSE


@often
@given(problems())
def test_no_quota_is_overdrawn_in_money(problem):
    spent: dict[str, float] = defaultdict(float)
    for one, batch, unit in pairs(problem, planned(problem)):
        spent[unit.id] += one.tonnes * 1000 * pays(batch, unit)
    for unit in problem.units:
        assert spent[unit.id] <= money(problem, unit) + 1000 * LOOSE * max(1, len(problem.batches))


@often
@given(problems())
def test_a_unit_gets_only_what_it_accepts_through_a_channel_that_suits(problem):
    for one, batch, unit in pairs(problem, planned(problem)):
        assert (one.product_id, one.township_id, one.channel) == (batch.product_id, batch.township_id, unit.channel)
        assert suits(problem, batch, unit)
        assert one.kept == unit.habit.keeps


@often
@given(problems())
def test_nothing_goes_over_a_closed_road_or_beyond_the_distance_allowed(problem):
    for one, batch, unit in pairs(problem, planned(problem)):
        assert road_is_open(problem, batch, unit)
        assert one.km == pytest.approx(kilometres(problem, batch, unit), rel=1e-6)
        assert problem.options.most_km is None or one.km <= problem.options.most_km


@often
@given(problems())
def test_growers_keep_at_least_their_floor_after_loss_and_freight(problem):
    for one, batch, unit in pairs(problem, planned(problem)):
        assert pair_may(problem, batch, unit)
        if batch.floor_per_kg > 0 and (batch.price_per_kg > 0 or unit.price_per_kg is not None):
            assert (one.income_cny - one.freight_cny) / one.tonnes / 1000 >= batch.floor_per_kg - 1e-6
            assert net_per_kg(problem, batch, unit) >= batch.floor_per_kg - 1e-6


@often
@given(problems())
def test_no_channel_carries_more_than_its_share(problem):
    plan = planned(problem)
    share = problem.options.channel_share
    if share is not None:
        for tonnes in summed(plan.placements, lambda one: one.channel).values():
            assert tonnes <= share * plan.totals.placed_t + LOOSE * len(problem.batches)


@often
@given(problems())
def test_a_townships_part_of_what_is_placed_is_near_its_part_of_the_surplus(problem):
    plan = planned(problem)
    if problem.options.fairness_k is None or plan.totals.placed_t == 0:
        return
    surplus: dict[str, float] = defaultdict(float)
    for batch in problem.batches:
        surplus[batch.township_id] += batch.tonnes
    sent = summed(plan.placements, lambda one: one.township_id)
    for township, tonnes in surplus.items():
        deviation = sent[township] - plan.totals.placed_t * tonnes / plan.totals.surplus_t
        assert abs(deviation) <= problem.options.fairness_k * plan.totals.placed_t + LOOSE * len(problem.batches)


@often
@given(problems())
def test_each_delivery_of_a_day_is_the_minimum_lot_or_more(problem):
    units = {one.id: one for one in problem.units}
    for (unit, day), tonnes in summed(planned(problem).placements, lambda one: (one.unit_id, one.day)).items():
        assert tonnes >= units[unit].minimum_lot_t - LOOSE, day


@often
@given(problems())
def test_what_is_placed_and_what_is_not_are_the_surplus(problem):
    plan = planned(problem)
    sent = summed(plan.placements, lambda one: one.lot)
    left = {one.lot: one.tonnes for one in plan.unplaced}
    assert len(left) == len(plan.unplaced)
    for batch in problem.batches:
        assert sent[batch.lot] <= batch.tonnes + LOOSE
        assert sent[batch.lot] + left.get(batch.lot, 0.0) == pytest.approx(batch.tonnes, abs=6e-4)
    assert all(one.tonnes > 0 for one in (*plan.placements, *plan.unplaced))
    assert all(one.reason and one.text_zh and one.text_en for one in plan.unplaced)


@often
@given(problems())
def test_totals_are_the_sums_of_the_placements(problem):
    plan = planned(problem)
    totals, placements = plan.totals, plan.placements
    assert totals.surplus_t == pytest.approx(sum(one.tonnes for one in problem.batches))
    assert totals.placed_t == pytest.approx(sum(one.tonnes for one in placements))
    assert totals.wasted_t == pytest.approx(totals.surplus_t - totals.placed_t, abs=LOOSE)
    assert totals.arriving_t + totals.lost_t == pytest.approx(totals.placed_t)
    assert totals.kept_t == pytest.approx(sum(one.tonnes for one in placements if one.kept))
    assert totals.value_cny == pytest.approx(sum(one.income_cny - one.freight_cny for one in placements), abs=1e-3)
    for one, batch, unit in pairs(problem, plan):
        assert one.arriving_t == pytest.approx(one.tonnes * (1 - lost(unit)))
        assert one.income_cny == pytest.approx(one.arriving_t * 1000 * pays(batch, unit))
        assert one.freight_cny == pytest.approx(one.tonnes * one.km * problem.options.freight_per_t_km)


@often
@given(problems())
def test_the_worst_township_is_the_one_with_the_largest_share_left(problem):
    plan = planned(problem)
    surplus: dict[str, float] = defaultdict(float)
    for batch in problem.batches:
        surplus[batch.township_id] += batch.tonnes
    sent = summed(plan.placements, lambda one: one.township_id)
    shares = {name: 1 - sent[name] / tonnes for name, tonnes in surplus.items() if tonnes > 0}
    assert plan.totals.worst_share == pytest.approx(max([0.0, *shares.values()]), abs=1e-6)
    if shares:
        assert shares[plan.totals.worst_township] == pytest.approx(plan.totals.worst_share, abs=1e-6)


@often
@given(problems(bounds=False))
def test_the_plan_never_wastes_more_than_nearest_first(problem):
    plan = planned(problem)
    assert plan.totals.wasted_t <= plan.by_hand.wasted_t + 1e-6
    assert plan.by_hand.surplus_t == plan.totals.surplus_t


@often
@given(problems(bounds=False, lots=False))
def test_without_lots_the_plan_proves_that_nobody_could_waste_less(problem):
    plan = planned(problem)
    assert plan.proof.waste_gap_t <= LOOSE
    assert plan.proof.value_gap <= 1e-6
    assert plan.proof.arcs_solved == plan.proof.arcs


@often
@given(problems(bounds=False))
def test_a_gain_told_is_at_most_the_room_added(problem):
    for one in planned(problem).enlargements:
        assert 0 < one.placed_t <= one.more_t + LOOSE
        assert one.worth > 0
        assert math.isfinite(one.worth)
        assert f"{one.placed_t:.1f}" in one.text_zh


@settings(max_examples=60, deadline=None)
@given(problems())
def test_the_same_problem_gives_the_same_plan(problem):
    assert planned(problem) == planned(problem)


@pytest.mark.parametrize("seed", range(10))
def test_busy_problems_bind_and_still_keep_every_limit(seed):
    problem = busy(seed)
    plan = planned(problem)
    assert plan.placements
    assert plan.totals.wasted_t <= plan.by_hand.wasted_t + 1e-6
    for one, batch, unit in pairs(problem, plan):
        assert one.day in days_of(problem, batch, unit)
        assert pair_may(problem, batch, unit)
    units = {one.id: one for one in problem.units}
    by_day = summed(plan.placements, lambda one: (one.unit_id, one.day))
    assert all(tonnes <= a_day(problem, units[unit]) + LOOSE for (unit, _), tonnes in by_day.items())
