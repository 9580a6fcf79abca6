"""What came to a product's outlet markets: by week, and by year where nobody reports an output."""

from __future__ import annotations

import datetime as dt

import growing
import pytest
from growing import DAY, NOW

from warning.absorption.problem import Output
from warning.reference import load_catalog
from warning.store.outlet_volumes import marketed_outputs, weekly_tonnes

CABBAGE = [load_catalog().products["cabbage"]]
YEAR = dt.timedelta(weeks=52)


def test_tonnes_are_summed_by_week_the_oldest_first(store):
    growing.volumes(store, 5.0, days=9)
    weekly = weekly_tonnes(store, CABBAGE, DAY, NOW)

    assert weekly["cabbage"].shape == (52,)
    assert weekly["cabbage"][-3:].tolist() == pytest.approx([0.0, 10.0, 35.0])
    assert weekly_tonnes(store, CABBAGE, DAY - YEAR, NOW) == {}
    assert weekly_tonnes(store, [load_catalog().products["onion"]], DAY, NOW) == {}


def test_years_of_the_market_are_an_output_without_a_season(store):
    growing.volumes(store, 2.0, days=364)
    growing.volumes(store, 1.0, days=300, until=DAY - YEAR)
    growing.volumes(store, 9.0, days=20, until=DAY - 2 * YEAR)  # too few weeks to be a year

    (found,) = marketed_outputs(store, CABBAGE, DAY, NOW)
    assert found == Output("cabbage", 0.0, pytest.approx(728.0), (pytest.approx(300.0),), at_market=True)
