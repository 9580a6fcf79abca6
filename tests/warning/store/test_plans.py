"""Stored plans: whole with their inputs, made again to the last digit, listed newest first."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random

import pytest

from warning.absorption.distance import Place
from warning.absorption.plan import make_plan
from warning.absorption.problem import Batch, Options, Problem, Quota
from warning.absorption.shocks import Shock, ShockKind
from warning.absorption.units import AbsorbingUnit, UnitKind
from warning.errors import NotFound
from warning.reference import load_catalog
from warning.store.paging import InvalidCursor
from warning.store.planning import Asked
from warning.store.plans import plans, read_plan, save_plan

DAY = dt.date(2024, 11, 15)
NOW = dt.datetime(2024, 11, 16, 1, 30, tzinfo=dt.UTC)
UNITS = (
    AbsorbingUnit("school", "一小", "canteens", UnitKind.SCHOOL, "500155104", diners=3200, closed_weekends=True),
    AbsorbingUnit("cold", "冷库", "cold-storage-outlets", UnitKind.COLD_STORE, tonnes_per_day=7 / 3, storage_t=21.1),
    AbsorbingUnit("mall", "超市", "buyer-matching", UnitKind.SUPERMARKET, tonnes_per_day=1.3, minimum_lot_t=0.7),
    AbsorbingUnit("reserve", "832", "budget-procurement", UnitKind.RESERVE, tonnes_per_day=2.2, price_per_kg=1.9),
)
SHOCKS = (Shock(ShockKind.ROAD, "500155102"), Shock(ShockKind.CAPACITY, "canteens", factor=0.7))


def problem(seed, options=Options(days=14)):  # noqa: B008 - frozen
    """Two townships with cabbage of awkward tonnages; coordinates that no decimal of few digits is."""
    draw = random.Random(seed)
    days = [dt.timedelta(days=step) for step in (1, 4, 8)]
    batches = tuple(
        Batch("cabbage", township, "冬", DAY + step, DAY + step + dt.timedelta(days=9), draw.uniform(5, 40), 1 / 3,
              level=3)
        for township in ("500155102", "500155104")
        for step in days
    )  # fmt: skip
    places = {one.township_id: Place(30 + draw.random(), 107 + draw.random(), key=True) for one in batches}
    return Problem(DAY, batches, UNITS, places, (Quota("reserve", left_t=10.1),), options, SHOCKS)


def save(store, asked, answer, at=NOW, title=""):
    with store.writing() as session:
        return save_plan(session, asked, answer, at=at, by="office", title=title)


@pytest.mark.parametrize("seed", range(3))
def test_a_stored_plan_is_made_again_exactly(store, seed):
    catalog = load_catalog()
    asked = Asked(problem(seed), "cabbage.district.20241101", ("cabbage",))
    answer = make_plan(asked.problem, catalog)
    assert answer.placements
    assert answer.unplaced
    plan_id = save(store, asked, answer, title="断路")
    with store.session() as session:
        stored = read_plan(session, plan_id)
    assert (stored.problem, stored.plan) == (asked.problem, answer)
    assert make_plan(stored.problem, catalog) == stored.plan
    assert plan_id.startswith("plan-20241115-")
    assert stored.id == plan_id
    assert (stored.alert_id, stored.day, stored.products) == ("cabbage.district.20241101", DAY, ("cabbage",))
    assert (stored.title, stored.made_at, stored.made_by) == ("断路", NOW, "office")
    assert stored.code_version


def test_a_problem_with_faulty_entries_is_kept_as_it_was(store):
    catalog = load_catalog()
    faulty = problem(1)
    batch = dataclasses.replace(faulty.batches[0], tonnes=float("nan"), lot="\x00")
    unit = dataclasses.replace(UNITS[0], tonnes_per_day=float("inf"))
    faulty = dataclasses.replace(faulty, batches=(batch, *faulty.batches[1:]), units=(unit, *UNITS[1:]))
    answer = make_plan(faulty, catalog)
    plan_id = save(store, Asked(faulty, None, ("cabbage",)), answer)
    with store.session() as session:
        stored = read_plan(session, plan_id)
    assert repr(stored.problem) == repr(faulty)
    assert make_plan(stored.problem, catalog) == stored.plan == answer


def test_what_keeps_and_what_was_asked_for_comes_back_with_its_type(store):
    empty = Problem(DAY, (), (), options=Options(days=3, fairness_k=0.1, most_km=12.5, whole_lots=False))
    plan_id = save(store, Asked(empty, None, ()), make_plan(empty, load_catalog()))
    with store.session() as session:
        stored = read_plan(session, plan_id)
    assert repr(stored.problem) == repr(empty)
    assert stored.alert_id is None
    assert stored.plan.placements == ()


def test_plans_are_listed_newest_first_page_by_page_and_by_alert(store):
    empty = Problem(DAY, (), ())
    answer = make_plan(empty, load_catalog())
    moments = [NOW + dt.timedelta(minutes=step) for step in (0, 2, 1, 2)]
    made = [
        save(store, Asked(empty, f"alert-{number % 2}", ("cabbage",)), answer, at=at, title=f"p{number}")
        for number, at in enumerate(moments)
    ]
    found, cursor = [], None
    while True:
        with store.session() as session:
            page = plans(session, limit=1, cursor=cursor)
        found += page.items
        cursor = page.next
        if cursor is None:
            break
    assert [one.made_at for one in found] == sorted(moments, reverse=True)
    assert sorted(one.id for one in found) == sorted(made)
    newest = found[0]
    assert (newest.business_date, newest.made_by, newest.products) == (DAY, "office", ("cabbage",))
    with store.session() as session:
        assert {one.title for one in plans(session, alert_id="alert-0", limit=9).items} == {"p0", "p2"}
        first = plans(session, limit=1).next
        with pytest.raises(InvalidCursor):
            plans(session, alert_id="alert-0", limit=1, cursor=first)


def test_an_unknown_plan_is_not_found(store):
    with store.session() as session, pytest.raises(NotFound, match="plan-20241115-00000000"):
        read_plan(session, "plan-20241115-00000000")
