"""The model over all series beside statsmodels fitted to each: time for one issue date, and pinball on the same prices.

    OMP_NUM_THREADS=1 python benchmarks/bench_per_series.py [predictions.parquet]

Reads the Indian panel beside the checkout. Ours: features and price bands of all series for one Sunday by a fit of the
service's recipe (the fit itself, made every four weeks, is timed apart). Theirs, on a sample of series, as it takes
long: Theta and damped ETS on the weekly ln prices of five years, and ETS with a weekly season on daily ones. With the
predictions of `changxiao backtest`, the pinball losses of both on the sample's issue dates follow.
"""

from __future__ import annotations

import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from measuring import SHARED_DATA, show

if TYPE_CHECKING:
    import pandas as pd

PANEL = SHARED_DATA / "tidy" / "india_agmarknet.parquet"
FIRST_ISSUED, ISSUES, APART_WEEKS = "2018-06-03", 16, 8
SAMPLE, DAILY_SAMPLE = 60, 4
HISTORY = 5 * 52
HORIZONS = (2, 4, 8)
LEVELS = np.array([0.1, 0.5, 0.9])
Z = np.array([-1.2816, 0.0, 1.2816])


def per_series(logs: np.ndarray) -> tuple[np.ndarray, float]:
    """(mean of Theta's and ETS's quantiles of the ln price at 1 to 8 weeks, 8 × 3; seconds)."""
    import pandas as pd
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel
    from statsmodels.tsa.forecasting.theta import ThetaModel

    start = time.perf_counter()
    theta = ThetaModel(logs, period=52, deseasonalize=len(logs) >= 104).fit()
    middle = np.asarray(theta.forecast(8))
    edges = np.asarray(theta.prediction_intervals(8, alpha=0.2))
    # its intervals ask for an index
    ets = ETSModel(pd.Series(logs), error="add", trend="add", damped_trend=True).fit(disp=False)
    told = ets.get_prediction(start=len(logs), end=len(logs) + 7).summary_frame(alpha=0.2)
    bands = np.stack([edges[:, 0], middle, edges[:, 1]], axis=1)
    other = told[["pi_lower", "mean", "pi_upper"]].to_numpy()
    return (bands + other) / 2, time.perf_counter() - start


def daily_ets(prices: pd.Series) -> float:
    """Seconds of one ETS fit on daily ln prices with a weekly season."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    logs = np.log(prices.asfreq("D").interpolate()).iloc[-3 * 365 :].to_numpy()
    start = time.perf_counter()
    ETSModel(logs, error="add", trend="add", damped_trend=True, seasonal="add", seasonal_periods=7).fit(disp=False)
    return time.perf_counter() - start


def issue_days() -> pd.DatetimeIndex:
    """Sundays eight weeks apart over two and a half years: every season, and few outcomes shared."""
    import pandas as pd

    return pd.date_range(FIRST_ISSUED, periods=ISSUES, freq=f"{APART_WEEKS * 7}D")


def pinball(actual: np.ndarray, quantiles: np.ndarray) -> float:
    miss = actual[:, np.newaxis] - quantiles
    return float(np.maximum(LEVELS * miss, (LEVELS - 1) * miss).mean())


def ours_s(panel: pd.DataFrame) -> tuple[float, float, int]:
    """(seconds of one Sunday's features and price bands, seconds of the price fit, series)."""
    from models.fitting import Plan, fit
    from models.study import study
    from models.tidy_panel import weeks_of_panel

    weeks = weeks_of_panel(panel)
    plan = Plan(risk_weeks=(), price_weeks=HORIZONS)
    prepared = study(weeks, plan.lines)
    last = weeks.shape[1] - 1
    start = time.perf_counter()
    bands = fit(prepared, last, plan).prices
    fit_s = time.perf_counter() - start
    start = time.perf_counter()
    alone = study(weeks, plan.lines, since=last)
    for horizon in HORIZONS:
        bands.changes(alone.table, horizon)
    return time.perf_counter() - start, fit_s, weeks.shape[0]


def compared(
    panel: pd.DataFrame, predictions: pd.DataFrame | None
) -> tuple[float, float, dict[int, tuple[float, float]]]:
    """(seconds a weekly series, seconds a daily one, pinball of theirs and ours by horizon)."""
    import pandas as pd

    key = ["product", "region", "market"]
    counts = panel.groupby(key, observed=True)["date"].nunique().sort_values(ascending=False)
    chosen = counts.index[:: max(1, min(len(counts), 480) // SAMPLE)][:SAMPLE]
    taken, daily, losses = [], [], {h: ([], [], []) for h in HORIZONS}
    for number, name in enumerate(chosen):
        own = panel[(panel[key] == list(name)).all(axis=1)].groupby("date")["price"].median()
        weekly = own.resample("W-SUN").median().ffill(limit=2)
        for issued in issue_days():
            past = np.log(weekly[:issued].iloc[-HISTORY:].interpolate().dropna().to_numpy())
            if len(past) < 104 or pd.isna(weekly.get(issued)):
                continue
            quantiles, seconds = per_series(past)
            taken.append(seconds)
            for horizon in HORIZONS:
                actual = weekly.get(issued + pd.Timedelta(weeks=horizon))
                said = None if predictions is None else _said(predictions, name, issued, horizon)
                if actual and np.isfinite(actual) and said is not None:
                    for held, value in zip(
                        losses[horizon], (np.log(actual), quantiles[horizon - 1], said), strict=True
                    ):
                        held.append(value)
        if number < DAILY_SAMPLE:
            daily.append(daily_ets(own))
    scores = {
        horizon: (pinball(np.array(actual), np.array(theirs)), pinball(np.array(actual), np.array(ours)))
        for horizon, (actual, theirs, ours) in losses.items()
        if actual
    }
    return float(np.median(taken)), float(np.median(daily)), scores


def _said(predictions: pd.DataFrame, name: tuple[str, ...], issued: pd.Timestamp, horizon: int) -> np.ndarray | None:
    try:
        row = predictions.loc[(*name, issued, horizon)]
    except KeyError:
        return None
    return np.log(row[["price_q10", "price_q50", "price_q90"]].to_numpy(dtype=float))


def main() -> None:
    if not PANEL.exists():
        print(f"skipped: the panel is not at {PANEL}")
        return
    import pandas as pd

    warnings.simplefilter("ignore")
    panel = pd.read_parquet(PANEL, columns=["date", "market", "product", "region", "price", "volume"])
    for name in ("market", "product", "region"):
        panel[name] = panel[name].astype(str)
    panel = panel[panel["price"] > 0]
    predictions = None
    if sys.argv[1:]:
        predictions = pd.read_parquet(Path(sys.argv[1]))
        predictions = predictions[predictions["issue_date"].isin(issue_days())]
        predictions = predictions.set_index(["product", "region", "market", "issue_date", "horizon_weeks"]).sort_index()
    weekly_s, daily_s, scores = compared(panel, predictions)
    seconds, fit_s, series = ours_s(panel)
    theirs, theirs_daily = weekly_s * series, daily_s * series
    rows = [
        (f"ours: bands of {series:,} series for one Sunday", f"{seconds:.1f} s", ""),
        ("  the fit, every four weeks", f"{fit_s:.0f} s", ""),
        ("Theta + ETS, weekly, each series", f"{theirs:.0f} s", f"{theirs / seconds:.1f} x ours (at least 4)"),
        ("  with our fit counted in", f"{theirs:.0f} s", f"{theirs / (seconds + fit_s):.1f} x ours"),
        (
            "ETS with a weekly season, daily, each series",
            f"{theirs_daily:.0f} s",
            f"{theirs_daily / seconds:.0f} x ours (at least 20)",
        ),
    ]
    for horizon, (other, own) in scores.items():
        rows.append((f"pinball at {horizon} weeks, ours / theirs", f"{own:.4f} / {other:.4f}", "ours lower"))
    show(rows)


if __name__ == "__main__":
    main()
