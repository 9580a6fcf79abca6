"""An ingest killed at any moment and started again gives the same store as one clean run."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from store_digest import digests, is_whole, raw_files

from warning.store.engine import open_store
from warning.store.settings import Settings

HEADING = "Market,Arrival Date,Arrivals (Tonnes),Variety,Min,Max,Modal,"
SERVER = """
import datetime as dt, os, sys
from pathlib import Path
import pandera.pandas, pyarrow.csv
from pipelines.ingest import ingest_paths
from warning.store.engine import open_store
from warning.store.settings import Settings

when = dt.datetime(2026, 11, 24, 1, tzinfo=dt.UTC)
for line in sys.stdin:
    home, archive = (Path(word) for word in line.rstrip().split("|"))
    child = os.fork()
    if not child:
        ingest_paths(open_store(home=home, settings=Settings(home=home)), "agmarknet", [archive], received_at=when)
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Loads the heavy libraries once, then ingests in a process of its own for each line "home|archive"."""


class Ingests:
    """Ingests in processes that may be killed."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", SERVER]
        self.server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def begin(self, home: Path, archive: Path) -> int:
        """The number of a process that has begun to ingest `archive` into the store at `home`."""
        self.server.stdin.write(f"{home}|{archive}\n")
        self.server.stdin.flush()
        return int(self.server.stdout.readline())

    def status(self) -> int:
        """Waits for it to end; its exit status, or minus the signal that ended it."""
        return int(self.server.stdout.readline())

    def close(self) -> None:
        self.server.communicate(timeout=30)


@pytest.fixture(scope="module")
def ingests():
    made = Ingests()
    yield made
    made.close()


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Two years of four markets with three varieties: 9,000 lines, some of them to be rejected (31 February)."""
    path = tmp_path_factory.mktemp("given") / "reports.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for month in range(24):
            target.writestr(
                f"ONION/GOA/report-{month:02}.csv", report_of(dt.date(2015 + month // 12, month % 12 + 1, 1))
            )
    return path


def report_of(first: dt.date) -> str:
    lines = [HEADING]
    for market in ("Aonla", "Bela", "Cotta", "Delhi"):
        for day in range(31):
            for variety in ("Red", "White", "Nasik"):
                lines.append(f"{market},{day + 1:02}/{first:%m/%Y},{day + 1},{variety},5,9,{6 + day % 3},")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def clean(ingests, archive, tmp_path_factory):
    """(home after one clean run, how long it took)."""
    home = migrated(tmp_path_factory.mktemp("clean"))
    started = time.monotonic()
    ingests.begin(home, archive)
    assert ingests.status() == 0
    return home, time.monotonic() - started


def migrated(home: Path) -> Path:
    open_store(home=home, settings=Settings(home=home), migrate=True).close()
    return home


def content(home: Path) -> dict[str, str]:
    store = open_store(home=home, settings=Settings(home=home))
    try:
        return digests(store)
    finally:
        store.close()


@pytest.mark.parametrize("moment", ["raw folder", "raw file", "half-way", "writing", "late"])
def test_killed_and_started_again_it_is_one_clean_run(ingests, clean, archive, tmp_path, moment):
    whole, took = clean
    home = migrated(tmp_path)
    empty, log, started = content(home), home / "changxiao.sqlite-wal", time.monotonic()
    moments = {
        "raw folder": (home / "raw" / "agmarknet").exists,
        "raw file": lambda: any((home / "raw").glob("agmarknet/*.zip")),
        "half-way": lambda: time.monotonic() - started > took / 2,
        "writing": lambda: log.exists() and log.stat().st_size > 50_000,
        "late": lambda: time.monotonic() - started > took * 0.95,
    }
    process = ingests.begin(home, archive)
    while not moments[moment]() and time.monotonic() - started < 30:
        time.sleep(0.0005)
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    assert ingests.status() in ((0, -signal.SIGKILL) if moment in {"late", "writing"} else (-signal.SIGKILL,))
    assert content(home) in (empty, content(whole)), "all of it, or nothing"
    if any((home / "raw").rglob(".writing-*")):
        time.sleep(1.2)  # it is left alone for a moment: it might be another process's, just begun
    ingests.begin(home, archive)
    assert ingests.status() == 0
    assert content(home) == content(whole)
    assert raw_files(home) == raw_files(whole)
    assert is_whole(raw_files(home))
