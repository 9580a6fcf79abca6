"""What a price was expected to do before a day, and what it did since: the two sides of a response's effect.

The forecast is the newest one issued before the day, of whichever spoke (model or baseline); it is of a week's median
price, so the price beside it is the median of the same Monday to Sunday.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from warning.absorption.effect import Expected
from warning.store.outlets import forecast_outlet, spoken_bands
from warning.store.series import Knowledge, observations

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
    found = forecast_outlet(session, product_id, markets, last=before - dt.timedelta(days=1))
    if found is None:
        return PriceWatch()
    expected = tuple(Expected(day, *band) for day, band in spoken_bands(session, found).items())
    weeks = [one.day for one in expected if before <= one.day - WEEK and one.day < today]
    prices = dict(_weekly(session, found.key, weeks, now))
    return PriceWatch(found.key, found.issue_day, expected, prices)


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
