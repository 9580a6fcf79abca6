"""Forecasts of the daily run: once a week for every series, kept with the baseline beside each.

The released model speaks first (`pipelines/spell_forecasts.py`); where it may not, Theta or the last price do.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from pipelines.knowledge import Knowledge
from pipelines.spell_forecasts import SundayWord, keep_sunday, price_speaks, speak_sunday, to_speak
from pipelines.sundays import last_sunday
from warning.catalog import Catalog
from warning.store.engine import Store
from warning.store.forecasts import forecast_count, write_forecasts

GLOBAL_MODEL = "quantiles"


def forecast_week(store: Store, catalog: Catalog, knowledge: Knowledge, day: dt.date, *, anew: bool = False) -> int:
    """Forecast as of the last Sunday, unless that was done; gives the number of forecasts kept."""
    issue_day = last_sunday(day)
    if not anew and (held := forecast_count(store, issue_day)) and not to_speak(store, issue_day):
        return held
    from models.forecasting import forecast_weekly

    markets = [place for place, fact in enumerate(knowledge.facts) if fact.series_id >= 0]
    prices = knowledge.price.iloc[:, markets].loc[: str(issue_day)]
    table = forecast_weekly(prices, issue_day)
    rows = [_row(knowledge, issue_day, record) for record in table.rows.to_dict("records")]
    word = speak_sunday(store, catalog, knowledge, issue_day)
    if word is not None:
        rows = [_spoken(row, word, _prices_of(word)) for row in rows]
    with store.writing() as session:
        write_forecasts(session, issue_day, rows)
        if word is not None:
            keep_sunday(session, issue_day, word)
    return len(rows)


def _prices_of(word: SundayWord) -> Mapping[int, int]:
    """The place of each series among the model's prices."""
    return {int(series): place for place, series in enumerate(word.prices.series_id)}


def _spoken(row: dict[str, Any], word: SundayWord, places: Mapping[int, int]) -> dict[str, Any]:
    """The row with the released model's prices, where it has any and may speak."""
    place = places.get(row["series_id"])
    quantiles = word.prices.quantiles.get(row["horizon_days"] // 7)
    if place is None or quantiles is None:
        return row
    release = price_speaks(word, row["series_id"], row["horizon_days"])
    if release is None:
        return row
    low, middle, high = (float(value) for value in quantiles[place])
    return row | {
        "model": GLOBAL_MODEL,
        "q10": low,
        "q50": middle,
        "q90": high,
        "speaks": "model",
        "reason": release.reason_en,
    }


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
