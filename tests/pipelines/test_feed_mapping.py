"""Any table by a mapping file: headings, encodings, units, dates and numbers as people write them."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from pathlib import Path

import openpyxl
import pytest

from pipelines.feeds.base import RawFile, ReadOptions
from pipelines.feeds.mapping import FEED, load_mapping
from warning.errors import InvalidMapping, UnreadableFile
from warning.quality import Quality

TODAY = dt.date(2026, 11, 24)
SHEET = """
fill_down = ["市场"]
columns = { date = "日期", market = "市场", product = "品名", price = "均价（元/斤）", volume = "成交量" }
constants = { price_unit = "元/斤", volume_unit = "吨" }
"""
PLAIN = """
columns = { date = "date", product = "product", price = "price" }
constants = { market = "双福", price_unit = "元/公斤" }
"""


def options(mapping, **constants):
    return ReadOptions(today=TODAY, mapping=load_mapping(mapping), constants=constants)


def read(mapping, content, name="a.csv", **constants):
    content = content.encode() if isinstance(content, str) else content
    batches = list(FEED.read([RawFile(name, content)], options(mapping, **constants)))
    for batch in batches:
        batch.check()
    (batch,) = batches
    return batch


def plain(cells, *, mapping=PLAIN, **constants):
    return read(mapping, "date,product,price\n" + cells, **constants)


def book(rows, *merged):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    for cells in merged:
        workbook.active.merge_cells(cells)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def reasons(batch):
    return [(bad.line, bad.reason) for bad in batch.rejected]


def test_a_gb18030_sheet_in_jin_with_chinese_headings():
    lines = (
        "双福农贸城日报,,,,", "日　期,市场,品名,均价(元/斤),成交量", "2026年11月20日,双福,莲花白,0.6,12",
        "2026/11/20,,萝卜,—,3", "2026-11-20,盘溪,大葱,1.1,1", "小计,,,,16", ",,,,",
        "日期,市场,品名,均价（元/斤）,成交量",
    )  # fmt: skip
    batch = read(SHEET, "\n".join(lines).encode("gb18030"))
    rows = batch.rows
    assert list(rows["product"]) == ["莲花白", "萝卜", "大葱"]
    assert list(rows["market"]) == ["双福", "双福", "盘溪"]
    assert list(rows["price_unit"]) == ["斤", "", "斤"]
    assert list(rows["currency"]) == ["CNY", "", "CNY"]
    assert set(rows["volume_unit"]) == {"吨"}
    assert set(rows["country"]) == {"CN"}
    assert list(rows["flags"]) == [Quality.OK, Quality.NOT_COLLECTED, Quality.OK]
    assert list(rows["line"]) == [3, 4, 5]
    assert batch.non_data == {"title": 1, "heading": 1, "subtotal": 1, "blank": 1, "repeat_heading": 1}


def test_the_example_of_the_manual_reads_its_sheet():
    manual = (Path(__file__).parents[2] / "docs" / "mapping.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", manual, re.DOTALL)
    lines = "日期,市场,品名,均价（元/斤）,成交量\n2026-11-20,双福,莲花白,0.6,12\n"
    batch = read(example, lines.encode("gb18030"))
    assert batch.rows[["region", "price_unit"]].astype(str).values.tolist() == [["重庆", "斤"]]
    assert load_mapping(example)["registers_markets"] is True


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-20",
        "2026/11/20",
        "2026.11.20",
        "20261120",
        "2026年11月20日",
        "46346",
        "２０２６-11-20",
        "2026-11-20 08:30",
    ],
)
def test_days_as_they_are_written(written):
    assert plain(f"{written},白菜,1\n").rows["date"].dt.date.tolist() == [dt.date(2026, 11, 20)]


@pytest.mark.parametrize("written", ["20/11/2026", "115/11/20", "26-11-20", "2026-02-30", "昨天", "", "999999"])
def test_days_that_would_have_to_be_guessed_are_rejected(written):
    batch = plain(f"{written},白菜,1\n")
    assert reasons(batch) == [(2, "bad_date" if written else "no_date")]


def test_days_by_option():
    assert plain("115/11/20,白菜,1\n", mapping="roc_years = true\n" + PLAIN).rows["date"].dt.year.tolist() == [2026]
    two = plain("26-11-20,白菜,1\n99-11-20,白菜,1\n", mapping="two_digit_years = true\n" + PLAIN)
    assert two.rows["date"].dt.year.tolist() == [2026, 1999]
    given = plain("20/11/2026,白菜,1\n2026-11-20,白菜,1\n", mapping='date_format = "%d/%m/%Y"\n' + PLAIN)
    assert given.rows["date"].dt.date.tolist() == [dt.date(2026, 11, 20)]
    assert reasons(given) == [(3, "bad_date")]


def test_numbers_as_they_are_written():
    batch = plain('2026-11-20,a,"1,234.5"\n2026-11-20,b,NR\n', mapping='thousands = ","\n' + PLAIN)
    assert batch.rows["price"].fillna(-1).tolist() == [1234.5, -1]
    comma = plain('2026-11-20;a;"1.234,5"\n'.replace(";", ","), mapping='thousands = "."\ndecimal = ","\n' + PLAIN)
    assert comma.rows["price"].tolist() == [1234.5]
    bad = plain('2026-11-20,a,"1,234"\n2026-11-20,b,约3\n2026-11-20,c,inf\n2026-11-20,d,1_0\n2026-11-20,e,=A1*2\n')
    assert reasons(plain(f"2026-11-20,a,{'9' * 400}\n")) == [(2, "bad_price")]
    assert [reason for _, reason in reasons(bad)] == ["bad_price"] * 4 + ["formula_cell"]
    assert "thousands" in bad.rejected[0].detail


def test_not_on_the_market_is_another_thing_than_not_noted():
    batch = plain("2026-11-20,a,下市\n2026-11-20,b,-\n2026-11-20,c,-1\n", mapping='off_market = ["下市"]\n' + PLAIN)
    assert list(batch.rows["flags"]) == [Quality.OFF_MARKET, Quality.NOT_COLLECTED, Quality.OK]
    assert batch.rows["price"].tolist()[2] == -1, "a negative price is the ingest's to refuse"


def test_units_stay_as_they_are_written_and_may_stand_in_a_column():
    mapping = """
constants = { market = "双福" }
[columns]
date = "date"
product = "product"
price = "price"
price_unit = "unit"
volume = "vol"
volume_unit = "vu"
"""
    lines = (
        "date,product,price,unit,vol,vu\n2026-11-20,a,3,元/件,1,件\n2026-11-20,b,3,元/担,2,担\n2026-11-20,c,3,斤,1,斤\n"
    )
    batch = read(mapping, lines)
    assert list(batch.rows["price_unit"]) == ["件", "担"]
    assert list(batch.rows["volume_unit"]) == ["件", "担"]
    assert reasons(batch) == [(4, "no_currency")]
    quintal = PLAIN.replace("元/公斤", "INR/quintal")
    row = plain("2026-11-20,ONION,2500\n", mapping=quintal).rows.iloc[0]
    assert (row["currency"], row["price_unit"], row["country"]) == ("INR", "quintal", "IN")


def test_ragged_lines_are_rejected_and_their_names_are_not_filled_down():
    lines = "日期,市场,品名,均价（元/斤）,成交量\n2026-11-20,双福,a,1,1\n2026-11-20,盘溪,a\n"
    lines += "2026-11-20,,b,1,1\n1,2,3,4,5,6\n2026-11-20,盘溪,c,1,1,,\n"
    batch = read(SHEET, lines)
    assert reasons(batch) == [(3, "ragged_row"), (4, "no_market"), (5, "ragged_row")]
    assert list(batch.rows["product"]) == ["a", "c"]


def test_delimiters_are_sniffed_and_quoted_lines_keep_their_number():
    for delimiter in ";\t|":
        batch = read(PLAIN, 'date,product,price\n2026-11-20,"a\nb",1\n2026-11-20,c,x\n'.replace(",", delimiter))
        assert list(batch.rows["product"]) == ["a b"]
        assert reasons(batch) == [(4, "bad_price")]
    titled = read(PLAIN, "双福，价格；日报\n;;\ndate;product;price\n2026-11-20;a;1\n")
    assert titled.non_data == {"title": 2, "heading": 1}


def test_columns_by_number_without_headings():
    mapping = 'heading_row = 0\ncolumns = { date = 1, product = 3, price = 4 }\nconstants = { price_unit = "元/斤" }\n'
    batch = read(mapping, "2026-11-20,x,a,1\n2026-11-21,x,b,2\n", market="双福")
    assert list(batch.rows["product"]) == ["a", "b"]
    assert set(batch.rows["market"]) == {"双福"}
    assert batch.non_data == {}


def test_workbooks_with_dates_numbers_and_a_filled_down_merge():
    rows = [
        ["双福日报"],
        ["日期", "市场", "品名", "均价（元/斤）", "成交量"],
        [dt.datetime(2026, 11, 20), "双福", "a", 1.5, 2],
        [46346, None, "b", "0.8", 1],
    ]
    batch = read(SHEET, book(rows, "A1:E1", "B3:B4"), name="a.xlsx")
    assert list(batch.rows["market"]) == ["双福", "双福"]
    assert batch.rows["date"].dt.date.tolist() == [dt.date(2026, 11, 20)] * 2
    with pytest.raises(UnreadableFile, match="merged") as caught:
        read(SHEET.replace('fill_down = ["市场"]', ""), book(rows, "B3:B4"), name="a.xlsx")
    assert "fill_down" in caught.value.todo
    assert "row 4" in caught.value.where


def test_one_row_merged_across_its_columns_is_rejected_alone():
    rows = [["date", "product", "price"], ["2026-11-20", "a", 1], ["以上价格仅供参考"]]
    batch = read(PLAIN, book(rows, "A3:C3"), name="a.xlsx")
    assert reasons(batch) == [(3, "merged_cells")]
    assert len(batch.rows) == 1


def test_formulas_are_refused_and_their_stored_values_read_only_when_asked_for():
    rows = [["date", "product", "price"], ["2026-11-20", "a", "=1+1"]]
    with pytest.raises(UnreadableFile, match="formulas"):
        read(PLAIN, book(rows), name="a.xlsx")
    stored = read('formulas = "stored"\n' + PLAIN, book(rows), name="a.xlsx")
    assert math.isnan(stored.rows["price"].iloc[0]), "openpyxl stores no value: not noted, never zero"


def test_the_sheet_is_found_by_its_headings_or_named():
    workbook = openpyxl.Workbook()
    workbook.active.append(["说明"])
    workbook.create_sheet("报价").append(["date", "product", "price"])
    workbook["报价"].append(["2026-11-20", "a", 1])
    target = io.BytesIO()
    workbook.save(target)
    assert len(read(PLAIN, target.getvalue(), name="a.xlsx").rows) == 1
    assert len(read('sheet = "报价"\n' + PLAIN, target.getvalue(), name="a.xlsx").rows) == 1
    with pytest.raises(InvalidMapping, match=r"'报价单'.*nearest: '报价'"):
        read('sheet = "报价单"\n' + PLAIN, target.getvalue(), name="a.xlsx")


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("colums = {}", "unknown key 'colums' .nearest: 'columns'"),
        ('[columns]\nprise = "x"', "unknown key 'columns.prise' .nearest: 'price'"),
        ('roc_years = "yes"', "'roc_years' must be true or false"),
        ("[columns]\nprice = 0", "'columns.price' must be a heading"),
        ('[columns]\ndate = "d"', "neither 'columns.price' nor 'columns.volume'"),
        ('[columns]\nprice = "p"', "the price has no 'price_unit'"),
        ('[columns]\nprice = "p"\n[constants]\nprice_unit = "斤"', "does not say the currency"),
        ('[columns]\nprice = "p"\n[constants]\nprice = "3"', "both a column and a constant"),
        ('[constants]\nkind = "wholsale"', "nearest: 'wholesale'"),
        ('fill_down = ["市"]\n' + SHEET.replace('fill_down = ["市场"]', ""), "no mapped column .nearest: '市场'"),
        ('thousands = ","\ndecimal = ","\n' + PLAIN, "cannot be told apart"),
        ("heading_row = -1\n" + PLAIN, "must not be negative"),
        ('delimiter = "||"\n' + PLAIN, "one character"),
        ("a = [", "not TOML"),
    ],
)
def test_a_bad_mapping_names_the_key_and_the_nearest(mapping, said):
    with pytest.raises(InvalidMapping, match=said) as caught:
        load_mapping(mapping)
    assert caught.value.todo


def test_a_missing_heading_names_those_that_exist(tmp_path):
    with pytest.raises(InvalidMapping, match=r"no column 'price' .nearest: 'prices'") as caught:
        read(PLAIN, "date,product,prices\n2026-11-20,a,1\n")
    assert "date, product, prices" in caught.value.todo
    assert "line 1" in caught.value.where
    with pytest.raises(InvalidMapping, match="over several columns"):
        read(PLAIN, "date,product,price,price\n2026-11-20,a,1,2\n")
    with pytest.raises(InvalidMapping, match="'market' is neither"):
        read(PLAIN.replace('market = "双福", ', ""), "date,product,price\n")
    with pytest.raises(InvalidMapping, match="cannot be read"):
        load_mapping(tmp_path / "none.toml")
    with pytest.raises(InvalidMapping, match="without a mapping"):
        list(FEED.read([], ReadOptions(today=TODAY)))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"date,product,price\n\x00\x01\x02", "binary"),
        ("a.csv", b"PK\x03\x04", "workbook"),
        ("a.csv", b"date,product,price\n2026-11-20,\"a,1\n2026", "not CSV"),
        ("a.csv", b"date,product,price\n2026-11-20," + b"x" * 40_000 + b",1\n", "32,767"),
        ("a.csv", b"date,product,price\n2026-11-20," + b"x" * 200_000 + b",1\n", "line 2"),
        ("a.csv", "date,product,price\n2026-11-20,café, 1\n".encode("latin-1"), "neither UTF-8"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("a.xlsx", b"not a workbook", "not a workbook"),
        ("a.xlsx", book([["date"]])[:500], "damaged"),
    ],
)  # fmt: skip
def test_bad_bytes_are_refused(name, content, said):
    with pytest.raises(UnreadableFile, match=said):
        read(PLAIN, content, name=name)


def test_long_and_unprintable_names_and_kinds_are_rejected():
    mapping = PLAIN.replace('price = "price" }', 'price = "price", kind = "kind" }')
    lines = f"date,product,price,kind\n2026-11-20,{'a' * 300},1,批发\n2026-11-20,a\x07b,1,批发\n"
    lines += "2026-11-20,c,1,贵\n2026-11-20,d,1,地头价\n"
    batch = read(mapping, lines + "2026-11-20,e,1,零售\n" * 100)
    assert [reason for _, reason in reasons(batch)] == ["bad_text", "bad_text", "bad_kind"]
    assert list(batch.rows["kind"])[:2] == ["farm_gate", "retail"]
