"""The supermarket's workbooks: the true shapes (items and numbers invented), read together."""

from __future__ import annotations

import datetime as dt
import io
import time

import pandas as pd
import pytest
import xlsxwriter

from pipelines.feeds.base import RAW_COLUMNS, RawFile, ReadOptions
from pipelines.feeds.china_supermarket import FEED
from warning.errors import UnreadableFile

OPTIONS = ReadOptions(today=dt.date(2026, 11, 24))
DAY = dt.date(2021, 3, 4)
LOOSE, FIRST, SECOND, PACK, CABBAGE = (f"1029000000000{n}1" for n in range(1, 6))
ITEMS = [
    ["单品编码", "单品名称", "分类编码", "分类名称"],
    [LOOSE, "苋菜", "1011010101", "花叶类"],
    [FIRST, "净藕(1)", "1011010402", "水生根茎类"],
    [SECOND, "净藕(2)", "1011010402", "水生根茎类"],
    [PACK, "菠菜(份) ", "1011010101", "花叶类"],
    [CABBAGE, "包菜", "1011010101", "花叶类"],
]
COST = ["销售日期", "单品编码", "批发价格(元/千克)"]
SALES = ["销售日期", "单品编码", "销量(千克)"]


def book(name, **sheets):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as target:
        for title, rows in sheets.items():
            sheet = target.add_worksheet(title)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return RawFile(name, buffer.getvalue())


def read(*files, **constants):
    batches = list(FEED.read(files, ReadOptions(today=OPTIONS.today, constants=constants)))
    for batch in batches:
        batch.check()
        assert tuple(batch.rows.columns) == RAW_COLUMNS
    return batches


def reasons(batch):
    return [(entry.line, entry.reason) for entry in batch.rejected]


def test_cost_and_sales_get_their_names_whatever_the_files_are_called():
    cost = book("甲.xlsx", Sheet1=[COST, [DAY, LOOSE, 3.5], [DAY, FIRST, 9.0], [DAY, SECOND, 11.0]])
    sales = book("乙.xlsx", Sheet1=[SALES, [DAY, float(LOOSE), 6.25], [DAY, float(CABBAGE), 3.0]])
    priced, sold, lookup = read(cost, sales, book("丙.xlsx", Sheet1=ITEMS))
    rows = priced.rows
    assert rows["product"].tolist() == ["苋菜", "净藕", "净藕"]
    assert rows["variety"].tolist() == [LOOSE, FIRST, SECOND]
    assert rows["price"].tolist() == [3.5, 9.0, 11.0]
    assert rows["volume"].isna().all()
    assert rows[["kind", "currency", "price_unit", "volume_unit"]].iloc[0].tolist() == ["cost", "CNY", "千克", ""]
    assert rows["line"].tolist() == [2, 3, 4]
    assert rows["date"].dt.date.unique().tolist() == [DAY]
    assert sold.rows["product"].tolist() == ["苋菜", "包菜"]
    assert sold.rows["volume"].tolist() == [6.25, 3.0]
    assert sold.rows[["kind", "currency", "price_unit", "volume_unit"]].iloc[0].tolist() == ["retail", "", "", "千克"]
    assert lookup.non_data == {"heading": 1, "lookup": 5}
    assert isinstance(rows["product"].dtype, pd.CategoricalDtype)
    assert str(rows["issued_at"].dtype) == "datetime64[us, UTC]"


def test_what_is_no_row_is_rejected_with_line_and_reason():
    sales = book("s.xlsx", Sheet1=[
        SALES, [DAY, LOOSE, -0.325], [DAY, PACK, 4], [DAY, "999", 2], ["昨天", LOOSE, 2], [DAY, LOOSE, "多"],
        ["", "", ""], [DAY, PACK, -1], ["2021-03-05", LOOSE, "2.5"], ["2021/13/05", LOOSE, 1],
    ])  # fmt: skip
    batch, _ = read(sales, book("i.xlsx", Sheet1=ITEMS))
    assert reasons(batch) == [
        (2, "negative_volume"), (3, "unit_per_piece"), (4, "unknown_item"), (5, "bad_date"), (6, "bad_volume"),
        (8, "negative_volume"), (10, "bad_date"),
    ]  # fmt: skip
    assert batch.rejected[0].text == f"2021-03-04\t{LOOSE}\t-0.325"
    assert batch.non_data == {"heading": 1, "blank": 1}
    assert batch.rows["volume"].tolist() == [2.5]


def test_a_cost_of_nothing_is_no_price():
    batch, _ = read(book("c.xlsx", Sheet1=[COST, [DAY, LOOSE, 0], [DAY, LOOSE, -1]]), book("i.xlsx", Sheet1=ITEMS))
    assert reasons(batch) == [(2, "no_price"), (3, "negative_price")]
    assert len(batch.rows) == 0


def test_an_item_never_sold_in_parts_of_a_kilogram_is_sold_by_the_piece():
    days = [DAY + dt.timedelta(days=n) for n in range(30)]
    sales = book(
        "s.xlsx", Sheet1=[SALES, *([day, CABBAGE, 3] for day in days), *([day, LOOSE, 2] for day in days[:29])]
    )
    cost = book("c.xlsx", Sheet1=[COST, [DAY, CABBAGE, 3.7], [DAY, LOOSE, 3.7]])
    sold, priced, _ = read(sales, cost, book("i.xlsx", Sheet1=ITEMS))
    assert {entry.reason for entry in sold.rejected} == {"unit_per_piece"}
    assert len(sold.rejected) == 30
    assert set(sold.rows["variety"]) == {LOOSE}
    assert reasons(priced) == [(2, "unit_per_piece")]


def test_loss_rates_and_their_hidden_category_sheet_are_lookups():
    categories = [["小分类编码", "小分类名称", "平均损耗率(%)_小分类编码_不同值"], ["1011010101", "花叶类", 12.8]]
    rates = [["单品编码", "单品名称", "损耗率(%)"], [LOOSE, "苋菜", 18.5], [FIRST, "净藕(1)", 5.5]]
    first, second = read(book("附件4.xlsx", 平均=categories, Sheet1=rates))
    assert first.non_data == {"heading": 1, "lookup": 1}
    assert second.non_data == {"heading": 1, "lookup": 2}


def test_the_missing_workbook_is_named():
    with pytest.raises(UnreadableFile, match="附件1"):
        read(book("附件3.xlsx", Sheet1=[COST, [DAY, LOOSE, 3.5]]))


def test_the_tills_log_and_other_tables_are_refused():
    log = ["销售日期", "扫码销售时间", "单品编码", "销量(千克)", "销售单价(元/千克)", "销售类型", "是否打折销售"]
    with pytest.raises(UnreadableFile, match="till's log"):
        read(book("附件2.xlsx", Sheet1=[log]))
    with pytest.raises(UnreadableFile, match="headings of none"):
        read(book("other.xlsx", Sheet1=[["a", "b"], [1, 2]]))
    with pytest.raises(UnreadableFile, match="empty"):
        read(RawFile("附件1.xlsx", b""))


def test_the_shop_can_be_named_and_all_files_are_read_together():
    cost = book("c.xlsx", Sheet1=[COST, [DAY, LOOSE, 3.5]])
    batch, _ = read(cost, book("i.xlsx", Sheet1=ITEMS), market="梁平店", region="重庆")
    assert batch.rows[["market", "region"]].iloc[0].tolist() == ["梁平店", "重庆"]
    assert FEED.batch_key(RawFile("a", b"")) == FEED.batch_key(RawFile("b", b""))


@pytest.mark.shared
def test_the_real_workbooks_agree_with_the_tidy_panel(shared_data):
    files = [RawFile(path.name, path.read_bytes()) for path in sorted((shared_data / "raw/cn_supermarket").iterdir())]
    tidy = pd.read_parquet(shared_data / "tidy" / "china_supermarket_2023C.parquet")
    started = time.perf_counter()
    batches = read(*files)
    assert time.perf_counter() - started < 10
    by_name = {batch.rows["file"].iloc[0]: batch for batch in batches if len(batch.rows)}
    sold, priced = by_name["single_day_sales.xlsx"], by_name["附件3.xlsx"]
    assert (sold.lines_read, priced.lines_read) == (46_600, 55_983)
    assert [entry.reason for entry in sold.rejected].count("negative_volume") == 4
    pieces = {entry.text.split("\t")[1] for entry in priced.rejected}
    assert {entry.reason for entry in priced.rejected} == {"unit_per_piece"}
    assert len(priced.rows) + len(priced.rejected) == len(tidy)
    weighed = tidy[~tidy["item_code"].astype(str).isin(pieces)]
    assert priced.rows["price"].sum() == pytest.approx(weighed["price"].sum())
    assert sold.rows["volume"].sum() == pytest.approx(weighed["volume"].clip(lower=0).sum())
    packed = tidy["variety"].astype(str).str.contains(r"\([^()]*[份盒袋包把个]\)")
    assert set(tidy.loc[packed, "item_code"].astype(str)) <= pieces
    assert {"西兰花", "净藕", "大白菜"} <= set(priced.rows["product"])
    assert "娃娃菜" not in set(priced.rows["product"])
