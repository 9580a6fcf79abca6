"""The township report workbook: stock, harvest, sales, prices and cost, one row a lot (see `changxiao template`).

- The sheet is known by its headings, wherever it stands; columns may be moved, and left out unless marked with *.
- Weights are tonnes; prices and fees are per 公斤 or 斤 as the head says, and come out per kg.
- Rows in which nothing but township, product, lot, day and reporter is filled in are blank: a person has not come
  to them yet.
- Names are the workbook's own; whether there is such a township or product is the ingest's to say.
- Rejected, with a detail in Chinese for the person who filled it in: a missing township, product or day, a day to
  come, a negative amount, a harvest that ends before it begins, a share outside 0 to 1, more sold than there was,
  the same lot twice.
- Merged cells among the rows, and formulas, refuse the workbook: what they would give is not in the file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipelines.feeds.answer import LineRefused
from pipelines.feeds.base import RAW_COLUMNS, Batch, Feed, RawFile, ReadOptions, Rejected
from pipelines.feeds.sheets import Cell, Sheet, heading_text, is_blank, line_text, read_sheets, refuse_merged
from pipelines.feeds.township_cells import report_in
from pipelines.feeds.township_columns import BY_HEADING, COLUMNS, PREFILLED, PRICE_UNIT, PRICE_UNITS, Column, Holds
from warning.errors import UnreadableFile

if TYPE_CHECKING:
    import pandas as pd

_TODO: Final = "write a fresh workbook with `changxiao template`, fill it in, and give that"
_NEEDED: Final = frozenset(column.name for column in COLUMNS if column.needed)


@dataclass(frozen=True, slots=True)
class _Form:
    """The report sheet: index of the heading row, column of each field, kilograms in the unit of its prices."""

    sheet: Sheet
    heading: int
    places: dict[str, int]
    unit_kg: float


def read(files: Iterable[RawFile], options: ReadOptions) -> Iterator[Batch]:
    """One batch a workbook, all of it in `Batch.reports`; UnreadableFile where it is not our template."""
    for file in files:
        yield _batch(file, _form(file), options.today)


def _form(file: RawFile) -> _Form:
    sheets = read_sheets(file)
    for sheet in sheets:
        for number, row in enumerate(sheet.rows[:20]):
            places = _places(row)
            if places.keys() >= _NEEDED:
                refuse_merged(file, sheet, first=number)
                return _Form(sheet, number, places, _unit_kg(file, sheet, number))
    best = max((_places(row) for sheet in sheets for row in sheet.rows[:20]), key=len, default={})
    missing = "、".join(column.heading for column in COLUMNS if column.needed and column.name not in best)
    what = f"this is not the township report of `changxiao template`: the headings {missing} are missing"
    raise UnreadableFile(what, where=file.name, todo=_TODO)


def _places(row: Sequence[Cell]) -> dict[str, int]:
    """The columns that a heading row names; units in brackets and the mark * do not count."""
    places: dict[str, int] = {}
    for place, cell in enumerate(row):
        column = BY_HEADING.get(heading_text(cell).partition("(")[0].rstrip("*"))
        if column is not None:
            places.setdefault(column.name, place)
    return places


def _unit_kg(file: RawFile, sheet: Sheet, heading: int) -> float:
    """Kilograms in the price unit that stands right of 价格单位 above the headings."""
    for row in sheet.rows[:heading]:
        words = [heading_text(cell).removesuffix(":") for cell in row]
        if PRICE_UNIT in words:
            unit = next((word for word in words[words.index(PRICE_UNIT) + 1 :] if word), "")
            if unit in PRICE_UNITS:
                return PRICE_UNITS[unit]
            what = f"{PRICE_UNIT} is {unit!r}"
            todo = f"choose {' or '.join(PRICE_UNITS)} from the list beside {PRICE_UNIT}"
            raise UnreadableFile(what, where=f"{file.name}, sheet {sheet.name}", todo=todo)
    where = f"{file.name}, sheet {sheet.name}"
    raise UnreadableFile(f"the head does not say {PRICE_UNIT}", where=where, todo=_TODO)


def _batch(file: RawFile, form: _Form, today: dt.date) -> Batch:
    import pandas as pd

    rows = form.sheet.rows
    reports: list[dict[str, object]] = []
    batch = Batch(len(rows), pd.DataFrame(columns=list(RAW_COLUMNS)), non_data={"heading": 1})
    if form.heading:
        batch.non_data["title"] = form.heading
    seen: dict[tuple[object, ...], int] = {}
    for number, row in enumerate(rows[form.heading + 1 :], start=form.heading + 2):
        cells = {name: row[place] for name, place in form.places.items()}
        if all(is_blank([cell]) for name, cell in cells.items() if name not in PREFILLED):
            batch.non_data["blank"] = batch.non_data.get("blank", 0) + 1
            continue
        try:
            report = report_in(cells, unit_kg=form.unit_kg, today=today)
            _refuse_repeated(report, seen, number)
        except LineRefused as refusal:
            rejected = Rejected(file.name, number, refusal.reason, refusal.detail, line_text(row))
            batch.rejected.append(rejected)
        else:
            reports.append({"file": file.name, "line": number, **report})
    batch.reports = _frame(reports)
    return batch


def _refuse_repeated(report: dict[str, object], seen: dict[tuple[object, ...], int], number: int) -> None:
    key = tuple(report[name] for name in ("township", "product", "lot", "day"))
    if key in seen:
        raise LineRefused("repeated_lot", f"与第 {seen[key]} 行重复（乡镇、品种、批次、日期相同）；请合并，或写明批次")
    seen[key] = number


def _frame(reports: list[dict[str, object]]) -> pd.DataFrame:
    """Reports as a frame: text str, days datetime64 with NaT, amounts float with NaN, choices nullable boolean."""
    import pandas as pd

    frame = pd.DataFrame(reports, columns=["file", "line", *(column.name for column in COLUMNS)])
    types = {column.name: _dtype(column) for column in COLUMNS}
    for name in (column.name for column in COLUMNS if column.holds is Holds.DAY):
        frame[name] = pd.to_datetime(frame[name])
    return frame.astype({"file": "str", "line": "int64", **types})


def _dtype(column: Column) -> str:
    kinds = {Holds.TEXT: "str", Holds.DAY: "datetime64[us]", Holds.CHOICE: "boolean"}
    return kinds.get(column.holds, "float64")


FEED = Feed(
    id="township",
    title_zh="乡镇产销情况填报表",
    title_en="Township report workbook",
    country="CN",
    timezone="Asia/Shanghai",
    reads="the workbook that `changxiao template` writes, filled in: stock, harvest, sales, prices and cost by lot",
    suffixes=(".xlsx", ".xlsm"),
    read=read,
    currency="CNY",
    usual_lag=dt.timedelta(days=1),
    stale_after=dt.timedelta(days=14),
)
