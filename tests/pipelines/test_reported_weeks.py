"""Township reports beside the weekly grid: each Sunday reads what was known then, at the product's outlet markets."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest
from growing import DAY, MARKET, PINGJIN, report

from models.market_weeks import MarketWeeks, SeriesPlace
from pipelines.reported_weeks import LEAST_WEEKS, learnable, with_reports
from warning.reference import load_catalog
from warning.store.engine import Store, open_store
from warning.store.settings import Settings
from warning.store.tables import ReportRow
from warning.store.types import epoch_day

CATALOG = load_catalog()
WEEK = dt.timedelta(weeks=1)
COUNT = 12


@pytest.fixture
def store(tmp_path):
    store = open_store(home=tmp_path, settings=Settings(home=tmp_path), migrate=True)
    yield store
    store.close()


def grid() -> MarketWeeks:
    """Twelve weeks up to `DAY` of cabbage at its outlet market and at one elsewhere."""
    places = (SeriesPlace(1, "cabbage", market=MARKET), SeriesPlace(2, "cabbage", market="in-lasalgaon"))
    sundays = epoch_day(DAY) + 7 * np.arange(1 - COUNT, 1, dtype=np.int64)
    price = np.ones((2, COUNT))
    return MarketWeeks(places, sundays, price, price, price, price)


def supply(store: Store, day: dt.date = DAY, since: int = 0) -> list[float]:
    """Days of supply over the days left at the outlet market, Sunday by Sunday; -1 where unknown."""
    weeks = with_reports(store, CATALOG, grid(), day, since=since)
    return [round(float(one), 3) for one in np.nan_to_num(weeks.reported["supply"][0], nan=-1.0)]


def test_the_grid_is_as_it_was_without_reports(store):
    assert with_reports(store, CATALOG, grid(), DAY).reported == {}


def test_a_report_counts_at_the_outlet_market_from_its_day_on_for_two_weeks(store):
    report(store, day=DAY - 4 * WEEK, stock_t=60.0, daily_outflow_t=2.0, shelf_life_days=10.0)

    assert supply(store) == [-1] * 7 + [3.0, 3.0, 3.0, -1, -1]
    assert np.isnan(with_reports(store, CATALOG, grid(), DAY).reported["supply"][1]).all()


def test_a_report_that_came_late_counts_from_when_it_came(store):
    report(store, day=DAY - 4 * WEEK, stock_t=60.0, daily_outflow_t=2.0, shelf_life_days=10.0)
    with store.writing() as session:
        session.query(ReportRow).one().issued_at = dt.datetime.combine(DAY - 2 * WEEK, dt.time(0), dt.UTC)

    assert supply(store) == [-1] * 9 + [3.0, 3.0, 3.0]
    # a grid that ends before it came knows nothing of it
    assert with_reports(store, CATALOG, grid(), DAY - 3 * WEEK).reported == {}


def test_a_correction_changes_nothing_of_what_was_known_before_it(store):
    report(store, day=DAY - 4 * WEEK, stock_t=60.0, daily_outflow_t=2.0, shelf_life_days=10.0)
    report(store, day=DAY - 3 * WEEK, stock_t=40.0, daily_outflow_t=2.0, shelf_life_days=10.0)
    before = supply(store)
    with store.writing() as session:  # the older report put right after the newer one was in: it says nothing any more
        late = dt.datetime.combine(DAY - 2 * WEEK, dt.time(0), dt.UTC)
        old = session.query(ReportRow).order_by(ReportRow.day).first()
        session.add(
            ReportRow(township_id=PINGJIN, product_id="cabbage", day=old.day, lot="", issued_at=late, reported_by="",
                      stock_t=90.0, daily_outflow_t=2.0, shelf_life_days=10.0)
        )  # fmt: skip
    assert supply(store) == before == [-1] * 7 + [3.0, 2.0, 2.0, 2.0, -1]


def test_weeks_that_are_not_asked_for_stay_unknown(store):
    report(store, day=DAY - WEEK, stock_t=60.0, daily_outflow_t=2.0, shelf_life_days=10.0)

    assert supply(store, since=COUNT - 1) == [-1] * (COUNT - 1) + [3.0]


@pytest.mark.parametrize(("weeks", "kept"), [(LEAST_WEEKS - 1, False), (LEAST_WEEKS, True)])
def test_a_fit_reads_reports_only_where_there_is_a_year_of_them(weeks, kept):
    readings = {name: np.full((2, 100), np.nan) for name in ("k", "supply")}
    readings["k"][0, : weeks - 9] = readings["supply"][1, 9:weeks] = 1.0
    grid_with = dataclasses.replace(grid(), reported=readings)

    assert (learnable(grid_with).reported == readings) == kept
    assert learnable(grid()).reported == {}
