"""The released model's weekly word on 10,000 made-up series of five years: time, memory, and whether the cost is flat.

    python benchmarks/bench_inference.py [series ...]

Features, spell risk at four lines and horizons, price bands, reasons: what `pipelines/spell_forecasts.py` does between
the panel and the store. Each size is a process of its own; the fit that speaks is made once, on 300 series, with the
service's own recipe (the trees are as many and as deep whatever they learned from).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from measuring import show

SIZES = (1_000, 10_000, 30_000)
YEARS = 5
PRODUCTS = 40
LAST_SUNDAY = 20_000 // 7 * 7 + 3


def made_up(series: int, years: int, seed: int = 7):
    """Weekly prices of many markets: a season, a common course of each product, and their own swings."""
    from models.market_weeks import MarketWeeks, SeriesPlace

    draw = np.random.default_rng(seed)
    weeks = 52 * years
    number = np.arange(series)
    common = np.cumsum(draw.normal(0, 0.05, (PRODUCTS, weeks)), axis=1) * 0.6
    season = 0.3 * np.sin(2 * np.pi * np.arange(weeks) / 52 + draw.uniform(0, 6, (PRODUCTS, 1)))
    logs = (common + season)[number % PRODUCTS] + np.cumsum(draw.normal(0, 0.03, (series, weeks)), axis=1) * 0.5
    price = 10 * np.exp(logs)
    price[draw.random(price.shape) < 0.1] = np.nan
    spots = np.stack([draw.uniform(25, 35, series), draw.uniform(100, 115, series)], axis=1)
    places = tuple(
        SeriesPlace(
            n, f"product{n % PRODUCTS:02d}", f"region{n // PRODUCTS % 20:02d}", f"m{n // PRODUCTS}", "CN", *spots[n]
        )
        for n in number.tolist()
    )
    sundays = LAST_SUNDAY - 7 * np.arange(weeks)[::-1].astype(np.int64)
    volume = np.where(np.isnan(price), np.nan, 1_000.0)
    days = np.where(np.isnan(price), 0.0, 6.0)
    return MarketWeeks(places, sundays, price, price, volume, days)


def fit_speaker(path: Path) -> None:
    """A speaker of the service's recipe, as bytes in a file."""
    from models.artifact import to_bytes
    from models.base import HORIZONS
    from models.calibrating import Calibration
    from models.conformal import Correction
    from models.fitting import Plan, fit
    from models.speaker import Speaker
    from models.spell_risk import LINES, RISK_WEEKS
    from models.study import study

    weeks = made_up(300, YEARS)
    plan = Plan(risk_weeks=RISK_WEEKS, price_weeks=HORIZONS)
    prepared = study(weeks, sorted({*plan.lines, *LINES}))
    fitted = fit(prepared, weeks.shape[1] - 1, plan)
    calibrations = {(line, horizon): Calibration() for line in LINES for horizon in RISK_WEEKS}
    path.write_bytes(to_bytes(Speaker(fitted, calibrations, {horizon: Correction() for horizon in HORIZONS})))


def infer(path: Path, series: int) -> None:
    """Print seconds (all, loading the model, features) and peak megabytes of one weekly word."""
    from models.artifact import from_bytes
    from models.reasons import LINE, reasons
    from models.speaker import speak
    from models.spell_risk import LINES
    from models.study import study

    weeks = made_up(series, YEARS)
    start = time.perf_counter()
    speaker = from_bytes(path.read_bytes())
    loaded_s = time.perf_counter() - start
    column = weeks.shape[1] - 1
    prepared = study(weeks, LINES, since=column)
    features_s = time.perf_counter() - start - loaded_s
    spoken = speak(speaker, prepared, column)
    reasons(speaker.fitted.risk, prepared.lined.at(LINE, spoken.cells), 4)
    print(f"{time.perf_counter() - start:.2f} {loaded_s:.2f} {features_s:.2f} {peak_mb():.0f}")


def peak_mb() -> float:
    """This process's own peak: what getrusage tells is at least that of the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def main() -> None:
    sizes = [int(one) for one in sys.argv[1:]] or SIZES
    rows = []
    with tempfile.TemporaryDirectory(prefix="changxiao-bench-") as folder:
        path = Path(folder) / "speaker"
        start = time.perf_counter()
        fit_speaker(path)
        print(f"speaker fitted in {time.perf_counter() - start:.0f} s, {path.stat().st_size / 1e6:.1f} MB")
        for size in sizes:
            command = [sys.executable, __file__, "--infer", str(path), str(size)]
            told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            seconds, loaded_s, features_s, peak = (float(one) for one in told)
            limit = "at most 60 s, 2,048 MB" if size == 10_000 else ""
            what = f"{size:,} series of {YEARS} years"
            rows.append((what, f"{seconds:.1f} s, {peak:.0f} MB", limit))
            each = 1e3 * (seconds - loaded_s) / size
            told_of = f"{loaded_s:.1f} s, {features_s:.1f} s; {each:.2f} ms"
            rows.append(("  of which loading, features; the rest per series", told_of, ""))
    show(rows)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--infer"]:
        infer(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
