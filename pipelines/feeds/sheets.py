"""Workbooks (.xlsx, .xlsm and true BIFF .xls) as rows of cells, refused with a reason where they cannot be read.

Everything a workbook can do to a reader is settled here, before a feed sees a cell:

- not a workbook, empty, truncated, encrypted: UnreadableFile says which and what to do;
- an archive that unpacks to far more than it is (zip bomb), or two cells so far apart that the rows between
  them would fill the memory: refused before calamine unpacks anything;
- a cell longer than Excel's own 32,767 characters is refused with its address;
- formulas are refused by default (.xlsx): what they would give is not in the file when a program wrote it, and
  calamine cannot tell a value that was never worked out from an empty cell. In .xls the stored value is read;
- merged cells are given as ranges (`Sheet.merged`): only the first cell of a range holds the value, so a feed
  whose data rows may be merged calls `refuse_merged` on the part below its headings.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import python_calamine as calamine

from pipelines.feeds.base import RawFile
from warning.errors import UnreadableFile

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
Row = list[Cell]
Merged = tuple[tuple[int, int], tuple[int, int]]

MOST_ROWS: Final = 1_048_576
MOST_CELLS: Final = 20_000_000
LONGEST_CELL: Final = 32_767
"""The three limits: rows and characters are Excel's own; cells are what fits into the memory of a small server."""
MOST_UNPACKED: Final = 512 * 1024 * 1024
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = tuple(name.encode("utf-16-le") for name in ("EncryptedPackage", "EncryptionInfo"))
_HUGE_TEXT: Final = re.compile(b"<[^<]{%d}" % (4 * LONGEST_CELL))
"""In UTF-8 a character has at most four bytes."""
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s>/]")
_ADDRESS: Final = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3}\d{1,7})"')
_COLUMN: Final = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]+)')
_ROW: Final = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="(\d+)"')


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: `rows[i]` is the sheet's row i + 1, empty cells are ""."""

    name: str
    rows: list[Row]
    hidden: bool = False
    merged: tuple[Merged, ...] = ()
    """((first row, first column), (last row, last column)), counted from 0, both ends included."""


def read_sheets(file: RawFile, *, formulas_allowed: bool = False) -> list[Sheet]:
    """All worksheets in their order, hidden ones too; chart and macro sheets are left out.

    Raises UnreadableFile with what to do for everything the module's docstring names.
    """
    _check_bytes(file, formulas_allowed)
    try:
        with calamine.load_workbook(io.BytesIO(file.content)) as book:
            kinds = [meta for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]
            sheets = [_sheet(file, book.get_sheet_by_name(meta.name), meta) for meta in kinds]
    except calamine.PasswordError as error:
        raise _protected(file) from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        todo = "open it in a spreadsheet program and save it again as .xlsx, or fetch it again"
        raise _refused(file, f"the workbook is damaged or cut off ({error})", todo) from error
    except BaseException as error:
        # A panic of the Rust reader (a bug met by damaged bytes) is no Exception, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        todo = "open it in a spreadsheet program and save it again as .xlsx, or fetch it again"
        raise _refused(file, "the workbook is damaged: the reader gave up", todo) from error
    if not sheets:
        raise _refused(file, "the workbook has no worksheet", "export the table again")
    return sheets


def cell_text(cell: Cell) -> str:
    """What a cell says, as text: NFC, full-width and doubled spaces made one, `104.0` as `104`, days as ISO."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    return " ".join(unicodedata.normalize("NFC", str(cell)).split())


def line_text(row: Sequence[Cell]) -> str:
    """A row as kept with its rejection: tab between cells, empty ones at the end left out, 500 characters at most."""
    return "\t".join(cell_text(cell) for cell in row).rstrip("\t")[:500].replace("\0", " ")


def is_blank(row: Sequence[Cell]) -> bool:
    """Whether nothing but spaces stands in the row."""
    return all(isinstance(cell, str) and not cell.strip() for cell in row)


def heading_text(cell: Cell) -> str:
    """A heading without any space and in NFKC, so that `日　　期` and 日期, `（千克）` and `(千克)` are the same."""
    return "".join(unicodedata.normalize("NFKC", cell_text(cell)).split())


def find_heading(rows: Sequence[Sequence[Cell]], wanted: Iterable[str]) -> tuple[int, dict[str, int]] | None:
    """The first row in which all `wanted` headings stand, with the column of every heading (the first of its name).

    Returns None where no row has them. `wanted` is given as `heading_text` would give it.
    """
    needed = set(wanted)
    for number, row in enumerate(rows):
        names = [heading_text(cell) for cell in row]
        if needed.issubset(names):
            return number, {name: names.index(name) for name in dict.fromkeys(names) if name}
    return None


def refuse_merged(file: RawFile, sheet: Sheet, *, first: int, last: int | None = None) -> None:
    """Raise UnreadableFile where cells are merged in the rows `first` to `last` (from 0, both included)."""
    for (top, left), (bottom, _) in sheet.merged:
        if bottom >= first and (last is None or top <= last):
            where = f"{file.name}, sheet {sheet.name}, cell {_letters(left)}{top + 1}"
            todo = "unmerge the cells, write the value into each row, and send the workbook again"
            raise UnreadableFile("cells are merged among the data rows", where=where, todo=todo)


def _sheet(file: RawFile, source: calamine.CalamineSheet, meta: calamine.SheetMetadata) -> Sheet:
    rows, columns = (0, 0) if source.end is None else (source.end[0] + 1, source.end[1] + 1)
    _check_size(file, meta.name, rows, columns)
    table: list[Row] = source.to_python(skip_empty_area=False)
    for number, row in enumerate(table):
        if max((len(cell) for cell in row if type(cell) is str), default=0) > LONGEST_CELL:
            column = next(i for i, cell in enumerate(row) if isinstance(cell, str) and len(cell) > LONGEST_CELL)
            raise _huge_cell(file, f"{meta.name}, cell {_letters(column)}{number + 1}")
    hidden = meta.visible != calamine.SheetVisibleEnum.Visible
    return Sheet(meta.name, table, hidden, tuple(source.merged_cell_ranges or ()))


def _check_bytes(file: RawFile, formulas_allowed: bool) -> None:
    content = file.content
    if not content.strip(b"\0 \r\n\t"):
        raise _refused(file, "the file is empty", "export or fetch it again")
    if content.startswith(_OLE):
        if any(name in content for name in _ENCRYPTED):
            raise _protected(file)
        return
    if not content.startswith(b"PK"):
        start = content[:64].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
        looks = "a web page" if start.startswith((b"<!doc", b"<html", b"<table", b"<meta")) else "not a workbook"
        todo = "open it in a spreadsheet program and save it as .xlsx (a CSV must be named .csv)"
        raise _refused(file, f"the file is {looks}, whatever its name says", todo)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_archive(file, archive, formulas_allowed)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise _refused(file, f"the workbook is damaged or cut off ({error})", "export or fetch it again") from error


def _check_archive(file: RawFile, archive: zipfile.ZipFile, formulas_allowed: bool) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise _protected(file)
    if not any(name.lower().endswith("xl/workbook.xml") for name in names):
        raise _refused(file, "the archive holds no Excel workbook (.xlsx)", "save the table as .xlsx")
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        limit = f"{MOST_UNPACKED // 1024**2} MB"
        raise _refused(file, f"the workbook unpacks to more than {limit}", "split it into several workbooks")
    for part in parts:
        # Reading each part also finds sizes that lie: zipfile reads as much as declared and checks the sum.
        text = archive.read(part)
        if part.filename.lower().endswith(".xml"):
            _check_part(file, part.filename, text, formulas_allowed)


def _check_part(file: RawFile, name: str, text: bytes, formulas_allowed: bool) -> None:
    # Calamine would copy such a text into every cell that refers to it.
    if _HUGE_TEXT.search(text):
        raise _huge_cell(file, name)
    if "worksheets/" not in name:
        return
    columns = max(map(_number, {match[1] for match in _COLUMN.finditer(text)}), default=0)
    _check_size(file, name, max(map(int, _ROW.findall(text)), default=0), columns)
    formula = None if formulas_allowed else _FORMULA.search(text)
    if formula:
        cells = _ADDRESS.findall(text, 0, formula.start())
        where = f"{file.name}, {name.rsplit('/', 1)[-1]}" + (f", cell {cells[-1].decode()}" if cells else "")
        todo = "copy the table and paste it as values, then send the workbook again"
        raise UnreadableFile("the workbook carries formulas", where=where, todo=todo)


def _check_size(file: RawFile, sheet: str, rows: int, columns: int) -> None:
    if rows > MOST_ROWS or rows * columns > MOST_CELLS:
        what = f"the sheet reaches to row {rows:,} and column {columns:,}: more than can be read"
        todo = "delete what stands far from the table, or split the workbook"
        raise UnreadableFile(what, where=f"{file.name}, {sheet}", todo=todo)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _refused(file: RawFile, what: str, todo: str) -> UnreadableFile:
    return UnreadableFile(what, where=file.name, todo=todo)


def _protected(file: RawFile) -> UnreadableFile:
    return _refused(file, "the workbook is protected by a password", "save it without a password and send it again")


def _huge_cell(file: RawFile, where: str) -> UnreadableFile:
    what = f"a cell holds more than {LONGEST_CELL:,} characters"
    return UnreadableFile(what, where=f"{file.name}, {where}", todo="shorten or empty the cell")
