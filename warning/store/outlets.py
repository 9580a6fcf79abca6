"""The price that speaks for a product where its growers sell: which series, its newest forecast, and what that says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from warning.store.series import forecasts
from warning.store.tables import ForecastRow, SeriesRow

CURRENCY: Final = "CNY"
KINDS: Final = ("wholesale", "auction", "farm_gate")
"""Kinds of price that growers sell at, best first."""
MODEL: Final = "model"
Band = tuple[float, float, float]
"""Quantiles 0.1, 0.5 and 0.9 of a week's median price, CNY per kg."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """A product's series at a market, with the issue day of its newest forecast."""

    series_id: int
    key: str
    market_id: str
    issue_day: dt.date
    simulated: bool


def forecast_outlet(
    session: Session, product_id: str, markets: Sequence[str], *, last: dt.date, first: dt.date = dt.date.min
) -> Outlet | None:
    """The first of the markets, as given, that was forecast from `first` to `last`; there the best kind of price."""
    rows = session.execute(
        select(SeriesRow.id, SeriesRow.key, SeriesRow.market_id, SeriesRow.simulated, SeriesRow.kind,
               func.max(ForecastRow.issue_day).label("issued"))
        .join(ForecastRow, ForecastRow.series_id == SeriesRow.id)
        .where(
            SeriesRow.product_id == product_id,
            SeriesRow.market_id.in_(markets),
            SeriesRow.currency == CURRENCY,
            SeriesRow.kind.in_(KINDS),
            ForecastRow.issue_day.between(first, last),
        )
        .group_by(SeriesRow.id, SeriesRow.key, SeriesRow.market_id, SeriesRow.simulated, SeriesRow.kind)
    ).all()  # fmt: skip
    found = [(KINDS.index(row.kind), Outlet(row.id, row.key, row.market_id, row.issued, row.simulated)) for row in rows]
    found.sort(key=lambda pair: (markets.index(pair[1].market_id), pair[0], len(pair[1].key), pair[1].key))
    return found[0][1] if found else None


def spoken_bands(session: Session, outlet: Outlet) -> dict[dt.date, Band]:
    """What the outlet's newest forecast says, by the Sunday meant: of the model or the baseline, whichever speaks."""
    found: dict[dt.date, Band] = {}
    for step in forecasts(session, outlet.key, outlet.issue_day):
        own, beside = (step.q10, step.q50, step.q90), (step.baseline_q10, step.baseline_q50, step.baseline_q90)
        found[step.target_day] = own if step.speaks == MODEL else beside
    return dict(sorted(found.items()))
