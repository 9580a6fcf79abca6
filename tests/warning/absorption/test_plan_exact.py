"""Plans against every whole-tonne plan of small cases, and against a second solver over the days one by one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import itertools
import random

import pytest
from hypothesis import HealthCheck, given, settings
from plan_rules import (
    CATALOG,
    a_day,
    days_of,
    in_all,
    pair_may,
)
from plan_second_solver import Daily, score_per_t
from plan_worlds import DAY, PLACES, TOWNSHIPS, batch, busy, problem, problems, unit

from warning.absorption import sifting
from warning.absorption.arcs import network_of
from warning.absorption.enlarging import LEAST_T, MORE_T, TOLD
from warning.absorption.greedy import nearest_first
from warning.absorption.plan import Plan, make_plan
from warning.absorption.problem import Batch, Problem, Quota
from warning.absorption.programme import programme_of
from warning.absorption.sanity import check_problem
from warning.absorption.shocks import shocked
from warning.absorption.solving import Solved, solve_plan
from warning.absorption.units import AbsorbingUnit

seldom = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def solved(case: Problem) -> Solved:
    """The two stages of the plan, before its tonnes are laid on days."""
    checked, _ = check_problem(case, CATALOG)
    after = shocked(checked)
    network = network_of(after, CATALOG)
    return solve_plan(programme_of(after, network), network, nearest_first(after, network))


# every whole-tonne plan


def small(seed: int, *, lots: bool = False) -> Problem:
    """Two or three lots and two or three units over three days, all in whole tonnes."""
    rng = random.Random(seed)
    goods = [
        batch(
            float(rng.randint(1, 4)), product_id=rng.choice(("cabbage", "potato")), lot=f"L{number}",
            township_id=rng.choice(TOWNSHIPS), release=DAY + dt.timedelta(days=rng.randint(1, 3)),
            expiry=DAY + dt.timedelta(days=3), price_per_kg=rng.choice((1.0, 2.0)),
        )
        for number in range(rng.randint(2, 3))
    ]  # fmt: skip
    buyers = [
        unit(
            f"u{number}", tonnes_per_day=float(rng.randint(1, 3)), township_id=rng.choice(TOWNSHIPS),
            accepts=rng.choice((("cabbage",), ("potato",), ("cabbage", "potato"))), lead_days=rng.randint(1, 3),
            storage_t=rng.choice((None, 1.0, 2.0)), price_per_kg=rng.choice((None, 0.5)),
        )
        for number in range(2)
    ]  # fmt: skip
    if lots:
        buyers = [dataclasses.replace(one, minimum_lot_t=min(2.0, one.capacity_t)) for one in buyers]
    return problem(*goods, *buyers, days=3, waiting_per_t_day=0.0, worst_share_weight=0.0)


def best_by_search(case: Problem) -> tuple[float, float]:
    """(most tonnes placed, most score with them) over all plans in whole tonnes, unit and day after unit and day."""
    cells = [
        (number, [place for place, one in enumerate(case.batches) if may(case, one, buyer, day)])
        for number, buyer in enumerate(case.units)
        for day in (case.day + dt.timedelta(days=step) for step in range(1, case.options.days + 1))
    ]

    @functools.cache
    def best(cell: int, left: tuple[int, ...], total: tuple[float, ...]) -> tuple[float, float]:
        if cell == len(cells):
            return 0.0, 0.0
        number, who = cells[cell]
        buyer = case.units[number]
        found = (-1.0, 0.0)
        for amounts in itertools.product(*(range(left[place] + 1) for place in who)):
            sent = sum(amounts)
            if sent > min(buyer.capacity_t, total[number]) or 0 < sent < buyer.minimum_lot_t:
                continue
            after = list(left)
            for place, amount in zip(who, amounts, strict=True):
                after[place] -= amount
            less = tuple(one - sent * (place == number) for place, one in enumerate(total))
            placed, score = best(cell + 1, tuple(after), less)
            worth = sum(
                amount * score_per_t(case, case.batches[place], buyer)
                for place, amount in zip(who, amounts, strict=True)
            )
            found = max(found, (placed + sent, score + worth))
        return found

    return best(0, tuple(int(one.tonnes) for one in case.batches), tuple(in_all(case, one) for one in case.units))


def may(case: Problem, goods: Batch, buyer: AbsorbingUnit, day: dt.date) -> bool:
    return pair_may(case, goods, buyer) and day in days_of(case, goods, buyer)


def score_of(case: Problem, plan: Plan) -> float:
    goods, buyers = {one.lot: one for one in case.batches}, {one.id: one for one in case.units}
    return sum(one.tonnes * score_per_t(case, goods[one.lot], buyers[one.unit_id]) for one in plan.placements)


@pytest.mark.parametrize("seed", range(40))
def test_no_plan_in_whole_tonnes_places_more_or_is_worth_more(seed):
    case = small(seed)
    plan = make_plan(case, CATALOG)
    placed, score = best_by_search(case)
    assert plan.totals.placed_t == pytest.approx(placed, rel=1e-6, abs=1e-5)
    assert score_of(case, plan) == pytest.approx(score, rel=1e-5, abs=1e-2)


@pytest.mark.parametrize("seed", range(30))
def test_with_minimum_lots_the_plan_is_within_half_a_percent_of_every_plan_in_whole_tonnes(seed):
    case = small(100 + seed, lots=True)
    plan = make_plan(case, CATALOG)
    placed, score = best_by_search(case)
    assert placed * 0.995 - 1e-5 <= plan.totals.placed_t <= placed + 1e-5
    assert score_of(case, plan) >= score - 0.005 * abs(score) - 1e-2


def two_stage_score(case: Problem, found: Solved) -> float:
    """The second stage's objective: score less the weighted worst share."""
    return found.score - Daily(case)._worst_weight() * found.worst_share


def agree(case: Problem) -> None:
    daily = Daily(case)
    answer = daily.solve()
    if not daily.cells:
        assert make_plan(case, CATALOG).placements == ()
        return
    found = solved(case)
    assert found.placed == pytest.approx(answer.placed, rel=1e-6, abs=1e-5)
    scale = max(abs(answer.score), abs(found.score), daily._worst_weight())
    assert two_stage_score(case, found) == pytest.approx(answer.score, rel=1e-6, abs=1e-6 * scale + 1e-2)


@seldom
@given(problems(lots=False))
def test_a_second_solver_day_by_day_finds_the_same_waste_and_the_same_worth(case):
    agree(case)


@pytest.mark.parametrize("seed", range(15))
def test_a_second_solver_agrees_where_goods_compete(seed):
    agree(busy(seed))
    agree(busy(50 + seed, channel_share=0.5, fairness_k=0.1))


@pytest.mark.parametrize("seed", range(12))
def test_letting_arcs_in_one_by_one_ends_where_solving_them_all_does(seed, monkeypatch):
    case = busy(200 + seed, goods=40, buyers=40)
    whole = solved(case)
    monkeypatch.setattr(sifting, "DIRECT", 50)
    sifted = solved(case)
    assert sifted.arcs_used < whole.arcs_used
    assert sifted.placed == pytest.approx(whole.placed, rel=1e-6)
    assert sifted.placed_bound == pytest.approx(whole.placed_bound, rel=1e-6)
    assert two_stage_score(case, sifted) == pytest.approx(two_stage_score(case, whole), rel=1e-6)
    assert sifted.score_bound == pytest.approx(whole.score_bound, rel=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_letting_arcs_in_keeps_the_bounds_on_channels_and_townships(seed, monkeypatch):
    case = busy(300 + seed, goods=30, buyers=30, channel_share=0.4, fairness_k=0.05)
    whole = solved(case)
    monkeypatch.setattr(sifting, "DIRECT", 50)
    sifted = solved(case)
    assert sifted.placed == pytest.approx(whole.placed, rel=1e-6)
    assert two_stage_score(case, sifted) == pytest.approx(two_stage_score(case, whole), rel=1e-6)


def test_when_rounds_run_out_there_is_still_a_plan_and_a_bound(monkeypatch):
    case = busy(200, goods=40, buyers=40)
    best = solved(case).placed
    monkeypatch.setattr(sifting, "DIRECT", 50)
    monkeypatch.setattr(sifting, "ROUNDS", 1)
    hasty = solved(case)
    assert hasty.placed <= best + 1e-5
    assert hasty.placed_bound >= best - 1e-5


def enlarged(case: Problem, unit_id: str) -> Problem:
    """The problem with ten tonnes more at a unit, in all and spread over the days on which goods could come."""
    buyer = next(one for one in case.units if one.id == unit_id)
    days = {day for goods in case.batches if pair_may(case, goods, buyer) for day in days_of(case, goods, buyer)}
    stored = None if buyer.storage_t is None else buyer.storage_t + MORE_T
    more = dataclasses.replace(buyer, tonnes_per_day=a_day(case, buyer) + MORE_T / len(days), storage_t=stored)
    quotas = tuple(
        one if one.unit_id != unit_id or one.left_t is None else dataclasses.replace(one, left_t=one.left_t + MORE_T)
        for one in case.quotas
    )
    return dataclasses.replace(case, units=tuple(more if one is buyer else one for one in case.units), quotas=quotas)


@pytest.mark.parametrize("seed", range(20))
def test_ten_tonnes_more_gain_what_a_second_solver_says(seed):
    case = busy(seed)
    before = Daily(case).solve().placed
    told = make_plan(case, CATALOG).enlargements
    for one in told:
        gained = Daily(enlarged(case, one.unit_id)).solve().placed - before
        assert one.placed_t == pytest.approx(gained, rel=1e-5, abs=1e-4)


@pytest.mark.parametrize("seed", range(20))
def test_a_unit_that_is_not_named_would_gain_nothing(seed):
    case = busy(seed)
    plan = make_plan(case, CATALOG)
    named = {one.unit_id for one in plan.enlargements}
    if len(named) < TOLD:
        before = Daily(case).solve().placed
        for buyer in case.units:
            if buyer.id not in named and any(may_ever(case, goods, buyer) for goods in case.batches):
                gained = Daily(enlarged(case, buyer.id)).solve().placed - before
                assert gained <= LEAST_T + 1e-4


def may_ever(case: Problem, goods: Batch, buyer: AbsorbingUnit) -> bool:
    return pair_may(case, goods, buyer) and bool(days_of(case, goods, buyer))


def test_the_gain_is_told_where_store_and_quota_bind():
    goods = batch(40.0, product_id="cabbage")
    tight = unit("u1", tonnes_per_day=5.0, storage_t=12.0, accepts=("cabbage",))
    case = Problem(DAY, (goods,), (tight,), dict(PLACES), (Quota("u1", 11.0),))
    told = make_plan(case, CATALOG).enlargements
    assert [(one.unit_id, round(one.placed_t, 3)) for one in told] == [("u1", 10.0)]
