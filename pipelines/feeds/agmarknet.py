"""Agmarknet monthly report CSVs: India's regulated markets (mandis), modal price and arrivals.

What is peculiar to the source, and what is done about it:

- commodity and state stand in the path only (`ONION/MAHARASHTRA/mynewdata_2016_August.csv`); a lone file
  needs them as constants (`product=`, `region=`);
- the market's name stands on the first row of its block: filled down, never across files;
- date and arrivals are blank on the second and later varieties of a day: the date is filled down, the volume
  is printed once a market-day and stays where it stands;
- `NR` is a price that nobody reported: kept, flagged NOT_COLLECTED, never a zero;
- heading lines are repeated inside files; some lines end in a comma and some do not;
- market names with unquoted commas are put together again (commas inside brackets, or before the date);
- a second variety's line may be shifted left by two (`,Red,250,275,262,,`): put back in its columns;
- the file's name says the month: a date outside it is kept and flagged OUTSIDE_PERIOD;
- two-digit years occur: 16 is 2016, and a year that has not come yet is one of the century before.

A market line that cannot be read leaves the lines below it without a market: they are rejected, and not counted
to the market above.

Lines are read columnar with Arrow, many files at a time: 1.8 million lines take a few seconds.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipelines.feeds.agmarknet_report import COMMA_INSIDE, Report, open_report
from pipelines.feeds.base import Batch, Feed, RawFile, ReadOptions, Rejected
from warning.catalog import PriceKind
from warning.errors import UnreadableFile
from warning.quality import Quality

COLUMNS = ("market", "date", "arrivals", "variety", "low", "high", "modal")
LINES_A_BATCH = 200_000
Column = tuple[np.ndarray, list[str]]
"""Codes into a list of words."""
DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})")
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?")
NOT_REPORTED = {"NR", "NA", ""}


def read(files: Iterable[RawFile], options: ReadOptions) -> Iterator[Batch]:
    """Batches of about 200,000 lines, whole files each."""
    waiting: list[Report] = []
    lines = 0
    for file in files:
        report = open_report(file, options)
        waiting.append(report)
        lines += report.lines
        if lines >= LINES_A_BATCH:
            yield _batch(waiting, options.today)
            waiting, lines = [], 0
    if waiting:
        yield _batch(waiting, options.today)


def _batch(reports: list[Report], today: dt.date) -> Batch:
    table, bad = _table(b"".join(report.content for report in reports))
    counts = np.array([report.lines for report in reports])
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    total = int(counts.sum())
    whole = np.setdiff1d(np.arange(total), np.array([number for number, _ in bad], dtype=int))
    file_of = np.repeat(np.arange(len(reports)), counts)[whole]
    line = whole - first[file_of] + 1
    lost = np.array([number for number, text in bad if text.strip()[:1] not in {"", ","}], dtype=int)
    return _assemble(_Stretch(reports, table, bad, first, file_of, line, whole, lost, total), today)


def _table(content: bytes) -> tuple[dict[str, Column], list[tuple[int, str]]]:
    """Each column as (codes, words), and the lines that have not seven fields as (0-based number, text)."""
    import pyarrow as pa
    from pyarrow import csv

    bad: list[tuple[int, str]] = []

    def keep(row: Any) -> str:
        bad.append((row.number - 1, row.text))
        return "skip"

    word = pa.dictionary(pa.int32(), pa.string())
    try:
        table = csv.read_csv(
            pa.BufferReader(content),
            read_options=csv.ReadOptions(column_names=list(COLUMNS), use_threads=False, block_size=1 << 26),
            parse_options=csv.ParseOptions(quote_char=False, ignore_empty_lines=False, invalid_row_handler=keep),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(COLUMNS, word), strings_can_be_null=False, auto_dict_encode=True
            ),
        )
    except pa.ArrowInvalid as error:
        raise UnreadableFile(
            f"the report is no text table: {error}", where="Agmarknet CSV", todo="export the report again"
        ) from error
    columns = {}
    for name in COLUMNS:
        column = table.column(name).unify_dictionaries().combine_chunks()
        columns[name] = (column.indices.to_numpy(), [value.strip() for value in column.dictionary.to_pylist()])
    return columns, bad


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Many files' lines in columns: which file and line each row is, and the lines that could not be split."""

    reports: list[Report]
    table: dict[str, Column]
    bad: list[tuple[int, str]]
    first: np.ndarray
    """Number of the first line of each file."""
    file_of: np.ndarray
    line: np.ndarray
    number: np.ndarray
    lost: np.ndarray
    """Numbers of unreadable lines that named a market: what follows them has no market."""
    total: int

    def reject(self, rows: np.ndarray, reason: str, detail: str) -> list[Rejected]:
        """The rows where `rows` is true, as rejected lines."""
        return [self.rejected(int(self.file_of[i]), int(self.line[i]), reason, detail) for i in np.flatnonzero(rows)]

    def rejected(self, file: int, line: int, reason: str, detail: str) -> Rejected:
        """One line that was rejected, as the source wrote it."""
        report = self.reports[file]
        return Rejected(report.name, line, reason, detail, report.line(line))


def _assemble(stretch: _Stretch, today: dt.date) -> Batch:
    table, file_of = stretch.table, stretch.file_of
    headings = _among(table["market"], {"Market"})
    blank = np.logical_and.reduce([_among(table[name], {""}) for name in COLUMNS])
    body = ~headings & ~blank
    market = _after_lost(stretch, _filled(table["market"], body, np.zeros(len(file_of), dtype=int), file_of))
    days = _days(table["date"], _filled(table["date"], body, market, file_of), today)
    numbers = {name: _numbers(table[name]) for name in ("low", "high", "modal", "arrivals")}
    rejected = [_short(stretch, number, text) for number, text in stretch.bad if text.strip(", ")]
    good = body
    for wrong, reason, detail in (
        (market < 0, "no_market", "no readable market name stands above this line in its file"),
        (np.isnat(days), "bad_date", "the arrival date is not a day"),
        (numbers["modal"][1], "bad_price", "the modal price is not a number"),
        (numbers["low"][1] | numbers["high"][1], "bad_price", "the minimum or maximum price is not a number"),
        (numbers["arrivals"][1], "bad_volume", "the arrivals are not a number"),
    ):
        rejected += stretch.reject(good & wrong, reason, detail)
        good = good & ~wrong
    non_data = {
        "heading": len(stretch.reports),
        "repeat_heading": int(headings.sum()) - len(stretch.reports),
        "blank": int(blank.sum()) + sum(not text.strip(", ") for _, text in stretch.bad),
    }
    rows = _rows(stretch, good, market, days, {name: values for name, (values, _) in numbers.items()})
    reports = {report.name: report for report in stretch.reports}
    return Batch(
        lines_read=stretch.total,
        rows=rows,
        rejected=rejected,
        non_data=non_data,
        source=lambda file, line: reports[file].line(line),
    )


def _after_lost(stretch: _Stretch, market: np.ndarray) -> np.ndarray:
    """No market (-1) where the name was on a line that could not be read."""
    if not len(stretch.lost) or not len(market):
        return market
    last = np.searchsorted(stretch.lost, stretch.number) - 1
    lost = np.where(last >= 0, stretch.lost[np.maximum(last, 0)], -1)
    return np.where(lost > stretch.number[np.maximum(market, 0)], -1, market)


def _among(column: Column, words: set[str]) -> np.ndarray:
    codes, dictionary = column
    return np.array([word in words for word in dictionary], dtype=bool)[codes]


def _filled(column: Column, body: np.ndarray, after: np.ndarray, file_of: np.ndarray) -> np.ndarray:
    """Position of the last written cell at or above each row, within its file and not above `after`; -1 for none."""
    written = ~_among(column, {""})
    at = np.where(written & body, np.arange(len(written)), -1)
    at = np.maximum.accumulate(at) if len(at) else at
    known = at >= np.maximum(after, 0)
    same_file = known & (file_of[np.maximum(at, 0)] == file_of)
    return np.where(same_file & (at >= 0), at, -1)


def _days(column: Column, at: np.ndarray, today: dt.date) -> np.ndarray:
    """Days of the filled-down date cells; NaT where there is none or it is no date."""
    codes, dictionary = column
    parsed = np.array([_day(word, today) for word in dictionary] or [np.datetime64("NaT", "D")], dtype="datetime64[D]")
    days = parsed[codes[np.maximum(at, 0)]] if len(codes) else np.array([], dtype="datetime64[D]")
    days[at < 0] = np.datetime64("NaT")
    return days


def _day(word: str, today: dt.date) -> np.datetime64:
    found = DATE.fullmatch(word)
    if not found:
        return np.datetime64("NaT", "D")
    day, month, year = (int(part) for part in found.groups())
    if year < 100:
        year += 2000 if year + 2000 <= today.year else 1900
    try:
        return np.datetime64(dt.date(year, month, day), "D")
    except ValueError:
        return np.datetime64("NaT", "D")


def _numbers(column: Column) -> tuple[np.ndarray, np.ndarray]:
    """(values with NaN where not reported, True where the cell is neither a number nor a blank)."""
    codes, dictionary = column
    values, wrong = np.full(len(dictionary), np.nan), np.zeros(len(dictionary), dtype=bool)
    for index, word in enumerate(dictionary):
        if word in NOT_REPORTED:
            continue
        wrong[index] = not NUMBER.fullmatch(word)
        values[index] = np.nan if wrong[index] else float(word)
    return values[codes], wrong[codes]


def _rows(
    stretch: _Stretch, good: np.ndarray, market: np.ndarray, days: np.ndarray, numbers: dict[str, np.ndarray]
) -> pd.DataFrame:
    table, reports, files = stretch.table, stretch.reports, stretch.file_of[good]
    day, price = days[good], numbers["modal"][good]
    months = np.array([_month_number(report.month) for report in reports])[files]
    outside = (months >= 0) & (day.astype("datetime64[M]").astype(int) != months)
    flags = np.where(np.isnan(price), int(Quality.NOT_COLLECTED), 0) | np.where(outside, int(Quality.OUTSIDE_PERIOD), 0)
    markets = [word.replace(COMMA_INSIDE.decode(), ",") for word in table["market"][1]]
    return pd.DataFrame(
        {
            "file": _category([report.name for report in reports], files),
            "line": stretch.line[good],
            "product": _category([report.product for report in reports], files),
            "variety": _category(table["variety"][1], table["variety"][0][good]),
            "market": _category(markets, table["market"][0][market[good]]),
            "region": _category([report.region for report in reports], files),
            "date": day.astype("datetime64[s]"),
            "price": price,
            "price_low": numbers["low"][good],
            "price_high": numbers["high"][good],
            "volume": numbers["arrivals"][good],
            "flags": flags.astype("int32"),
        }
    )


def _month_number(month: tuple[int, int] | None) -> int:
    return -1 if month is None else (month[0] - 1970) * 12 + month[1] - 1


def _category(words: list[str], codes: np.ndarray) -> pd.Categorical[Any]:
    """A categorical of `words[codes]`, equal words made one category."""
    unique = list(dict.fromkeys(words))
    place = {word: index for index, word in enumerate(unique)}
    recoded = np.array([place[word] for word in words], dtype=np.int32)[codes]
    return pd.Categorical.from_codes(recoded, pd.Index(unique, dtype="str"))


def _short(stretch: _Stretch, number: int, text: str) -> Rejected:
    file = int(np.searchsorted(stretch.first, number, side="right")) - 1
    detail = f"{text.count(',') + 1} fields where seven belong"
    return stretch.rejected(file, number - int(stretch.first[file]) + 1, "wrong_fields", detail)


FEED = Feed(
    id="agmarknet",
    title_zh="印度 Agmarknet 月度报表",
    title_en="Agmarknet monthly reports (India)",
    country="IN",
    timezone="Asia/Kolkata",
    reads="monthly CSV reports below COMMODITY/STATE/, as a folder or a .zip: modal price INR/quintal, arrivals tonnes",
    suffixes=(".csv",),
    read=read,
    currency="INR",
    kind=PriceKind.WHOLESALE,
    usual_lag=dt.timedelta(days=1),
    registers_markets=True,
    volume_once_a_day=True,
    defaults={
        "currency": "INR",
        "price_unit": "quintal",
        "volume_unit": "tonne",
        "kind": PriceKind.WHOLESALE.value,
    },
)
