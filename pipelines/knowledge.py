"""What a run knows: the panel, the facts of its series, reports and closures, as of the business day.

A business date is known at 07:30 the next day, Asia/Shanghai. A replay over many days reads the panel once where
nothing became known late or was corrected in between: then every day's knowledge is the panel up to that day,
and the indicators use no later day. Where something did, each day is read for itself.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pipelines.feeds import FEEDS
from warning.catalog import Catalog, Market
from warning.outlets import district_columns
from warning.planting import SEEDLING_HISTORY
from warning.store.engine import Store
from warning.store.known import DAY_US, StoredSeries, late_or_corrected, received_state, stored_series
from warning.store.markets import closures, registered_markets
from warning.store.observations import read_panel
from warning.store.reports import reports_as_of
from warning.store.types import epoch_day
from warning.thresholds import Thresholds
from warning.trace import SeriesFacts, Trace, trace_panel

if TYPE_CHECKING:
    import pandas as pd

    from warning.panel import Panel

KNOWN_AT = dt.time(7, 30)
SHANGHAI = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
REPORT_HISTORY = dt.timedelta(days=400)
STRETCH_DAYS = 92
DEFAULT_STALE_DAYS = 14
KNOWN_AFTER_US = DAY_US + int(KNOWN_AT.hour * 3600 + KNOWN_AT.minute * 60 - 8 * 3600) * 1_000_000
"""From the midnight (UTC) of a business date to when it is known."""
NOT_JUDGED = frozenset({"index"})
"""Product groups that have prices and are no produce."""


def known_at(day: dt.date) -> dt.datetime:
    """The instant at which a business date is judged: 07:30 the next day, Asia/Shanghai."""
    return dt.datetime.combine(day + dt.timedelta(days=1), KNOWN_AT, SHANGHAI)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything that the judging of a stretch of days reads."""

    first: dt.date
    last: dt.date
    price: pd.DataFrame
    volume: pd.DataFrame
    facts: tuple[SeriesFacts, ...]
    trace: Trace
    feeds: Mapping[int, str]
    """Feed of each series, by its id."""

    def trace_without(self, failed: Collection[str]) -> Trace:
        """The trace for a day on which some feeds failed: their series count as stale at once, never as calm."""
        if not failed:
            return self.trace
        facts = tuple(
            replace(fact, stale_after_days=0) if self.feeds.get(fact.series_id) in failed else fact
            for fact in self.trace.facts
        )
        return replace(self.trace, facts=facts)


def reports_known(store: Store, day: dt.date) -> pd.DataFrame:
    """Township reports as known for the day, with a year of history; those of seedlings with six."""
    return reports_as_of(
        store,
        as_of=known_at(day),
        first_day=day - REPORT_HISTORY,
        last_day=day,
        seedlings_from=day - SEEDLING_HISTORY,
    )


def stretches(store: Store, first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """The days from `first` to `last` in stretches that one reading of the panel serves."""
    start = first
    while start <= last:
        stop = min(start + dt.timedelta(days=STRETCH_DAYS - 1), last)
        if start < stop and not _steady(store, start, stop):
            stop = start
        yield start, stop
        start = stop + dt.timedelta(days=1)


def _steady(store: Store, first: dt.date, last: dt.date) -> bool:
    """Whether nothing that became known between the two days was about a day before it or corrected another."""
    return not late_or_corrected(store, known_at(first), known_at(last), KNOWN_AFTER_US)


def gather(store: Store, catalog: Catalog, thresholds: Thresholds, first: dt.date, last: dt.date) -> Knowledge:
    """Read the panel as of `last` and trace every series for judging `first` to `last`."""
    with store.session() as session:
        registered, closed = registered_markets(session), closures(session)
    series = stored_series(store)
    facts = series_facts(series, catalog, registered)
    ids = np.array([fact.series_id for fact in facts], dtype=np.int64)
    # the whole past is read, whatever the day: z fits all earlier weeks, so another beginning gives another z
    panel = read_panel(store, as_of=known_at(last), last_day=epoch_day(last))
    alive = np.isin(ids, np.unique(panel.series_id))
    facts = [fact for fact, there in zip(facts, alive, strict=True) if there]
    price, volume = _wide(panel, ids[alive], first, last)
    price, volume, everything = district_columns(price, volume, facts, catalog)
    trace = trace_panel(price, volume, everything, first=first, last=last, thresholds=thresholds, closures=closed)
    feeds = {one.id: one.feed for one in series}
    return Knowledge(first, last, price, volume, everything, trace, feeds)


def _wide(panel: Panel, ids: np.ndarray, first: dt.date, last: dt.date) -> tuple[pd.DataFrame, pd.DataFrame]:
    start = int(panel.day.min()) if len(panel) else epoch_day(first)
    return panel.wide(ids, first_day=start, last_day=epoch_day(last))


def series_facts(
    series: Iterable[StoredSeries], catalog: Catalog, registered: Mapping[str, Market]
) -> list[SeriesFacts]:
    """The facts of every series whose product is judged."""
    markets = {**registered, **catalog.markets}
    return [
        SeriesFacts(
            series_id=row.id,
            key=row.key,
            product_id=row.product_id,
            market_id=row.market_id,
            kind=row.kind,
            lunar=row.market_id in markets and markets[row.market_id].lunar,
            volume_matches_price=True,
            stale_after_days=FEEDS[row.feed].stale_after.days if row.feed in FEEDS else DEFAULT_STALE_DAYS,
            simulated=row.simulated,
            currency=row.currency,
        )
        for row in series
        if row.product_id in catalog.products and catalog.products[row.product_id].group not in NOT_JUDGED
    ]


def knowledge_digest(store: Store, catalog: Catalog, thresholds: Thresholds, code_version: str) -> str:
    """Digest of everything a run could have read: what was received and taken back, facts, lines, code."""
    facts = [repr(table) for table in (catalog.products, catalog.markets, catalog.channels, catalog.departments)]
    content = json.dumps([received_state(store), thresholds.version, code_version, facts])
    return hashlib.sha256(content.encode()).hexdigest()
