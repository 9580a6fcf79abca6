"""The township workbook: written, filled in as officers do, read back."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from pipelines.feeds.base import RawFile, ReadOptions
from pipelines.feeds.township import FEED
from pipelines.feeds.township_columns import COLUMNS
from pipelines.township_template import HEADING_ROW, write_template
from warning.catalog import Catalog, Market, Product, Township
from warning.errors import UnknownName, UnreadableFile
from warning.store.tables import ReportRow

TODAY = dt.date(2026, 11, 24)
FIRST = HEADING_ROW + 2
"""The sheet row of the first report."""
CATALOG = Catalog(
    products={
        "pomelo": Product("pomelo", "梁平柚", "pomelo", "citrus", 90, local=True),
        "cabbage": Product("cabbage", "莲花白", "cabbage", "vegetable_head", 20, local=True),
        "evil": Product("evil", "=1+1", "evil", "other", 1),
    },
    markets={"m": Market("m", "Shuangfu", "双福", "CN")},
    townships={"500155104": Township("500155104", "合兴镇", "Hexing")},
)
GOOD = {
    "township": "合兴镇", "product": "梁平柚", "lot": "早熟", "day": dt.date(2026, 11, 20), "stock_t": 120,
    "sold_t": "1,080", "marketable_t": 2000, "normal_sold_share": 0.45, "farm_gate_price_per_kg": 1.2,
    "bids_received": "无", "harvest_from": dt.date(2026, 11, 1), "harvest_to": "2026年12月10日", "road_blocked": "否",
    "shelf_life_days": 60, "outlet": "双福", "note": "柚园积压", "reported_by": "张三",
}  # fmt: skip


def template(**options):
    target = io.BytesIO()
    write_template(target, CATALOG, today=TODAY, **options)
    return target.getvalue()


def filled(*reports, unit="元/公斤", change=None):
    workbook = openpyxl.load_workbook(io.BytesIO(template()))
    sheet = workbook["填报"]
    sheet["B2"] = unit
    for row, report in enumerate(reports, start=FIRST):
        for place, column in enumerate(COLUMNS, start=1):
            sheet.cell(row, place).value = report.get(column.name)
    if change:
        change(sheet)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def read(content):
    (batch,) = FEED.read([RawFile("合兴镇.xlsx", content)], ReadOptions(today=TODAY))
    batch.check()
    return batch


def test_a_filled_copy_comes_back_as_reports():
    batch = read(filled(GOOD, {}, GOOD | {"lot": "", "product": "莲花白", "bids_received": "有"}))
    assert not batch.rejected
    assert batch.non_data == {"title": HEADING_ROW, "heading": 1, "blank": 1}
    assert list(batch.reports["line"]) == [FIRST, FIRST + 2]
    first = batch.reports.iloc[0]
    assert (first["township"], first["product"], first["lot"], first["outlet"]) == ("合兴镇", "梁平柚", "早熟", "双福")
    assert (first["stock_t"], first["sold_t"], first["normal_sold_share"]) == (120, 1080, 0.45)
    assert first["farm_gate_price_per_kg"] == 1.2
    assert first["day"].date() == dt.date(2026, 11, 20)
    assert first["harvest_to"].date() == dt.date(2026, 12, 10)
    assert list(batch.reports["bids_received"]) == [False, True]
    assert batch.reports["planted_area_mu"].isna().all(), "unknown is not zero"
    assert len(batch.rows) == 0


def test_the_columns_are_those_of_the_store():
    stored = {column.key for column in ReportRow.__table__.columns}
    ours = {column.name for column in COLUMNS} - {"township", "product"}
    assert ours <= stored
    left = {"id", "township_id", "product_id", "issued_at", "superseded_at", "snapshot_id", "simulated"}
    assert stored - ours == left


def test_prices_per_jin_come_out_per_kg():
    report = read(filled(GOOD | {"freight_per_kg": 0.1}, unit="元/斤")).reports.iloc[0]
    assert report["farm_gate_price_per_kg"] == pytest.approx(2.4)
    assert report["freight_per_kg"] == pytest.approx(0.2)
    with pytest.raises(UnreadableFile, match="价格单位 is '元/吨'"):
        read(filled(GOOD, unit="元/吨"))


@pytest.mark.parametrize(
    ("changes", "reason", "said"),
    [
        ({"township": None}, "no_township", "乡镇"),
        ({"product": None}, "no_product", "库存"),
        ({"day": None}, "no_date", "填报日期"),
        ({"day": "昨天"}, "bad_date", "不是日期"),
        ({"day": dt.date(2026, 11, 25)}, "future_date", "晚于今天"),
        ({"stock_t": -3}, "negative_amount", "不能是负数"),
        ({"farm_gate_price_per_kg": -0.1}, "negative_amount", "地头价"),
        ({"stock_t": "120吨"}, "bad_number", "只填数字"),
        ({"harvest_to": dt.date(2026, 10, 1)}, "harvest_order", "早于采收开始"),
        ({"normal_sold_share": 45}, "bad_share", "0 到 100%"),
        ({"bids_received": "也许"}, "bad_choice", "有/无"),
        ({"sold_t": 2100}, "sold_above_marketable", "多于"),
        ({"outlet": "长" * 300}, "bad_text", "300 个字"),
    ],
)
def test_a_wrong_row_is_rejected_in_chinese_and_alone(changes, reason, said):
    batch = read(filled(GOOD | changes, GOOD))
    assert [(bad.line, bad.reason) for bad in batch.rejected] == [(FIRST, reason)]
    assert said in batch.rejected[0].detail
    assert len(batch.reports) == 1


def test_the_same_lot_twice_and_a_formula_as_text_are_rejected():
    def change(sheet):
        sheet.cell(FIRST + 2, 11).value = "=1+1"
        sheet.cell(FIRST + 2, 11).data_type = "s"

    batch = read(filled(GOOD, GOOD, GOOD | {"lot": "晚熟"}, change=change))
    assert [(bad.line, bad.reason) for bad in batch.rejected] == [
        (FIRST + 1, "repeated_lot"),
        (FIRST + 2, "formula_cell"),
    ]
    assert f"第 {FIRST} 行" in batch.rejected[0].detail


def test_percent_as_text_is_read():
    assert read(filled(GOOD | {"normal_sold_share": "45%"})).reports["normal_sold_share"].tolist() == [0.45]


def test_merged_cells_and_formulas_are_named():
    with pytest.raises(UnreadableFile, match="merged"):
        read(filled(GOOD, GOOD, change=lambda sheet: sheet.merge_cells(f"A{FIRST}:A{FIRST + 1}")))
    with pytest.raises(UnreadableFile, match="formulas") as caught:
        read(filled(GOOD | {"stock_t": "=100+20"}))
    assert f"K{FIRST}" in caught.value.where


def test_another_workbook_is_sent_back_for_the_template():
    workbook = openpyxl.Workbook()
    workbook.active.append(["乡镇", "库存"])
    target = io.BytesIO()
    workbook.save(target)
    with pytest.raises(UnreadableFile, match="品种、填报日期") as caught:
        read(target.getvalue())
    assert "changxiao template" in caught.value.todo
    for content in (b"", b"not a workbook", template()[:800]):
        with pytest.raises(UnreadableFile):
            read(content)


def test_columns_may_be_moved_and_rows_may_wait():
    def swap(sheet):
        for row in range(HEADING_ROW + 1, FIRST + 1):
            sheet.cell(row, 1).value, sheet.cell(row, 5).value = sheet.cell(row, 5).value, sheet.cell(row, 1).value

    assert read(filled(GOOD, change=swap)).reports["township"].tolist() == ["合兴镇"]
    waiting = read(template(township="500155104"))
    assert waiting.non_data["blank"] == 2
    assert len(waiting.reports) == 0


def test_the_template_offers_lists_and_checks_and_carries_no_formula(tmp_path):
    path = tmp_path / "t.xlsx"
    write_template(path, CATALOG, township="500155104", products=["evil"], today=TODAY)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["填报"]
    assert workbook["名单"].sheet_state == "hidden"
    assert sheet.freeze_panes == f"C{HEADING_ROW + 2}"
    assert sheet.protection.sheet is False
    assert (sheet.cell(FIRST, 2).value, sheet.cell(FIRST, 2).data_type) == ("=1+1", "s")
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert rules[f"A{FIRST}"].formula1 == "名单!$A$1:$A$1"
    assert "名单" in rules[f"A{FIRST}"].error
    assert rules["B2"].formula1 == '"元/公斤,元/斤"'
    assert "库存（吨）" in [cell.value for cell in sheet[HEADING_ROW + 1]]
    assert template(township="合兴镇") == template(township="500155104"), "the same day gives the same bytes"
    for options in ({"township": "nowhere"}, {"township": "500155104", "products": ["nothing"]}):
        with pytest.raises(UnknownName):
            write_template(io.BytesIO(), CATALOG, today=TODAY, **options)
