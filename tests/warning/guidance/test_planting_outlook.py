"""What not to plant more of: the harvest to come against the usual market and the channels, with the tonnes over."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from warning.absorption.units import AbsorbingUnit, UnitKind
from warning.guidance.channel_room import free_store_t, weekly_room
from warning.guidance.coming_harvest import coming_harvests
from warning.guidance.planting_outlook import planting_outlook
from warning.guidance.weekly_balance import unsold
from warning.planting import Light
from warning.reference import load_catalog
from warning.thresholds import load_thresholds
from warning.township import lots_of

DAY = dt.date(2026, 3, 1)
CATALOG, LINES = load_catalog(), load_thresholds().lines
CABBAGE, STRAWBERRY = CATALOG.products["cabbage"], CATALOG.products["strawberry"]
MALL = AbsorbingUnit("mall", "超市", "buyer-matching", UnitKind.SUPERMARKET, tonnes_per_day=2.0)


def lots(*rows: dict):
    """One report a row on the day; a harvest of four weeks in ten weeks' time."""
    usual = {
        "township_id": "500155104", "product_id": "cabbage", "lot": "春", "day": DAY, "simulated": False,
        "harvest_from": DAY + dt.timedelta(days=70), "harvest_to": DAY + dt.timedelta(days=97),
    }  # fmt: skip
    number = (DAY - dt.date(1970, 1, 1)).days
    return lots_of(pd.DataFrame([usual | row for row in rows]), number, number)


def outlook(*rows: dict, units=(), rivals=(), product=CABBAGE):
    harvests = coming_harvests(lots(*rows), DAY, product.id) if rows else ()
    return planting_outlook(DAY, product, harvests, units, CATALOG, LINES, rivals=rivals)


PLENTY = {"planted_area_mu": 150.0, "normal_area_mu": 100.0, "expected_harvest_t": 420.0}


def test_more_area_than_normal_is_tonnes_over_and_a_red_light():
    found = outlook(PLENTY)
    assert (found.harvest_t, found.usual_t, found.over_t) == pytest.approx((420, 280, 140))
    assert found.light.light == Light.RED
    assert "多出约 140 吨" in found.text_zh
    assert found.text_zh.endswith("不要再扩种，已育的苗能少栽就少栽")


def test_what_the_channels_take_besides_is_not_over():
    found = outlook(PLENTY, units=(MALL,))
    assert (found.channels_t, found.over_t) == pytest.approx((56, 84))
    enough = outlook(PLENTY, units=(AbsorbingUnit("m", "超市", "buyer-matching", UnitKind.SUPERMARKET,
                                                  tonnes_per_day=9.0),))  # fmt: skip
    assert enough.over_t == 0
    assert "吃得下" in enough.text_zh


def test_a_normal_area_is_green_and_planted_as_usual():
    found = outlook({"planted_area_mu": 100.0, "normal_area_mu": 100.0, "expected_harvest_t": 280.0})
    assert (found.over_t, found.light.light) == (pytest.approx(0), Light.GREEN)
    assert found.text_zh.endswith("可以照常种")


def test_tonnes_come_from_area_and_the_yield_of_other_lots_where_none_are_reported():
    known = {"planted_area_mu": 100.0, "normal_area_mu": 100.0, "expected_harvest_t": 300.0, "marketable_t": 300.0}
    found = outlook(known | {"township_id": "500155102"}, {"planted_area_mu": 50.0, "normal_area_mu": 25.0})
    parts = {one.township_id: one for one in found.townships}
    assert (parts["500155104"].tonnes, parts["500155104"].usual_t) == pytest.approx((150, 75))
    assert parts["500155104"].over_t == pytest.approx(found.over_t), "who grows more than usual has the tonnes over"


def test_tonnes_come_from_seedlings_where_no_area_is_reported_either():
    """Seedlings count where past years tell how many are usual."""
    known = {"expected_harvest_t": 100.0, "marketable_t": 100.0, "township_id": "500155102", "seedlings": 1000.0}
    years = [DAY.replace(year=DAY.year - back) for back in (1, 2, 3)]
    past = [{"day": day, "township_id": one, "seedlings": 400.0} for day in years for one in ("500155102", "500155104")]
    found = coming_harvests(lots(*past, known, {"seedlings": 500.0}), DAY, "cabbage")
    (mine,) = [one for one in found if one.township_id == "500155104"]
    assert (mine.tonnes, mine.usual_t, mine.basis) == (pytest.approx(50), pytest.approx(40), "seedlings")


def test_without_anything_normal_the_tonnes_over_cannot_be_told():
    found = outlook({"expected_harvest_t": 400.0})
    assert (found.over_t, found.usual_t, found.light) == (None, None, None)
    assert "算不出多出多少" in found.text_zh
    nothing = outlook({"lot": "春"})
    assert (nothing.harvest_t, nothing.unknown, nothing.light) == (0.0, ("500155104",), None)
    assert "没有上报产量、面积或育苗数" in nothing.text_zh


def test_no_harvest_that_begins_within_ninety_days_is_said():
    begun = {**PLENTY, "harvest_from": DAY - dt.timedelta(days=3)}
    late = {**PLENTY, "harvest_from": DAY + dt.timedelta(days=91), "harvest_to": DAY + dt.timedelta(days=99)}
    for found in (outlook(), outlook(begun), outlook(late)):
        assert (found.light, found.first) == (None, None)
        assert found.text_zh == "未来 90 天内没有上报新开采的批次"


def test_an_older_lot_that_is_still_harvested_counts_against_the_same_market():
    older = {**PLENTY, "lot": "冬", "harvest_from": DAY - dt.timedelta(days=10),
             "harvest_to": DAY + dt.timedelta(days=97), "planted_area_mu": 100.0}  # fmt: skip
    found = outlook(PLENTY, older)
    assert found.harvest_t == pytest.approx(420 + 420 * 28 / 97)


def test_a_unit_is_shared_with_other_products_that_it_takes():
    alone = weekly_room(CABBAGE, (MALL,), DAY, 2, CATALOG)
    shared = weekly_room(CABBAGE, (MALL,), DAY, 2, CATALOG, rivals=(CABBAGE, STRAWBERRY))
    assert (alone.tolist(), shared.tolist()) == ([14, 14], [7, 7])


def test_stores_wholesale_and_emergency_channels_are_no_room_for_planting():
    none = (
        AbsorbingUnit("c", "冷库", "cold-storage-outlets", UnitKind.COLD_STORE, tonnes_per_day=9.0, storage_t=30.0),
        AbsorbingUnit("w", "市场", "cold-storage-outlets", UnitKind.WHOLESALE, tonnes_per_day=9.0),
        AbsorbingUnit("e", "养老院", "joint-emergency", UnitKind.CARE_HOME, tonnes_per_day=9.0),
        AbsorbingUnit("p", "榨菜厂", "processing-storage", UnitKind.PROCESSOR, tonnes_per_day=9.0, accepts=("hog",)),
    )
    assert weekly_room(CABBAGE, none, DAY, 1, CATALOG).sum() == 0
    assert free_store_t(CABBAGE, none) == 30.0
    assert free_store_t(STRAWBERRY, none) == 0.0


def test_goods_wait_for_a_buyer_only_while_they_keep():
    harvest, takes = np.array([30.0, 0.0, 0.0]), np.array([10.0, 10.0, 10.0])
    assert [unsold(harvest, takes, days) for days in (3, 7, 14, 21, 60)] == [20, 20, 10, 0, 0]
    late = np.array([0.0, 0.0, 30.0])
    assert unsold(late, takes, 60) == 20, "after the window nobody is counted on"
