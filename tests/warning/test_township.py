"""Township reports between two weeks: what was reported together is held together."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from warning.reference import load_catalog
from warning.township import evidence_of, lots_of

EPOCH = dt.date(1970, 1, 1)
FIRST = dt.date(2026, 3, 2)


def weekly(stock_t: float, shelf_life_days: float, season_end: dt.date) -> pd.DataFrame:
    """Eight weekly reports of one lot with the same stock, outflow and shelf life."""
    return pd.DataFrame(
        {
            "township_id": "500155117",
            "product_id": "grass-carp",
            "lot": "2026",
            "day": [FIRST + dt.timedelta(weeks=week) for week in range(8)],
            "stock_t": stock_t,
            "daily_outflow_t": 4.0,
            "shelf_life_days": shelf_life_days,
            "season_end": season_end,
            "simulated": False,
        }
    )


def supply(reports: pd.DataFrame) -> np.ndarray:
    first = (FIRST - EPOCH).days
    lots = lots_of(reports, first, first + 49)
    found = evidence_of(lots, [[0]], load_catalog().products, {})
    return found.supply[0]


def test_a_perishable_stock_that_is_sold_and_harvested_anew_does_not_age_between_reports() -> None:
    ratio = supply(weekly(8.0, 6.0, FIRST + dt.timedelta(days=200)))
    assert np.allclose(ratio, 8.0 / 4.0 / 6.0)


def test_a_stock_too_large_for_its_shelf_life_is_told_on_every_day() -> None:
    ratio = supply(weekly(40.0, 6.0, FIRST + dt.timedelta(days=200)))
    assert (ratio > 1.5).all()


def test_the_end_of_the_season_bounds_the_days_left_from_one_report_to_the_next() -> None:
    ratio = supply(weekly(20.0, 60.0, FIRST + dt.timedelta(days=59)))
    assert ratio[-1] > ratio[0]
    assert (np.diff(ratio) >= 0).all()


def test_the_surplus_counts_all_that_is_still_to_come_of_a_harvest_under_way() -> None:
    """70 t are left of a harvest that ends in two weeks: all of them come within the four weeks that count."""
    reports = weekly(8.0, 60.0, FIRST + dt.timedelta(days=200)).assign(
        expected_harvest_t=70.0,
        harvest_from=FIRST - dt.timedelta(days=120),
        harvest_to=FIRST + dt.timedelta(days=63),
    )
    first = (FIRST - EPOCH).days
    found = evidence_of(lots_of(reports, first, first + 49), [[0]], load_catalog().products, {})
    assert found.surplus[0, 49] == 0.0  # 8 + 70 - 28 days of 4 t
    slow = lots_of(reports.assign(daily_outflow_t=1.0), first, first + 49)
    assert evidence_of(slow, [[0]], load_catalog().products, {}).surplus[0, 49] == 8 + 70 - 28
