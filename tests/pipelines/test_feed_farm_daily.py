"""农业农村部 FarmDaily: prices out of sentences, names longest first, missing ones flagged."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest

from pipelines.feeds.base import RawFile, ReadOptions
from pipelines.feeds.farm_daily import FEED
from warning.errors import UnreadableFile
from warning.quality import Quality

OPTIONS = ReadOptions(today=dt.date(2026, 11, 24))
ANIMAL = "截至今日14:00时，全国农产品批发市场猪肉平均价格为15.37元/公斤，比昨天下降0.2%；牛肉61.05元/公斤，与昨天持平"
FISH = "活鲫鱼平均价格为17.20元/公斤；白鲢活鱼9.13元/公斤，比上周五上升1.1%；大带鱼-元/公斤。"
BASKETS = "重点监测的28种蔬菜平均价格为4.36元/公斤，比昨天上升0.7%；重点监测的6种水果平均价格为7.81元/公斤。"
INDEX = "3月4日“农产品批发价格200指数”为121.77，比昨天上升0.31个点。"


def record(**changes):
    return {"daylyDate": "2024-03-04 00:00:00", "createDate": "2024-03-05 09:12:44", "countentstr": ANIMAL} | changes


def page(*records):
    answer = {"code": 200, "message": "ok", "content": {"list": list(records), "totalCount": 9, "pageNum": 1}}
    return RawFile("page.json", json.dumps(answer, ensure_ascii=False).encode())


def read(*records):
    (batch,) = FEED.read([page(*records)], OPTIONS)
    batch.check()
    return batch


def prices(batch):
    return dict(zip(batch.rows["product"], batch.rows["price"], strict=True))


def test_the_product_is_a_known_name_and_not_the_words_before_it():
    batch = read(record())
    assert prices(batch) == {"猪肉": 15.37, "牛肉": 61.05}
    row = batch.rows.iloc[0]
    assert (row["market"], row["price_unit"], row["currency"]) == ("全国", "公斤", "CNY")
    assert row["date"] == pd.Timestamp("2024-03-04")
    assert row["issued_at"] == pd.Timestamp("2024-03-05T01:12:44Z")


def test_the_longest_name_wins_and_stays_as_the_source_has_it():
    batch = read(record(countentstr=FISH))
    assert list(batch.rows["product"]) == ["活鲫鱼", "白鲢活鱼", "大带鱼"]


def test_a_known_name_inside_a_longer_one_is_not_that_product():
    batch = read(record(countentstr="五花猪肉25.37元/公斤；其中鲤鱼13.10元/公斤，猪肉平均价15.37元/公斤"))
    assert prices(batch) == {"鲤鱼": 13.10, "猪肉": 15.37}
    assert [bad.reason for bad in batch.rejected] == ["unknown_item"]


def test_a_dash_is_a_row_that_nobody_collected():
    row = read(record(countentstr=FISH)).rows.iloc[2]
    assert pd.isna(row["price"])
    assert (row["flags"], row["currency"], row["price_unit"]) == (Quality.NOT_COLLECTED, "", "")


def test_baskets_are_products_of_their_own():
    assert prices(read(record(countentstr=BASKETS))) == {"28种蔬菜平均": 4.36, "6种水果平均": 7.81}


def test_every_clause_is_a_price_metadata_or_a_rejection():
    text = INDEX + ANIMAL + "；驴肉55.50元/公斤。" + BASKETS
    batch = read(record(countentstr=text))
    assert batch.lines_read == 6
    assert batch.non_data == {"metadata": 1}
    assert [(bad.reason, bad.line) for bad in batch.rejected] == [("unknown_item", 4)]
    assert "驴肉" in batch.rejected[0].text


def test_an_unread_price_in_a_clause_with_a_read_one_is_not_lost():
    batch = read(record(countentstr="猪肉15.37元/公斤，驴肉55.50元/公斤"))
    assert prices(batch) == {"猪肉": 15.37}
    assert [bad.reason for bad in batch.rejected] == ["unknown_item"]


def test_the_conclusions_stand_in_for_an_empty_text_under_either_spelling():
    batch = read(
        record(countentstr="", animalConclusion=ANIMAL, vegetableConclusion=BASKETS),
        record(countentstr=None, vegetablesConclusion=BASKETS, aquaticConclusion=FISH, counclesion=INDEX),
    )
    assert list(batch.rows["product"]) == [
        "猪肉", "牛肉", "28种蔬菜平均", "6种水果平均", "28种蔬菜平均", "6种水果平均", "活鲫鱼", "白鲢活鱼", "大带鱼",
    ]  # fmt: skip


def test_blanks_and_the_older_wording_do_not_hide_a_price():
    text = "猪肉　平均价格为 24.97 元/公斤(猪肉批发价格指数为187.21)，比昨天上升0.7%;\n鲤鱼11.78元/千克"
    assert prices(read(record(countentstr=text))) == {"猪肉": 24.97, "鲤鱼": 11.78}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"daylyDate": None}, "bad_date"), ({"countentstr": " "}, "no_text"), ({"countentstr": 7, "x": 1}, "no_text"),
     ({"countentstr": "猪" * 30_000}, "bad_text"), ({"countentstr": "", "animalConclusion": ["x"]}, "bad_text")],
)  # fmt: skip
def test_a_record_without_date_or_text_is_one_rejected_line(changes, reason):
    batch = read(record(**changes), record())
    assert [(bad.line, bad.reason) for bad in batch.rejected] == [(1, reason)]
    assert len(batch.rows) == 2


@pytest.mark.parametrize("created", [None, "", "2024-03-03 10:00:00"])
def test_an_issue_time_that_cannot_be_is_not_used(created):
    assert read(record(createDate=created)).rows["issued_at"].isna().all()


def test_a_busy_source_is_an_unreadable_answer():
    with pytest.raises(UnreadableFile, match="500"):
        list(FEED.read([RawFile("page.json", '{"code":500,"message":"系统繁忙","content":null}'.encode())], OPTIONS))
