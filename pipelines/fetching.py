"""Fetching live feeds for a business date: those the settings name, each on its own, none stopping another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from pipelines.feeds import feed_named
from pipelines.feeds.live import Pace, fetch, open_client
from pipelines.ingest import ingest_upload
from warning.errors import ChangxiaoError
from warning.store.engine import Store
from warning.store.runs import end_feed_run, feed_states, start_feed_run
from warning.store.settings import Settings

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Fetched:
    """How the fetch of one feed ended."""

    feed: str
    done: bool
    detail: str


def fetch_live(
    store: Store, settings: Settings, business_date: dt.date, *, clock: Callable[[], dt.datetime]
) -> list[Fetched]:
    """Fetch and ingest every live feed of the settings that is not done for the date; failures are kept."""
    held = feed_states(store, business_date)
    wanted = [feed for feed in settings.live_feeds if held.get(feed) != "done"]
    if not wanted:
        return []
    pace = Pace()
    return [_fetch_one(store, settings, feed_id, business_date, pace, clock) for feed_id in wanted]


def _fetch_one(
    store: Store,
    settings: Settings,
    feed_id: str,
    business_date: dt.date,
    pace: Pace,
    clock: Callable[[], dt.datetime],
) -> Fetched:
    run = start_feed_run(store, feed_id, business_date, clock())
    try:
        feed = feed_named(feed_id)
        with open_client(settings.user_agent) as client:
            answers = fetch(feed, business_date, client=client, pace=pace)
        report = ingest_upload(
            store, feed_id, [(file.name, file.content) for file in answers], received_by="live", received_at=clock()
        )
    except ChangxiaoError as error:
        end_feed_run(store, run, now=clock(), status="failed", detail=str(error))
        log.warning("feed failed", feed=feed_id, business_date=str(business_date), error=str(error))
        return Fetched(feed_id, False, str(error))
    end_feed_run(store, run, now=clock(), status="done", snapshot_id=report.snapshot_id, detail=report.message_en)
    log.info("feed done", feed=feed_id, business_date=str(business_date), account=report.message_en)
    return Fetched(feed_id, True, report.message_en)
