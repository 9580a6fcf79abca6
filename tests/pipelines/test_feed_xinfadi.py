"""新发地: price pages of the true shape, with the faults that its pages and their copies have."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest

from pipelines.feeds.base import RAW_COLUMNS, RawFile, ReadOptions
from pipelines.feeds.xinfadi import FEED
from warning.errors import UnreadableFile

OPTIONS = ReadOptions(today=dt.date(2026, 11, 24))


def record(**changes):
    base = {
        "id": 1, "prodName": "大白菜", "prodCatid": 1186, "prodCat": "蔬菜", "prodPcatid": None, "prodPcat": "",
        "lowPrice": "0.41", "highPrice": "0.52", "avgPrice": "0.46", "place": "冀鲁", "specInfo": "",
        "unitInfo": "斤", "pubDate": "2025-03-04 00:00:00", "status": None, "gmtCreate": None,
    }  # fmt: skip
    return base | changes


def page(*records, name="page.json", **changes):
    answer = {"current": 1, "limit": 20, "count": len(records), "list": list(records)} | changes
    return RawFile(name, json.dumps(answer, ensure_ascii=False).encode())


def read(file):
    (batch,) = FEED.read([file], OPTIONS)
    batch.check()
    return batch


def test_a_record_keeps_names_unit_and_numbers_of_the_source():
    batch = read(page(record(), record(prodName="红心柚", specInfo="大", place="渝", unitInfo="个", avgPrice="6.5")))
    assert tuple(batch.rows.columns) == RAW_COLUMNS
    first, second = batch.rows.to_dict("records")
    assert (first["product"], first["market"], first["variety"]) == ("大白菜", "新发地", "冀鲁")
    assert (first["price"], first["price_low"], first["price_high"]) == (0.46, 0.41, 0.52)
    assert (first["price_unit"], first["currency"], first["kind"]) == ("斤", "CNY", "wholesale")
    assert first["date"] == pd.Timestamp("2025-03-04")
    assert (second["price_unit"], second["variety"], second["line"]) == ("个", "大 渝", 2)
    assert batch.rows["volume"].isna().all()
    assert batch.rows["issued_at"].isna().all()
    assert str(batch.rows["issued_at"].dtype) == "datetime64[us, UTC]"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"avgPrice": "面议"}, "bad_price"),
        ({"avgPrice": "0.4.6"}, "bad_price"),
        ({"avgPrice": True}, "bad_price"),
        ({"avgPrice": "nan"}, "bad_price"),
        ({"avgPrice": "1e999"}, "bad_price"),
        ({"lowPrice": ["0.4"]}, "bad_price"),
        ({"avgPrice": ""}, "no_price"),
        ({"avgPrice": None}, "no_price"),
        ({"pubDate": None}, "bad_date"),
        ({"pubDate": "2025-02-30 00:00:00"}, "bad_date"),
        ({"pubDate": "昨天"}, "bad_date"),
        ({"pubDate": "9999-12-31"}, "bad_date"),
        ({"pubDate": 20250304}, "bad_date"),
        ({"unitInfo": " "}, "no_unit"),
        ({"prodName": None}, "no_product"),
        ({"prodName": {"zh": "白菜"}}, "bad_text"),
        ({"prodName": "菜" * 5000}, "bad_text"),
        ({"prodName": "白\x00菜"}, "bad_text"),
    ],
)
def test_a_bad_field_rejects_its_record_only(changes, reason):
    batch = read(page(record(), record(**changes), record()))
    assert [(bad.line, bad.reason) for bad in batch.rejected] == [(2, reason)]
    assert len(batch.rejected[0].text) <= 500
    assert list(batch.rows["line"]) == [1, 3]


def test_something_else_than_a_record_is_rejected():
    batch = read(page(record(), "大白菜", None))
    assert [bad.reason for bad in batch.rejected] == ["bad_record", "bad_record"]


def test_a_live_page_counts_records_of_other_days():
    file = page(record(), record(pubDate="2025-03-05 00:00:00"), name="raw/xinfadi-2025-03-05-p1.json")
    batch = read(file)
    assert batch.non_data == {"other_day": 1}
    assert list(batch.rows["date"]) == [pd.Timestamp("2025-03-05")]


@pytest.mark.parametrize(
    ("changes", "short"),
    [({"count": 45}, True), ({"count": 22, "current": 2}, False), ({"count": 24, "current": 2}, True),
     ({"count": None}, False), ({"count": 2}, False)],
)  # fmt: skip
def test_a_page_with_fewer_records_than_it_says_shows_it(changes, short):
    batch = read(page(record(), record(), **changes))
    assert [bad.reason for bad in batch.rejected] == (["short_page"] if short else [])
    assert len(batch.rows) == 2


def test_a_page_without_records_is_no_fault():
    batch = read(page())
    assert (batch.lines_read, len(batch.rows)) == (0, 0)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        ("<html><script src='/api/interfaceCode'></script>请输入验证码</html>".encode(), "captcha"),
        (b'{"data": "' + b"Qk3x9ZbA" * 20 + b'"}', "encrypted"),
        (b"Qk3x9ZbA" * 20, "encrypted"),
        (json.dumps({"list": [record()]}).encode()[:-40], "cut off"),
        (b"PK\x03\x04\x00\x00\x00\x00", "binary"),
        (b'{"code": 500, "message": "busy"}', "error code 500"),
        ('{"code": 401, "message": "请先输入验证码"}'.encode(), "captcha"),
        (b'{"list": {"a": 1}}', "no list"),
        (b"[" * 200_000, "nested"),
        (b'{"n": ' + b"9" * 10_000 + b"}", "not valid JSON"),
    ],
)
def test_other_answers_are_named_for_what_they_look_like(content, says):
    with pytest.raises(UnreadableFile, match=says) as caught:
        read(RawFile("answer.json", content))
    assert caught.value.where == "answer.json"
    assert caught.value.todo


def test_a_dump_in_gb18030_is_read():
    text = json.dumps({"list": [record(prodName="䶮菜")]}, ensure_ascii=False)
    assert list(read(RawFile("dump.json", text.encode("gb18030"))).rows["product"]) == ["䶮菜"]


def test_the_live_requests_ask_page_by_page_for_one_day():
    requests = list(FEED.live.requests(dt.date(2025, 3, 4)))
    assert [request.form["current"] for request in requests] == ["1", "2", "3", "4"]
    assert {request.form["pubDateStartTime"] for request in requests} == {"2025/03/04"}
    assert requests[0].name == "xinfadi-2025-03-04-p1.json"
    assert len({request.name for request in requests}) == 4
