"""农业农村部 pageList: dumps as pages, lists and lines; which time is which; volumes without a unit."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest

from pipelines.feeds.base import RawFile, ReadOptions
from pipelines.feeds.moa_pagelist import FEED
from warning.errors import UnreadableFile

OPTIONS = ReadOptions(today=dt.date(2026, 11, 24))


def record(**changes):
    base = {
        "marketId": "77", "marketCode": "500155001", "marketName": "双福", "marketType": None, "varietyId": "9",
        "varietyName": "结球甘蓝", "varietyTypeName": "蔬菜", "minimumPrice": 1.1, "middlePrice": 1.4,
        "highestPrice": 1.7, "meteringUnit": "公斤", "reportTime": "2024-01-05 00:00:00", "tradingVolume": None,
        "totalPrice": None, "producePlace": "湖北", "salePlace": None, "provinceCode": "500000",
        "provinceName": "重庆市", "areaName": None, "inStorageTime": "2024-01-05 10:31:07",
    }  # fmt: skip
    return base | changes


def page(*records):
    return {"code": 200, "message": "ok", "content": {"total": len(records), "pages": 1, "list": list(records)}}


def dumped(value, name="dump.json"):
    return RawFile(name, json.dumps(value, ensure_ascii=False).encode())


def read(file, options=OPTIONS):
    (batch,) = FEED.read([file], options)
    batch.check()
    return batch


@pytest.mark.parametrize("answer", [page(record()), page(record())["content"], [record()]])
def test_a_page_its_content_or_a_bare_list_is_read(answer):
    (row,) = read(dumped(answer)).rows.to_dict("records")
    assert (row["product"], row["market"], row["region"], row["variety"]) == ("结球甘蓝", "双福", "重庆市", "湖北")
    assert (row["price_low"], row["price"], row["price_high"], row["price_unit"]) == (1.1, 1.4, 1.7, "公斤")
    assert row["date"] == pd.Timestamp("2024-01-05")


@pytest.mark.parametrize(
    ("stored", "issued"),
    [
        ("2024-01-05 10:31:07", "2024-01-05T02:31:07Z"),
        ("2024-01-06", "2024-01-06T16:00:00Z"),
        ("2024-01-05 00:00:00", "2024-01-05T16:00:00Z"),
        (1704421867000, "2024-01-05T02:31:07Z"),
        ("2024-01-04 23:00:00", None),
        (None, None),
        ("?", None),
    ],
)
def test_the_storing_time_is_the_issue_time_where_it_can_be_true(stored, issued):
    rows = read(dumped([record(inStorageTime=stored)])).rows
    if issued is None:
        assert rows["issued_at"].isna().all()
    else:
        assert rows["issued_at"].iloc[0] == pd.Timestamp(issued)


def test_a_volume_is_refused_until_somebody_says_its_unit():
    file = dumped([record(tradingVolume="1200")])
    assert [bad.reason for bad in read(file).rejected] == ["volume_without_unit"]
    told = ReadOptions(today=OPTIONS.today, constants={"volume_unit": "公斤"})
    (row,) = read(file, told).rows.to_dict("records")
    assert (row["volume"], row["volume_unit"]) == (1200.0, "公斤")


def test_a_volume_that_is_no_number_is_a_bad_volume():
    assert [bad.reason for bad in read(dumped([record(tradingVolume="约一吨")])).rejected] == ["bad_volume"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"middlePrice": None}, "no_price"), ({"middlePrice": "1.4元"}, "bad_price"), ({"marketName": ""}, "no_market"),
     ({"meteringUnit": None}, "no_unit"), ({"reportTime": "2024-13-01"}, "bad_date"),
     ({"varietyName": None}, "no_product")],
)  # fmt: skip
def test_a_bad_field_is_rejected_with_its_reason(changes, reason):
    assert [bad.reason for bad in read(dumped([record(**changes)])).rejected] == [reason]


def test_the_unit_loses_a_leading_currency_only():
    batch = read(dumped([record(meteringUnit="元/公斤"), record(meteringUnit="斤")]))
    assert list(batch.rows["price_unit"]) == ["公斤", "斤"]


def test_every_line_of_a_jsonl_dump_is_accounted_for():
    lines = [
        json.dumps(record()), "", json.dumps(page(record(), record(middlePrice=None))), "{broken",
        json.dumps({"code": 500, "message": "busy"}), "[1]",
    ]  # fmt: skip
    batch = read(RawFile("dump.jsonl", "\n".join(lines).encode()))
    assert batch.lines_read == 7
    assert list(batch.rows["line"]) == [1, 3]
    assert batch.non_data == {"blank": 1}
    assert [bad.reason for bad in batch.rejected] == ["no_price", "bad_json", "bad_page", "bad_record"]


def test_a_line_separator_inside_a_name_does_not_break_its_line():
    line = json.dumps(record(varietyName="结球\u2028甘蓝"), ensure_ascii=False)
    batch = read(RawFile("dump.jsonl", f"{line}\r\n{line}\n".encode()))
    assert (batch.lines_read, list(batch.rows["product"])) == (2, ["结球 甘蓝"] * 2)


def test_a_long_dump_comes_in_several_batches():
    file = RawFile("dump.jsonl", "\n".join([json.dumps(record())] * 60_000).encode())
    batches = list(FEED.read([file], OPTIONS))
    assert [batch.lines_read for batch in batches] == [50_000, 10_000]
    assert batches[1].rows["line"].iloc[0] == 50_001


@pytest.mark.parametrize("name", ["dump.json", "dump.jsonl"])
def test_a_captcha_page_is_named(name):
    with pytest.raises(UnreadableFile, match="captcha"):
        read(RawFile(name, "<html>验证码</html>".encode()))


def test_the_feed_is_not_live_and_registers_its_markets():
    assert FEED.live is None
    assert FEED.registers_markets
