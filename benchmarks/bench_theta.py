"""Weekly Theta beside the naive: how fast, and how good.

    OMP_NUM_THREADS=1 python benchmarks/bench_theta.py

Reads the Indian panel beside the checkout (../shared/data), or else a synthetic one; under two minutes. Times are of
one process; a fixed calibration loop's time stands beside them, so that machines can be compared.
"""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from models.weekly import WeeklyPanel

PANEL = Path(__file__).resolve().parents[2] / "shared" / "data" / "tidy" / "india_agmarknet.parquet"
LIVE_DAY = dt.date(2018, 12, 2)
LATER = tuple(dt.date(2018, 12, 2) + dt.timedelta(weeks=15 * step) for step in range(6))
SCORED = (2, 4, 8)
FULL_SIZE = 1_700
GOAL_SECONDS = 25.0
PLAIN_SAMPLE = 20


def calibration() -> float:
    """Seconds of a fixed loop of arithmetic: what this machine does when it does nothing else."""
    began, total = time.perf_counter(), 0.0
    for turn in range(5_000_000):
        total += turn * 0.5
    return time.perf_counter() - began


def indian_prices() -> pd.DataFrame:
    """The panel as daily prices, a column each product, region and market."""
    import pandas as pd

    tidy = pd.read_parquet(PANEL, columns=["date", "market", "region", "product", "price"])
    tidy["series"] = tidy.groupby(["product", "region", "market"], observed=True).ngroup()
    wide = tidy[tidy["price"] > 0].groupby(["date", "series"])["price"].median().unstack()
    return wide.reindex(pd.date_range(wide.index[0], wide.index[-1]))


def synthetic_prices(series: int, until: dt.date, seed: int = 1) -> pd.DataFrame:
    """Wandering prices with a course over the year, 8 to 12 years long, a third of the days missing."""
    import pandas as pd

    draw = np.random.default_rng(seed)
    days = pd.date_range(end=until, periods=12 * 365)
    year = 2 * np.pi * np.arange(len(days))[:, np.newaxis] / 365.25
    course = draw.uniform(0, 0.4, series) * np.sin(year + draw.uniform(0, 6, series))
    logs = np.cumsum(draw.normal(0, 0.02, (len(days), series)), axis=0) + course
    logs[draw.random(logs.shape) < 0.33] = np.nan
    logs[np.arange(len(days))[:, np.newaxis] < draw.integers(0, 4 * 365, series)] = np.nan
    return pd.DataFrame(20 * np.exp(logs), index=days)


def plain_seconds(weekly: WeeklyPanel) -> float:
    """Seconds a series that statsmodels' ThetaModel takes by itself, without any band."""
    from statsmodels.tsa.forecasting.theta import ThetaModel

    chosen = weekly.rows()[:: max(len(weekly.rows()) // PLAIN_SAMPLE, 1)]
    logs = [weekly.series(row).logs for row in chosen]
    began = time.perf_counter()
    for each in logs:
        ThetaModel(each, period=52, method="additive").fit().forecast(12)
    return (time.perf_counter() - began) / len(logs)


def print_speed(prices: pd.DataFrame) -> None:
    """The speed table, the first forecast with its imports first."""
    from models.forecasting import forecast_weekly
    from models.theta import Theta
    from models.weekly import weekly_panel

    loop = calibration()
    began = time.perf_counter()
    import statsmodels.tsa.forecasting.theta  # noqa: F401

    imported = time.perf_counter() - began
    rows = [("importing statsmodels", imported, 0)]
    for words, frame in (
        (f"all live series as of {LIVE_DAY}", prices),
        (f"{FULL_SIZE} synthetic series of 8 to 12 years", synthetic_prices(FULL_SIZE, LIVE_DAY)),
    ):
        began = time.perf_counter()
        table = forecast_weekly(frame, LIVE_DAY)
        rows.append((f"forecast_weekly, {words}", time.perf_counter() - began, table.rows["series"].nunique()))
    weekly = weekly_panel(prices, LIVE_DAY)
    began = time.perf_counter()
    Theta().fit_predict(weekly, LIVE_DAY, (1, 2, 4, 8, 12))
    rows.append(("  of it Theta and its band", time.perf_counter() - began, len(weekly.rows())))
    each = plain_seconds(weekly)
    rows.append((f"  statsmodels alone, no band ({PLAIN_SAMPLE} timed)", each * len(weekly.rows()), len(weekly.rows())))
    print(f"{'speed, one process':58s} {'seconds':>8s} {'series':>7s} {'series/s':>9s} {'× loop':>7s}")
    print(f"{'calibration loop':58s} {loop:8.2f} {'':7s} {'':9s} {1:7.1f}")
    for words, seconds, count in rows:
        rate = f"{count / seconds:9.0f}" if count else " " * 9
        print(f"{words:58s} {seconds:8.2f} {count or '':>7} {rate} {seconds / loop:7.1f}")
    whole = imported + rows[2][1]
    print(f"{FULL_SIZE} series with the import: {whole:.1f} s; goal {GOAL_SECONDS:.0f} s: {whole <= GOAL_SECONDS}\n")


def losses(prices: pd.DataFrame, weekly: WeeklyPanel, issue_day: dt.date) -> pd.DataFrame:
    """One row a series and scored horizon: pinball loss in logs of model, naive and who spoke, and coverage."""
    import pandas as pd

    from models.forecasting import forecast_weekly

    rows = forecast_weekly(prices, issue_day, SCORED).rows
    place = {name: row for row, name in enumerate(weekly.names)}
    ahead = (pd.Timestamp(weekly.last_sunday) - rows["target_day"]).dt.days // 7
    actual = weekly.prices[rows["series"].map(place), weekly.prices.shape[1] - 1 - ahead]
    out = rows[["horizon_weeks", "speaks"]].assign(traded=~np.isnan(actual))
    for who, prefix in (("model", ""), ("naive", "baseline_")):
        quantiles = rows[[f"{prefix}q10", f"{prefix}q50", f"{prefix}q90"]].to_numpy()
        error = np.log(actual)[:, np.newaxis] - np.log(quantiles)
        level = np.array([0.1, 0.5, 0.9])
        out[who] = np.maximum(level * error, (level - 1) * error).mean(axis=1)
        out[f"{who}_inside"] = (error[:, 0] >= 0) & (error[:, 2] <= 0)
    out["spoken"] = out["model"].where(out["speaks"] == "model", out["naive"])
    return out[out["traded"]]


def print_skill(prices: pd.DataFrame) -> None:
    """The skill table, over issue days that the model had not seen."""
    import pandas as pd

    from models.weekly import weekly_panel

    weekly = weekly_panel(prices, prices.index[-1].date())
    usable = [day for day in LATER if day + dt.timedelta(weeks=max(SCORED)) <= weekly.last_sunday]
    if not usable:
        return
    every = pd.concat([losses(prices, weekly, day) for day in usable])
    print(f"pinball in logs over {len(usable)} issue days {usable[0]} to {usable[-1]}")
    heads = ("weeks", "rows", "theta", "naive", "spoken", "spoken/naive", "model speaks", "cover theta", "cover naive")
    print(" ".join(f"{head:>12s}" for head in heads))
    for horizon, rows in every.groupby("horizon_weeks"):
        mean = rows[["model", "naive", "spoken"]].mean()
        inside = rows[["model_inside", "naive_inside"]].mean()
        figures = (*mean, mean["spoken"] / mean["naive"], (rows["speaks"] == "model").mean(), *inside)
        print(f"{horizon:12d} {len(rows):12d} " + " ".join(f"{figure:12.4f}" for figure in figures))


def main() -> None:
    """Print both tables."""
    until = LATER[-1] + dt.timedelta(weeks=max(SCORED))
    prices = indian_prices() if PANEL.exists() else synthetic_prices(300, until)
    print(f"panel: {PANEL.name if PANEL.exists() else 'synthetic'}, {prices.shape[1]} series, {prices.shape[0]} days\n")
    print_speed(prices)
    print_skill(prices)


if __name__ == "__main__":
    main()
