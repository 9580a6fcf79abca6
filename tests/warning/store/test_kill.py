"""Killing an ingest at any moment leaves the store as it was; starting it again gives what one clean run gives."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import signal

import pytest

from pipelines.ingest import ingest_upload

RECEIVED = dt.datetime(2026, 10, 1, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
HEADING = "Market,Arrival Date,Arrivals (Tonnes),Variety,Minimum Price,Maximum Price,Modal Price\n"
NAME = "mynewdata_2016_August.csv"
HOW = {"constants": {"product": "ONION", "region": "MAHARASHTRA"}}


def sheet(last: int, extra: int, markets: tuple[str, ...]) -> bytes:
    """Days 1 to `last` of August 2016 at each market; the last line has a negative price."""
    lines = [
        f"{market},{day:02d}/08/2016,{10 + day},Red,{500 + extra},{700 + extra},{600 + day + extra}"
        for market in markets
        for day in range(1, last + 1)
    ]
    return (HEADING + "\n".join([*lines, "Testpur,30/08/2016,12,Red,-400,-500,-500"]) + "\n").encode()


FIRST = sheet(20, 0, ("Testpur",))
SECOND = sheet(25, 5, ("Testpur", "Otherpur"))
"""Corrects the days of FIRST, and brings new days and a new market."""

CHILD = """
import os
from sqlalchemy import event
import pipelines.ingest
from warning.store import observations, snapshots
from warning.store.engine import open_store

def die(*_, **__):
    os.kill(os.getpid(), 9)

def die_at_the_third(rows, number, written=observations._written, pieces=[]):
    pieces.append(number)
    return die() if len(pieces) == 3 else written(rows, number)

store = open_store(url, home=home)
observations.CHUNK = 10
if moment == "raw bytes":
    os.replace = die
elif moment == "snapshot opened":
    pipelines.ingest.load = die
elif moment == "rows half written":
    observations._written = die_at_the_third
elif moment == "rows superseded":
    pipelines.ingest.close_snapshot = die
elif moment == "before the commit":
    event.listen(store.engine, "commit", die)
pipelines.ingest.ingest_upload(store, "agmarknet", files, received_at=received_at, **how)
die()
"""


@pytest.fixture(scope="module")
def processes():
    """Processes that start fast: forked from one that has imported what they need, and has no threads."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pipelines.ingest", "pyarrow", "psycopg"])
    return context


def ingest(store, content, hour):
    return ingest_upload(store, "agmarknet", [(NAME, content)], received_at=RECEIVED + hour * HOUR, **HOW)


MOMENTS = ("raw bytes", "snapshot opened", "rows half written", "rows superseded", "before the commit", "after it")


@pytest.fixture(scope="module")
def clean(stores, tmp_path_factory, content):
    """Keeps a store that took in FIRST; gives its digest, and what one clean run of SECOND makes of it."""
    folder = tmp_path_factory.mktemp("clean")
    store = stores.make(folder / "first")
    assert ingest(store, FIRST, 0).accepted == 20
    begun = content(store)
    stores.keep("first", store)
    stores.discard(store)
    store = stores.make(folder / "second", of="first")
    assert ingest(store, SECOND, 1).accepted == 50
    ended = content(store)
    stores.discard(store)
    return begun, ended


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_ingest_leaves_the_store_as_it_was(stores, content, processes, tmp_path, clean, moment):
    begun, ended = clean
    store = stores.make(tmp_path, of="first")
    store.engine.dispose()
    told = {"url": store.url, "home": store.home, "moment": moment, "files": [(NAME, SECOND)], "how": HOW}
    child = processes.Process(target=exec, args=(CHILD, told | {"received_at": RECEIVED + HOUR}))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    assert content(store) == (ended if moment == "after it" else begun)
    ingest(store, SECOND, 1)
    assert content(store) == ended
    stores.discard(store)
