"""A strange table opened by its mapping: CSV or workbook as numbered lines of cells, and the columns found."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from pipelines.feeds.base import RawFile
from pipelines.feeds.mapping_file import Mapping, nearest
from pipelines.feeds.sheets import LONGEST_CELL, Cell, Sheet, heading_text, is_blank, read_sheets
from pipelines.feeds.text import decode
from warning.errors import InvalidMapping, UnreadableFile

BOOKS: Final = (".xlsx", ".xlsm", ".xls")
_DELIMITERS: Final = ",;\t|"
_HEADING_WITHIN: Final = 30
"""Lines in which headings are looked for: titles, notes and dates stand above them, seldom more than ten."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its cells, empty ones ""; `number` is the sheet's row or the first physical line, from 1."""

    number: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """A table's lines from its first to its last."""

    file: str
    lines: list[Line]
    ragged: bool = False
    """Lines can have more or fewer cells than the headings (CSV)."""
    merged: dict[int, frozenset[int]] = field(default_factory=dict)
    """Columns (from 0) of each sheet row (from 1) whose value stands in the first cell of a merged range."""
    tall: frozenset[int] = frozenset()
    """Sheet rows that belong to a range over several rows."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the headings stand (index of the line, -1 for none) and the column (from 0) of each field."""

    index: int
    columns: dict[str, int]


def open_tables(file: RawFile, mapping: Mapping) -> Iterator[tuple[Table, Heading]]:
    """The table in a CSV or in the sheet that the mapping names; every visible sheet for `sheet = "*"`.

    Raises UnreadableFile for what cannot be read, InvalidMapping where sheet or headings are not there.
    """
    if not file.name.lower().endswith(BOOKS):
        table = _csv_table(file, mapping)
        yield table, find_heading(table, mapping)
        return
    sheets = read_sheets(file, formulas_allowed=mapping.stored_formulas)
    for sheet in _chosen(file, sheets, mapping):
        name = f"{file.name}#{sheet.name}" if mapping.sheet == "*" else file.name
        table = _sheet_table(name, sheet)
        yield table, find_heading(table, mapping)


def find_heading(table: Table, mapping: Mapping) -> Heading:
    """The mapped columns of `table`; InvalidMapping names a missing heading, those that exist, and the nearest."""
    wanted = {name: heading_text(one) for name, one in mapping.columns.items() if isinstance(one, str)}
    columns = {name: one - 1 for name, one in mapping.columns.items() if isinstance(one, int)}
    if not wanted:
        return Heading((mapping.heading_row or 0) - 1, columns)
    index = _heading_index(table, set(wanted.values()), mapping)
    names = [heading_text(cell) for cell in table.lines[index].cells]
    where = f"{table.file}, line {table.lines[index].number}"
    for name, heading in wanted.items():
        if heading not in names:
            there = [one for one in names if one]
            what = f"'columns.{name}': there is no column {mapping.columns[name]!r}{nearest(heading, there)}"
            raise InvalidMapping(what, where=where, todo=f"use one of {', '.join(there)[:500]}")
        if names.count(heading) > 1:
            at = ", ".join(str(place + 1) for place, one in enumerate(names) if one == heading)
            what = f"'columns.{name}': {heading!r} stands over several columns ({at})"
            raise InvalidMapping(what, where=where, todo="give the column's number instead of its heading")
        columns[name] = names.index(heading)
    return Heading(index, columns)


def widths(table: Table, heading: Heading) -> tuple[int, int]:
    """(fewest, most) cells of a whole line: up to the last named column, and with the unnamed ones behind it."""
    if heading.index >= 0:
        cells = table.lines[heading.index].cells
        named = [place for place, cell in enumerate(cells) if heading_text(cell)]
        return max(named, default=-1) + 1, len(cells)
    lengths = [len(line.cells) for line in table.lines[:_HEADING_WITHIN]]
    usual = max(lengths, key=lengths.count, default=0)
    return usual, usual


def _heading_index(table: Table, wanted: set[str], mapping: Mapping) -> int:
    if not table.lines:
        raise UnreadableFile("the table has no lines", where=table.file, todo="export it again")
    if mapping.heading_row is None:
        return _best_line(table.lines, wanted)
    for index, line in enumerate(table.lines):
        if line.number == mapping.heading_row:
            return index
    what = f"'heading_row' is {mapping.heading_row}, but no line of the table begins there"
    raise InvalidMapping(what, where=table.file, todo="count rows from 1, or leave the key out")


def _best_line(lines: Sequence[Line], wanted: set[str]) -> int:
    """The line among the first in which most of the wanted headings stand; of equals the fullest, then the first."""

    def merit(index: int) -> tuple[int, int, int]:
        names = [heading_text(cell) for cell in lines[index].cells]
        return len(wanted.intersection(names)), sum(1 for name in names if name), -index

    return max(range(min(len(lines), _HEADING_WITHIN)), key=merit)


def _chosen(file: RawFile, sheets: list[Sheet], mapping: Mapping) -> list[Sheet]:
    visible = [sheet for sheet in sheets if not sheet.hidden]
    filled = [sheet for sheet in visible or sheets if any(not is_blank(row) for row in sheet.rows)]
    if mapping.sheet == "*" and filled:
        return filled
    if mapping.sheet is None:
        if not filled:
            raise UnreadableFile("the workbook's sheets are empty", where=file.name, todo="export the table again")
        wanted = {heading_text(one) for one in mapping.columns.values() if isinstance(one, str)}
        return [max(filled, key=lambda sheet: _headings_in(sheet, wanted))]
    for number, sheet in enumerate(sheets, start=1):
        if mapping.sheet in (number, sheet.name):
            return [sheet]
    names = [sheet.name for sheet in sheets]
    what = f"'sheet': there is no sheet {mapping.sheet!r}{nearest(str(mapping.sheet), names)}"
    raise InvalidMapping(what, where=file.name, todo=f"use one of {', '.join(names)}")


def _headings_in(sheet: Sheet, wanted: set[str]) -> int:
    return max(len(wanted.intersection(map(heading_text, row))) for row in sheet.rows[:_HEADING_WITHIN])


def _sheet_table(name: str, sheet: Sheet) -> Table:
    covered: dict[int, set[int]] = {}
    tall: set[int] = set()
    for (top, left), (bottom, right) in sheet.merged:
        for row in range(top, min(bottom, len(sheet.rows) - 1) + 1):
            covered.setdefault(row + 1, set()).update(range(left + (row == top), right + 1))
        if bottom > top:
            tall.update(range(top + 1, bottom + 2))
    lines = [Line(number, row) for number, row in enumerate(sheet.rows, start=1)]
    merged = {row: frozenset(columns) for row, columns in covered.items()}
    return Table(name, lines, merged=merged, tall=frozenset(tall))


def _csv_table(file: RawFile, mapping: Mapping) -> Table:
    text = decode(file.content, encoding=mapping.encoding, where=file.name)
    delimiter = mapping.delimiter or _sniffed(text, mapping)
    lines = list(_csv_lines(file, text, delimiter, mapping.quote))
    return Table(file.name, lines, ragged=True)


def _wanted(mapping: Mapping) -> set[str]:
    return {heading_text(one) for one in mapping.columns.values() if isinstance(one, str)}


def _csv_lines(file: RawFile, text: str, delimiter: str, quote: str) -> Iterator[Line]:
    source = io.StringIO(text, newline="")
    if quote:
        reader = csv.reader(source, delimiter=delimiter, quotechar=quote, strict=True)
    else:
        reader = csv.reader(source, delimiter=delimiter, quotechar=None, quoting=csv.QUOTE_NONE, strict=True)
    start = 1
    try:
        for cells in reader:
            if max(map(len, cells), default=0) > LONGEST_CELL:
                what = f"a cell holds more than {LONGEST_CELL:,} characters"
                todo = "shorten it, or look for a quotation mark left open"
                raise UnreadableFile(what, where=f"{file.name}, line {start}", todo=todo)
            yield Line(start, cells)
            start = reader.line_num + 1
    except csv.Error as error:
        todo = 'close the quotation mark, or say `quote = ""` in the mapping where they are plain letters'
        raise UnreadableFile(f"this is not CSV ({error})", where=f"{file.name}, line {start}", todo=todo) from error


def _sniffed(text: str, mapping: Mapping) -> str:
    """The delimiter under which most of the mapped headings are found; without headings, the most even one."""
    first = list(islice(io.StringIO(text), _HEADING_WITHIN))
    wanted = _wanted(mapping)

    def merit(delimiter: str) -> tuple[int, int]:
        rows = [[heading_text(cell.strip(mapping.quote)) for cell in line.split(delimiter)] for line in first]
        widths = [len(row) for row in rows if len(row) > 1]
        most = max((widths.count(width) * width for width in widths), default=0)
        return max((len(wanted.intersection(row)) for row in rows), default=0), most

    return max(_DELIMITERS, key=merit)
