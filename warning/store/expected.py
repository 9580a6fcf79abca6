"""What a price was expected to do before a day, and what it did since: the two sides of a response's effect.

The forecast is the newest one issued before the day, of whichever spoke (model or baseline); it is of a week's median
price, so the price beside it is the median of the same Monday to Sunday.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from warning.absorption.effect import Expected
from warning.store.series import ForecastStep, Knowledge, forecasts, observations
from warning.store.tables import ForecastRow, SeriesRow

CURRENCY = "CNY"
KIND_ORDER = ("wholesale", "auction", "farm_gate")
"""Kinds of price that selling moves, best first."""
MODEL = "model"
WEEK = dt.timedelta(days=6)
"""From its Monday to its Sunday."""


@dataclass(frozen=True, slots=True)
class PriceWatch:
    """One series: its forecast made before a day, and its median price by Sunday since, CNY per kg."""

    series: str | None = None
    """None where no series of the product in these markets was forecast before the day."""
    issue_day: dt.date | None = None
    expected: tuple[Expected, ...] = ()
    prices: dict[dt.date, float] = field(default_factory=dict)


def price_watch(
    session: Session, product_id: str, markets: Sequence[str], *, before: dt.date, now: dt.datetime, today: dt.date
) -> PriceWatch:
    """The product's watch at the first of the markets that was forecast before the day `before`.

    `now` is until when prices are known. Only whole weeks from that day on count: those that end on the local day
    `today` or later are not over yet, and one that began before has prices in it that nothing placed could move.
    """
    found = _forecast_before(session, product_id, markets, before)
    if found is None:
        return PriceWatch()
    key, issue_day = found
    expected = _bands(forecasts(session, key, issue_day))
    weeks = [one.day for one in expected if before <= one.day - WEEK and one.day < today]
    prices = dict(_weekly(session, key, weeks, now))
    return PriceWatch(key, issue_day, expected, prices)


def _forecast_before(
    session: Session, product_id: str, markets: Sequence[str], before: dt.date
) -> tuple[str, dt.date] | None:
    """(key, newest issue day before the day) of the series that speaks: by market as given, then by kind of price."""
    rows = session.execute(
        select(SeriesRow.key, SeriesRow.market_id, SeriesRow.kind, func.max(ForecastRow.issue_day))
        .join(ForecastRow, ForecastRow.series_id == SeriesRow.id)
        .where(
            SeriesRow.product_id == product_id,
            SeriesRow.market_id.in_(markets),
            SeriesRow.currency == CURRENCY,
            SeriesRow.kind.in_(KIND_ORDER),
            ForecastRow.issue_day < before,
        )
        .group_by(SeriesRow.key, SeriesRow.market_id, SeriesRow.kind)
    ).all()
    ranked = sorted(rows, key=lambda row: (markets.index(row[1]), KIND_ORDER.index(row[2]), len(row[0]), row[0]))
    return (ranked[0][0], ranked[0][3]) if ranked else None


def _bands(steps: Sequence[ForecastStep]) -> tuple[Expected, ...]:
    """The quantiles of whichever speaks, by the Sunday meant."""
    found: dict[dt.date, Expected] = {}
    for step in steps:
        own = (step.q10, step.q50, step.q90)
        beside = (step.baseline_q10, step.baseline_q50, step.baseline_q90)
        found[step.target_day] = Expected(step.target_day, *(own if step.speaks == MODEL else beside))
    return tuple(found[day] for day in sorted(found))


def _weekly(
    session: Session, key: str, sundays: Sequence[dt.date], now: dt.datetime
) -> Iterator[tuple[dt.date, float]]:
    """(Sunday, median price of its week as known now) where the week has any price."""
    if not sundays:
        return
    first = min(sundays) - WEEK
    days = (max(sundays) - first).days + 1
    known = observations(session, key, Knowledge(now), since=first, until=max(sundays), limit=days)
    prices = {one.day: one.price_per_kg for one in known.items if one.price_per_kg is not None}
    for sunday in sundays:
        week = [price for day, price in prices.items() if sunday - WEEK <= day <= sunday]
        if week:
            yield sunday, statistics.median(week)
