"""Any table by a mapping file: CSV or workbook, any headings, any unit of weight (docs/mapping.md).

- Text is decoded by byte order mark, UTF-8, GB18030, or as the mapping says; the delimiter is sniffed or given.
- Headings are looked for in the first 30 lines; what stands above is title, and a repeated heading is left out.
- A row whose date, product or market says 小计, 合计 … is a subtotal.
- Units stay as they are written (斤, 公斤, 吨, 担, quintal, and 件 too): the ingest converts or refuses.
- Days and numbers are read where they are plain (`pipelines/feeds/cells.py`); the mapping says what is not.
- A word of `missing` is a price nobody noted (NOT_COLLECTED), one of `off_market` means there was nothing to buy.
- Merged cells are filled down only where the mapping says so; other merged data rows are refused, and of one row
  merged across its columns the row alone.
- Rows carry `country` beside the usual columns: said by the mapping, else by the currency.
"""

from __future__ import annotations

import bisect
import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pipelines.feeds.answer import LineRefused
from pipelines.feeds.base import Batch, Feed, RawFile, ReadOptions, Rejected
from pipelines.feeds.cells import day_in, number_in, plain, text_in
from pipelines.feeds.currency import COUNTRY_OF, price_parts, without_note
from pipelines.feeds.mapping_file import KINDS, Mapping, load_mapping, parse_mapping
from pipelines.feeds.sheets import Cell, heading_text, is_blank, line_text
from pipelines.feeds.tables import Heading, Line, Table, open_tables, widths
from warning.catalog import PriceKind
from warning.errors import InvalidMapping, UnreadableFile
from warning.quality import Quality

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FEED", "Mapping", "load_mapping", "parse_mapping", "read"]

BATCH_LINES: Final = 50_000
_TEXTS: Final = (
    "file",
    "product",
    "variety",
    "market",
    "region",
    "country",
    "currency",
    "price_unit",
    "volume_unit",
    "kind",
)
_NUMBERS: Final = ("price", "price_low", "price_high", "volume")
_COLUMNS: Final = ("line", "date", "flags", *_TEXTS[1:], *_NUMBERS)


def read(files: Iterable[RawFile], options: ReadOptions) -> Iterator[Batch]:
    """Batches of at most 50,000 lines; raises InvalidMapping and UnreadableFile."""
    if options.mapping is None:
        todo = "add --mapping FILE; docs/mapping.md has an example of ten lines"
        raise InvalidMapping("this feed reads nothing without a mapping file", todo=todo)
    mapping = parse_mapping(options.mapping, added=options.constants)
    mapping = replace(mapping, days=replace(mapping.days, today=options.today))
    for file in files:
        for table, heading in open_tables(file, mapping):
            yield from _Reading(table, heading, mapping).batches()


class _Reading:
    """One table on its way to batches: what was filled down so far, and the lines of the batch at hand."""

    def __init__(self, table: Table, heading: Heading, mapping: Mapping) -> None:
        self.table, self.heading, self.mapping = table, heading, mapping
        self.fewest, self.most = widths(table, heading)
        self.above: dict[str, Cell] = {}
        self.filled = frozenset(heading.columns[name] for name in mapping.fill_down)
        used = frozenset(heading.columns.values())
        self.used, self.unfilled = used, used - self.filled
        self.signature = _signature(table.lines[heading.index], heading) if heading.index >= 0 else None
        self._clear()

    def _clear(self) -> None:
        self.count = 0
        self.rows: list[tuple[object, ...]] = []
        self.rejected: list[Rejected] = []
        self.non_data: dict[str, int] = {}

    def batches(self) -> Iterator[Batch]:
        """Every line of the table, counted once."""
        first = self.heading.index + 1
        for index, line in enumerate(self.table.lines):
            self.count += 1
            kind = _above(index, self.heading.index, first, self.mapping.skip_rows) or self._non_data(line)
            if kind:
                self.non_data[kind] = self.non_data.get(kind, 0) + 1
            else:
                self._take(line)
            if self.count >= BATCH_LINES:
                yield self._batch()
        if self.count:
            yield self._batch()

    def _batch(self) -> Batch:
        batch = Batch(self.count, _frame(self.table.file, self.rows), self.rejected, self.non_data, source=self._source)
        self._clear()
        return batch

    def _source(self, _file: str, number: int) -> str:
        lines = self.table.lines
        return line_text(lines[bisect.bisect_left(lines, number, key=lambda line: line.number)].cells)

    def _non_data(self, line: Line) -> str:
        if is_blank(line.cells):
            return "blank"
        if self.signature is not None and _signature(line, self.heading) == self.signature:
            return "repeat_heading"
        for name in ("date", "product", "market"):
            place = self.heading.columns.get(name, len(line.cells))
            word = heading_text(line.cells[place]) if place < len(line.cells) else ""
            if word and any(word.lower().endswith(heading_text(one).lower()) for one in self.mapping.subtotals):
                return "subtotal"
        return ""

    def _take(self, line: Line) -> None:
        try:
            self._check_shape(line)
            self.rows.append(_row(line.number, self._cells(line), self.mapping))
        except LineRefused as refusal:
            text = line_text(line.cells)
            self.rejected.append(Rejected(self.table.file, line.number, refusal.reason, refusal.detail, text))

    def _check_shape(self, line: Line) -> None:
        length = len(line.cells)
        if self.table.ragged and (length < self.fewest or not is_blank(line.cells[self.most :])):
            self.above.clear()  # the name that is to be filled down from here on may stand in this line
            raise LineRefused("ragged_row", f"{length} cells where {self.most} belong")
        covered = self.table.merged.get(line.number, frozenset()) & self.used
        if not covered:
            return
        if line.number in self.table.tall and covered & self.unfilled:
            raise UnreadableFile(
                "cells are merged among the data rows",
                where=f"{self.table.file}, row {line.number}, column {min(covered & self.unfilled) + 1}",
                todo='name the column in the mapping, `fill_down = ["市场"]`, or unmerge the cells',
            )
        if line.number not in self.table.tall:
            raise LineRefused("merged_cells", "cells of this row are merged into one")

    def _cells(self, line: Line) -> dict[str, Cell]:
        """The mapped cells of a line; those to be filled down take the last one written above."""
        cells: dict[str, Cell] = {}
        for name, place in self.heading.columns.items():
            cell = line.cells[place] if place < len(line.cells) else ""
            if name in self.mapping.fill_down:
                if plain(cell):
                    self.above[name] = cell
                cell = self.above.get(name, "")
            cells[name] = cell
        return cells


def _above(index: int, heading: int, first: int, skip: int) -> str:
    """What a line above the data is, "" for one among the data."""
    if index < heading:
        return "title"
    if index == heading:
        return "heading"
    return "metadata" if index < first + skip else ""


def _signature(line: Line, heading: Heading) -> tuple[str, ...]:
    places = heading.columns.values()
    return tuple(heading_text(line.cells[place]) if place < len(line.cells) else "" for place in places)


def _row(number: int, cells: dict[str, Cell], mapping: Mapping) -> tuple[object, ...]:
    """One row in the order of `_COLUMNS`; LineRefused where a cell cannot be what the mapping says."""

    def text(name: str, *, required: bool = False) -> str:
        word = text_in(cells[name], name) if name in cells else mapping.constants.get(name, "")
        if required and not word:
            raise LineRefused(f"no_{name}", f"{name} is empty")
        return "" if word in mapping.numbers.missing else word

    day = day_in(cells.get("date", mapping.constants.get("date", "")), mapping.days)
    flags, numbers = _amounts(cells, mapping)
    currency, unit = price_parts(text("price_unit"))
    currency = _currency(text("currency")) or currency
    country = text("country").upper() or COUNTRY_OF.get(currency, "")
    priced = any(not math.isnan(numbers[name]) for name in _NUMBERS[:3])
    texts = (
        text("product", required=True),
        text("variety"),
        text("market", required=True),
        text("region"),
        country,
        currency if priced else "",
        unit if priced else "",
        "" if math.isnan(numbers["volume"]) else without_note(text("volume_unit")),
        _kind(text("kind")),
    )
    if priced and not currency:
        raise LineRefused("no_currency", f"the unit {unit!r} does not say the currency, and nothing else does")
    return (number, day, flags, *texts, *(numbers[name] for name in _NUMBERS))


def _amounts(cells: dict[str, Cell], mapping: Mapping) -> tuple[int, dict[str, float]]:
    numbers = dict.fromkeys(_NUMBERS, math.nan)
    gone = False
    for name in _NUMBERS:
        cell = cells.get(name, "")
        if isinstance(cell, str) and cell and plain(cell) in mapping.off_market:
            gone = True
        else:
            numbers[name] = number_in(cell, mapping.numbers, name)
    if "price" not in cells or not math.isnan(numbers["price"]):
        return int(Quality.OK), numbers
    return int(Quality.OFF_MARKET if gone else Quality.NOT_COLLECTED), numbers


def _currency(word: str) -> str:
    """ISO codes as they are; what people write for them (元, ₹) by the table of units."""
    if not word or (len(word) == 3 and word.isascii()):
        return word.upper()
    return price_parts(f"{word}/kg")[0]


def _kind(word: str) -> str:
    if word and word not in KINDS:
        raise LineRefused("bad_kind", f"{word!r} is no kind of price: {', '.join(KINDS)}")
    return KINDS[word].value if word else PriceKind.WHOLESALE.value


def _frame(file: str, rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    frame.insert(0, "file", file)
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[us]")
    frame = frame.astype(dict.fromkeys(_NUMBERS, "float64") | {"line": "int64", "flags": "int64"})
    return frame.astype(dict.fromkeys(_TEXTS, "category"))


FEED = Feed(
    id="table",
    title_zh="任意表格（配映射文件）",
    title_en="Any table, by a mapping file",
    country="CN",
    timezone="Asia/Shanghai",
    reads="any CSV (UTF-8, GB18030, …) or .xlsx/.xls with a row a product and day, by a mapping file of ten lines",
    suffixes=(".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls"),
    read=read,
    needs_mapping=True,
    usual_lag=dt.timedelta(days=1),
)
