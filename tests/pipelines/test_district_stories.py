"""Three stories of the simulated district: who carries a pomelo glut, a cabbage glut, and lotus behind a cut road."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from pipelines.daily import DailyRun
from pipelines.demo.build import take_in
from pipelines.demo.recipes import DIANJIANG, LIANGPING, SHUANGFU
from pipelines.demo.register import put_register
from pipelines.demo.world import build_world
from warning.absorption.plan import Plan, make_plan
from warning.absorption.problem import Problem
from warning.absorption.units import UnitKind
from warning.catalog import DISTRICT_ID
from warning.reference import load_catalog
from warning.store.engine import Store, open_store
from warning.store.planning import Scope, problem_for
from warning.store.settings import Settings
from warning.store.tables import AssessmentRow
from warning.thresholds import load_thresholds

CATALOG = load_catalog()
LAST_DAY = dt.date(2025, 12, 22)
"""The road is cut, cabbage is in glut, schools are open; the pomelo glut was a year before."""
POMELO_DAY = dt.date(2024, 11, 18)
NOW = dt.datetime(2025, 12, 23, 0, 0, tzinfo=dt.UTC)
CANTEENS = {UnitKind.SCHOOL, UnitKind.OFFICE, UnitKind.HOSPITAL, UnitKind.CARE_HOME, UnitKind.FACTORY}
STORES = {UnitKind.COLD_STORE, UnitKind.STOCK, UnitKind.WHOLESALE}
PROCESSING = {UnitKind.PROCESSOR, UnitKind.INDUSTRY}


@dataclass(frozen=True)
class Story:
    """A plan with its problem, asked as a reader asks."""

    problem: Problem
    plan: Plan

    def carried(self, *kinds: UnitKind) -> float:
        """Share of what is placed that units of these kinds take, 0 to 1."""
        kind = {unit.id: unit.kind for unit in self.problem.units}
        taken = sum(one.tonnes for one in self.plan.placements if kind[one.unit_id] in kinds)
        return taken / self.plan.totals.placed_t

    def left_idle(self, *kinds: UnitKind) -> set[str]:
        """Units of these kinds to which nothing goes."""
        used = {one.unit_id for one in self.plan.placements}
        return {unit.name for unit in self.problem.units if unit.kind in kinds and unit.id not in used}


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    home = tmp_path_factory.mktemp("stories")
    store = open_store(home=home, settings=Settings(home=home), migrate=True)
    daily = DailyRun(store, CATALOG, load_thresholds(), clock=lambda: NOW, forecasts=False)
    goods, markets = ("梁平柚", "莲花白", "莲藕"), (LIANGPING, SHUANGFU, DIANJIANG)
    list(take_in(store, daily, build_world(LAST_DAY, years=5, products=goods, markets=markets), lambda: NOW))
    put_register(store, CATALOG, LAST_DAY, since=POMELO_DAY)
    for day in (POMELO_DAY, LAST_DAY):
        list(daily.run(day))
    yield store
    store.close()


@pytest.fixture(scope="module")
def told(district: Store) -> Callable[..., Story]:
    """The plan of a product's alert in the district on a day."""

    def story(product: str, day: dt.date, **options: Any) -> Story:
        found = judged(district, product, day)[DISTRICT_ID]
        asked = problem_for(district, CATALOG, Scope(found.alert_id, day), now=NOW, **options)
        return Story(asked.problem, make_plan(asked.problem, CATALOG))

    return story


def judged(store: Store, product: str, day: dt.date) -> dict[str, AssessmentRow]:
    with store.session() as session:
        rows = session.scalars(
            select(AssessmentRow).where(AssessmentRow.business_date == day, AssessmentRow.product_id == product)
        )
        return {row.place_id: row for row in rows if row.place_kind != "market"}


def test_the_pomelo_glut_is_carried_by_storage_post_and_processing_and_not_by_canteens(told):
    """Over 5,000 t of a fruit that keeps: canteens can eat next to nothing of it, stores and parcels can carry it."""
    story = told("pomelo-liangping", POMELO_DAY)
    assert story.plan.totals.surplus_t > 5000
    assert story.carried(*STORES) > 0.5
    assert story.carried(UnitKind.E_COMMERCE) > 0.1
    assert story.carried(*PROCESSING) > 0.05
    assert story.carried(*STORES, UnitKind.E_COMMERCE, *PROCESSING) > 0.8
    assert story.carried(*CANTEENS) < 0.03
    assert not story.left_idle(UnitKind.COLD_STORE, UnitKind.E_COMMERCE, UnitKind.PROCESSOR) & {
        "模拟城北冷库", "模拟礼让产地冷库", "模拟柚乡电商", "模拟柚皮柚茶厂"
    }  # fmt: skip
    by_hand = story.plan.by_hand
    assert story.plan.totals.wasted_t < by_hand.wasted_t / 2, "taking the nearest first, half the room comes too late"
    assert story.plan.totals.worst_share < by_hand.worst_share


def test_the_cabbage_glut_is_carried_by_shops_and_every_canteen_in_reach_has_its_part(told):
    """Some 900 t that keep three weeks and sell at every counter: no store is needed, and nothing is thrown away."""
    story = told("cabbage", LAST_DAY)
    assert story.plan.totals.wasted_t == pytest.approx(0, abs=0.001)
    assert story.carried(*CANTEENS, UnitKind.SUPERMARKET) > 0.9
    assert story.carried(*CANTEENS) > 0.05
    cut_off = {"模拟曲水中心校食堂", "模拟安胜中心校食堂", "模拟铁门中心校食堂"}
    assert story.left_idle(UnitKind.SCHOOL) <= cut_off
    assert story.carried(*PROCESSING) == 0


def test_lotus_behind_a_cut_road_is_placed_in_its_own_township_and_the_rest_is_said_to_be_shut_in(district, told):
    """The price says nothing is wrong. The townships say that nothing gets out."""
    story = told("lotus-root", LAST_DAY)
    here = judged(district, "lotus-root", LAST_DAY)
    shut = {shock.what for shock in story.problem.shocks}
    assert {CATALOG.townships[one].name_zh for one in shut} == {"曲水镇", "安胜镇", "铁门乡"}
    assert {here[one].type for one in shut} == {"stalled"}

    place = {unit.id: unit.township_id for unit in story.problem.units}
    inside = [one for one in story.plan.placements if one.township_id in shut]
    assert {one.township_id for one in inside} == shut
    assert all(place[one.unit_id] == one.township_id for one in inside), "what stays inside the township moves"
    kept = Counter()
    for one in inside:
        kept[one.kept] += one.tonnes
    assert kept[True] == pytest.approx(60.0), "the field store of one township is filled"

    left = [one for one in story.plan.unplaced if one.township_id in shut]
    assert all("道路" in one.text_zh for one in left)
    open_again = [one for one in story.plan.unplaced if one.township_id not in shut]
    assert sum(one.tonnes for one in open_again) == pytest.approx(0, abs=0.01), "the others sell as they can"
    more = [one.text_zh for one in story.plan.enlargements]
    assert any("模拟曲水田头预冷库" in text for text in more), "the plan says what a larger field store would save"
