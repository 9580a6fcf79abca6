"""Taiwan AMIS exports 產品日交易行情: the official .xls (true BIFF) and CSV of the same columns.

- Any number of title rows stands before the heading row: product group, period (ROC, with the lunar days behind it),
  市場, 產品. Headings are padded with full-width spaces (日　　期). Merged CSVs have the heading alone, or repeat it.
- Dates are of the ROC calendar: 113/01/05 is 2024-01-05. A date outside the period of the title is flagged.
- A market is `104 台北二` or `338 桃　農`: the number and the padding go, the name stays, as in the open data.
- A product is `LA1 甘藍 初秋 `: code, product, variety (which may be absent). The variety kept is `LA1 初秋`.
- `price` is 平均價, low and high are 下價 and 上價; 中價 (the middle class) is not kept. Units are those of the
  headings: 元/公斤 and 公斤, for flowers 元/把, which the ingest refuses.
- The columns of change (`+ 63`, `  -  `, `-100`) and the nameless last column of zeros are not read.
- The last row is 小計 with zeros for sums: a subtotal, never data.
- Price 0 with a volume occurs (imported goods in 屏東): sold, price not noted; see `taiwan.quoted`.
- A line is a row of the sheet, or a line of the CSV.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.feeds.answer import Account, LineRefused
from pipelines.feeds.base import Batch, Feed, RawFile, ReadOptions
from pipelines.feeds.csv_rows import read_csv_rows
from pipelines.feeds.sheets import (
    Cell,
    Row,
    cell_text,
    find_heading,
    heading_text,
    is_blank,
    line_text,
    read_sheets,
    refuse_merged,
)
from pipelines.feeds.taiwan import CLOSED, market_name, quoted, roc_day, units
from warning.catalog import PriceKind
from warning.errors import UnreadableFile
from warning.quality import Quality

_NAMED: Final = ("日期", "市場", "產品", "上價", "下價")
_PRICE: Final = re.compile(r"平均價\(元/(.+)\)")
_VOLUME: Final = re.compile(r"交易量\((.+)\)")
_SUBTOTALS: Final = frozenset({"小計", "合計", "總計"})
_TITLES: Final = re.compile(r"交易日期[:：]|市場[:：]|產品[:：]|.*產品日交易行情")
_PERIOD: Final = re.compile(r"(\d{2,3}/\d{1,2}/\d{1,2})\s*[~～]\s*(\d{2,3}/\d{1,2}/\d{1,2})")
_PRODUCT: Final = re.compile(r"(?:([0-9A-Za-z]+)\s+)?(\S+)(?:\s+(.+))?")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns stand, what they are measured in, and the period that the titles state."""

    heading: int
    """Index of the heading row."""
    columns: dict[str, int]
    """日期, 市場, 產品, 上價, 下價, price, volume."""
    price_unit: str
    volume_unit: str
    period: tuple[dt.date, dt.date] | None = None

    def cell(self, row: Sequence[Cell], name: str) -> Cell:
        column = self.columns[name]
        return row[column] if column < len(row) else ""


def read(files: Iterable[RawFile], options: ReadOptions) -> Iterator[Batch]:
    """One batch per sheet that holds a table; a CSV is one sheet."""
    for file in files:
        found = False
        for rows in _tables(file):
            layout = layout_of(rows)
            if layout is not None:
                found = True
                yield read_rows(file, rows, layout)
        if not found:
            what = "no row has the headings 日期, 市場, 產品, 上價, 下價, 平均價(元/公斤), 交易量(公斤)"
            raise UnreadableFile(what, where=file.name, todo="export 產品日交易行情 from AMIS again, unchanged")


def _tables(file: RawFile) -> Iterator[list[Row]]:
    if file.path.suffix.lower() == ".csv":
        yield read_csv_rows(file, ("utf-8-sig", "cp950"))
        return
    for sheet in read_sheets(file):
        layout = layout_of(sheet.rows)
        if layout is not None:
            # The closing subtotal is merged in every export.
            body = [n for n, row in enumerate(sheet.rows) if n > layout.heading and not _is_subtotal(row)]
            if body:
                refuse_merged(file, sheet, first=body[0], last=body[-1])
        yield sheet.rows


def layout_of(rows: Sequence[Sequence[Cell]]) -> Layout | None:
    """The layout of a sheet, or None where it has no heading row."""
    found = find_heading(rows, _NAMED)
    if found is None:
        return None
    number, columns = found
    priced = next((match for name in columns if (match := _PRICE.fullmatch(name))), None)
    sold = next((match for name in columns if (match := _VOLUME.fullmatch(name))), None)
    if priced is None or sold is None:
        return None
    places = {name: columns[name] for name in _NAMED} | {"price": columns[priced[0]], "volume": columns[sold[0]]}
    return Layout(number, places, priced[1], sold[1], _period(rows[:number]))


def read_rows(file: RawFile, rows: Sequence[Row], layout: Layout) -> Batch:
    """Every row of a sheet as a row, a rejection or declared non-data."""
    account = Account(file, kind=PriceKind.AUCTION.value)
    closures: list[tuple[str, str, dt.date]] = []
    for number, row in enumerate(rows):
        kind = _non_data(number, row, layout)
        if kind:
            account.skip(kind)
            continue
        try:
            day = roc_day(layout.cell(row, "日期"))
            market = market_name(layout.cell(row, "市場"))
            if CLOSED in cell_text(layout.cell(row, "產品")):
                account.skip("closed_day")
                closures.append((market, "", day))
            else:
                account.accept(date=day, market=market, **_values(row, layout, day))
        except LineRefused as refusal:
            account.refuse(refusal, line_text(row))
    batch = account.batch()
    batch.closures = closures
    return batch


def _non_data(number: int, row: Row, layout: Layout) -> str:
    """The kind of non-data that the row is, "" for data."""
    if is_blank(row):
        return "blank"
    if number < layout.heading:
        return "title"
    if number == layout.heading:
        return "heading"
    first = heading_text(layout.cell(row, "日期"))
    if first == "日期":
        return "repeat_heading"
    if _is_subtotal(row):
        return "subtotal"
    return "title" if _TITLES.fullmatch(first) else ""


def _is_subtotal(row: Row) -> bool:
    return bool(row) and heading_text(row[0]) in _SUBTOTALS


def _values(row: Row, layout: Layout, day: dt.date) -> dict[str, object]:
    match = _PRODUCT.fullmatch(cell_text(layout.cell(row, "產品")))
    if match is None:
        raise LineRefused("no_product", "產品 is empty")
    numbers = quoted(
        low=layout.cell(row, "下價"),
        high=layout.cell(row, "上價"),
        average=layout.cell(row, "price"),
        volume=layout.cell(row, "volume"),
    )
    if layout.period and not layout.period[0] <= day <= layout.period[1]:
        numbers["flags"] = int(numbers["flags"]) | int(Quality.OUTSIDE_PERIOD)
    code, product, variety = match.groups(default="")
    names = {"product": product, "variety": f"{code} {variety}".strip()}
    return {**names, **numbers, **units(numbers, layout.price_unit, layout.volume_unit)}


def _period(titles: Sequence[Sequence[Cell]]) -> tuple[dt.date, dt.date] | None:
    """The first span of ROC days that the title rows state."""
    match = next((m for row in titles for cell in row if (m := _PERIOD.search(cell_text(cell)))), None)
    if match is None:
        return None
    try:
        return roc_day(match[1]), roc_day(match[2])
    except LineRefused:
        return None


FEED = Feed(
    id="taiwan-amis-export",
    title_zh="台湾农产品批发市场产品日交易行情(AMIS 导出)",
    title_en="Taiwan AMIS wholesale auctions: exported daily trade of a product",
    country="TW",
    timezone="Asia/Taipei",
    reads="AMIS exports 產品日交易行情 (.xls, .xlsx, .csv): average price TWD/kg and traded kg by variety and market.",
    suffixes=(".xls", ".xlsx", ".csv"),
    read=read,
    currency="TWD",
    kind=PriceKind.AUCTION,
    registers_markets=True,
)
