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
    """The home of a store after one clean run."""
    home = migrated(tmp_path_factory.mktemp("clean"))
    ingests.begin(home, archive)
    assert ingests.status() == 0
    return home


def migrated(home: Path) -> Path:
    open_store(home=home, settings=Settings(home=home), migrate=True).close()
    return home


def log_size(home: Path) -> int:
    log = home / "changxiao.sqlite-wal"
    return log.stat().st_size if log.exists() else 0


def content(home: Path) -> dict[str, str]:
    store = open_store(home=home, settings=Settings(home=home))
    try:
        return digests(store)
    finally:
        store.close()


MOMENTS = {
    "raw folder": lambda home: (home / "raw" / "agmarknet").exists(),
    "raw file": lambda home: any((home / "raw").glob("agmarknet/*.zip")),
    "writing": lambda home: log_size(home) > 0,
    "written": lambda home: log_size(home) > 400_000,
}


@pytest.mark.parametrize(
    ("moment", "later"),
    [("raw folder", 0), ("raw file", 0), ("raw file", 0.05), ("raw file", 0.15), ("writing", 0), ("written", 0)],
)
def test_killed_and_started_again_it_is_one_clean_run(ingests, clean, archive, tmp_path, moment, later):
    home = migrated(tmp_path)
    empty, deadline = content(home), time.monotonic() + 30
    process = ingests.begin(home, archive)
    while not MOMENTS[moment](home) and time.monotonic() < deadline:
        time.sleep(0.0002)
    time.sleep(later)
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    ended = ingests.status()
    assert ended == -signal.SIGKILL or (ended == 0 and moment in {"writing", "written"})
    assert content(home) in (empty, content(clean)), "all of it, or nothing"
    if any((home / "raw").rglob(".writing-*")):
        time.sleep(1.2)  # it is left alone for a moment: it might be another process's, just begun
    ingests.begin(home, archive)
    assert ingests.status() == 0
    assert content(home) == content(clean)
    assert raw_files(home) == raw_files(clean)
    assert is_whole(raw_files(home))
