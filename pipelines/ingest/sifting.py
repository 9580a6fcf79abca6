"""Sifting batches: from a source's words and numbers to rows of ours, and a reason for each line left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from pipelines.feeds.base import Batch, Feed
from pipelines.ingest.account import Tally
from pipelines.ingest.checking import REASONS, failures
from pipelines.ingest.distinct import distinct, used_keys, words_as_category
from pipelines.ingest.kept import Kept, codes_in, issue_times
from pipelines.ingest.matching import Matcher, Meaning
from pipelines.ingest.units import INDEX_POINT, NO_CURRENCY, UnitTable
from warning.catalog import PriceKind
from warning.quality import Quality
from warning.store.names import NameKey, UnknownSourceName
from warning.store.observations import Observations, SeriesKey

if TYPE_CHECKING:
    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Floats = np.ndarray[Any, np.dtype[np.float64]]
    Mask = np.ndarray[Any, np.dtype[np.bool_]]
    Words = np.ndarray[Any, np.dtype[np.object_]]
    Source = Callable[[str, int], str]

SHANGHAI = ZoneInfo("Asia/Shanghai")
SHOWN = ("product", "variety", "market", "region", "date", "price", "currency", "price_unit", "volume", "volume_unit")
NOTHING: dict[str, Any] = {
    "variety": "",
    "region": "",
    "country": "",
    "issued_at": pd.NaT,
    "price": np.nan,
    "price_low": np.nan,
    "price_high": np.nan,
    "currency": "",
    "price_unit": "",
    "volume": np.nan,
    "volume_unit": "",
    "flags": 0,
}


def today_of(received_at: dt.datetime) -> dt.date:
    """The day of receipt where the service stands: what lies after it is in the future."""
    return received_at.astimezone(SHANGHAI).date()


@dataclass(slots=True)
class Sieve:
    """Takes batches one after another and holds what came through, in columns."""

    feed: Feed
    matcher: Matcher
    units: UnitTable
    received_at: dt.datetime
    tally: Tally = field(default_factory=Tally)
    kept: Kept = field(default_factory=Kept)
    series: dict[SeriesKey, int] = field(default_factory=dict)
    varieties: dict[str, int] = field(default_factory=dict)
    closures: list[tuple[str, dt.date]] = field(default_factory=list)
    reports: list[pd.DataFrame] = field(default_factory=list)

    def take(self, batch: Batch) -> None:
        """Sift one batch; every line of it is in the tally afterwards or among what is kept."""
        batch.check()
        self.tally.lines_read += batch.lines_read
        self.tally.non_data.update({kind: count for kind, count in batch.non_data.items() if count})
        for note in batch.notes:
            self.tally.note(note)
        for line in batch.rejected:
            self.tally.reject(line.file, line.line, line.reason, line.detail, line.text)
        self._close(batch)
        if batch.reports is not None and len(batch.reports):
            self.reports.append(batch.reports)
        if len(batch.rows):
            _Stretch(self, self._completed(batch.rows.reset_index(drop=True)), batch.source).sift()

    def series_key(self, key: tuple[str, ...]) -> tuple[SeriesKey | None, str, str]:
        """(the series that a product, market, kind, currency, variety and unit make, or the reason why none)."""
        product_id, market_id, kind, currency, variety, unit = key
        if kind not in set(PriceKind):
            return None, "unknown_kind", f"{kind!r} is no kind of price; known: {', '.join(PriceKind)}"
        home = self.matcher.currency(market_id)
        currency = NO_CURRENCY if unit in INDEX_POINT else currency or home
        if currency and not home:
            return None, "no_currency", f"the currency of {market_id} is not known: add it to reference/markets.csv"
        if currency not in {home, NO_CURRENCY}:
            return None, "currency_differs", f"the price is in {currency}, and {market_id} trades in {home}"
        facts = self.matcher.catalog.products.get(product_id)
        alone = variety if facts is not None and variety in facts.varieties_alone else ""
        return SeriesKey(product_id, market_id, PriceKind(kind), currency, alone), "", ""

    def note_unknown(self, key: NameKey, lines: int) -> None:
        """Count lines that were rejected for a name, where it is one that a person may decide."""
        unknown = self.matcher.unknown.get(key)
        if unknown is not None:
            seen = self.tally.unknown.get(key, unknown)
            self.tally.unknown[key] = UnknownSourceName(key, seen.lines + lines, seen.candidates)

    def _close(self, batch: Batch) -> None:
        for name, region, day in batch.closures:
            found = self.matcher.market(name, region)
            if found.id:
                self.closures.append((found.id, day))
            else:
                self.tally.note(f"closed_day: of {name!r}, which is no known market")

    def _completed(self, rows: pd.DataFrame) -> pd.DataFrame:
        missing = {name: value for name, value in (NOTHING | self.feed.defaults).items() if name not in rows}
        if "kind" not in rows and "kind" not in missing:
            missing["kind"] = self.feed.kind.value
        words = {name: words_as_category(value, len(rows)) for name, value in missing.items() if isinstance(value, str)}
        return rows.assign(**missing | words)


@dataclass(slots=True)
class _Stretch:
    """The rows of one batch on their way through: each step takes out what it must and says why."""

    sieve: Sieve
    rows: pd.DataFrame
    source: Source | None
    left: Mask = field(init=False)

    def __post_init__(self) -> None:
        self.left = np.ones(len(self.rows), dtype=bool)

    def sift(self) -> None:
        """Every row is kept, or rejected with its first reason."""
        matcher = self.sieve.matcher
        for reason, at in failures(self.rows, today_of(self.sieve.received_at)).items():
            self._reject(at, reason, REASONS[reason])
        product = self._matched("product", matcher.product, ["product", "variety", "country"])
        market = self._matched("market", matcher.market, ["market", "region", "country"])
        price_kg, volume_kg = self._factors("price"), self._factors("volume")
        series = self._series(product, market)
        if self.left.any():
            self._keep(series, price_kg, volume_kg)

    def _matched(self, kind: str, look_up: Callable[..., Meaning], names: list[str]) -> Words:
        """Id of each row: each distinct name looked up once."""
        codes, keys = distinct([self.rows[name] for name in names])
        ids = np.full(len(keys), "", dtype=object)
        for number, key in used_keys(codes, self.left, keys):
            meaning = look_up(*key)
            ids[number] = meaning.id
            if meaning.reason:
                count = self._reject(self._with(codes, number), meaning.reason, meaning.detail)
                region = key[1] if kind == "market" else ""
                self.sieve.note_unknown((kind, self.sieve.feed.id, region, key[0]), count)
        return ids[codes]

    def _factors(self, value: str) -> Floats:
        """Kilograms in the unit of each row; a unit matters only where there is a value."""
        codes, keys = distinct([self.rows[f"{value}_unit"]])
        valued = self.rows[value].notna().to_numpy()
        factors = np.full(len(keys), np.nan)
        for number, (unit,) in used_keys(codes, self.left & valued, keys):
            found = self.sieve.units.factor(unit)
            factors[number] = found.kg
            if found.reason:
                at = np.flatnonzero(self.left & valued & (codes == number))
                self._reject(at, found.reason, f"{value}: {found.detail}")
        return factors[codes]

    def _series(self, product: Words, market: Words) -> Ints:
        """Code of each row's series."""
        ids = [pd.Series(pd.Categorical(words)) for words in (product, market)]
        words = [self.rows[name] for name in ("kind", "currency", "variety", "price_unit")]
        codes, keys = distinct([*ids, *words])
        numbers = np.zeros(len(keys), dtype=np.int64)
        for number, key in used_keys(codes, self.left, keys):
            made, reason, detail = self.sieve.series_key(key)
            if made is None:
                self._reject(self._with(codes, number), reason, detail)
            else:
                numbers[number] = self.sieve.series.setdefault(made, len(self.sieve.series))
        return numbers[codes]

    def _keep(self, series: Ints, price_kg: Floats, volume_kg: Floats) -> None:
        rows, left, sieve = self.rows[self.left], self.left, self.sieve
        issued, stated = issue_times(rows, sieve.feed, sieve.received_at)
        price, low, high = (
            rows[name].to_numpy(float) / price_kg[left] for name in ("price", "price_low", "price_high")
        )
        flags: Ints = rows["flags"].to_numpy().astype(np.int64)
        flags |= ~stated * int(Quality.ISSUE_ASSUMED)
        with np.errstate(invalid="ignore"):
            odd = (low > high) | (price < low * 0.999) | (price > high * 1.001)
        flags |= odd * int(Quality.RANGE_ODD) + (int(Quality.SIMULATED) if sieve.feed.simulated else 0)
        kept = Observations(
            series=series[left],
            day=rows["date"].to_numpy("datetime64[D]").astype(np.int64),
            variety=codes_in(rows["variety"], sieve.varieties),
            issued_at=issued,
            stated=stated,
            price_per_kg=price,
            price_low=low,
            price_high=high,
            volume_kg=rows["volume"].to_numpy(float) * volume_kg[left],
            flags=flags,
        )
        sieve.kept.add(kept, rows["file"], rows["line"])

    def _with(self, codes: Ints, number: int) -> Ints:
        """Rows still left that have the code."""
        return np.flatnonzero(self.left & (codes == number))

    def _reject(self, at: Ints, reason: str, detail: str) -> int:
        """Take rows out; the text shown is the source's own line where the feed still has it."""
        self.left[at] = False
        chosen = self.rows.iloc[at]
        places = list(zip(chosen["file"].astype(str), chosen["line"].astype(int), strict=True))
        texts = (self.source(*place) for place in places) if self.source is not None else _described(chosen)
        for (file, line), text in zip(places, texts, strict=True):
            self.sieve.tally.reject(file, line, reason, detail, text)
        return len(at)


def _described(rows: pd.DataFrame) -> Iterator[str]:
    """What was read of each row, in words; what is missing is left out."""
    columns = (rows[name] for name in SHOWN if name in rows)
    for cells in zip(*columns, strict=True):
        told = (f"{cell:%Y-%m-%d}" if isinstance(cell, pd.Timestamp) else str(cell) for cell in cells if pd.notna(cell))
        yield ", ".join(word for word in told if word)
