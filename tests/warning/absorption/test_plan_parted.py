"""A plan parted into what is crowded and what is not is the plan of the whole; so is one begun by an interior point."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from plan_rules import CATALOG
from plan_second_solver import Daily
from plan_worlds import DAY, batch, busy, problem, problems, unit

from warning.absorption import relaxing, sifting, solver
from warning.absorption.arcs import network_of
from warning.absorption.crowding import crowd
from warning.absorption.greedy import nearest_first
from warning.absorption.plan import make_plan
from warning.absorption.pricing import priced_arcs
from warning.absorption.problem import Problem, Quota
from warning.absorption.programme import programme_of
from warning.absorption.sanity import check_problem
from warning.absorption.shocks import Shock, ShockKind, shocked
from warning.absorption.solving import Solved, solve_plan

often = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


def solved(case: Problem) -> Solved:
    checked, _ = check_problem(case, CATALOG)
    after = shocked(checked)
    network = network_of(after, CATALOG)
    return solve_plan(programme_of(after, network), network, nearest_first(after, network))


def assert_same(one: Solved, other: Solved, scale: float = 1.0) -> None:
    assert one.placed == pytest.approx(other.placed, rel=1e-6, abs=1e-5)
    assert one.placed_bound == pytest.approx(other.placed_bound, rel=1e-6, abs=1e-5)
    worth = one.score - one.worst_share * scale, other.score - other.worst_share * scale
    assert worth[0] == pytest.approx(worth[1], rel=1e-6, abs=1e-2 + 1e-6 * scale)
    assert one.score_bound - one.score == pytest.approx(0.0, abs=1e-2 + 1e-6 * abs(one.score))


@pytest.fixture
def parted(monkeypatch):
    monkeypatch.setattr(relaxing, "PARTED", 0)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("days", [0, 4])
def test_in_parts_as_much_is_placed_and_as_well_as_whole(seed, days, monkeypatch):
    case = busy(400 + seed, goods=30, buyers=30)
    if days:
        case = Problem(case.day, case.batches, case.units, case.places, case.quotas, case.options,
                       (Shock(ShockKind.STORAGE, "*", days=days),))  # fmt: skip
    whole = solved(case)
    monkeypatch.setattr(relaxing, "PARTED", 0)
    assert_same(solved(case), whole, Daily(case)._worst_weight())


@often
@given(problems(lots=False, bounds=False))
def test_in_parts_a_second_solver_agrees(parted, case):
    daily = Daily(case)
    if not daily.cells:
        assert make_plan(case, CATALOG).placements == ()
        return
    answer, found = daily.solve(), solved(case)
    scale = max(abs(answer.score), abs(found.score), daily._worst_weight())
    assert found.placed == pytest.approx(answer.placed, rel=1e-6, abs=1e-5)
    two_stages = found.score - daily._worst_weight() * found.worst_share
    assert two_stages == pytest.approx(answer.score, rel=1e-6, abs=1e-6 * scale + 1e-2)


@pytest.mark.parametrize("seed", range(8))
def test_begun_by_an_interior_point_the_plan_is_the_same(seed, monkeypatch):
    case = busy(500 + seed, goods=40, buyers=40)
    whole = solved(case)
    monkeypatch.setattr(solver, "LARGE", 0)
    monkeypatch.setattr(sifting, "DIRECT", 50)
    assert_same(solved(case), whole, Daily(case)._worst_weight())


def test_the_cut_parts_what_has_no_room_from_what_has(parted):
    """Cabbages of one lot outgrow their only buyer, those of the other have a store for themselves."""
    small = unit("small", tonnes_per_day=1.0, accepts=("cabbage",), storage_t=3.0, lead_days=1)
    wide = unit("wide", tonnes_per_day=9.0, accepts=("potato",), lead_days=1)
    goods = [batch(20.0, lot="many", product_id="cabbage"), batch(8.0, lot="few", product_id="potato")]
    case = problem(*goods, small, wide)
    network = network_of(case, CATALOG)
    found = crowd(programme_of(case, network), network)
    assert found.batches.tolist() == [True, False]
    assert found.units.tolist() == [True, False]
    assert found.placed_bound == pytest.approx(11.0)
    assert solved(case).placed == pytest.approx(11.0)


@pytest.mark.parametrize("tonnes", [0.0004, 3.0])
def test_where_all_is_crowded_or_nothing_is_there_is_a_plan_too(parted, tonnes):
    case = problem(batch(tonnes), unit(tonnes_per_day=1.0, storage_t=1.0))
    assert solved(case).placed == pytest.approx(min(tonnes, 1.0), abs=1e-6)


def test_what_is_no_flow_is_solved_whole(parted, monkeypatch):
    monkeypatch.setattr(relaxing, "crowd", lambda *_: pytest.fail("parted"))
    quota = Quota("u1", left_cny=5_000.0)
    for case in (problem(batch(), unit(price_per_kg=2.0), quota), problem(batch(), unit(), channel_share=0.5),
                 problem(batch(), unit(), fairness_k=0.1)):  # fmt: skip
        solved(case)


def test_prices_point_at_the_arcs_of_the_best_plan():
    case = busy(600, goods=60, buyers=60)
    network = network_of(case, CATALOG)
    chosen = priced_arcs(programme_of(case, network), network)
    used = np.flatnonzero(solved(case).tonnes)
    assert np.isin(used, chosen).mean() > 2 * len(chosen) / len(network.arcs.batch)


def test_storage_does_not_make_fresh_what_spoiled_before_it_came():
    gone = batch(release=DAY + dt.timedelta(days=5), expiry=DAY + dt.timedelta(days=4))
    case = problem(gone, unit(), Shock(ShockKind.STORAGE, "*", days=3))
    plan = make_plan(case, CATALOG)
    assert plan.placements == ()
    assert [one.reason for one in plan.unplaced] == ["expired"]
