"""Hogs, piglets, maize and meal: three shapes, products by file name, units never guessed."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest

from pipelines.feeds.base import RawFile, ReadOptions
from pipelines.feeds.hog_maize import FEED, QUOTES, TOKEN
from pipelines.ingest import ingest_upload
from warning.errors import UnreadableFile
from warning.quality import Quality
from warning.store.engine import Store

OPTIONS = ReadOptions(today=dt.date(2026, 11, 24))


def read(name, answer):
    content = answer if isinstance(answer, bytes) else json.dumps(answer, ensure_ascii=False).encode()
    (batch,) = FEED.read([RawFile(name, content)], OPTIONS)
    batch.check()
    return batch


@pytest.mark.parametrize(
    ("name", "answer", "expected"),
    [
        ("soozhu-yeartrend.json", {"nationlist": [["2026-08-01", 15.1]]}, ("瘦肉猪", 15.1, "公斤", "farm_gate")),
        ("soozhu-pricetrend-lean.json", {"datalist": [["2026-08-01", "15.1"]]}, ("瘦肉猪", 15.1, "公斤", "farm_gate")),
        ("soozhu-pricetrend-4.json", {"datalist": [["2026-08-01", 512.3]]}, ("三元仔猪", 512.3, "头", "wholesale")),
        ("soozhu-pricetrend-8.json", {"datalist": [["2026-08-01", 2.31]]}, ("玉米", 2.31, "公斤", "wholesale")),
        ("xt-hits-1.json", {"code": 200, "data": [[14.9, "2026-08-01"]]}, ("外三元", 14.9, "公斤", "farm_gate")),
        ("xt-hits-4.json", {"code": 200, "data": [["2313", "2026-08-01"]]}, ("玉米", 2313.0, "吨", "wholesale")),
        ("xt-map-2.json", {"code": 200, "data": [["2026-08-01", "31.5"]]}, ("仔猪", 31.5, "公斤", "wholesale")),
    ],
)
def test_each_shape_is_read_as_its_name_says(name, answer, expected):
    (row,) = read(name, answer).rows.to_dict("records")
    assert (row["product"], row["price"], row["price_unit"], row["kind"]) == expected
    assert (row["market"], row["currency"], row["date"]) == ("全国", "CNY", pd.Timestamp("2026-08-01"))


def test_a_week_is_known_when_it_is_over():
    monday = 1785686400000  # 2026-08-02T16:00Z, which is Monday the 3rd in China
    answer = {"data": [[monday, 101.2, 99, 98, 97, 15.0, 14.8, 121], [monday, 101.2, None, None, None, 0, 0, 0]]}
    batch = read("nxin-0.json", answer)
    (row,) = batch.rows.to_dict("records")
    assert (row["product"], row["price"], row["date"]) == ("生猪", 14.8, pd.Timestamp("2026-08-03"))
    assert row["issued_at"] == pd.Timestamp("2026-08-10T16:00Z")
    assert row["flags"] == Quality.ISSUE_ASSUMED
    assert [bad.reason for bad in batch.rejected] == ["no_price"]


def test_three_columns_carry_an_item():
    batch = read("xt-map-3.json", {"data": [["2026-08-01", "白条肉", 20.4], ["2026-08-01", 20.4]]})
    assert list(batch.rows["variety"]) == ["白条肉"]
    assert [bad.reason for bad in batch.rejected] == ["bad_record"]


def test_provinces_take_the_day_from_the_name():
    answer = {"vlist": [{"name": "重庆", "value": [15.8, 0.1]}, {"name": "四川", "value": []}, {"value": [15.8]}]}
    batch = read("soozhu-mapdata-2026-08-01.json", answer)
    (row,) = batch.rows.to_dict("records")
    assert (row["market"], row["region"], row["date"]) == ("重庆", "重庆", pd.Timestamp("2026-08-01"))
    assert [bad.reason for bad in batch.rejected] == ["no_price", "no_market"]
    for name in ("soozhu-mapdata.json", "soozhu-mapdata-2026-08-41.json"):
        with pytest.raises(UnreadableFile, match="no date"):
            read(name, answer)


@pytest.mark.parametrize(
    ("name", "element"),
    [("soozhu-pricetrend-8.json", ["2026-08-01", 2313]), ("xt-hits-4.json", [2.313, "2026-08-01"]),
     ("xt-hits-1.json", [7313, "2026-08-01"]), ("soozhu-yeartrend.json", ["2026-08-01", -15.1])],
)  # fmt: skip
def test_a_price_that_cannot_be_in_the_unit_is_refused_and_not_converted(name, element):
    batch = read(name, {QUOTES[name[:-5]].path: [element]})
    assert [bad.reason for bad in batch.rejected] == ["implausible_unit"]


@pytest.mark.parametrize(
    ("element", "reason"),
    [(["2026-08-01", 14.9], "bad_date"), ([None, "2026-08-01"], "no_price"), (["x", "2026-08-01"], "bad_price"),
     ([14.9], "bad_record"), ({"price": 14.9}, "bad_record"), ([14.9, None], "bad_date")],
)  # fmt: skip
def test_a_bad_element_is_rejected_with_its_reason(element, reason):
    batch = read("xt-hits-1.json", {"data": [[14.9, "2026-08-01"], element]})
    assert [(bad.line, bad.reason) for bad in batch.rejected] == [(2, reason)]


@pytest.mark.parametrize("name", ["pricetrend.json", "soozhu-pricetrend-5.json", "nxin-5.json", "xt-map-7.json"])
def test_a_name_that_says_no_product_is_refused_with_advice(name):
    with pytest.raises(UnreadableFile, match="which product") as caught:
        read(name, {"datalist": [["2026-08-01", 2.31]]})
    assert "soozhu-pricetrend-8.json" in caught.value.todo


def test_a_shape_other_than_the_names_is_refused():
    with pytest.raises(UnreadableFile, match="no list"):
        read("soozhu-yeartrend.json", {"datalist": [["2026-08-01", 2.31]]})
    with pytest.raises(UnreadableFile, match="error code 0"):
        read("xt-hits-1.json", {"code": 0, "msg": "请先登录", "data": []})


def test_the_page_with_the_form_token_is_no_data():
    assert read("soozhu-page.html", b"<html></html>").non_data == {"metadata": 1}


def test_whatever_is_fetched_live_can_be_read():
    requests = list(FEED.live.requests(dt.date(2026, 8, 1)))
    names = [request.name for request in requests]
    assert names[0] == "soozhu-page.html"
    assert {name.removesuffix(".json") for name in names[1:]} == set(QUOTES) - {"soozhu-mapdata"}
    assert [request.form["csrfmiddlewaretoken"] for request in requests if request.form] == [TOKEN] * 7


def test_kinds_of_hog_stand_beside_each_other_as_varieties_of_one_product(store: Store) -> None:
    day = '[[15.2, "2026-11-20"]]'
    files = [(f"xt-hits-{number}.json", f'{{"data": {day}}}'.encode()) for number in (1, 2, 3)]
    report = ingest_upload(store, "hog_maize", files)
    assert (report.accepted, report.rejected) == (3, 0)
