"""The daily risk run: read as of the day, forecast, assess, settle the alerts, leave one row and one line.

In order: claim (job, business date) → gather what was known → trace the indicators → forecast, once a week →
assess every market, township and the district → find channels for each warning → write everything in one
transaction. A rerun that would find the same changes nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.forecasts import forecast_week
from pipelines.knowledge import Knowledge, gather, knowledge_digest, known_at, reports_known, stretches
from pipelines.spell_forecasts import words_of_day
from pipelines.version import code_version
from warning.absorption.channels import suitable_channels
from warning.assess import Assessment, assess_day
from warning.catalog import Catalog
from warning.forecast_level import words_by_series
from warning.levels import Level
from warning.store.engine import Store
from warning.store.judging import write_day
from warning.store.runs import (
    Claim,
    claim_run,
    confirm_run,
    fail_run,
    feed_states,
    finish_run,
    keep_thresholds,
    release_run,
)
from warning.thresholds import Thresholds

JOB = "daily"
Clock = Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True)
class DayResult:
    """What a daily run left: its line in both languages, and whether it changed anything."""

    business_date: dt.date
    line_zh: str
    line_en: str
    changed: bool
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class DailyRun:
    """The parts a daily run is put together from."""

    store: Store
    catalog: Catalog
    thresholds: Thresholds
    live_feeds: tuple[str, ...] = ()
    clock: Clock = lambda: dt.datetime.now(dt.UTC)
    forecasts: bool = True

    def run(self, first: dt.date, last: dt.date | None = None) -> Iterator[DayResult]:
        """Judge each day from `first` to `last` in turn."""
        received = knowledge_digest(self.store, self.catalog, self.thresholds, code_version())
        for start, stop in stretches(self.store, first, last or first):
            knowledge: Knowledge | None = None
            for number in range((stop - start).days + 1):
                day = start + dt.timedelta(days=number)
                claim = self._claim(day)
                fetched = feed_states(self.store, day)
                digest = self._digest(received, fetched)
                if claim.knowledge.startswith(digest):
                    release_run(self.store, claim, now=self.clock())
                    yield self._unchanged(day)
                    continue
                try:
                    knowledge = knowledge or gather(self.store, self.catalog, self.thresholds, day, stop)
                    yield self._judge(claim, knowledge, digest, fetched)
                except BaseException as error:
                    fail_run(self.store, claim, now=self.clock(), error=f"{type(error).__name__}: {error}")
                    raise

    def _claim(self, day: dt.date) -> Claim:
        by = f"{socket.gethostname()}:{os.getpid()}"
        return claim_run(self.store, JOB, day, known_at=known_at(day), now=self.clock(), by=by)

    def _digest(self, received: str, fetched: dict[str, str]) -> str:
        """Digest of all that a run of the day could read: what was received, and which feeds failed that day."""
        return hashlib.sha256(json.dumps([received, _failed(fetched), self.live_feeds]).encode()).hexdigest()

    def _judge(self, claim: Claim, knowledge: Knowledge, digest: str, fetched: dict[str, str]) -> DayResult:
        day = claim.business_date
        reports = reports_known(self.store, day)
        trace = knowledge.trace_without(_failed(fetched))
        forecasts = self._forecast(knowledge, day)
        found = assess_day(trace, reports, day, self.catalog, self.thresholds)
        found = words_by_series(found, words_of_day(self.store, day) if self.forecasts else {})
        outcome = _outcome(found)
        now = self.clock()
        if claim.knowledge.endswith(outcome):
            confirm_run(self.store, claim, knowledge=digest + outcome, now=now)
            return self._unchanged(day)
        with self.store.writing() as session:
            keep_thresholds(session, self.thresholds.version, self.thresholds.content(), now)
            events = write_day(session, found, run_id=claim.run_id, day=day, at=now, advice=self._advice(day, reports))
            summary = self._summary(day, found, events, forecasts, fetched)
            finish_run(
                session,
                claim,
                now=now,
                knowledge=digest + outcome,
                thresholds_version=self.thresholds.version,
                code_version=code_version(),
                summary=summary,
            )
        return DayResult(day, summary["line_zh"], summary["line_en"], True, summary["levels"])

    def _forecast(self, knowledge: Knowledge, day: dt.date) -> int:
        return forecast_week(self.store, self.catalog, knowledge, day) if self.forecasts else 0

    def _advice(self, day: dt.date, reports: Any) -> Callable[[Assessment], list[dict[str, Any]]]:
        known: dict[tuple[str, int, bool], list[dict[str, Any]]] = {}

        def advice(found: Assessment) -> list[dict[str, Any]]:
            blocked = bool(found.readings.get("road_blocked"))
            key = (found.product_id, int(found.level), blocked)
            if key not in known:
                product = self.catalog.products[found.product_id]
                channels = suitable_channels(
                    product, day, self.catalog, level=int(found.level), logistics_blocked=blocked
                )
                known[key] = [channel.to_document() for channel in channels]
            return known[key]

        return advice

    def _summary(
        self,
        day: dt.date,
        found: list[Assessment],
        events: dict[str, int],
        forecasts: int,
        fetched: dict[str, str],
    ) -> dict[str, Any]:
        levels = Counter(Level(one.level).key for one in found)
        states = Counter(one.data_state for one in found)
        missed = [feed for feed in self.live_feeds if fetched.get(feed) != "done"]
        zh, en = _lines(day, found, levels, states, events)
        if self.live_feeds:
            zh += f"；缺 {len(missed)}/{len(self.live_feeds)} 个数据源" if missed else "；数据源齐全"
            en += f"; ran without {len(missed)} of {len(self.live_feeds)} feeds" if missed else "; all feeds in time"
        return {
            "line_zh": zh,
            "line_en": en,
            "levels": dict(levels),
            "data_states": dict(states),
            "events": events,
            "forecasts": forecasts,
            "feeds_missed": missed,
            "feeds_expected": list(self.live_feeds),
            "simulated": any(one.simulated for one in found),
        }

    def _unchanged(self, day: dt.date) -> DayResult:
        return DayResult(day, f"{day}：所知未变，结果不变", f"{day}: nothing new is known, nothing changed", False, {})


def _failed(fetched: dict[str, str]) -> list[str]:
    """The feeds that failed, of the state each was left in."""
    return sorted(feed for feed, state in fetched.items() if state == "failed")


def _lines(
    day: dt.date, found: list[Assessment], levels: Counter[str], states: Counter[str], events: dict[str, int]
) -> tuple[str, str]:
    warned = sum(levels[level] for level in ("red", "orange", "yellow", "blue"))
    if not found:
        return f"{day}：没有可判读的序列，请先导入数据", f"{day}: there is no series to judge; ingest some data first"
    zh = f"{day}：判读 {len(found):,} 个对象，"
    en = f"{day}: {len(found):,} subjects judged, "
    if warned:
        zh += f"红 {levels['red']} 橙 {levels['orange']} 黄 {levels['yellow']} 蓝 {levels['blue']}"
        en += ", ".join(f"{levels[level]} {level}" for level in ("red", "orange", "yellow", "blue"))
    else:
        zh += "无可预警"
        en += "nothing to warn of"
    zh += f"；未知 {levels['unknown']}，停报 {states['stale']}"
    en += f"; {levels['unknown']} unknown, {states['stale']} stale"
    zh += f"；新增 {events.get('raised', 0)}，升级 {events.get('escalated', 0)}，缓解 {events.get('eased', 0)}"
    en += f"; {events.get('raised', 0)} raised, {events.get('escalated', 0)} escalated, {events.get('eased', 0)} eased"
    return zh, en


def _outcome(found: list[Assessment]) -> str:
    """Digest of what a run found: a rerun with the same one leaves everything as it is."""
    content = json.dumps(
        [
            [
                one.product_id,
                one.place_kind.value,
                one.place_id,
                int(one.level),
                one.tier,
                one.type,
                one.data_state,
                str(one.last_day),
                sorted(one.readings.items()),
                one.surplus_t,
                str(one.raised_on),
                [driver.text_zh for driver in one.drivers],
            ]
            for one in found
        ]
    )
    return hashlib.sha256(content.encode()).hexdigest()
