"""Taiwan: AMIS exports and open data of the true shapes (numbers invented), with their faults."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import math

import pandas as pd
import pytest
import xlsxwriter

from pipelines.feeds import taiwan_export, taiwan_json
from pipelines.feeds.base import RAW_COLUMNS, RawFile, ReadOptions
from warning.errors import UnreadableFile
from warning.quality import Quality

OPTIONS = ReadOptions(today=dt.date(2026, 6, 1))
HEADING = [
    "日　　期",
    "市　　場",
    "產　　品",
    "上價",
    "中價",
    "下價",
    "平均價(元/公斤)",
    "增減%",
    "交易量(公斤)",
    "增減%",
    "",
]
TITLES = [
    ["蔬菜 產品日交易行情"] + [""] * 10,
    ["交易日期：", "113/01/01 ~ 113/01/31 (農曆:112/11/20 ~ 112/12/21)"] + [""] * 9,
    ["市　　場：", "全部市場"] + [""] * 9,
    ["產　　品：", "LA 甘藍"] + [""] * 9,
]
SUBTOTAL = ["小　　計", "", "", "", "", "", 0.0, "", 0.0, "", 0.0]


def line(
    *, day="113/01/05", market="104 台北二  ", product="LA1 甘藍 初秋 ", low=9.0, high=30.0, average=20.0, volume=500.0
):
    return [day, market, product, high, 18.0, low, average, " + 63", volume, "  -  ", 0.0]


def export(*lines, titles=TITLES, end=(SUBTOTAL,)):
    rows = [*titles, HEADING, *lines, *end]
    layout = taiwan_export.layout_of(rows)
    batch = taiwan_export.read_rows(RawFile("113_LA.xls", b""), rows, layout)
    batch.check()
    return batch


def export_csv(text, encoding="utf-8-sig", name="market.csv"):
    (batch,) = taiwan_export.read([RawFile(name, text.encode(encoding))], OPTIONS)
    batch.check()
    return batch


def test_an_export_row_keeps_names_units_and_numbers():
    batch = export(line(), line(market="338 桃　農", product="LB12 小白菜 土白菜 未洗"), line(product="C1 椪柑  "))
    assert tuple(batch.rows.columns) == RAW_COLUMNS
    assert batch.non_data == {"title": 4, "heading": 1, "subtotal": 1}
    assert batch.lines_read == 9
    rows = batch.rows
    assert rows["line"].tolist() == [6, 7, 8]
    assert rows["market"].tolist() == ["台北二", "桃農", "台北二"]
    assert rows["product"].tolist() == ["甘藍", "小白菜", "椪柑"]
    assert rows["variety"].tolist() == ["LA1 初秋", "LB12 土白菜 未洗", "C1"]
    first = rows.iloc[0]
    assert first["date"] == pd.Timestamp("2024-01-05")
    assert (first["price"], first["price_low"], first["price_high"], first["volume"]) == (20.0, 9.0, 30.0, 500.0)
    assert (first["currency"], first["price_unit"], first["volume_unit"]) == ("TWD", "公斤", "公斤")
    assert (first["kind"], first["flags"]) == ("auction", 0)
    assert isinstance(rows["product"].dtype, pd.CategoricalDtype)


@pytest.mark.parametrize("titles", [[], TITLES[:2], [*TITLES, [""] * 11, *TITLES[:1]]])
def test_any_number_of_title_rows_is_found(titles):
    batch = export(line(), titles=titles)
    assert batch.rows["line"].tolist() == [len(titles) + 2]


def test_a_sale_without_a_noted_price_and_no_sale_at_all_are_told_apart():
    rows = export(line(average=0.0, low=0.0, high=0.0), line(average=0.0, low=0.0, high=0.0, volume=0.0)).rows
    assert rows["flags"].tolist() == [Quality.NOT_COLLECTED, Quality.OFF_MARKET]
    assert rows["price"].isna().all()
    assert rows["volume"].tolist()[0] == 500.0
    assert math.isnan(rows["volume"].iloc[1])
    assert rows["currency"].tolist() == ["", ""]
    assert rows["volume_unit"].tolist() == ["公斤", ""]


def test_lines_that_cannot_be_rows_are_kept_with_their_reason():
    bad = [
        line(day="113/13/05"), line(day="昨日"), line(market="104"[:0]), line(product=" "), line(average="?"),
        line(average=-1.0), line(volume=-5.0), line(average="", volume=""), line(volume="1,234"),
    ]  # fmt: skip
    batch = export(*bad)
    reasons = ["bad_date", "bad_date", "no_market", "no_product", "bad_price"]
    reasons += ["negative_price", "negative_volume", "no_price"]
    assert [entry.reason for entry in batch.rejected] == reasons
    assert [entry.line for entry in batch.rejected] == list(range(6, 14))
    assert "甘藍" in batch.rejected[0].text
    assert batch.rows["volume"].tolist() == [1234.0]


def test_a_date_outside_the_stated_period_is_flagged():
    rows = export(line(), line(day="112/12/31")).rows
    assert rows["flags"].tolist() == [0, Quality.OUTSIDE_PERIOD]


def test_flowers_keep_their_own_unit():
    heading = [cell.replace("公斤", "把") for cell in HEADING]
    rows = [heading, line(product="FB1 菊花")]
    batch = taiwan_export.read_rows(RawFile("f.xls", b""), rows, taiwan_export.layout_of(rows))
    assert batch.rows[["price_unit", "volume_unit"]].to_numpy().tolist() == [["把", "把"]]


def test_a_merged_csv_repeats_its_heading_and_keeps_line_numbers():
    heading = "日　　期,市　　場,產　　品,上價,中價,下價,平均價(元/公斤),增減%,交易量(公斤),增減%.1,Unnamed: 10"
    text = f"{heading}\n113/11/01,338 桃　農,LB1 小白菜 土白菜 ,42.0,42.0,40.2,41.6, + 52,82.0, - 90,0\n\n{heading}\n"
    text += '113/11/02,104 台北二,LB1 小白菜 土白菜 ,42.0,42.0,40.2,41.6, + 52,"1,082.0", - 90,0\n'
    batch = export_csv(text)
    assert batch.non_data == {"heading": 1, "blank": 1, "repeat_heading": 1}
    assert batch.rows["line"].tolist() == [2, 5]
    assert batch.rows["volume"].tolist() == [82.0, 1082.0]
    assert export_csv(text, "cp950").rows["market"].tolist() == ["桃農", "台北二"]


def test_a_closed_market_in_an_export_is_a_closure():
    batch = export(line(product="- 休市", average=0.0, volume=0.0))
    assert batch.closures == [("台北二", "", dt.date(2024, 1, 5))]
    assert batch.non_data["closed_day"] == 1


def xlsx(rows, merge=""):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if merge:
            sheet.merge_range(merge, "104 台北二")
    return RawFile("113_LA.xlsx", buffer.getvalue())


def test_an_export_saved_again_as_xlsx_is_the_same():
    (batch,) = taiwan_export.read([xlsx([*TITLES, HEADING, line(), SUBTOTAL])], OPTIONS)
    batch.check()
    assert batch.rows["price"].tolist() == [20.0]


def test_merged_data_cells_and_missing_headings_are_refused():
    with pytest.raises(UnreadableFile, match="cell B6"):
        list(taiwan_export.read([xlsx([*TITLES, HEADING, line(), line(), SUBTOTAL], merge="B6:B7")], OPTIONS))
    with pytest.raises(UnreadableFile, match="平均價"):
        list(taiwan_export.read([xlsx([["日期", "價"], ["113/01/05", 3]])], OPTIONS))
    with pytest.raises(UnreadableFile, match="not text"):
        list(taiwan_export.read([RawFile("a.csv", b"\xff\xff\x80")], OPTIONS))


# ---- open data


def record(**changes):
    base = {
        "TransDate": "115.05.15", "TcType": "N04", "CropCode": "FB1", "CropName": "花椰菜-青梗", "MarketCode": "104",
        "MarketName": "台北二", "Upper_Price": 50.0, "Middle_Price": 40.0, "Lower_Price": 20.0, "Avg_Price": 37.5,
        "Trans_Quantity": 3500.0,
    }  # fmt: skip
    return base | changes


CLOSED = {"CropCode": "-", "CropName": "休市", "MarketName": "東勢鎮", "Avg_Price": 0.0, "Trans_Quantity": 0.0}


def answer(*records, **more):
    return json.dumps({"RS": "OK", "Data": list(records), "Next": False} | more, ensure_ascii=False).encode()


def read_json(content, name="answer.json"):
    (batch,) = taiwan_json.read([RawFile(name, content)], OPTIONS)
    batch.check()
    return batch


def test_records_become_rows_and_a_closed_market_becomes_a_closure():
    batch = read_json(
        answer(record(**CLOSED), record(), record(CropName="九層塔", CropCode="LP2", MarketName="桃　農"))
    )
    assert tuple(batch.rows.columns) == RAW_COLUMNS
    assert batch.closures == [("東勢鎮", "", dt.date(2026, 5, 15))]
    assert batch.non_data == {"closed_day": 1}
    assert batch.rows["line"].tolist() == [2, 3]
    assert batch.rows["product"].tolist() == ["花椰菜", "九層塔"]
    assert batch.rows["variety"].tolist() == ["FB1 青梗", "LP2"]
    assert batch.rows["market"].tolist() == ["台北二", "桃農"]
    assert batch.rows[["price", "price_low", "price_high", "volume"]].iloc[0].tolist() == [37.5, 20.0, 50.0, 3500.0]
    assert batch.notes == []


def test_an_empty_day_is_said_and_is_no_failure():
    batch = read_json(b'{"RS":"OK","Data":[\r\n],"Next":false}')
    assert (batch.lines_read, len(batch.rows)) == (0, 0)
    assert batch.notes[0].startswith("empty_answer")
    assert tuple(batch.rows.columns) == RAW_COLUMNS


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"RS":"ERROR","Message":"limit"}', "RS OK"),
        (b'{"Data":[]}', "RS OK"),
        (b'{"RS":"OK","Data":null}', "no list Data"),
        (answer(record())[:-30], "cut off"),
        (b"", "empty"),
        (b"<html>busy</html>", "web page"),
        (b'"text"', "columns|JSON"),
        (b"a,b\n1,2\n", "TransDate"),
        (gzip.compress(answer(record()))[:-12], r"\.gz is damaged"),
    ],
)
def test_what_is_no_whole_answer_is_refused(content, says):
    with pytest.raises(UnreadableFile, match=says):
        read_json(content)


def test_a_gz_that_unpacks_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(taiwan_json, "MOST_UNPACKED", 10_000)
    with pytest.raises(UnreadableFile, match="unpacks to more"):
        read_json(gzip.compress(b" " * 20_000), "a.csv.gz")


def test_a_cut_answer_is_said():
    assert read_json(answer(record(), Next=True)).notes[0].startswith("cut_answer: 1 records")
    full = read_json(answer(*[record()] * 9_999))
    assert full.notes[0].startswith("cut_answer: 9999 records")
    assert read_json(answer(*[record()] * 9_998)).notes == []


def test_a_bare_list_and_a_merged_table_give_the_same_rows():
    records = [record(**CLOSED), record(), record(MarketName="台北一")]
    listed = read_json(json.dumps(records).encode())
    frame = pd.DataFrame(records)
    text = frame.to_csv(index=False) + frame.head(0).to_csv(index=False) + "115.05.15,N04\n"
    table = read_json(gzip.compress(text.encode("utf-8-sig")), "merged.csv.gz")
    assert table.non_data == {"heading": 1, "repeat_heading": 1, "closed_day": 1}
    assert [(entry.reason, entry.line) for entry in table.rejected] == [("wrong_fields", 6)]
    assert table.rows["line"].tolist() == [3, 4]
    same = [column for column in RAW_COLUMNS if column not in ("file", "line")]
    assert table.rows[same].astype(str).equals(listed.rows[same].astype(str))


def test_records_that_cannot_be_rows_are_kept_with_their_reason():
    bad = [7, record(TransDate="2026-5"), record(MarketName=None), record(CropName=""), record(CropName="-青梗"),
           record(TcType="X99")]  # fmt: skip
    batch = read_json(answer(*bad, record(Avg_Price="abc"), record(Trans_Quantity=-1)))
    reasons = ["bad_record", "bad_date", "no_market", "no_product", "no_product", "unknown_trade_type", "bad_price"]
    assert [entry.reason for entry in batch.rejected] == [*reasons, "negative_volume"]
    assert [entry.line for entry in batch.rejected] == list(range(1, 9))


def test_a_bunch_of_flowers_is_no_kilogram():
    rows = read_json(answer(record(TcType="N06", CropName="玫瑰-紅"))).rows
    assert rows["price_unit"].tolist() == ["把"]


# ---- the real files


@pytest.mark.shared
def test_seven_winters_of_cabbage_agree_with_the_tidy_panel(shared_data):
    tidy = pd.read_parquet(shared_data / "tidy" / "taiwan_amis_winter.parquet")
    tidy = tidy[tidy["product"] == "甘藍"]
    files = [RawFile(path.name, path.read_bytes()) for path in sorted((shared_data / "raw/tw_amis_xls").glob("*.xls"))]
    batches = list(taiwan_export.read(files, OPTIONS))
    assert len(batches) == 7
    for file, batch in zip(files, batches, strict=True):
        batch.check()
        assert not batch.rejected
        assert batch.non_data == {"title": 4, "heading": 1, "subtotal": 1}
        year = int(file.name[:3]) + 1911
        winter = tidy[tidy["date"].between(f"{year}-11-01", f"{year + 1}-01-31")]
        assert len(batch.rows) == len(winter)
        assert batch.rows["volume"].sum() == pytest.approx(winter["volume"].sum())
        assert batch.rows["price"].sum() == pytest.approx(winter["price"].sum())
        assert batch.rows["market"].nunique() == 17
    unpriced = pd.concat([batch.rows for batch in batches]).query("price.isna()")
    assert len(unpriced) == 14
    assert set(unpriced["flags"]) == {Quality.NOT_COLLECTED}
    assert set(unpriced["market"]) == {"屏東市"}


@pytest.mark.shared
def test_the_other_real_exports_have_no_unexplained_row(shared_data):
    paths = [next((shared_data / "raw/tw_amis_xls").glob("*.csv")), next((shared_data / "messy").glob("tw_amis*.xls"))]
    for path, rows, kg in zip(paths, (1038, 903), (2_228_179.3, 21_475_775.7), strict=True):
        (batch,) = taiwan_export.read([RawFile(path.name, path.read_bytes())], OPTIONS)
        batch.check()
        assert (len(batch.rows), batch.rejected) == (rows, [])
        assert batch.rows["volume"].sum() == pytest.approx(kg)


@pytest.mark.shared
def test_the_real_open_data_agree_with_the_tidy_panel(shared_data):
    tidy = pd.read_parquet(shared_data / "tidy" / "taiwan_amis_feed_2026.parquet")
    path = next((shared_data / "raw/tw_moa_json").glob("*.csv.gz"))
    table = read_json(path.read_bytes(), path.name)
    assert (len(table.rows), table.rejected) == (len(tidy), [])
    assert table.rows["volume"].sum() == pytest.approx(tidy["volume"].sum())
    assert table.non_data == {"heading": 1, "closed_day": 79}
    assert len(set(table.closures)) == 79
    assert (table.rows["flags"] == int(Quality.NOT_COLLECTED)).sum() == 2
    traded = set(zip(table.rows["market"], table.rows["date"].dt.date, strict=True))
    assert not traded & {(market, day) for market, _, day in table.closures}


@pytest.mark.shared
def test_the_real_answers_are_cut_and_empty(shared_data):
    day = read_json((shared_data / "raw/tw_moa_json/history.json").read_bytes())
    assert (day.lines_read, len(day.rows), day.non_data) == (1000, 999, {"closed_day": 1})
    assert day.notes[0].startswith("cut_answer: 1000 records")
    assert read_json((shared_data / "messy/tw_json_feed_empty_OK.json").read_bytes()).notes[0].startswith("empty")
