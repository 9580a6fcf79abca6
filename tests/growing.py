"""A judged day with a cabbage grower's report, a price forecast and volumes, for tests of guidance."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, select

from warning.store.engine import Session, Store
from warning.store.tables import ForecastRow, ObservationRow, ReportRow, RunRow, SeriesRow, VarietyRow
from warning.store.types import epoch_day, epoch_us

DAY = dt.date(2018, 12, 2)
"""A Sunday."""
NOW = dt.datetime(2018, 12, 10, 1, 0, tzinfo=dt.UTC)
PINGJIN, LIRANG = "500155104", "500155102"
MARKET = "cn-chongqing-liangping"
STOCK = {"stock_t": 60.0, "daily_outflow_t": 2.0, "shelf_life_days": 28.0}
COMING = {
    "planted_area_mu": 120.0, "normal_area_mu": 100.0, "expected_harvest_t": 360.0, "marketable_t": 360.0,
    "harvest_from": DAY + dt.timedelta(days=70), "harvest_to": DAY + dt.timedelta(days=83),
}  # fmt: skip


def judged(store: Store, day: dt.date = DAY) -> None:
    """A daily run that judged the day."""
    known = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(0), dt.UTC)
    with store.writing() as session:
        session.add(
            RunRow(id=90, job="daily", business_date=day, status="done", known_at=known, claimed_at=known,
                   heartbeat_at=known, finished_at=known, summary={})
        )  # fmt: skip


def report(
    store: Store,
    *,
    township: str = PINGJIN,
    product: str = "cabbage",
    day: dt.date = DAY,
    lot: str = "",
    **figures: Any,
) -> None:
    """A township's report of a day, known at noon."""
    issued = dt.datetime.combine(day, dt.time(12), dt.UTC)
    with store.writing() as session:
        session.add(
            ReportRow(township_id=township, product_id=product, day=day, lot=lot, issued_at=issued, reported_by="张",
                      **figures)
        )  # fmt: skip


def forecast(
    store: Store, *middle: float, issued: dt.date = DAY, speaks: str = "model", product: str = "cabbage"
) -> None:
    """A price a week at the first outlet market, a tenth to each side; the baseline says twice as much."""
    with store.writing() as session:
        series = _series(session, product)
        for week, price in enumerate(middle, start=1):
            low, high = price * 0.9, price * 1.1
            session.add(
                ForecastRow(
                    series_id=series, issue_day=issued, model="quantiles", horizon_days=7 * week,
                    target_day=issued + dt.timedelta(weeks=week), q10=low, q50=price, q90=high, baseline_q10=2 * low,
                    baseline_q50=2 * price, baseline_q90=2 * high, baseline="last_price", speaks=speaks,
                )
            )  # fmt: skip


def volumes(store: Store, tonnes_a_day: float, *, days: int = 28, until: dt.date = DAY) -> None:
    """What came to the outlet market on each of the last days."""
    with store.writing() as session:
        series = _series(session, "cabbage")
        if session.get(VarietyRow, 90) is None:
            session.add(VarietyRow(id=90, name="grown"))
            session.flush()
        for back in range(days):
            day = until - dt.timedelta(days=back)
            issued = dt.datetime.combine(day, dt.time(2), dt.UTC)
            session.add(
                ObservationRow(series_id=series, day=epoch_day(day), variety_id=90, issued_at=epoch_us(issued),
                               snapshot_id=0, price_per_kg=1.0, volume_kg=1000 * tonnes_a_day, flags=0)
            )  # fmt: skip


def _series(session: Session, product: str) -> int:
    key = f"{product}@{MARKET}:wholesale"
    found = session.scalar(select(SeriesRow.id).where(SeriesRow.key == key))
    if found is None:
        found = (session.scalar(select(func.max(SeriesRow.id))) or 0) + 1
        session.add(
            SeriesRow(id=found, key=key, product_id=product, market_id=MARKET, kind="wholesale", currency="CNY",
                      feed="table")
        )  # fmt: skip
        session.flush()
    return found
