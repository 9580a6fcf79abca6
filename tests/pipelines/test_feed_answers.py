"""Whatever a price service answers, every line of it is accounted for or the file is refused in words."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.feeds import eastmoney_index, farm_daily, hog_maize, index200, jiangnan, moa_pagelist, xinfadi
from pipelines.feeds.base import RAW_COLUMNS, RawFile, ReadOptions
from warning.errors import UnreadableFile

OPTIONS = ReadOptions(today=dt.date(2026, 11, 24))
KEYS = [
    "prodName", "specInfo", "place", "unitInfo", "pubDate", "avgPrice", "lowPrice", "highPrice", "varietyName",
    "marketName", "provinceName", "reportTime", "inStorageTime", "minimumPrice", "middlePrice", "highestPrice",
    "meteringUnit", "tradingVolume", "daylyDate", "createDate", "countentstr", "animalConclusion", "publishDate",
    "agriculture", "REPORT_DATE", "INDICATOR_VALUE", "FARM_BASE", "TIME", "productName", "averagePrice", "kind",
    "priceDate", "name", "value",
]  # fmt: skip
FEEDS = {
    "xinfadi-2025-03-04-p1.json": (xinfadi.FEED, ["list"]),
    "dump.json": (moa_pagelist.FEED, ["content", "list"]),
    "farm_daily.json": (farm_daily.FEED, ["content", "list"]),
    "index200.json": (index200.FEED, ["content"]),
    "eastmoney-EMI00009274.json": (eastmoney_index.FEED, ["result", "data"]),
    "jiangnan.json": (jiangnan.FEED, ["rows"]),
    "soozhu-pricetrend-8.json": (hog_maize.FEED, ["datalist"]),
    "soozhu-mapdata-2026-08-01.json": (hog_maize.FEED, ["vlist"]),
    "nxin-0.json": (hog_maize.FEED, ["data"]),
    "xt-map-3.json": (hog_maize.FEED, ["data"]),
}
LIKELY = st.sampled_from(
    ["2025-03-04 00:00:00",
     "2025-03-04", "0.55", 0.55, 2.4, 15, "斤", "公斤", "大白菜", "1", 1, "-", "", None, "\ud800",
     1785686400000, float("nan"), float("inf"), -1, 10**400, "9" * 400,
     "猪肉15.37元/公斤；驴肉9元/公斤。", "9999-12-31"]
)  # fmt: skip
VALUES = LIKELY | st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ELEMENTS = VALUES | st.lists(VALUES | st.lists(VALUES, max_size=2), max_size=8)
RECORDS = st.dictionaries(st.sampled_from(KEYS), ELEMENTS, max_size=len(KEYS)) | ELEMENTS


@pytest.mark.parametrize("name", FEEDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(records=st.lists(RECORDS, max_size=4))
def test_any_records_are_rows_or_rejections(name, records):
    feed, keys = FEEDS[name]
    answer = records
    for key in reversed(keys):
        answer = {key: answer}
    (batch,) = feed.read([RawFile(name, json.dumps(answer).encode())], OPTIONS)
    batch.check()
    assert tuple(batch.rows.columns) == RAW_COLUMNS
    assert not batch.rows["product"].isna().any()
    assert batch.lines_read >= len(records)
    for bad in batch.rejected:
        assert bad.reason.isidentifier()
        (bad.text + bad.detail).encode()


@pytest.mark.parametrize("name", FEEDS)
@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=60) | st.recursive(VALUES, st.lists, max_leaves=5).map(json.dumps))
def test_any_bytes_are_read_or_refused_in_words(name, content):
    feed, _ = FEEDS[name]
    raw = content if isinstance(content, bytes) else content.encode()
    try:
        batches = list(feed.read([RawFile(name, raw)], OPTIONS))
    except UnreadableFile as error:
        refusal = error
    else:
        assert all(batch.check() is None for batch in batches)
        return
    assert (refusal.where, bool(refusal.todo)) == (name, True)
