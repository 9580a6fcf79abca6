"""Measuring whole processes and stretches of code: the median of several, beside a loop that shows the machine."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ARCHIVE = SHARED_DATA / "raw" / "agmarknet" / "wholesale_raw.zip"
RUNS = int(os.environ.get("BENCH_RUNS", "3"))


def calibration_s() -> float:
    """Seconds of a fixed loop in pure Python: 0.25 s or so on an idle machine of the usual kind."""
    start = time.perf_counter()
    total = 0
    for number in range(5_000_000):
        total += number & 7
    return time.perf_counter() - start


def median_s(work: Callable[[], object], runs: int = RUNS) -> float:
    """Median seconds of `runs` calls."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def process(command: list[str], **environment: str) -> tuple[float, float]:
    """(seconds, peak megabytes) of a command of ours run as a process of its own."""
    import resource

    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", *command], check=True, env=os.environ | environment, stdout=subprocess.DEVNULL
    )
    taken = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return taken, max(peak, before) / 1024


@contextmanager
def home() -> Iterator[Path]:
    """A scratch CHANGXIAO_HOME, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="changxiao-bench-") as folder:
        yield Path(folder)


def show(rows: list[tuple[str, str, str]]) -> None:
    """Print (what, measured, limit) under each other, with the machine's own speed last."""
    width = max(len(row[0]) for row in rows)
    for what, measured, limit in rows:
        print(f"{what:<{width}}  {measured:>22}  {limit}")
    print(f"{'calibration loop':<{width}}  {calibration_s():>20.2f} s  (0.25 s on an idle machine)")
