"""A price series as a chart: weekly price and volume, what the season leads one to expect, spells, the forecast."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from warning.store.engine import Session
from warning.store.forecasts import newest_issue_day
from warning.store.series import ForecastStep, Knowledge, PooledDay, SeriesFacts, forecasts, observations

YEARS = 3
"""So many years are drawn."""
PAST_YEARS = 4
"""So many more are read, for the season's reference of the first week drawn."""
AHEAD = 12
"""Weeks beyond the last one for which the reference is drawn, as far as a forecast reaches."""
MOST_DAYS = 10_000
Number = float | None


@dataclass(frozen=True, slots=True)
class PriceChart:
    """Columns of one length, by the Sunday that ends each week; None where unknown."""

    weeks: tuple[dt.date, ...] = ()
    price: tuple[Number, ...] = ()
    """Median of Monday to Sunday, per kg in the series' currency."""
    reference: tuple[Number, ...] = ()
    """Mean of the same week in the three years before, smoothed; known ahead."""
    volume_t: tuple[Number, ...] = ()
    spells: tuple[tuple[dt.date, dt.date], ...] = ()
    """First and last week at or below 0.8 of the reference, two weeks or more."""
    forecast: dict[str, tuple[Number, ...]] = field(default_factory=dict)
    """q10, q50, q90 and baseline by week; empty where nothing was forecast."""
    speaks: str = ""
    """model or baseline: which may be trusted; "" where nothing was forecast."""

    @property
    def line(self) -> tuple[Number, ...]:
        """The price below which a slow-sales spell lies."""
        from warning.spells import LINE

        return tuple(None if one is None else LINE * one for one in self.reference)


def price_chart(session: Session, series: SeriesFacts, known: dt.datetime, until: dt.date) -> PriceChart:
    """The chart of a series as it was known then, up to the week that `until` lies in."""
    since = until - dt.timedelta(days=365 * (YEARS + PAST_YEARS))
    days = observations(session, series.key, Knowledge(known), since=since, until=until, limit=MOST_DAYS).items
    issued = newest_issue_day(session, series.key, until)
    return chart_of(days, forecasts(session, series.key, issued) if issued else ())


def chart_of(days: Sequence[PooledDay], steps: Sequence[ForecastStep]) -> PriceChart:
    """The chart of daily observations and the newest forecast among `steps`."""
    import pandas as pd

    from warning.spells import spells_of_weeks, weekly_prices, weekly_reference

    if not days:
        return PriceChart()
    index = pd.DatetimeIndex([day.day for day in days])
    price = pd.Series([_number(day.price_per_kg) for day in days], index=index, dtype=float)
    volume = pd.Series([_number(day.volume_kg) for day in days], index=index, dtype=float)
    weekly = weekly_prices(price.to_frame("price"))
    ahead = pd.date_range(weekly.index[-1], periods=AHEAD + 1, freq="7D")[1:]
    whole = weekly.reindex(weekly.index.append(ahead))
    reference = weekly_reference(whole)["price"]
    low = spells_of_weeks(weekly).low["price"]
    tonnes = volume.resample("W-SUN", label="right", closed="right").sum(min_count=1) / 1000
    first = max(weekly.index[0], weekly.index[-1] - pd.DateOffset(years=YEARS))
    shown = whole.index[whole.index >= first]
    weeks = tuple(stamp.date() for stamp in shown)
    return PriceChart(
        weeks=weeks,
        price=_column(whole["price"].reindex(shown)),
        reference=_column(reference.reindex(shown)),
        volume_t=_column(tonnes.reindex(shown)),
        spells=tuple(_spans(weeks, low.reindex(shown, fill_value=False).tolist())),
        forecast=_fan(weeks, steps),
        speaks=steps[0].speaks if steps else "",
    )


def columns(chart: PriceChart) -> dict[str, Sequence[Any]]:
    """The chart's numbers by name, one length each, as they are drawn and as they are saved."""
    found: dict[str, Sequence[Any]] = {
        "week": chart.weeks, "price": chart.price, "reference": chart.reference, "line": chart.line,
        "volume_t": chart.volume_t,
    }  # fmt: skip
    return found | chart.forecast


def _fan(weeks: Sequence[dt.date], steps: Sequence[ForecastStep]) -> dict[str, tuple[Number, ...]]:
    if not steps:
        return {}
    spoken = {step.target_day: step for step in steps}
    names = {
        "q10": ("q10", "baseline_q10"), "q50": ("q50", "baseline_q50"), "q90": ("q90", "baseline_q90"),
    }  # fmt: skip
    fan = {name: tuple(_of(spoken.get(week), *pair) for week in weeks) for name, pair in names.items()}
    fan["baseline"] = tuple(_of(spoken.get(week), "baseline_q50", "baseline_q50") for week in weeks)
    return fan


def _of(step: ForecastStep | None, model: str, baseline: str) -> Number:
    """What speaks at that week: the model's number, or the baseline's."""
    return None if step is None else _plain(getattr(step, model if step.speaks == "model" else baseline))


def _spans(weeks: Sequence[dt.date], low: Sequence[bool]) -> Iterable[tuple[dt.date, dt.date]]:
    """Runs of two weeks and more."""
    marked = [week for week, flag in zip(weeks, low, strict=True) if flag]
    start = previous = None
    for week in marked:
        if previous is None or (week - previous).days > 7:
            if start is not None and previous is not None and previous > start:
                yield start, previous
            start = week
        previous = week
    if start is not None and previous is not None and previous > start:
        yield start, previous


def _column(values: Any) -> tuple[Number, ...]:
    return tuple(_plain(value) for value in values.tolist())


def _plain(value: float) -> Number:
    return round(value, 4) if math.isfinite(value) else None


def _number(value: float | None) -> float:
    return math.nan if value is None else value
