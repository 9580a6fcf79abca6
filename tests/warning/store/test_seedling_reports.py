"""Reports of seedlings come along from the years before, since they tell how many are usual; others do not."""

from __future__ import annotations

import datetime as dt

import pytest
from growing import DAY, judged, report

from pipelines.knowledge import reports_known
from warning.store.reports import reports_as_of
from warning.township import lots_of

YEAR = dt.timedelta(days=365)
LATER = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def store(store):
    """Four years of seedlings of one lot, and of a stock beside it."""
    judged(store)
    for back, number in enumerate((130.0, 120.0, 110.0, 100.0)):
        report(store, day=DAY - back * YEAR, lot=f"{DAY.year - back}冬甘蓝", seedlings=number)
        report(store, day=DAY - back * YEAR, lot="库存", stock_t=number)
    return store


def test_only_those_of_seedlings_reach_back(store):
    found = reports_as_of(store, as_of=LATER, first_day=DAY, last_day=DAY, seedlings_from=DAY - 3 * YEAR)

    assert sorted(found["seedlings"].dropna()) == [100, 110, 120, 130]
    assert found["stock_t"].dropna().tolist() == [130]
    assert len(reports_as_of(store, as_of=LATER, first_day=DAY, last_day=DAY)) == 2


def test_a_daily_run_knows_how_many_seedlings_are_usual(store):
    reports = reports_known(store, DAY)
    last = (DAY - dt.date(1970, 1, 1)).days
    lots = lots_of(reports, last, last)

    usual = {lot: float(one[-1]) for lot, one in zip(lots.lot, lots.values["usual_seedlings"], strict=True)}
    assert usual[f"{DAY.year}冬甘蓝"] == pytest.approx(110)
