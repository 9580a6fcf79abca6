"""The register's workbook: what is written comes back the same, and all faulty rows are told at once, in Chinese."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import zipfile

import openpyxl
import pytest

from pipelines.demo.register import absorbing_units, places
from pipelines.feeds.base import RawFile
from pipelines.register.columns import COLUMNS, GROUPS, PLACES, QUOTAS, TAKEN, UNITS
from pipelines.register.entries import Register, YearQuota
from pipelines.register.reading import read_register
from pipelines.register.taking import register_of, take_register
from pipelines.register.writing import register_workbook
from warning.absorption.units import AbsorbingUnit, UnitKind
from warning.errors import Conflict, InvalidEntry, UnreadableFile
from warning.reference import load_catalog
from warning.store.quotas import quota_entries
from warning.store.responses import Response
from warning.store.units import unit_versions, units_as_of

CATALOG = load_catalog()
DAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC)
STATED = AbsorbingUnit(
    "cold-1", "城北冷库", "cold-storage-outlets", UnitKind.COLD_STORE, "500155001", 30.671, 107.802,
    tonnes_per_day=12.5, lead_days=1, minimum_lot_t=2.0, price_per_kg=1.35, accepts=("citrus", "cabbage"),
    prefers=("pomelo-liangping",), storage_t=320.0, storage_days=120, loss_rate=0.03, contact="王主任 023-5322",
    note="预冷两间", simulated=True,
)  # fmt: skip
RESERVE = AbsorbingUnit("832", "832 预留", "budget-procurement", UnitKind.RESERVE, tonnes_per_day=5.0)
SCHOOL = AbsorbingUnit("school", "一小", "canteens", UnitKind.SCHOOL, "500155104", diners=800, grams_per_diner=120.0,
                       closed_in_holidays=True, closed_weekends=True)  # fmt: skip
TAKEN_HERE = Response("832", "cabbage", "500155104", "早熟", dt.date(2026, 3, 4), 3.25, 1.8, note="第一批")
REGISTER = Register(
    (STATED, RESERVE, SCHOOL), places(CATALOG), (YearQuota("832", 2026, 300.0, None),), (TAKEN_HERE,)
)  # fmt: skip


def book(register=REGISTER):
    return openpyxl.load_workbook(io.BytesIO(register_workbook(register, CATALOG, DAY)))


def read(workbook):
    sink = io.BytesIO()
    workbook.save(sink)
    return read_register(RawFile("register.xlsx", sink.getvalue()), CATALOG)


def place_of(sheet, name):
    return next(number for number, column in enumerate(COLUMNS[sheet], start=1) if column.name == name)


def changed(sheet, row, **cells):
    """The workbook with some cells of a sheet's data row (from 1) rewritten."""
    found = book()
    for name, value in cells.items():
        found[sheet].cell(row + 1, place_of(sheet, name)).value = value
    return found


def refusal(workbook):
    with pytest.raises(InvalidEntry) as refused:
        read(workbook)
    return refused.value


def test_what_is_written_comes_back_the_same():
    assert read(book()) == REGISTER


def test_the_demos_register_comes_back_the_same():
    register = Register(absorbing_units(CATALOG), places(CATALOG))
    assert read(book(register)) == register


def test_the_same_register_gives_the_same_bytes():
    assert register_workbook(REGISTER, CATALOG, DAY) == register_workbook(REGISTER, CATALOG, DAY)


def test_an_empty_register_is_a_form_to_fill_in():
    form = book(Register())
    assert [sheet for sheet in form.sheetnames if sheet in COLUMNS] == [UNITS, PLACES, QUOTAS, TAKEN]
    assert form[UNITS].max_row == 1
    assert form[UNITS]["C2"].data_type == "n"
    assert {str(rule.sqref).split(":")[0] for rule in form[UNITS].data_validations.dataValidation} >= {"C2", "D2", "E2"}
    assert read(form) == Register()


def test_a_text_that_looks_like_a_formula_stays_a_text():
    sly = dataclasses.replace(STATED, note='=HYPERLINK("evil")')
    content = register_workbook(Register((sly,)), CATALOG, DAY)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert not any(b"<f>" in sheet for sheet in sheets)
    with pytest.raises(InvalidEntry, match="“备注”是公式"):
        read_register(RawFile("register.xlsx", content), CATALOG)


def test_every_group_of_the_catalog_has_a_name_in_the_workbook():
    groups = {product.group for product in CATALOG.products.values()} - {"index"}
    assert groups <= set(GROUPS)
    assert len(set(GROUPS.values())) == len(GROUPS)
    assert not set(GROUPS.values()) & {product.name_zh for product in CATALOG.products.values()}


def test_ids_and_numbers_are_read_as_well_as_names_and_other_commas():
    given = changed(UNITS, 1, channel="4", kind="cold_store", township_id="500155001", accepts="citrus，莲花白")
    assert read(given).units[0] == STATED


def test_columns_may_be_moved_and_left_out_and_sheets_deleted():
    given = openpyxl.Workbook()
    sheet = given.active
    sheet.title = UNITS
    sheet.append(["登记册"])
    sheet.append(["类别*", "日消纳（吨/天）", "渠道*", "名称*", "编号*"])
    sheet.append(["商超", 3, "buyer-matching", "万佳", "mall"])
    sheet.append([None] * 5)
    found = read(given)
    assert found.units == (
        AbsorbingUnit("mall", "万佳", "buyer-matching", UnitKind.SUPERMARKET, tonnes_per_day=3.0),
    )  # fmt: skip
    assert (found.places, found.quotas, found.responses) == ({}, (), ())


@pytest.mark.parametrize(
    ("sheet", "cells", "said"),
    [
        (UNITS, {"kind": "仓库"}, "没有类别“仓库”"),
        (UNITS, {"channel": "摆摊"}, "没有渠道“摆摊”"),
        (UNITS, {"township_id": "火星镇"}, "没有乡镇“火星镇”"),
        (UNITS, {"accepts": "莲花白、火星菜"}, "没有品种“火星菜”"),
        (UNITS, {"tonnes_per_day": -3}, "“日消纳”不能是负数"),
        (UNITS, {"tonnes_per_day": "很多"}, "“日消纳”不是数字"),
        (UNITS, {"tonnes_per_day": None}, "既无日消纳吨数，也无就餐人数"),
        (UNITS, {"lead_days": 1.5}, "“提前期”应为整数"),
        (UNITS, {"lead_days": 900}, "超过一年"),
        (UNITS, {"minimum_lot_t": 80}, "最小批量 80 吨超过日消纳"),
        (UNITS, {"loss_rate": 1}, "损耗率"),
        (UNITS, {"loss_rate": "130%"}, "应在 0 到 100% 之间"),
        (UNITS, {"longitude": None}, "经纬度须同时填写"),
        (UNITS, {"latitude": 99}, "纬度 99.0 超出范围"),
        (UNITS, {"closed_weekends": "有时"}, "“周末停供”只能填"),
        (UNITS, {"name": None}, "没有填“名称”"),
        (UNITS, {"id": "832"}, "与第 2 行重复"),
        (PLACES, {"latitude": None}, "经纬度须同时填写"),
        (PLACES, {"township_id": None}, "没有填“乡镇”"),
        (QUOTAS, {"tonnes": None}, "吨和元至少填一项"),
        (QUOTAS, {"year": 2026.5}, "“年度”应为整数"),
        (QUOTAS, {"year": None}, "没有填“年度”"),
        (TAKEN, {"day": "去年"}, "“日期”不是日期"),
        (TAKEN, {"day": None}, "没有填“日期”"),
        (TAKEN, {"product_id": "火星菜"}, "没有品种“火星菜”"),
        (TAKEN, {"tonnes": None}, "没有填“实收”"),
        (TAKEN, {"tonnes": -1}, "“实收”不能是负数"),
    ],
)  # fmt: skip
def test_a_faulty_row_is_told_by_sheet_and_row(sheet, cells, said):
    error = refusal(changed(sheet, 1, **cells))
    assert said in error.what
    assert f"“{sheet}”第 " in error.what
    assert "nothing was written" in error.todo


def test_all_faults_are_told_at_once():
    given = changed(UNITS, 1, kind="仓库")
    given[UNITS].cell(4, place_of(UNITS, "channel")).value = "摆摊"
    given[TAKEN].cell(2, place_of(TAKEN, "day")).value = "去年"
    told = refusal(given).what.split("；")
    assert [part[:7] for part in told if part.startswith("“")] == ["“单位”第 2", "“单位”第 4", "“消纳”第 2"]


def test_a_day_written_as_text_is_read():
    assert read(changed(TAKEN, 1, day="2026-3-4")).responses == (TAKEN_HERE,)


def test_another_workbook_is_sent_back():
    other = openpyxl.Workbook()
    with pytest.raises(UnreadableFile, match="none of the sheets 单位"):
        read(other)
    headless = openpyxl.Workbook()
    headless.active.title = UNITS
    headless.active.append(["名称", "谁"])
    with pytest.raises(UnreadableFile, match=r"the headings 编号\*、渠道\*、类别\* are missing"):
        read(headless)
    with pytest.raises(UnreadableFile):
        read_register(RawFile("register.xlsx", b"no workbook"), CATALOG)


def take(store, register, at=NOW):
    with store.writing() as session:
        return take_register(session, register, CATALOG, at=at, by="office")


def test_a_register_goes_into_the_store_and_comes_out_the_same(store):
    taken = take(store, REGISTER)
    assert (len(taken.units.added), taken.places, taken.quotas, taken.responses.added) == (3, 33, 1, 1)
    with store.session() as session:
        found = register_of(session, NOW, 2026)
    assert (set(found.units), found.places, found.quotas, found.responses) == (
        set(REGISTER.units), REGISTER.places, REGISTER.quotas, REGISTER.responses,
    )  # fmt: skip
    again = take(store, read(book(found)), NOW + dt.timedelta(hours=1))
    assert "未变 3；乡镇位置更新 0；配额更新 0；消纳 新增 0、更正 0、未变 1" in again.line_zh
    with store.session() as session:
        assert len(unit_versions(session, "school")) == 1
        assert [one.what for one in quota_entries(session, "832", 2026)] == ["set", "draw"]


def test_units_that_are_not_in_the_workbook_stay(store):
    take(store, REGISTER)
    take(store, Register((SCHOOL,)), NOW + dt.timedelta(hours=1))
    with store.session() as session:
        assert len(units_as_of(session, NOW + dt.timedelta(hours=2))) == 3


@pytest.mark.parametrize(
    ("register", "refused"),
    [
        (Register(REGISTER.units, {}, (YearQuota("832", 2026, 2.0, None),), (TAKEN_HERE,)), Conflict),
        (Register(REGISTER.units, {}, (), (Response("nobody", "cabbage", "", "", DAY, 1.0),)), InvalidEntry),
    ],
    ids=["overdrawn", "unknown unit"],
)
def test_what_the_store_refuses_leaves_nothing_behind(store, register, refused):
    with pytest.raises(refused):
        take(store, register)
    with store.session() as session:
        assert units_as_of(session, NOW) == []
