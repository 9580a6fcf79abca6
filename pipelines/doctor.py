"""What is wrong here and what to do: each finding names its remedy."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from warning.errors import ChangxiaoError
from warning.reference import load_catalog
from warning.store.engine import Store, open_store
from warning.store.settings import Settings

if TYPE_CHECKING:
    from warning.store.ledger import Run

LEAST_FREE_BYTES = 2 * 1024**3
LATE_MESSAGE = dt.timedelta(hours=2)
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
CHINESE_FONTS = ("NotoSansCJK", "NotoSerifCJK", "wqy-", "SourceHan", "simsun", "simfang")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: 0 well, 1 worth knowing, 2 to be mended."""

    weight: int
    what: str
    todo: str = ""

    @property
    def mark(self) -> str:
        return ("好 ok  ", "注意 note", "错 wrong")[self.weight]

    @property
    def colour(self) -> str:
        return ("green", "yellow", "red")[self.weight]


def findings(settings: Settings, now: dt.datetime) -> Iterator[Finding]:
    """Everything looked at, in order."""
    yield _home(settings.home)
    yield _disk(settings.home)
    yield _facts(settings)
    yield _fonts()
    yield from _stored(settings, now)


def _home(home: Path) -> Finding:
    if home.exists() and not os.access(home, os.W_OK):
        return Finding(2, f"{home} cannot be written to", "give this user the folder, or set CHANGXIAO_HOME")
    return Finding(0, f"files lie below {home.resolve()}")


def _disk(home: Path) -> Finding:
    there = next(folder for folder in (home.resolve(), *home.resolve().parents) if folder.exists())
    free = shutil.disk_usage(there).free
    text = f"{free / 1024**3:.1f} GiB free on the disk of {home}"
    return Finding(0, text) if free >= LEAST_FREE_BYTES else Finding(2, text, "make room: raw files and the store grow")


def _facts(settings: Settings) -> Finding:
    try:
        catalog = load_catalog(settings.reference)
    except ChangxiaoError as error:
        return Finding(2, f"the reviewed facts contradict themselves: {error.what} ({error.where})", error.todo)
    return Finding(
        0,
        f"{len(catalog.products)} products, {len(catalog.markets)} markets, {len(catalog.townships)} townships, "
        f"{len(catalog.channels)} channels",
    )


def _fonts() -> Finding:
    names = (name for folder in FONT_FOLDERS if folder.is_dir() for _, _, files in os.walk(folder) for name in files)
    if any(mark.lower() in name.lower() for name in names for mark in CHINESE_FONTS):
        return Finding(0, "a Chinese font is installed")
    return Finding(1, "no Chinese font is installed: pictures drawn here would show boxes", "install fonts-noto-cjk")


def _stored(settings: Settings, now: dt.datetime) -> Iterator[Finding]:
    try:
        store = open_store(settings=settings)
        current, head = store.migration_state()
    except ChangxiaoError as error:
        yield Finding(2, f"the store cannot be opened: {error.what}", error.todo or "check CHANGXIAO_DATABASE_URL")
        return
    if current != head:
        yield Finding(
            2, f"the store is at migration {current or 'none'}, this code needs {head}", "changxiao db upgrade"
        )
        return
    yield Finding(0, f"the store answers and is at migration {head}")
    yield from _contents(store, settings, now)
    store.close()


def _contents(store: Store, settings: Settings, now: dt.datetime) -> Iterator[Finding]:
    from pipelines.fitting import KIND
    from warning.store.artifacts import released_as_of
    from warning.store.ledger import deliveries, last_done, source_names
    from warning.store.outbox import waiting as waiting_messages

    with store.session() as session:
        messages, oldest = waiting_messages(session)
        run = last_done(session)
        fed = deliveries(session)
        waiting = source_names(session, kind=None, feed=None, decided=False, limit=200, cursor=None).items
        model = released_as_of(session, KIND, now.date())
    if not fed:
        yield Finding(1, "nothing was taken in yet", "changxiao ingest FEED PATH, or changxiao demo")
    for feed, found in sorted(fed.items()):
        if found.rejected:
            yield Finding(1, f"{feed}: {found.rejected:,} lines rejected", "changxiao feeds --snapshots; /v1/feeds")
    if waiting:
        yield Finding(1, f"{len(waiting)} source names wait for a person", "changxiao names list")
    if oldest is not None and now - oldest > LATE_MESSAGE:
        text = f"{messages} messages wait to be delivered, the oldest since {oldest:%Y-%m-%d %H:%M}Z"
        yield Finding(1, text, "changxiao subscriptions list, and log; is `changxiao schedule` running?")
    if run is None:
        yield Finding(1, "no daily run was made yet", "changxiao run")
    else:
        yield from _run(run, now.date())
    if model is None:
        text = "no forecast model is released: levels tell what has happened, not what comes"
        yield Finding(1, text, "changxiao fit, where three years of prices are held")
    else:
        yield Finding(0, f"the forecast model knows prices up to {model.data_last}")
    leftovers = list((settings.home / "raw").glob("*/.writing-*"))
    if leftovers:
        yield Finding(
            1, f"{len(leftovers)} half-written raw files lie about", f"delete {leftovers[0].parent}/.writing-*"
        )


def _run(run: Run, today: dt.date) -> Iterator[Finding]:
    """How old the newest run is, and how much of what it judged was stale."""
    age = (today - run.business_date).days
    yield Finding(
        0 if age <= 2 else 1, f"the newest judged day is {run.business_date}", "" if age <= 2 else "changxiao run"
    )
    states = run.summary.get("data_states", {})
    if stale := states.get("stale", 0):
        text = f"{stale:,} of the {sum(states.values()):,} subjects judged on that day rest on stale data"
        yield Finding(1, text, "the board's /data tells which feeds are late; ingest what has come since")
