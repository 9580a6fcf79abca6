"""Sifting batches: from a source's words and numbers to rows of ours, and a reason for each line left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from pipelines.feeds.base import Batch, Feed
from pipelines.ingest.account import Tally
from pipelines.ingest.checking import REASONS, failures
from pipelines.ingest.matching import Matcher, Meaning
from pipelines.ingest.units import INDEX_POINT, NO_CURRENCY, UnitTable
from warning.catalog import PriceKind
from warning.quality import Quality
from warning.store.names import UnknownSourceName
from warning.store.observations import Observations, SeriesKey
from warning.store.snapshots import RejectedLine
from warning.store.types import epoch_us

SHOWN = ("product", "variety", "market", "region", "date", "price", "currency", "price_unit", "volume", "volume_unit")
NOTHING: dict[str, Any] = {
    "variety": "",
    "region": "",
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


@dataclass(slots=True)
class Sieve:
    """Takes batches one after another and holds what came through, in columns."""

    feed: Feed
    matcher: Matcher
    units: UnitTable
    received_at: dt.datetime
    tally: Tally = field(default_factory=Tally)
    series: dict[SeriesKey, int] = field(default_factory=dict)
    varieties: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    parts: list[Observations] = field(default_factory=list)
    places: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    """(file code, line) of each part's rows."""
    closures: list[tuple[str, dt.date]] = field(default_factory=list)
    reports: list[pd.DataFrame] = field(default_factory=list)

    def take(self, batch: Batch) -> None:
        """Sift one batch; every line of it is in the tally afterwards or among the rows."""
        batch.check()
        self.tally.lines_read += batch.lines_read
        self.tally.non_data.update({kind: count for kind, count in batch.non_data.items() if count})
        self.tally.notes += batch.notes
        self.tally.rejected += [
            RejectedLine(line.file, line.line, line.reason, line.detail, line.text[:2000]) for line in batch.rejected
        ]
        self._close(batch)
        if batch.reports is not None and len(batch.reports):
            self.reports.append(batch.reports)
        if len(batch.rows):
            self._rows(batch.rows.reset_index(drop=True))

    def rows(self) -> Observations:
        """Everything that came through, in one."""
        if not self.parts:
            empty = np.zeros(0)
            whole = np.zeros(0, dtype=np.int64)
            return Observations(whole, whole, whole, whole, np.zeros(0, dtype=bool), empty, empty, empty, empty, whole)
        return Observations(
            *(np.concatenate([getattr(part, name) for part in self.parts]) for name in Observations.__slots__)
        )

    def place(self, row: int) -> tuple[str, int]:
        """(file, line) of a row of `rows()`."""
        for files, lines in self.places:
            if row < len(lines):
                return list(self.files)[int(files[row])], int(lines[row])
            row -= len(lines)
        raise IndexError(row)

    def _close(self, batch: Batch) -> None:
        for name, region, day in batch.closures:
            found = self.matcher.market(name, region)
            if found.id:
                self.closures.append((found.id, day))

    def _rows(self, rows: pd.DataFrame) -> None:
        rows = self._completed(rows)
        left = np.ones(len(rows), dtype=bool)
        today = self.received_at.astimezone(ZoneInfo("Asia/Shanghai")).date()
        for reason, at in failures(rows, today).items():
            self._reject(rows, at, reason, REASONS[reason])
            left[at] = False
        product, left = self._matched(
            rows, left, "product", lambda key: self.matcher.product(key[0], key[1]), ["product", "variety"]
        )
        market, left = self._matched(
            rows, left, "market", lambda key: self.matcher.market(key[0], key[1]), ["market", "region"]
        )
        price_kg, left = self._factors(rows, left, "price", "price_unit")
        volume_kg, left = self._factors(rows, left, "volume", "volume_unit")
        series, left = self._series(rows, left, product, market)
        if left.any():
            self._keep(rows, left, series, price_kg, volume_kg)

    def _completed(self, rows: pd.DataFrame) -> pd.DataFrame:
        missing = {name: value for name, value in (NOTHING | self.feed.defaults).items() if name not in rows}
        if "kind" not in rows and "kind" not in missing:
            missing["kind"] = self.feed.kind.value
        words = {
            name: pd.Categorical.from_codes(np.zeros(len(rows), dtype="int8"), [value])
            for name, value in missing.items()
            if isinstance(value, str)
        }
        return rows.assign(**missing | words)

    def _matched(
        self,
        rows: pd.DataFrame,
        left: np.ndarray,
        kind: str,
        look_up: Callable[[tuple[str, ...]], Meaning],
        names: list[str],
    ) -> tuple[np.ndarray, np.ndarray]:
        """(id of each row, rows still left): each distinct name looked up once."""
        codes, keys = _distinct([rows[name] for name in names])
        meanings = [
            look_up(key) if used else Meaning("") for key, used in zip(keys, _used(codes, left, len(keys)), strict=True)
        ]
        for number, meaning in enumerate(meanings):
            if not meaning.reason:
                continue
            at = np.flatnonzero(left & (codes == number))
            self._reject(rows, at, meaning.reason, meaning.detail)
            left = left & (codes != number)
            key = (kind, self.feed.id, keys[number][1] if kind == "market" else "", keys[number][0])
            if key in self.matcher.unknown:
                seen = self.tally.unknown.get(key, self.matcher.unknown[key])
                self.tally.unknown[key] = UnknownSourceName(key, seen.lines + len(at), seen.candidates)
        ids = np.array([meaning.id for meaning in meanings], dtype=object)
        return ids[codes], left

    def _factors(self, rows: pd.DataFrame, left: np.ndarray, value: str, unit: str) -> tuple[np.ndarray, np.ndarray]:
        """(kg in the unit of each row, rows still left); a unit matters only where there is a value."""
        codes, keys = _distinct([rows[unit]])
        valued = rows[value].notna().to_numpy()
        factors = np.full(len(keys), np.nan)
        for number, used in enumerate(_used(codes, left & valued, len(keys))):
            if not used:
                continue
            found = self.units.factor(keys[number][0])
            factors[number] = found.kg
            if found.reason:
                at = np.flatnonzero(left & valued & (codes == number))
                self._reject(rows, at, found.reason, f"{value}: {found.detail}")
                left = left.copy()
                left[at] = False
        return factors[codes], left

    def _series(
        self, rows: pd.DataFrame, left: np.ndarray, product: np.ndarray, market: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """(code of each row's series, rows still left)."""
        codes, keys = _distinct(
            [
                pd.Series(pd.Categorical(product)),
                pd.Series(pd.Categorical(market)),
                rows["kind"],
                rows["currency"],
                rows["variety"],
                rows["price_unit"],
            ]
        )
        numbers = np.zeros(len(keys), dtype=np.int64)
        for number, used in enumerate(_used(codes, left, len(keys))):
            if not used:
                continue
            made, reason, detail = self._series_key(keys[number])
            if made is None:
                at = np.flatnonzero(left & (codes == number))
                self._reject(rows, at, reason, detail)
                left = left & (codes != number)
            else:
                numbers[number] = self.series.setdefault(made, len(self.series))
        return numbers[codes], left

    def _series_key(self, key: tuple[str, ...]) -> tuple[SeriesKey | None, str, str]:
        product_id, market_id, kind, currency, variety, unit = key
        if kind not in set(PriceKind):
            return None, "unknown_kind", f"{kind!r} is no kind of price; known: {', '.join(PriceKind)}"
        home = self.matcher.currency(market_id)
        currency = NO_CURRENCY if unit in INDEX_POINT else currency or home
        if currency not in {home, NO_CURRENCY}:
            return None, "currency_differs", f"the price is in {currency}, and {market_id} trades in {home}"
        facts = self.matcher.catalog.products.get(product_id)
        alone = variety if facts is not None and variety in facts.varieties_alone else ""
        return SeriesKey(product_id, market_id, PriceKind(kind), currency, alone), "", ""

    def _keep(
        self, rows: pd.DataFrame, left: np.ndarray, series: np.ndarray, price_kg: np.ndarray, volume_kg: np.ndarray
    ) -> None:
        kept = rows[left]
        issued, stated = self._issued(kept)
        price, low, high = (
            kept[name].to_numpy(float) / price_kg[left] for name in ("price", "price_low", "price_high")
        )
        flags = kept["flags"].to_numpy(np.int64) | np.where(stated, 0, int(Quality.ISSUE_ASSUMED))
        with np.errstate(invalid="ignore"):
            odd = (low > high) | (price < low * 0.999) | (price > high * 1.001)
        flags |= np.where(odd, int(Quality.RANGE_ODD), 0) | (int(Quality.SIMULATED) if self.feed.simulated else 0)
        self.parts.append(
            Observations(
                series=series[left],
                day=kept["date"].to_numpy("datetime64[D]").astype(np.int64),
                variety=self._codes(kept["variety"], self.varieties),
                issued_at=issued,
                stated=stated,
                price_per_kg=price,
                price_low=low,
                price_high=high,
                volume_kg=kept["volume"].to_numpy(float) * volume_kg[left],
                flags=flags,
            )
        )
        self.places.append((self._codes(kept["file"], self.files), kept["line"].to_numpy(np.int64)))

    def _issued(self, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """(issue time in µs, whether the source stated it): else value date plus the usual lag, never after receipt."""
        now = epoch_us(self.received_at)
        days, inverse = np.unique(rows["date"].to_numpy("datetime64[D]"), return_inverse=True)
        zone, lag = ZoneInfo(self.feed.timezone), self.feed.usual_lag
        known = [epoch_us(dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC) + lag) for day in days.tolist()]
        assumed = np.minimum(np.array(known, dtype=np.int64)[inverse], now)
        given = pd.to_datetime(rows["issued_at"], utc=True)
        stated = given.notna().to_numpy()
        if not stated.any():
            return assumed, stated
        us = given.dt.as_unit("us").astype("int64").to_numpy()
        return np.where(stated, np.minimum(us, now), assumed), stated

    @staticmethod
    def _codes(column: pd.Series, known: dict[str, int]) -> np.ndarray:
        codes, keys = _distinct([column])
        numbers = [known.setdefault(key[0], len(known)) for key in keys]
        return np.array(numbers or [0], dtype=np.int64)[codes]

    def _reject(self, rows: pd.DataFrame, at: np.ndarray, reason: str, detail: str) -> None:
        chosen = rows.iloc[at]
        texts = chosen[[name for name in SHOWN if name in chosen]].astype(str).agg(", ".join, axis=1) if len(at) else []
        self.tally.rejected += [
            RejectedLine(str(file), int(line), reason, detail, text)
            for file, line, text in zip(chosen["file"], chosen["line"], texts, strict=True)
        ]


def _distinct(columns: list[pd.Series]) -> tuple[np.ndarray, list[tuple[str, ...]]]:
    """(code of each row, the distinct combinations of words in order of code)."""
    codes: np.ndarray = np.zeros(len(columns[0]), dtype=np.int64)
    parts = []
    for column in columns:
        words = column if isinstance(column.dtype, pd.CategoricalDtype) else column.astype(str).astype("category")
        part = words.cat.codes.to_numpy(np.int64)
        categories = [str(word) for word in words.cat.categories] + [""]
        part = np.where(part < 0, len(categories) - 1, part)
        codes = codes * len(categories) + part
        parts.append(categories)
    found, codes = np.unique(codes, return_inverse=True)
    keys = []
    for number in found.tolist():
        key = []
        for categories in reversed(parts):
            number, place = divmod(number, len(categories))  # noqa: PLW2901 - unpacking a mixed-radix number
            key.append(categories[place])
        keys.append(tuple(reversed(key)))
    return codes, keys


def _used(codes: np.ndarray, left: np.ndarray, count: int) -> np.ndarray:
    return np.bincount(codes[left], minlength=count) > 0
