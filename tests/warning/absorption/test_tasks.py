"""Departments' task lists: who leads what, by which day, with whom, and that the kilograms add up."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import pytest
from hypothesis import given, settings
from plan_worlds import DAY, TOWNSHIPS, batch, busy, problem, problems, unit

from warning.absorption.document import plan_document
from warning.absorption.plan import make_plan
from warning.absorption.problem import Problem
from warning.absorption.task_words import span_zh, tonnes_text
from warning.absorption.tasks import DepartmentTask, department_tasks, products_of, whole_kilograms
from warning.absorption.units import UnitKind
from warning.reference import load_catalog

CATALOG = load_catalog()
CANTEEN = unit("食堂", channel="canteens", kind=UnitKind.SCHOOL, tonnes_per_day=1.0)
MARKET = unit("批发市场")
SHOP = unit("超市", channel="buyer-matching", kind=UnitKind.SUPERMARKET, tonnes_per_day=2.0, lead_days=3)


def tasks_of(asked: Problem) -> tuple[DepartmentTask, ...]:
    return department_tasks(make_plan(asked, CATALOG), asked, CATALOG)


def test_each_channel_that_carries_something_is_one_task_of_its_lead() -> None:
    tasks = tasks_of(problem(batch(60), CANTEEN, MARKET, SHOP))
    assert {(task.channel, task.department.id, task.clause) for task in tasks} == {
        ("canteens", "agriculture", "三(一)"),
        ("cold-storage-outlets", "commerce", "四(一)"),
        ("buyer-matching", "commerce", "四(二)"),
    }


def test_tasks_of_one_lead_stand_together_and_the_earliest_comes_first() -> None:
    late = dataclasses.replace(CANTEEN, lead_days=2)
    tasks = tasks_of(problem(batch(80), late, MARKET, SHOP))
    assert [task.channel for task in tasks] == ["cold-storage-outlets", "buyer-matching", "canteens"]
    assert tasks[1].first_day > tasks[2].first_day


def test_a_department_is_named_as_on_the_day_of_the_plan() -> None:
    asked = problem(batch(5), CANTEEN)
    plan = make_plan(asked, CATALOG)
    before = dataclasses.replace(plan, day=dt.date(2022, 3, 2))
    (old,) = department_tasks(before, asked, CATALOG)
    (new,) = department_tasks(plan, asked, CATALOG)
    assert (old.department.name_zh, new.department.name_zh) == ("区乡村振兴局", "区农业农村委")
    assert old.text_zh.count("区乡村振兴局") == 1
    assert "区乡村振兴局" not in new.text_zh


@pytest.mark.parametrize("channel", ["joint-emergency", "buyer-matching"])
def test_nobody_works_with_himself_and_nobody_is_named_twice(channel: str) -> None:
    stock = unit("商业库存", channel=channel, kind=UnitKind.STOCK)
    (task,) = tasks_of(problem(batch(5, level=3), stock))
    # The clause names 农业农村委 and 乡村振兴局, which are one department on the day.
    ids = [task.department.id, *(one.id for one in task.with_departments)]
    assert ids.count("agriculture") == 1
    assert len(ids) == len(set(ids))


def test_an_empty_plan_gives_no_tasks() -> None:
    assert tasks_of(problem(MARKET)) == ()
    assert tasks_of(problem(batch(5))) == ()


def test_goods_of_the_district_as_a_whole_say_so() -> None:
    (task,) = tasks_of(problem(batch(5, township_id=""), MARKET))
    assert task.units[0].deliveries[0].township_zh == "全区"


def test_a_unit_says_product_township_days_and_tonnes() -> None:
    goods = (batch(7, lot="A"), batch(6, lot="B", product_id="tomato", township_id=TOWNSHIPS[1]))
    (task,) = tasks_of(problem(*goods, dataclasses.replace(MARKET, contact="甲 555-0100")))
    (taking,) = task.units
    assert (taking.name, taking.contact, taking.tonnes) == ("批发市场", "甲 555-0100", 13.0)
    assert {(one.product_id, one.township_id): one.tonnes for one in taking.deliveries} == {
        ("cabbage", TOWNSHIPS[0]): 7.0,
        ("tomato", TOWNSHIPS[1]): 6.0,
    }
    assert (task.first_day, task.last_day) == (DAY + dt.timedelta(1), DAY + dt.timedelta(3))
    assert products_of(task) == {("莲花白", "cabbage"): 7.0, (CATALOG.products["tomato"].name_zh, "tomato"): 6.0}


def test_the_sentences_say_days_clause_units_and_tonnes() -> None:
    (task,) = tasks_of(problem(batch(8), MARKET))
    assert task.text_zh.startswith("3月3日至4日，由区商务委牵头、会同")
    assert "方案四（一）“产地冷藏保鲜、批发市场与终端网点”组织1家单位消纳莲花白8吨。" in task.text_zh
    assert "one unit takes 8 t of cabbage." in task.text_en


@settings(max_examples=60, deadline=None)
@given(problems())
def test_tasks_carry_what_the_plan_places_to_the_kilogram(asked: Problem) -> None:
    plan = make_plan(asked, CATALOG)
    tasks = department_tasks(plan, asked, CATALOG)
    assert math.isclose(sum(one.tonnes for one in tasks), plan.totals.placed_t, abs_tol=0.0005 * len(tasks) + 1e-6)
    for task in tasks:
        placed = [one for one in plan.placements if one.channel == task.channel]
        assert math.isclose(task.tonnes, sum(one.tonnes for one in placed), abs_tol=0.00051)
        goods = [one for taking in task.units for one in taking.deliveries]
        assert math.isclose(task.tonnes, sum(one.tonnes for one in goods), abs_tol=1e-9)
        assert {(one.first_day, one.last_day) for one in [task]} == {
            (min(one.first_day for one in goods), max(one.last_day for one in goods))
        }


def test_rounded_kilograms_add_up_to_the_rounded_whole() -> None:
    assert whole_kilograms([1 / 3, 1 / 3, 1 / 3]) == [334, 333, 333]
    assert sum(whole_kilograms([0.0004] * 10)) == 4
    assert whole_kilograms([]) == []


def test_the_document_of_a_plan_holds_its_tasks_as_plain_values() -> None:
    asked = busy(3)
    plan = make_plan(asked, CATALOG)
    tasks = plan_document(plan, asked, CATALOG)["tasks"]
    assert len(tasks) == len(department_tasks(plan, asked, CATALOG)) > 1
    assert tasks[0]["department"]["name_zh"]
    assert tasks[0]["first_day"] == min(task["first_day"] for task in tasks)


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (dt.date(2026, 3, 4), dt.date(2026, 3, 4), "3月4日"),
        (dt.date(2026, 3, 4), dt.date(2026, 3, 11), "3月4日至11日"),
        (dt.date(2026, 3, 4), dt.date(2026, 4, 2), "3月4日至4月2日"),
        (dt.date(2026, 12, 30), dt.date(2027, 1, 2), "12月30日至2027年1月2日"),
        (dt.date(2027, 1, 2), dt.date(2027, 1, 9), "2027年1月2日至9日"),
    ],
)
def test_spans_of_days_name_what_is_not_known(first: dt.date, last: dt.date, told: str) -> None:
    assert span_zh(first, last, DAY) == told


def test_tonnes_are_told_to_the_kilogram_without_empty_zeros() -> None:
    assert [tonnes_text(one) for one in (300.0, 0.5, 12.1254, -0.0001, 1234567.0)] == [
        "300", "0.5", "12.125", "0", "1234567",
    ]  # fmt: skip
