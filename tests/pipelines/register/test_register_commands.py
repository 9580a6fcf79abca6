"""`changxiao units`: the register out, filled in, and back in; errors say what, where and what to do."""

from __future__ import annotations

import openpyxl
import pytest
from calling import caller

from pipelines.register.columns import UNITS


@pytest.fixture
def changxiao(tmp_path, monkeypatch, capsys):
    """The command in a home of its own; gives (exit status, what it printed, what it said on the error stream)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CHANGXIAO_HOME", str(tmp_path / "var"))
    return caller(monkeypatch, capsys, "units")


def filled(**cells):
    book = openpyxl.load_workbook("register.xlsx")
    sheet = book[UNITS]
    headings = {sheet.cell(1, place).value: place for place in range(1, sheet.max_column + 1)}
    row = {"编号*": "mall", "名称*": "万佳超市", "渠道*": "产销对接：批发、商超直采、展销与服务区", "类别*": "商超",
           "乡镇": "屏锦镇", "日消纳（吨/天）": 4}  # fmt: skip
    for heading, value in (row | cells).items():
        sheet.cell(2, headings[heading]).value = value
    book.save("register.xlsx")


def test_a_form_is_filled_in_imported_listed_and_exported_again(changxiao, tmp_path):
    code, out, _ = changxiao("export", "register.xlsx")
    assert (code, "0 units" in out) == (0, True)
    filled()
    code, out, _ = changxiao("import", "register.xlsx", "--by", "李敏")
    assert (code, "单位 新增 1" in out, "1 added" in out) == (0, True, True)
    listed = changxiao("list")[1]
    assert all(word in listed for word in ("mall", "万佳超市", "商超", "屏锦镇", "4.00"))
    assert "mall" not in changxiao("list", "--kind", "school")[1]
    assert "1 units" in changxiao("export", "again.xlsx")[1]


def test_a_faulty_row_is_told_and_nothing_is_written(changxiao):
    changxiao("export", "register.xlsx")
    filled(**{"类别*": "仓库"})
    code, _, err = changxiao("import", "register.xlsx")
    assert code == 2
    assert "登记内容有误 · “单位”第 2 行：没有类别“仓库”" in err
    assert "register.xlsx" in err
    assert "mall" not in changxiao("list")[1]


def test_a_filled_workbook_is_not_overwritten_and_a_missing_one_is_named(changxiao):
    changxiao("export", "register.xlsx")
    code, _, err = changxiao("export", "register.xlsx")
    assert (code, "is there already" in err) == (2, True)
    code, _, err = changxiao("import", "nowhere.xlsx")
    assert (code, "there is no such file" in err) == (2, True)


def test_quotas_of_a_year_are_shown_even_where_there_are_none(changxiao):
    code, out, _ = changxiao("quotas", "--year", "2026")
    assert (code, "2026" in out) == (0, True)


def test_a_folder_that_is_not_there_is_named_before_any_work(changxiao):
    code, _, err = changxiao("export", "nowhere/register.xlsx")
    assert (code, "there is no folder nowhere" in err) == (2, True)
