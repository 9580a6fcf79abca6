"""A cabbage glut in the small store for tests of placing it: units, a plan's evidence, prices and their forecast."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, select

from warning.absorption.units import AbsorbingUnit, UnitKind
from warning.store.engine import Session, Store
from warning.store.tables import AlertRow, AssessmentRow, ForecastRow, ObservationRow, ReportRow, SeriesRow
from warning.store.types import epoch_day, epoch_us
from warning.store.units import put_units

NOW = dt.datetime(2018, 12, 10, 1, 0, tzinfo=dt.UTC)
DAY = dt.date(2018, 12, 2)
"""A Sunday: the last business date of the small store."""
DISTRICT = "cabbage.district.20181201"
TOWNSHIP = "cabbage.500155104.20181202"
MARKET = "onion.in-test-alpha.20181104"
WATCHED = "cabbage@cn-chongqing-liangping:wholesale"
UNITS = (
    AbsorbingUnit("school", "一小", "canteens", UnitKind.SCHOOL, "500155104", diners=3200, contact="李老师"),
    AbsorbingUnit(
        "cold", "城南冷库", "cold-storage-outlets", UnitKind.COLD_STORE, tonnes_per_day=7 / 3, storage_t=21.1
    ),
    AbsorbingUnit("mall", "连锁超市", "buyer-matching", UnitKind.SUPERMARKET, tonnes_per_day=1.3, minimum_lot_t=0.7),
    AbsorbingUnit("reserve", "832预留", "budget-procurement", UnitKind.RESERVE, tonnes_per_day=2.2, price_per_kg=1.9),
)


def glut(store: Store) -> None:
    """The small store's cabbage alert with a price; a township under an alert; four units."""
    with store.writing() as session:
        put_units(session, UNITS, at=NOW - dt.timedelta(days=20), by="office")
        district = session.scalars(select(AssessmentRow).where(AssessmentRow.alert_id == DISTRICT)).one()
        district.readings = {"reading": 1.6}
        session.add(
            AlertRow(id=TOWNSHIP, product_id="cabbage", place_kind="township", place_id="500155104", raised_at=DAY,
                     peak_level=2, status="open", simulated=False)
        )  # fmt: skip
        session.flush()
        session.add(
            AssessmentRow(
                business_date=DAY, run_id=2, product_id="cabbage", place_kind="township", place_id="500155104", level=2,
                observed_level=2, forecast_reason="", tier="T3", type="glut", data_state="ok", last_day=DAY,
                readings={}, drivers=[], channels=[], alert_id=TOWNSHIP, simulated=False,
            )
        )  # fmt: skip


def report(store: Store, tonnes: float | None, **other: Any) -> None:
    """The township's report on the day of its alert: so much in stock, and nothing of it goes out by itself."""
    issued = dt.datetime.combine(DAY, dt.time(12), dt.UTC)
    with store.writing() as session:
        session.add(
            ReportRow(township_id="500155104", product_id="cabbage", day=DAY, issued_at=issued, stock_t=tonnes,
                      daily_outflow_t=0.0, reported_by="张", **other)
        )  # fmt: skip


def forecast(
    store: Store, *, issued: dt.date = dt.date(2018, 11, 25), speaks: str = "model", currency: str = "CNY"
) -> None:
    """Cabbage at an outlet market, forecast for the next two weeks: 1.0, 1.2, 1.4; the baseline 2.0, 2.2, 2.4."""
    with store.writing() as session:
        series = _series(session, currency)
        for weeks in (1, 2):
            session.add(
                ForecastRow(
                    series_id=series, issue_day=issued, model="quantiles", horizon_days=7 * weeks,
                    target_day=issued + dt.timedelta(weeks=weeks), q10=1.0, q50=1.2, q90=1.4, baseline_q10=2.0,
                    baseline_q50=2.2, baseline_q90=2.4, baseline="last_price", speaks=speaks,
                )
            )  # fmt: skip


def prices(store: Store, **by_day: float) -> None:
    """Observed prices by day, as `d1203=1.5`."""
    with store.writing() as session:
        series = _series(session, "CNY")
        for name, price in by_day.items():
            day = dt.date(2018, int(name[1:3]), int(name[3:]))
            issued = dt.datetime.combine(day, dt.time(2), dt.UTC)
            session.add(
                ObservationRow(series_id=series, day=epoch_day(day), variety_id=1, issued_at=epoch_us(issued),
                               snapshot_id=1, price_per_kg=price, flags=0)
            )  # fmt: skip


def _series(session: Session, currency: str) -> int:
    found = session.scalar(select(SeriesRow.id).where(SeriesRow.key == WATCHED))
    if found is None:
        found = (session.scalar(select(func.max(SeriesRow.id))) or 0) + 1
        session.add(
            SeriesRow(id=found, key=WATCHED, product_id="cabbage", market_id="cn-chongqing-liangping",
                      kind="wholesale", currency=currency, feed="table")
        )  # fmt: skip
        session.flush()
    return found


def ask(client, **more):
    """A plan of the district's alert, stored, as the service gives it."""
    answer = client.post("/v1/plans", json={"by": "王", "alert": DISTRICT} | more)
    assert answer.status_code == 201, answer.text
    return answer.json()
