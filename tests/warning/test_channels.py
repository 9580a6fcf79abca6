"""Which channels suit what, in which order, led by whom on the day."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest

from warning.absorption.channels import suitable_channels, unsuitable_channels
from warning.absorption.school_terms import holiday_on
from warning.catalog import SchoolHoliday
from warning.reference import load_catalog

CATALOG = load_catalog()
DAY = dt.date(2022, 4, 5)
YELLOW = 2


def advised(product, on=DAY, level=YELLOW, **more):
    return suitable_channels(CATALOG.products[product], on, CATALOG, level=level, **more)


def numbers(product, **more):
    return [advice.number for advice in advised(product, **more)]


def by_number(product, number, **more):
    return next(advice for advice in advised(product, **more) if advice.number == number)


def test_leaf_goes_to_the_quick_channels_only_and_the_cold_chain_supports():
    assert numbers("bok-choy") == [9, 1, 5, 7]
    assert [advice.role for advice in advised("bok-choy")] == ["emergency", "main", "main", "supporting"]


def test_a_fortnights_goods_also_go_to_cold_stores_and_parcels():
    assert numbers("tomato")[:5] == [9, 1, 5, 4, 6]
    assert not {2, 8, 11} & set(numbers("tomato"))


def test_citrus_also_goes_to_processing_procurement_export_and_picking():
    found = numbers("mandarin")
    assert found[:8] == [9, 1, 5, 4, 6, 11, 2, 8]
    assert 13 in found
    assert found[-1] == 7


def test_pomelo_and_fresh_mustard_tuber_are_named_by_processing():
    assert {1, 8, 11, 12, 13} <= set(numbers("pomelo-liangping"))
    assert by_number("mustard-tuber", 11).role == "suited"
    assert CATALOG.products["mustard-tuber"].shelf_life_days < 15


def test_strawberries_are_picked_but_not_posted():
    found = numbers("strawberry")
    assert 13 in found
    assert 6 not in found


def test_live_hogs_are_neither_boxed_nor_served():
    found = numbers("hog")
    assert {5, 11} <= set(found)
    assert not {1, 2, 4, 6} & set(found)


def test_an_index_is_no_goods():
    assert numbers("index-agri-200") == []
    assert len(unsuitable_channels(CATALOG.products["index-agri-200"], DAY, CATALOG, level=YELLOW)) == 13


def test_a_channel_that_starts_too_late_is_left_out_with_its_reason():
    assert 5 not in numbers("cabbage", shelf_life_left=2)
    left = unsuitable_channels(CATALOG.products["cabbage"], DAY, CATALOG, level=YELLOW, shelf_life_left=2)
    (five,) = [one for one in left if one.number == 5]
    assert "3 天" in five.reason_zh
    assert "2 days of shelf life" in five.reason_en


@pytest.mark.parametrize("product", ["bok-choy", "pomelo-liangping", "hog", "rice"])
@pytest.mark.parametrize("blocked", [False, True])
def test_every_channel_is_advised_or_left_out_and_never_both(product, blocked):
    more = {"level": YELLOW, "logistics_blocked": blocked}
    left = [one.number for one in unsuitable_channels(CATALOG.products[product], DAY, CATALOG, **more)]
    assert sorted(numbers(product, logistics_blocked=blocked) + left) == list(range(1, 14))


def test_blocked_logistics_put_relief_first_and_warn_the_rest():
    assert numbers("bok-choy", logistics_blocked=True) == [10, 9, 1, 5, 7]
    assert 10 not in numbers("bok-choy")
    assert "物流受阻" in by_number("bok-choy", 5, logistics_blocked=True).caution_zh


def test_departments_have_the_name_of_the_day_and_a_merged_one_is_not_named_twice():
    before, after = by_number("bok-choy", 1), by_number("bok-choy", 1, on=dt.date(2026, 4, 8))
    assert (before.lead.id, before.lead.name_zh) == ("rural-revitalization", "区乡村振兴局")
    assert (after.lead.id, after.lead.name_zh) == ("agriculture", "区农业农村委")
    named = [
        one.id for one in by_number("bok-choy", 10, on=dt.date(2026, 4, 8), logistics_blocked=True).with_departments
    ]
    assert named == ["commerce", "townships"]


def test_schools_are_not_counted_in_their_holidays():
    assert "暑假" in by_number("bok-choy", 1, on=dt.date(2026, 7, 20)).caution_zh
    assert "school" in by_number("bok-choy", 1, on=dt.date(2026, 1, 30)).caution_en
    assert "学校" not in by_number("bok-choy", 1, on=dt.date(2026, 4, 8)).caution_zh
    own = replace(CATALOG, school_holidays=(SchoolHoliday("农忙假", "harvest holiday", (4, 1), (4, 20)),))
    advice = suitable_channels(CATALOG.products["bok-choy"], dt.date(2026, 4, 8), own, level=YELLOW)
    assert "农忙假" in advice[1].caution_zh


def test_a_years_own_holiday_stands_for_the_usual_one():
    usual = SchoolHoliday("寒假", "winter holiday", (1, 18), (2, 20))
    stated = SchoolHoliday("寒假", "winter holiday", (1, 25), (2, 28), year=2027)
    assert holiday_on(dt.date(2026, 1, 20), (usual, stated)) is usual
    assert holiday_on(dt.date(2027, 1, 20), (usual, stated)) is None
    assert holiday_on(dt.date(2027, 2, 25), (usual, stated)) is stated
    over_new_year = SchoolHoliday("寒假", "winter holiday", (12, 20), (1, 10))
    assert holiday_on(dt.date(2027, 1, 5), (over_new_year,)) is over_new_year


def test_below_yellow_emergency_absorption_is_only_prepared():
    assert "黄色以下" in by_number("bok-choy", 9, level=1).caution_zh
    assert "黄色以下" not in by_number("bok-choy", 9).caution_zh


def test_the_document_is_plain_and_whole():
    document = by_number("mandarin", 2).to_document()
    assert json.loads(json.dumps(document, ensure_ascii=False)) == document
    assert set(document) == {
        "channel",
        "number",
        "name_zh",
        "name_en",
        "clause",
        "lead",
        "with",
        "start_days",
        "role",
        "why_zh",
        "why_en",
        "caution_zh",
        "caution_en",
    }
    assert document["lead"] == {"id": "finance", "name_zh": "区财政局", "name_en": "District Finance Bureau"}
    assert document["start_days"] == [7, 21]
    assert document["with"][0]["name_zh"] == "区农业农村委"
