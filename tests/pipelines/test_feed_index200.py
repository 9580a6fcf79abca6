"""The wholesale price indices of the ministry and of Eastmoney: points, never prices."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest

from pipelines.feeds import eastmoney_index, index200
from pipelines.feeds.base import RawFile, ReadOptions
from warning.errors import UnreadableFile

OPTIONS = ReadOptions(today=dt.date(2026, 11, 24))


def read(feed, name, answer):
    (batch,) = feed.read([RawFile(name, json.dumps(answer, ensure_ascii=False).encode())], OPTIONS)
    batch.check()
    return batch


def day(date="2026-08-19", **changes):
    return {"publishDate": date, "agriculture": 111.2, "grainAndOil": 109.9, "vegetableBasket": 112.4} | changes


def test_each_value_is_a_line_and_a_product_of_its_own():
    answer = {"code": 200, "message": "ok", "content": [day(), day("2026-08-18", grainAndOil=None)]}
    batch = read(index200.FEED, "x.json", answer)
    assert batch.lines_read == 6
    assert list(batch.rows["product"])[:3] == ["农产品批发价格200指数", "粮油指数", "菜篮子指数"]
    assert set(batch.rows["price_unit"]) == {"指数点"}
    assert set(batch.rows["currency"]) == {""}
    assert [(bad.line, bad.reason) for bad in batch.rejected] == [(5, "no_price")]


def test_a_bad_day_or_value_is_rejected():
    answer = {"code": 200, "content": [day("2026/8/1", agriculture="一百"), day("八月")]}
    batch = read(index200.FEED, "x.json", answer)
    assert [bad.reason for bad in batch.rejected] == ["bad_price"] + ["bad_date"] * 3
    assert list(batch.rows["date"]) == [pd.Timestamp("2026-08-01")] * 2


def history(*values):
    data = [{"REPORT_DATE": f"2026-08-{i:02} 00:00:00", "INDICATOR_VALUE": v} for i, v in enumerate(values, 1)]
    return {"version": "x", "result": {"pages": 1, "data": data}, "success": True, "message": "ok", "code": 0}


def test_eastmoneys_index_is_named_by_the_file():
    batch = read(eastmoney_index.FEED, "raw/eastmoney-EMI00009275.json", history(118.5, None, "117.9"))
    assert list(batch.rows["product"]) == ["菜篮子产品批发价格指数"] * 2
    assert list(batch.rows["price"]) == [118.5, 117.9]
    assert [bad.reason for bad in batch.rejected] == ["no_price"]


def test_eastmoneys_index_without_a_name_is_not_guessed():
    with pytest.raises(UnreadableFile, match="which index") as caught:
        read(eastmoney_index.FEED, "download.json", history(118.5))
    assert "EMI00009274" in caught.value.todo


def test_eastmoneys_refusal_is_said():
    answer = {"result": None, "success": False, "message": "报表配置不存在", "code": 9501}
    with pytest.raises(UnreadableFile, match="报表配置不存在"):
        read(eastmoney_index.FEED, "eastmoney-EMI00009275.json", answer)


def test_the_farm_goods_index_stands_at_the_end_of_its_month():
    data = [{"FARM_BASE": 101.5, "TIME": "2024年02月份"}, {"FARM_BASE": 101.5, "TIME": "2024年13月"}, {"X": 1}]
    batch = read(eastmoney_index.FEED, "goods.json", {"success": True, "result": {"data": data}})
    assert list(batch.rows["date"]) == [pd.Timestamp("2024-02-29")]
    assert [bad.reason for bad in batch.rejected] == ["bad_date", "bad_record"]


def test_the_live_requests_name_their_indicator():
    names = [request.name for request in eastmoney_index.FEED.live.requests(dt.date(2026, 8, 19))]
    assert names == ["eastmoney-EMI00009274.json", "eastmoney-EMI00009275.json"]
    (request,) = index200.FEED.live.requests(dt.date(2026, 8, 19))
    assert request.json == {}
