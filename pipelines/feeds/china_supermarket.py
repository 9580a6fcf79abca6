"""A Chinese supermarket's vegetable workbooks: item names, wholesale cost per kg, daily net sales in kg.

One upload holds several workbooks, read together and told apart by their headings, never by their names:

- 附件1: 单品编码, 单品名称, 分类编码, 分类名称: the items' names. Lookup; without it nothing can be read.
- 附件3: 销售日期, 单品编码, 批发价格: what the shop paid per kg: rows of kind `cost`, price only.
- 附件4: 损耗率 by item, and on a hidden first sheet by category. Lookup, not used.
- daily sales: 销售日期, 单品编码, 销量(千克): net of returns: rows of kind `retail`, volume only. On a negative day
  more came back than was sold: rejected, `negative_volume`.
- 附件2 (the till's log, a line for every sale) is refused: its lines are no days.

Names with a number behind them (净藕(1), 净藕(2)) are one product under several codes: the number goes, and the
variety is the item code, always. An item without a name is rejected, `unknown_item`.

Items sold by the pack say so at the end of their names or in brackets ((份), (盒), (250克), 手提袋): what is called
千克 in their lines is pieces, and the price is per piece: rejected, `unit_per_piece`. 娃娃菜 and a few others do not
say so, but are never sold in anything but whole numbers on 30 days or more: the same outcome, where the sales are
in the upload.

A line is a row of the sheet. The market is `某商超` unless given as the constant `market`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pipelines.feeds.base import RAW_COLUMNS, Batch, Feed, RawFile, ReadOptions, Rejected
from pipelines.feeds.sheets import (
    Cell,
    Row,
    Sheet,
    cell_text,
    find_heading,
    is_blank,
    line_text,
    read_sheets,
    refuse_merged,
)
from warning.catalog import PriceKind
from warning.errors import UnreadableFile

if TYPE_CHECKING:
    import pandas as pd

MARKET: Final = "某商超"
ITEM, NAME, DAY, COST, SALES = "单品编码", "单品名称", "销售日期", "批发价格", "销量"
FEWEST_WHOLE_DAYS: Final = 30
"""Days sold in whole numbers only that make an item one sold by the piece: by weight, 30 are beyond chance."""
_UNITS: Final = "份盒袋包把个朵棵颗根只支瓶罐箱捆"
_PIECE: Final = re.compile(rf"\([^()]*(?:[{_UNITS}]|\d+(?:克|g|千克|kg))\)|[份盒袋包把]$", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"\(\d+\)$")
_DAY: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]0?0:00(?::00)?)?")
_KINDS: Final = (
    ("log", ("扫码销售时间", ITEM)),
    ("cost", (DAY, ITEM, COST)),
    ("sales", (DAY, ITEM, SALES)),
    ("items", (ITEM, NAME, "分类编码")),
    ("loss", (ITEM, "损耗率")),
    ("loss", ("小分类编码", "小分类名称")),
)


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet that was recognised: which of the workbooks' tables it is, and where its columns stand."""

    file: RawFile
    kind: str
    sheet: Sheet
    heading: int
    columns: dict[str, int]

    @property
    def body(self) -> list[Row]:
        return self.sheet.rows[self.heading + 1 :]

    def column(self, name: str) -> list[Cell]:
        place = self.columns[name]
        return [row[place] for row in self.body]

    def number_column(self) -> list[Cell]:
        return self.column(COST if self.kind == "cost" else SALES)


def read(files: Iterable[RawFile], options: ReadOptions) -> Iterator[Batch]:
    """One batch per sheet. All workbooks are recognised before the first batch is given."""
    tables = [table for file in files for table in _recognised(file)]
    names = {
        _code(code): cell_text(name)
        for table in tables
        if table.kind == "items"
        for code, name in zip(table.column(ITEM), table.column(NAME), strict=True)
    }
    kinds = {table.kind for table in tables}
    if "items" not in kinds and kinds & {"cost", "sales"}:
        where = ", ".join(dict.fromkeys(table.file.name for table in tables))
        what = "the workbook of item names is missing (附件1: 单品编码, 单品名称, 分类编码, 分类名称)"
        raise UnreadableFile(what, where=where, todo="upload it together with the others, in one folder or .zip")
    whole = _sold_whole([table for table in tables if table.kind == "sales"])
    for table in tables:
        yield _facts(table, names, whole, options) if table.kind in ("cost", "sales") else _lookup(table)


def _recognised(file: RawFile) -> list[_Table]:
    tables = []
    for sheet in read_sheets(file):
        if not sheet.rows:
            continue
        table = _table(file, sheet)
        if table is None:
            what = f"sheet {sheet.name} has the headings of none of 附件1, 附件3, 附件4 and the daily sales"
            raise UnreadableFile(what, where=file.name, todo="upload those workbooks unchanged, and no other")
        if table.kind == "log":
            what = "this is the till's log (附件2, a line for every sale), not sales by day"
            raise UnreadableFile(what, where=file.name, todo="sum 销量 by 销售日期 and 单品编码 and upload that")
        tables.append(table)
    return tables


def _table(file: RawFile, sheet: Sheet) -> _Table | None:
    bare = [[re.sub(r"\s*[(（].*", "", cell_text(cell)) for cell in row] for row in sheet.rows[:20]]
    for kind, wanted in _KINDS:
        found = find_heading(bare, wanted)
        if found is not None:
            if kind in ("cost", "sales", "items"):
                refuse_merged(file, sheet, first=found[0] + 1)
            return _Table(file, kind, sheet, *found)
    return None


def _lookup(table: _Table) -> Batch:
    blank = sum(map(is_blank, table.body))
    non_data = {"title": table.heading, "heading": 1, "blank": blank, "lookup": len(table.body) - blank}
    return Batch(len(table.sheet.rows), _rows({}, table), [], {kind: n for kind, n in non_data.items() if n})


def _facts(table: _Table, names: dict[str, str], whole: frozenset[str], options: ReadOptions) -> Batch:
    codes, days, values = _decoded(table)
    blank = np.fromiter(map(is_blank, table.body), dtype=bool, count=len(table.body))
    what = "price" if table.kind == "cost" else "volume"
    packed = {code for code in set(codes) if _PIECE.search(names.get(code, "")) or code in whole}
    left, rejected = ~blank, []
    for wrong, reason, detail in (
        (np.isnat(days), "bad_date", "销售日期 is not a day"),
        (~np.isin(codes, list(names)), "unknown_item", "the item code has no name in 附件1"),
        (~np.isfinite(values), f"bad_{what}", f"the {what} is not a number"),
        (values < 0, f"negative_{what}", f"the {what} is below zero (returns are booked as negative sales)"),
        ((values == 0) & (what == "price"), "no_price", "the price is 0"),
        (np.isin(codes, list(packed)), "unit_per_piece", "the item is sold by the piece, not by weight"),
    ):
        rejected += _rejections(table, left & wrong, reason, detail)
        left &= ~wrong
    non_data = {"title": table.heading, "heading": 1, "blank": int(blank.sum())}
    kept = {
        "line": np.flatnonzero(left) + table.heading + 2,
        "product": [_NUMBERED.sub("", names[code]).strip() for code in codes[left]],
        "variety": codes[left],
        "market": options.constants.get("market", MARKET),
        "region": options.constants.get("region", ""),
        "date": days[left],
        what: values[left],
    }
    non_data = {kind: n for kind, n in non_data.items() if n}
    return Batch(len(table.sheet.rows), _rows(kept, table), sorted(rejected, key=lambda r: r.line), non_data)


def _decoded(table: _Table) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Item codes, days (NaT where none) and numbers (NaN where none) of the table's body."""
    raw_codes, raw_days = table.column(ITEM), table.column(DAY)
    code_of, day_of = {cell: _code(cell) for cell in set(raw_codes)}, {cell: _day(cell) for cell in set(raw_days)}
    codes = np.array([code_of[cell] for cell in raw_codes], dtype=object)
    days = np.array([day_of[cell] for cell in raw_days], dtype="datetime64[D]")
    return codes, days, np.array([_number(cell) for cell in table.number_column()], dtype=float)


def _sold_whole(tables: list[_Table]) -> frozenset[str]:
    """Codes of the items never sold in anything but whole numbers, on `FEWEST_WHOLE_DAYS` days or more."""
    sold: dict[str, list[bool]] = {}
    for table in tables:
        codes, _, values = _decoded(table)
        for code, is_whole in zip(codes, values % 1 == 0, strict=True):
            sold.setdefault(code, []).append(bool(is_whole))
    return frozenset(code for code, days in sold.items() if len(days) >= FEWEST_WHOLE_DAYS and all(days))


def _rejections(table: _Table, wrong: np.ndarray, reason: str, detail: str) -> list[Rejected]:
    numbers = (np.flatnonzero(wrong) + table.heading + 1).tolist()
    return [Rejected(table.file.name, n + 1, reason, detail, line_text(table.sheet.rows[n])) for n in numbers]


def _rows(kept: dict[str, object], table: _Table) -> pd.DataFrame:
    """The frame of RAW_COLUMNS; what `kept` leaves out is empty."""
    import pandas as pd

    lines = kept.get("line", ())
    count = len(lines) if isinstance(lines, Sized) else 0
    cost = table.kind == "cost"
    fixed = {
        "file": table.file.name,
        "currency": "CNY" if cost else "",
        "price_unit": "千克" if cost else "",
        "volume_unit": "" if cost else "千克",
        "kind": (PriceKind.COST if cost else PriceKind.RETAIL).value,
    }
    frame = pd.DataFrame({"line": np.zeros(count, dtype="int64")})
    for name in RAW_COLUMNS:
        value = kept.get(name, fixed.get(name, _EMPTY.get(name, "")))
        frame[name] = pd.Series(value, index=frame.index)
    frame["issued_at"] = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us, UTC]")
    types = {"line": "int64", "flags": "int64", "date": "datetime64[us]", "issued_at": "datetime64[us, UTC]"}
    types |= dict.fromkeys(("price", "price_low", "price_high", "volume"), "float64")
    return frame[list(RAW_COLUMNS)].astype({name: types.get(name, "category") for name in RAW_COLUMNS})


_EMPTY: Final[dict[str, object]] = {
    "line": 0, "flags": 0, "date": np.datetime64("NaT"), "issued_at": np.datetime64("NaT"),
    **dict.fromkeys(("price", "price_low", "price_high", "volume"), np.nan),
}  # fmt: skip


def _code(cell: Cell) -> str:
    return cell_text(cell)


def _day(cell: Cell) -> np.datetime64:
    if isinstance(cell, dt.date):
        return np.datetime64(cell, "D")
    match = _DAY.fullmatch(cell.strip()) if isinstance(cell, str) else None
    try:
        return np.datetime64(dt.date(*map(int, match.groups())), "D") if match else np.datetime64("NaT", "D")
    except ValueError:
        return np.datetime64("NaT", "D")


def _number(cell: Cell) -> float:
    if isinstance(cell, float):
        return cell
    try:
        return float(cell) if isinstance(cell, str | int) and not isinstance(cell, bool) else np.nan
    except ValueError:
        return np.nan


FEED = Feed(
    id="china-supermarket",
    title_zh="商超蔬菜批发进价与日销量(附件1、附件3、附件4、日销量)",
    title_en="A Chinese supermarket's vegetables: wholesale cost and daily net sales",
    country="CN",
    timezone="Asia/Shanghai",
    reads="the workbooks 附件1 (names), 附件3 (cost per kg), 附件4 (loss rates) and daily net sales in kg, together.",
    suffixes=(".xlsx", ".xls"),
    read=read,
    currency="CNY",
    kind=PriceKind.RETAIL,
    registers_markets=True,
    batch_key=lambda file: "china-supermarket",
)
