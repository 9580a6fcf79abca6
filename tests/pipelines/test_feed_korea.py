"""Garak arrivals: workbooks of the true shape (numbers invented), with their zeros and negatives."""

from __future__ import annotations

import datetime as dt
import io
import math
import unicodedata

import pandas as pd
import pytest
import xlsxwriter

from pipelines.feeds.base import RAW_COLUMNS, RawFile, ReadOptions
from pipelines.feeds.korea_arrivals import FEED
from warning.errors import UnreadableFile
from warning.quality import Quality

OPTIONS = ReadOptions(today=dt.date(2026, 11, 24))
HEADING = [
    "DATE",
    "품목명",
    "총반입량",
    "전일",
    "전년",
    "서울청과",
    "농협",
    "중앙청과",
    "동화청과",
    "한국청과",
    "대아청과",
]


def line(day, total, product="양파", corporations=(10, 0, 0, 0, 0, 0)):
    return [day, product, total, 400, 500, *corporations]


def workbook(*rows, name="양파_출하량.xlsx", merge=""):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if merge:
            sheet.merge_range(merge, "양파")
    return RawFile(name, buffer.getvalue())


def read(file):
    (batch,) = FEED.read([file], OPTIONS)
    batch.check()
    return batch


def test_totals_are_volume_without_price():
    batch = read(workbook(HEADING, line(dt.date(2024, 3, 4), 411.0), line(dt.date(2024, 3, 5), 630.0)))
    assert tuple(batch.rows.columns) == RAW_COLUMNS
    assert batch.non_data == {"heading": 1}
    assert batch.rows["line"].tolist() == [2, 3]
    assert batch.rows["date"].dt.date.tolist() == [dt.date(2024, 3, 4), dt.date(2024, 3, 5)]
    row = batch.rows.iloc[0]
    assert (row["product"], row["market"], row["volume"], row["volume_unit"]) == ("양파", "가락시장", 411.0, "tonne")
    assert math.isnan(row["price"])
    assert (row["currency"], row["price_unit"], row["kind"], row["flags"]) == ("", "", "wholesale", 0)


def test_a_negative_total_is_rejected_and_a_negative_corporation_is_not():
    day = dt.date(2018, 2, 15)
    batch = read(
        workbook(HEADING, line(day, -1.0), line(dt.date(2018, 2, 14), 50.0, corporations=(51, 0, 0, 0, -1, 0)))
    )
    (rejected,) = batch.rejected
    assert (rejected.reason, rejected.line) == ("negative_volume", 2)
    assert rejected.text.startswith("2018-02-15\t양파\t-1")
    assert batch.rows["volume"].tolist() == [50.0]


def test_a_zero_is_off_the_market_and_no_zero():
    batch = read(workbook(HEADING, line(dt.date(2024, 2, 9), 0.0, corporations=(0,) * 6)))
    assert batch.rows["flags"].tolist() == [Quality.OFF_MARKET]
    assert batch.rows["volume"].isna().all()
    assert batch.rows["volume_unit"].tolist() == [""]
    assert batch.closures == []


def test_names_are_composed_whatever_the_file_does():
    heading = [unicodedata.normalize("NFD", cell) for cell in HEADING]
    name = unicodedata.normalize("NFD", "양파_출하량.xlsx")
    row = line(dt.date(2024, 3, 4), 5.0, unicodedata.normalize("NFD", "양파"))
    assert read(workbook(heading, row, name=name)).rows["product"].tolist() == ["양파"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949"])
def test_a_csv_of_the_same_columns_is_read_in_both_encodings(encoding):
    text = ",".join(HEADING) + '\n2024-03-04,양파,"1,411",1,1,0,0,0,0,0,0\n\n2024-03-05,양파,x,1,1,0,0,0,0,0,0\n'
    batch = read(RawFile("a.csv", text.encode(encoding)))
    assert batch.rows["volume"].tolist() == [1411.0]
    assert batch.non_data == {"heading": 1, "blank": 1}
    assert [(entry.reason, entry.line) for entry in batch.rejected] == [("bad_volume", 4)]


def test_titles_blanks_and_bad_lines_are_accounted_for():
    day = dt.date(2024, 3, 4)
    rows = [
        ["출하량"],
        [],
        HEADING,
        line("어제", 5.0),
        line(day, 5.0, product=""),
        line(day, ""),
        HEADING,
        line(day, 5.0),
    ]
    batch = read(workbook(*rows))
    assert batch.non_data == {"title": 1, "blank": 1, "heading": 1, "repeat_heading": 1}
    assert [entry.reason for entry in batch.rejected] == ["bad_date", "no_product", "no_volume"]
    assert batch.rows["line"].tolist() == [8]


def test_other_tables_and_merged_rows_are_refused():
    with pytest.raises(UnreadableFile, match="총반입량"):
        read(workbook(["DATE", "price"], ["2024-01-01", 3]))
    with pytest.raises(UnreadableFile, match="cell B2"):
        read(workbook(HEADING, line(dt.date(2024, 3, 4), 5.0), line(dt.date(2024, 3, 5), 5.0), merge="B2:B3"))
    with pytest.raises(UnreadableFile, match="empty"):
        read(RawFile("양파.xlsx", b""))


@pytest.mark.shared
def test_the_real_workbooks_agree_with_the_tidy_panel(shared_data):
    tidy = pd.read_parquet(shared_data / "tidy" / "korea_garak.parquet")
    paths = sorted((shared_data / "raw/kr_garak").glob("*.xlsx"))
    assert len(paths) == 3
    for path in paths:
        batch = read(RawFile(path.name, path.read_bytes()))
        product = batch.rows["product"].iloc[0]
        volume = tidy.loc[tidy["product"] == product, "volume"].dropna()
        assert len(batch.rows) + len(batch.rejected) == len(volume)
        assert batch.rows["volume"].sum() == volume[volume > 0].sum()
        assert [entry.reason for entry in batch.rejected] == ["negative_volume"] * int((volume < 0).sum())
        assert (batch.rows["flags"] == int(Quality.OFF_MARKET)).sum() == (volume == 0).sum()
        assert batch.non_data == {"heading": 1}


@pytest.mark.shared
def test_the_messy_workbook_has_no_unexplained_row(shared_data):
    path = shared_data / "messy" / "kr_garak_arrivals_negative_and_zero.xlsx"
    batch = read(RawFile(path.name, path.read_bytes()))
    assert (batch.lines_read, len(batch.rows), len(batch.rejected)) == (3910, 3908, 1)
