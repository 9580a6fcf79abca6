"""Arrivals at Seoul's Garak market (가락시장): workbooks of one product, a row a day, in tonnes.

- Columns: DATE, 품목명 (product), 총반입량 (total arrivals), 전일 and 전년 (the total of the day and of the year
  before), then the six corporations. Only the total is read: it is volume without a price.
- The total is rounded by itself: it differs from the sum of the corporations by 1 or 2 t on two days of five (never by
  more in the known files). The total is what counts; nothing is flagged.
- A total below zero (-1: a correction booked on a day without trade) is rejected, `negative_volume`. A corporation
  below zero in a positive total is part of that total and stays.
- There is no row for Sundays and holidays: those days are not collected, and no closure is stated.
- A total of zero is a row: the market was open (radish and cabbage have arrivals on the days on which onion has 0, the
  eves of 설 and 추석) or the product is out of season. It was **not on the market**: flag OFF_MARKET and no volume,
  because a 0 would be averaged.
- Names are Unicode in a workbook, composed or not (NFC, NFD); a CSV of the same columns is UTF-8 or CP949.
  The product is taken from the row, never from the file's name.
- A line is a row of the sheet.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pipelines.feeds.answer import Account, LineRefused, day_of, number_of
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
from warning.catalog import PriceKind
from warning.errors import UnreadableFile
from warning.quality import Quality

MARKET: Final = "가락시장"
_NAMED: Final = ("DATE", "품목명", "총반입량")


def read(files: Iterable[RawFile], options: ReadOptions) -> Iterator[Batch]:
    """One batch per sheet that holds the table; a CSV is one sheet."""
    for file in files:
        found = False
        for rows in _tables(file):
            heading = find_heading(rows, _NAMED)
            if heading is not None:
                found = True
                yield read_rows(file, rows, *heading)
        if not found:
            what = f"no row has the headings {', '.join(_NAMED)}"
            raise UnreadableFile(what, where=file.name, todo="upload the arrivals workbook (출하량) as it was exported")


def _tables(file: RawFile) -> Iterator[list[Row]]:
    if file.path.suffix.lower() == ".csv":
        yield read_csv_rows(file, ("utf-8-sig", "cp949"))
        return
    for sheet in read_sheets(file):
        heading = find_heading(sheet.rows, _NAMED)
        if heading is not None:
            refuse_merged(file, sheet, first=heading[0] + 1)
        yield sheet.rows


def read_rows(file: RawFile, rows: Sequence[Row], heading: int, columns: dict[str, int]) -> Batch:
    """Every row of a sheet as a row, a rejection or declared non-data."""
    account = Account(file, market=MARKET)
    for number, row in enumerate(rows):
        kind = _non_data(number, row, heading, columns)
        if kind:
            account.skip(kind)
            continue
        day, name, total = (row[columns[key]] if columns[key] < len(row) else "" for key in _NAMED)
        try:
            account.accept(**_values(day, name, total))
        except LineRefused as refusal:
            account.refuse(refusal, line_text(row))
    return account.batch()


def _non_data(number: int, row: Row, heading: int, columns: dict[str, int]) -> str:
    if is_blank(row):
        return "blank"
    if number < heading:
        return "title"
    if number == heading:
        return "heading"
    column = columns["DATE"]
    return "repeat_heading" if column < len(row) and heading_text(row[column]) == "DATE" else ""


def _values(day: Cell, name: Cell, total: Cell) -> dict[str, object]:
    product = cell_text(name)
    if not product:
        raise LineRefused("no_product", "품목명 is empty")
    volume = number_of(total.replace(",", "") if isinstance(total, str) else total, "총반입량 (volume)")
    if math.isnan(volume):
        raise LineRefused("no_volume", "총반입량 is empty")
    if volume < 0:
        raise LineRefused("negative_volume", f"총반입량 is {volume:g} t")
    row: dict[str, object] = {"date": _day(day), "product": product}
    if volume == 0:
        return {**row, "flags": int(Quality.OFF_MARKET)}
    return {**row, "volume": volume, "volume_unit": "tonne"}


def _day(cell: Cell) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    return cell if isinstance(cell, dt.date) else day_of(cell, "DATE")


FEED = Feed(
    id="korea-arrivals",
    title_zh="韩国可乐洞(가락)市场到货量",
    title_en="Arrivals at Garak market, Seoul",
    country="KR",
    timezone="Asia/Seoul",
    reads="workbooks (or CSV) of daily arrivals, a product each: DATE, 품목명, 총반입량 in tonnes; no prices.",
    suffixes=(".xlsx", ".xls", ".csv"),
    read=read,
    currency="KRW",
    kind=PriceKind.WHOLESALE,
    registers_markets=True,
)
