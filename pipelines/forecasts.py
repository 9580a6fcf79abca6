"""Forecasts of the daily run: once a week for every series, kept with the baseline beside each."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

from pipelines.knowledge import Knowledge
from warning.store.engine import Store
from warning.store.forecasts import forecast_count, write_forecasts

if TYPE_CHECKING:
    pass


def last_sunday(day: dt.date) -> dt.date:
    """The Sunday on or before a day: the last whole week ends there."""
    return day - dt.timedelta(days=(day.weekday() + 1) % 7)


def forecast_week(store: Store, knowledge: Knowledge, day: dt.date, *, anew: bool = False) -> int:
    """Forecast as of the last Sunday, unless that was done; gives the number of forecasts kept."""
    issue_day = last_sunday(day)
    if not anew and (held := forecast_count(store, issue_day)):
        return held
    from models.forecasting import forecast_weekly

    markets = [place for place, fact in enumerate(knowledge.facts) if fact.series_id >= 0]
    prices = knowledge.price.iloc[:, markets].loc[: str(issue_day)]
    table = forecast_weekly(prices, issue_day)
    rows = [_row(knowledge, issue_day, record) for record in table.rows.to_dict("records")]
    with store.writing() as session:
        write_forecasts(session, issue_day, rows)
    return len(rows)


def _row(knowledge: Knowledge, issue_day: dt.date, record: dict[Any, Any]) -> dict[str, Any]:
    weeks = int(record["horizon_weeks"])
    quantiles = {
        name: float(record[name]) for name in ("q10", "q50", "q90", "baseline_q10", "baseline_q50", "baseline_q90")
    }
    assert all(map(math.isfinite, quantiles.values())), f"a forecast is no number: {record}"
    return {
        "series_id": knowledge.facts[int(record["series"])].series_id,
        "issue_day": issue_day,
        "model": str(record["model"]),
        "horizon_days": 7 * weeks,
        "target_day": issue_day + dt.timedelta(weeks=weeks),
        "baseline": str(record["baseline"]),
        "speaks": str(record["speaks"]),
        "reason": str(record["reason"]),
        **quantiles,
    }
