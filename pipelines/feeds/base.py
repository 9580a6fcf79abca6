"""What a feed is: metadata, and one function from raw files to rows with every line accounted for.

A feed's module holds what is peculiar to its source in its docstring, one `read` generator and one `FEED`.
Reading is pure: bytes in, `Batch`es out. It keeps names, units and numbers as the source has them;
matching, converting and judging are the ingest's work.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

import pandas as pd

from warning.catalog import PriceKind

RAW_COLUMNS: Final = (
    "file",  # category: name of the raw file inside the upload
    "line",  # int: 1-based physical line or sheet row
    "product",  # category: the source's name
    "variety",  # category: the source's variety or grade, "" where it has none
    "market",  # category: the source's market name
    "region",  # category: the source's region (state, province), "" where it has none
    "date",  # datetime64: value date, no zone
    "issued_at",  # datetime64[us, UTC] or NaT where the source states none
    "price",  # float, NaN where not stated
    "price_low",  # float
    "price_high",  # float
    "currency",  # category: CNY, INR, TWD, KRW, "" where there is no price
    "price_unit",  # category: weight unit the price is for ("quintal", "公斤", "斤"), "" where there is no price
    "volume",  # float, NaN where not stated
    "volume_unit",  # category, "" where there is no volume
    "kind",  # category: a PriceKind
    "flags",  # int: warning.quality.Quality bits the feed itself knows
)
"""Columns of `Batch.rows`; a feed may leave out what never varies and give it as `Feed.defaults`."""


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file as it was received. `name` is its path inside the folder or archive, with forward slashes."""

    name: str
    content: bytes

    @property
    def path(self) -> PurePosixPath:
        return PurePosixPath(self.name)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that could not become a row: where, why (a stable word), in words, and the line itself."""

    file: str
    line: int
    reason: str
    detail: str
    text: str


@dataclass(slots=True)
class Batch:
    """What one stretch of input became.

    `lines_read == len(rows) + len(reports) + len(rejected) + sum(non_data.values())` always holds, and the
    ingest checks it. `non_data` counts declared non-data by kind: title, heading, subtotal, closed_day,
    blank, metadata, lookup, repeat_heading, no_trade.
    """

    lines_read: int
    rows: pd.DataFrame
    rejected: list[Rejected] = field(default_factory=list)
    non_data: dict[str, int] = field(default_factory=dict)
    closures: list[tuple[str, str, dt.date]] = field(default_factory=list)
    """(market name, region, date): days on which the source says that the market was closed."""
    reports: pd.DataFrame | None = None
    """Township report rows, where the feed reads such (see `pipelines/feeds/township.py`)."""
    notes: list[str] = field(default_factory=list)
    """What a person must be told of the file as a whole, beyond its lines: `cut_answer: …`, `empty_answer: …`."""
    source: Callable[[str, int], str] | None = None
    """(file, line) to the line as the source wrote it, where the feed still has it: shown with a rejection."""

    def check(self) -> None:
        """Raise AssertionError where a line is unaccounted for."""
        found = len(self.rows) + len(self.rejected) + sum(self.non_data.values())
        found += 0 if self.reports is None else len(self.reports)
        assert found == self.lines_read, f"{self.lines_read} lines read, {found} accounted for"


Reader = Callable[[Iterable[RawFile], "ReadOptions"], Iterable[Batch]]
"""A reader takes the files one after another (an archive is not held in memory whole) and gives batches."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a reader may be told: today (for two-digit years), and a mapping where the feed needs one."""

    today: dt.date
    mapping: dict[str, object] | None = None
    constants: dict[str, str] = field(default_factory=dict)
    """What the files leave unsaid, given by the person: `product=ONION`, `region=MAHARASHTRA`."""


@dataclass(frozen=True, slots=True)
class LiveSource:
    """How to fetch a feed that answers over HTTP; opt-in by configuration (see `pipelines/feeds/live.py`)."""

    requests: Callable[[dt.date], Iterator[LiveRequest]]
    """The requests for one business date, in order."""
    terms: str
    """What is known of the source's terms of use."""


@dataclass(frozen=True, slots=True)
class LiveRequest:
    """One request: its answer is kept raw under `name`."""

    name: str
    method: str
    url: str
    params: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    json: object | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Feed:
    """A source of observations or reports: what it is, and how its files are read."""

    id: str
    title_zh: str
    title_en: str
    country: str
    timezone: str
    reads: str
    """One sentence for `changxiao feeds`: which files, in which form."""
    suffixes: tuple[str, ...]
    read: Reader
    currency: str = ""
    kind: PriceKind = PriceKind.WHOLESALE
    usual_lag: dt.timedelta = dt.timedelta(days=1)
    """From the value date (its midnight, in `timezone`) to when the value is usually known."""
    deadline: dt.time = dt.time(7, 0)
    """Asia/Shanghai; a live feed that has not answered by then has missed the run."""
    registers_markets: bool = False
    """The source is itself the register of its markets: an unseen market name becomes a market."""
    volume_once_a_day: bool = False
    """Volume is printed once per market-day, not per variety."""
    defaults: dict[str, object] = field(default_factory=dict)
    """RAW_COLUMNS that never vary in this feed."""
    batch_key: Callable[[RawFile], str] | None = None
    """Files with the same key are read together in one call; None: each file alone."""
    stale_after: dt.timedelta = dt.timedelta(days=7)
    live: LiveSource | None = None
    needs_mapping: bool = False
    simulated: bool = False
