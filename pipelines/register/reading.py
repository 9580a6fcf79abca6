"""A register's workbook as entries: every faulty row is told at once, by sheet, row and column."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Final, TypeVar

from pipelines.feeds.answer import LineRefused
from pipelines.feeds.base import RawFile
from pipelines.feeds.sheets import Cell, Sheet, heading_text, is_blank, read_sheets, refuse_merged
from pipelines.feeds.township_cells import value_in
from pipelines.feeds.township_columns import Column
from pipelines.register.columns import COLUMNS, PLACES, QUOTAS, TAKEN, UNITS
from pipelines.register.entries import Entries, Register, Values, refuse_missing
from warning.absorption.distance import Place
from warning.absorption.units import AbsorbingUnit
from warning.catalog import Catalog
from warning.errors import InvalidEntry, UnreadableFile
from warning.names import NameIndex
from warning.store.responses import Response

HEADING_ROWS: Final = 10
"""The headings stand in one of the first rows."""
TOLD: Final = 100
TODO: Final = "write a fresh one with `changxiao units export`, fill it in, and import that"
MEND: Final = "改正后重新导入，整册都没有写入 · correct these and import again: nothing was written"
T = TypeVar("T")


def read_register(file: RawFile, catalog: Catalog) -> Register:
    """The register of a workbook's bytes.

    UnreadableFile where it is no such workbook; InvalidEntry with every faulty row (sheet, row, what is wrong).
    """
    sheets = {sheet.name.strip(): sheet for sheet in read_sheets(file)}
    known = [name for name in COLUMNS if name in sheets]
    if not known:
        what = f"there is none of the sheets {'、'.join(COLUMNS)}"
        raise UnreadableFile(what, where=file.name, todo=TODO)
    entries = Entries(catalog, NameIndex(catalog))
    told: list[str] = []
    units: list[AbsorbingUnit] = _rows(file, sheets, UNITS, entries.unit, lambda one: one.id, told)
    places: list[tuple[str, Place]] = _rows(file, sheets, PLACES, entries.place, lambda one: one[0], told)
    quotas = _rows(file, sheets, QUOTAS, entries.quota, lambda one: (one.unit_id, one.year), told)
    responses: list[Response] = _rows(file, sheets, TAKEN, entries.response, lambda one: one.key, told)
    if told:
        more = f"；另有 {len(told) - TOLD} 处" if len(told) > TOLD else ""
        raise InvalidEntry("；".join(told[:TOLD]) + more, where=file.name, todo=MEND)
    return Register(tuple(units), dict(places), tuple(quotas), tuple(responses))


def _rows(
    file: RawFile,
    sheets: dict[str, Sheet],
    name: str,
    make: Callable[[Values], T],
    key: Callable[[T], Hashable],
    told: list[str],
) -> list[T]:
    """The entries of one sheet; faults are added to `told`."""
    sheet = sheets.get(name)
    if sheet is None:
        return []
    columns = COLUMNS[name]
    heading, places = _heading(file, sheet, columns)
    refuse_merged(file, sheet, first=heading)
    found: list[T] = []
    seen: dict[Hashable, int] = {}
    for line, row in enumerate(sheet.rows[heading + 1 :], start=heading + 2):
        if is_blank(row):
            continue
        try:
            one = make(_values(columns, places, row))
        except LineRefused as refusal:
            told.append(f"“{name}”第 {line} 行：{refusal.detail}")
            continue
        if (first := seen.setdefault(key(one), line)) != line:
            told.append(f"“{name}”第 {line} 行：与第 {first} 行重复")
        found.append(one)
    return found


def _values(columns: Sequence[Column], places: dict[str, int], row: Sequence[Cell]) -> Values:
    values = {
        column.name: value_in(column, row[places[column.name]] if column.name in places else "") for column in columns
    }
    refuse_missing(tuple(columns), values)
    return values


def _heading(file: RawFile, sheet: Sheet, columns: Sequence[Column]) -> tuple[int, dict[str, int]]:
    """(index of the heading row, each column's place); headings are read with their units, the mark * aside."""
    wanted = {_plain(column.title): column.name for column in columns}
    needed = {column.name for column in columns if column.needed}
    best: dict[str, int] = {}
    for number, row in enumerate(sheet.rows[:HEADING_ROWS]):
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            if (name := wanted.get(_plain(cell))) is not None:
                places.setdefault(name, place)
        if places.keys() >= needed:
            return number, places
        best = max(best, places, key=len)
    missing = "、".join(column.title for column in columns if column.needed and column.name not in best)
    raise UnreadableFile(f"the headings {missing} are missing", where=f"{file.name}, sheet {sheet.name}", todo=TODO)


def _plain(text: Cell) -> str:
    return heading_text(text).replace("*", "")
