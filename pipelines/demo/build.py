"""Building the demo: the simulated district's files through the real ingest, then its last days judged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from pipelines.daily import DailyRun
from pipelines.demo.register import put_register
from pipelines.demo.world import World, build_world
from pipelines.ingest import ingest_upload
from warning.errors import Conflict
from warning.names import NameIndex
from warning.store.engine import Store
from warning.store.known import stored_series
from warning.store.markets import close_markets


def build_demo(
    store: Store, daily: DailyRun, *, last_day: dt.date, days: int, clock: Callable[[], dt.datetime]
) -> Iterator[str]:
    """Make the district, take it in, judge `days` business dates up to `last_day`; yields lines to print.

    Refuses a store that holds real series: the simulated and the real must not stand side by side.
    """
    real = [series.key for series in stored_series(store) if not series.simulated]
    if real:
        raise Conflict(
            f"the store holds {len(real):,} real series ({real[0]}, …)",
            where=store.url,
            todo="give the demo a home of its own: CHANGXIAO_HOME=./demo changxiao demo",
        )
    yield f"模拟梁平 · the simulated district up to {last_day}: every number in it is invented"
    world = build_world(last_day)
    yield from take_in(store, daily, world, clock)
    first_day = last_day - dt.timedelta(days=days - 1)
    yield put_register(store, daily.catalog, last_day, since=first_day)
    for result in daily.run(first_day, last_day):
        yield result.line_zh
        yield result.line_en


def take_in(store: Store, daily: DailyRun, world: World, clock: Callable[[], dt.datetime]) -> Iterator[str]:
    """Ingest the world's files as simulated, and note its closed days."""
    for feed, name, content in world.files():
        report = ingest_upload(
            store,
            feed,
            [(name, content)],
            received_by="demo",
            received_at=clock(),
            catalog=daily.catalog,
            simulated=True,
        )
        yield report.message_zh
        yield report.message_en
        if report.snapshot_id is not None and feed == "panel":
            index = NameIndex(daily.catalog)
            found = {(index.find_market(market, "CN", region), day) for market, region, day in world.closures}
            with store.writing() as session:
                close_markets(session, {(market, day) for market, day in found if market}, report.snapshot_id)
