"""广州江南: the day's list, without a unit and with two kinds of goods."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest

from pipelines.feeds.base import RawFile, ReadOptions
from pipelines.feeds.jiangnan import FEED

OPTIONS = ReadOptions(today=dt.date(2026, 11, 24))


def row(**changes):
    base = {
        "id": 5, "productName": "菜心", "topPrice": 7.2, "minimumPrice": 5.1, "averagePrice": 6.3, "kind": 1,
        "provenanceName": "宁夏", "sourceType": "国产", "standard": None, "priceDate": "2026-08-23",
    }  # fmt: skip
    return base | changes


def read(answer):
    (batch,) = FEED.read([RawFile("jiangnan.json", json.dumps(answer, ensure_ascii=False).encode())], OPTIONS)
    batch.check()
    return batch


@pytest.mark.parametrize("wrap", [lambda rows: {"code": 200, "rows": rows}, lambda rows: {"data": rows}, list])
def test_the_list_is_found_where_it_stands(wrap):
    (found,) = read(wrap([row()])).rows.to_dict("records")
    assert (found["product"], found["variety"], found["market"], found["region"]) == (
        "菜心",
        "宁夏",
        "广州江南",
        "广东",
    )
    assert (found["price_low"], found["price"], found["price_high"]) == (5.1, 6.3, 7.2)
    assert (found["price_unit"], found["currency"]) == ("公斤", "CNY")
    assert found["date"] == pd.Timestamp("2026-08-23")


def test_imported_fruit_is_a_variety_of_its_own():
    batch = read([row(kind="2", sourceType="进口", provenanceName="泰国", standard="6头")])
    assert list(batch.rows["variety"]) == ["6头 泰国 进口"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"kind": 3}, "unknown_kind"), ({"kind": None}, "unknown_kind"), ({"averagePrice": None}, "no_price"),
     ({"averagePrice": "6,3"}, "bad_price"), ({"priceDate": ""}, "bad_date"), ({"productName": None}, "no_product")],
)  # fmt: skip
def test_a_bad_row_is_rejected_with_its_reason(changes, reason):
    batch = read([row(), row(**changes)])
    assert [(bad.line, bad.reason) for bad in batch.rejected] == [(2, reason)]


def test_the_live_request_says_where_it_comes_from():
    (request,) = FEED.live.requests(dt.date(2026, 8, 23))
    assert (request.method, request.headers["Referer"]) == ("GET", "http://www.jnmarket.net/")
