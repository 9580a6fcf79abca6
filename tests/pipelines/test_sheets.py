"""Workbooks: what is refused before a feed sees a cell, and what a cell says."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
import xlsxwriter

from pipelines.feeds import sheets
from pipelines.feeds.base import RawFile
from pipelines.feeds.csv_rows import read_csv_rows
from pipelines.feeds.sheets import cell_text, find_heading, heading_text, line_text, read_sheets, refuse_merged
from warning.errors import UnreadableFile


def workbook(fill, name="book.xlsx"):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        fill(book)
    return RawFile(name, buffer.getvalue())


def table(*rows):
    def fill(book):
        sheet = book.add_worksheet("表")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return workbook(fill)


def rewritten(file, part, change):
    """The workbook with one of its parts changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file.content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content) if info.filename == part else content)
    return RawFile(file.name, buffer.getvalue())


def refusal(file, **options):
    with pytest.raises(UnreadableFile) as caught:
        read_sheets(file, **options)
    assert caught.value.where.startswith(file.name)
    assert caught.value.todo
    return str(caught.value)


def test_rows_keep_their_number_and_hidden_sheets_are_there():
    def fill(book):
        book.add_worksheet("说明").hide()
        sheet = book.add_worksheet("表")
        sheet.activate()
        sheet.set_first_sheet()
        sheet.write(3, 1, "甘蓝")
        sheet.write_datetime(4, 1, dt.datetime(2024, 1, 5), book.add_format({"num_format": "yyyy-mm-dd"}))

    hidden, shown = read_sheets(workbook(fill))
    assert (hidden.name, hidden.hidden, hidden.rows) == ("说明", True, [])
    assert (shown.name, shown.hidden, len(shown.rows)) == ("表", False, 5)
    assert shown.rows[3][1] == "甘蓝"
    assert shown.rows[4][1] == dt.date(2024, 1, 5)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\0" * 4096, "empty"),
        (b"date,price\n2024-01-05,3\n", "not a workbook"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 3000, "damaged"),
        (b"PK\3\4" + b"\1" * 300, "damaged"),
    ],
)
def test_what_is_no_workbook_is_named(content, says):
    assert says in refusal(RawFile("book.xls", content))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_cut_off_workbook_is_refused(share):
    whole = table(["a", "b"], *([n, n] for n in range(500)))
    assert "damaged" in refusal(RawFile("book.xlsx", whole.content[: int(len(whole.content) * share)]))


def test_damaged_bytes_inside_are_refused():
    whole = table(["a", "b"], *([n, f"name {n}"] for n in range(2000)))
    content = bytearray(whole.content)
    for place in range(2000, 3000):
        content[place] ^= 0x5A
    assert "damaged" in refusal(RawFile("book.xlsx", bytes(content)))


def test_a_password_is_named_for_both_kinds_of_container():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + "EncryptedPackage".encode("utf-16-le")
    assert "password" in refusal(RawFile("book.xlsx", ole))
    content = bytearray(table(["a"]).content)
    for magic, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.find(magic) + offset] |= 1
    assert "password" in refusal(RawFile("book.xlsx", bytes(content)))


def test_an_archive_that_is_no_workbook_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "no Excel workbook" in refusal(RawFile("brief.docx", buffer.getvalue()))


def test_a_bomb_is_refused_by_the_size_it_declares(monkeypatch):
    bomb = rewritten(table(["a"]), "xl/theme/theme1.xml", lambda text: text + b" " * 3_000_000)
    assert len(bomb.content) < 50_000
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 2_000_000)
    assert "unpacks to more" in refusal(bomb)


def test_a_declared_size_that_lies_is_refused():
    bomb = bytearray(rewritten(table(["a"]), "xl/sharedStrings.xml", lambda text: text + b" " * 100_000).content)
    entry = bomb.rfind(b"PK\1\2", 0, bomb.rfind(b"xl/sharedStrings.xml"))
    bomb[entry + 24 : entry + 28] = (500).to_bytes(4, "little")
    assert "damaged" in refusal(RawFile("book.xlsx", bytes(bomb)))


def test_two_cells_far_apart_do_not_fill_the_memory():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write(0, 0, 1)
        sheet.write(1_048_575, 16_383, 1)

    assert "1,048,576 and column 16,384" in refusal(workbook(fill))


def test_a_huge_cell_is_refused_with_its_address():
    grown = rewritten(table(["a", "XX"]), "xl/sharedStrings.xml", lambda text: text.replace(b"XX", b"x" * 32_768))
    assert "表, cell B1" in refusal(grown)
    bloated = rewritten(table(["a", "XX"]), "xl/sharedStrings.xml", lambda text: text.replace(b"XX", b"x" * 900_000))
    assert "32,767" in refusal(bloated)
    fits = rewritten(table(["a", "XX"]), "xl/sharedStrings.xml", lambda text: text.replace(b"XX", b"x" * 32_767))
    assert len(read_sheets(fits)[0].rows[0][1]) == 32_767


def test_formulas_are_refused_with_their_cell_unless_allowed():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["kg", 3])
        sheet.write_formula(2, 1, "=SUM(B1:B2)", None, 3)

    file = workbook(fill)
    assert "cell B3" in refusal(file)
    assert read_sheets(file, formulas_allowed=True)[0].rows[2][1] == 3


def test_drop_downs_and_coloured_cells_are_no_formulas():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write(0, 0, "是")
        sheet.data_validation(0, 0, 9, 0, {"validate": "list", "source": ["是", "否"]})
        sheet.conditional_format("A1:A9", {"type": "formula", "criteria": "=A1=1", "format": book.add_format()})

    assert read_sheets(workbook(fill))[0].rows == [["是"]]


def test_merged_cells_are_refused_only_where_data_stand():
    def fill(book):
        sheet = book.add_worksheet("表")
        sheet.merge_range("A1:C1", "title")
        sheet.write_row(1, 0, ["a", "b", "c"])
        sheet.merge_range("B3:B5", "x")

    file = workbook(fill)
    (sheet,) = read_sheets(file)
    refuse_merged(file, sheet, first=1, last=1)
    with pytest.raises(UnreadableFile, match="cell B3"):
        refuse_merged(file, sheet, first=2)


def test_cells_headings_and_lines_as_text():
    assert cell_text(102900005115762.0) == "102900005115762"
    assert cell_text(3.5) == "3.5"
    assert cell_text("  桃　農 ") == "桃 農"
    assert cell_text("\u1103\u1161") == "다"
    assert heading_text("日　　期") == "日期"
    assert heading_text("销量（千克）") == "销量(千克)"
    assert line_text([dt.date(2024, 1, 5), "양파", -1.0, "", ""]) == "2024-01-05\t양파\t-1"
    assert find_heading([["title"], ["a", " b ", "a"]], ("a", "b")) == (1, {"a": 0, "b": 1})
    assert find_heading([["a"]], ("a", "b")) is None


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "empty"), (b"a,b\0\n", "not text"), (b"\xff\xfe\xfd", "not text"), (b'a,"b\n', "line 1"),
     (b"a," + b"x" * 40_000, "32,767")],
)  # fmt: skip
def test_bad_csv_is_named(content, says):
    with pytest.raises(UnreadableFile, match=says):
        read_csv_rows(RawFile("a.csv", content), ("utf-8-sig", "cp949"))


def test_csv_falls_back_to_the_second_encoding():
    assert read_csv_rows(RawFile("a.csv", "양파,1\n".encode("cp949")), ("utf-8-sig", "cp949")) == [["양파", "1"]]


@pytest.mark.shared
def test_every_real_workbook_is_read(shared_data):
    paths = sorted(path for folder in ("raw", "messy") for path in (shared_data / folder).rglob("*.xls*"))
    assert len(paths) == 16
    for path in paths:
        found = read_sheets(RawFile(path.name, path.read_bytes()))
        assert len(found[-1].rows) > 200, path.name


@pytest.mark.shared
def test_a_real_xls_cut_anywhere_is_refused(shared_data):
    content = (shared_data / "messy" / "tw_amis_export_title_rows_subtotal_ROC_dates.xls").read_bytes()
    for size in (600, 5_000, 100_000, 200_000):
        refusal(RawFile("cut.xls", content[:size]))
