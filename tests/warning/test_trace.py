from __future__ import annotations

import datetime as dt
import time

import numpy as np
import pandas as pd
import pytest

from warning.catalog import Catalog, Market, PlaceKind, Product
from warning.errors import InvalidPanel
from warning.levels import TRACE_DAYS
from warning.outlets import district_columns
from warning.thresholds import load_thresholds
from warning.trace import SeriesFacts, trace_panel

LINES = load_thresholds()
LAST = dt.date(2020, 6, 30)


def facts_of(number, product="cabbage", market="cn-a", **changes):
    given = {
        "series_id": number,
        "key": f"{product}@{market}:wholesale",
        "product_id": product,
        "market_id": market,
        "kind": "wholesale",
        "lunar": True,
        "volume_matches_price": True,
        "stale_after_days": 7,
        "simulated": False,
    }
    return SeriesFacts(**given | changes)


def noisy(columns=3, first="2013-01-01", last=LAST, seed=0, gaps=0.3):
    index = pd.date_range(first, last, freq="D")
    generator = np.random.default_rng(seed)
    shape = (len(index), columns)
    price = 5 * np.exp(generator.normal(0, 0.2, shape) + 0.3 * np.sin(np.arange(len(index)) / 58.1)[:, None])
    volume = 1000 * np.exp(generator.normal(0, 0.4, shape))
    price[generator.random(shape) < gaps] = np.nan
    volume[generator.random(shape) < gaps] = np.nan
    return pd.DataFrame(price, index=index), pd.DataFrame(volume, index=index)


def same(one, other, days):
    """Whether two traces agree to the last bit on their common last days."""
    for name in ("reading", "reference", "hog_ratio", "surplus_kg", "last_priced", "off_market"):
        assert np.array_equal(
            getattr(one, name)[:, -days:], getattr(other, name)[:, -days:], equal_nan=name != "off_market"
        ), name
    assert np.array_equal(one.cells[:, 14 - days :], other.cells[:, 14 - days :])  # the first two weeks only lead in
    for name in ("r", "z", "g", "v", "rho", "stall"):
        assert np.array_equal(getattr(one.t1, name)[:, -days:], getattr(other.t1, name)[:, -days:], equal_nan=True), (
            name
        )


def test_a_day_is_traced_the_same_whatever_comes_later_and_whenever_the_trace_begins():
    price, volume = noisy()
    facts = [facts_of(0), facts_of(1, market="cn-b"), facts_of(2, market="in-c", lunar=False)]
    middle = dt.date(2020, 3, 1)
    alone = trace_panel(price[:"2020-03-01"], volume[:"2020-03-01"], facts, first=middle, last=middle, thresholds=LINES)
    inside = trace_panel(price, volume, facts, first=middle, last=middle, thresholds=LINES)
    same(alone, inside, TRACE_DAYS + 1)
    replay = trace_panel(price, volume, facts, first=dt.date(2020, 1, 5), last=middle, thresholds=LINES)
    same(alone, replay, TRACE_DAYS + 1)
    assert alone.days[0] == replay.days[-1] - TRACE_DAYS
    assert np.isfinite(alone.t1.r).any()
    assert np.isfinite(alone.t1.z).any()
    assert np.isfinite(alone.t1.g).any()
    assert np.isfinite(alone.t1.v).any()


def test_a_series_is_traced_the_same_alone_and_among_others():
    price, volume = noisy(columns=200, first="2016-06-01")
    facts = [facts_of(number, market=f"cn-{number}") for number in range(200)]
    many = trace_panel(price, volume, facts, first=LAST, last=LAST, thresholds=LINES)
    last = price[[199]].set_axis([0], axis=1), volume[[199]].set_axis([0], axis=1)
    alone = trace_panel(*last, facts[199:], first=LAST, last=LAST, thresholds=LINES)
    assert np.array_equal(many.t1.z[199], alone.t1.z[0], equal_nan=True)
    assert np.array_equal(many.cells[199], alone.cells[0])


def test_a_short_frame_is_traced_as_unknown():
    price, volume = noisy(columns=1, first="2020-06-01")
    found = trace_panel(price, volume, [facts_of(0)], first=LAST, last=LAST, thresholds=LINES)
    assert found.cells.shape == (1, TRACE_DAYS + 1)
    assert (found.cells == -1).all()


def test_bad_frames_are_refused():
    price, volume = noisy(columns=2, first="2020-01-01")
    with pytest.raises(InvalidPanel, match="series"):
        trace_panel(price, volume, [facts_of(0)], first=LAST, last=LAST, thresholds=LINES)
    late = dt.date(2021, 1, 1)
    with pytest.raises(InvalidPanel, match="do not reach"):
        trace_panel(price, volume, [facts_of(0), facts_of(1)], first=late, last=late, thresholds=LINES)
    found = trace_panel(price, volume, [facts_of(0), facts_of(1)], first=LAST, last=LAST, thresholds=LINES)
    with pytest.raises(InvalidPanel, match="cannot judge"):
        found.place(dt.date(2020, 6, 29))


def test_closures_and_days_on_which_nobody_traded_count_for_no_stall():
    price, volume = noisy(columns=2, gaps=0.0)
    volume.iloc[:] = 1000.0
    volume.iloc[-10:, 0] = 100.0
    volume.iloc[-4, 0] = 900.0
    facts = [facts_of(0), facts_of(1, product="radish")]

    def stall(closures):
        traced = trace_panel(price, volume, facts, first=LAST, last=LAST, thresholds=LINES, closures=closures)
        return traced.t1.stall[0, -1]

    assert stall(None) == pytest.approx(0.9)
    assert stall({"cn-a": [dt.date(2020, 6, 27)]}) == pytest.approx(0.1)


def test_volume_of_another_kind_than_the_price_is_not_read_beside_it():
    price, volume = noisy(columns=1)
    facts = [facts_of(0, volume_matches_price=False)]
    traced = trace_panel(price, volume, facts, first=LAST, last=LAST, thresholds=LINES)
    assert np.isnan(traced.t1.v).all()
    assert np.isnan(traced.t1.rho).all()


def test_hogs_are_judged_by_the_ratio_to_maize_nearby():
    price, volume = noisy(columns=3, gaps=0.0)
    price[0], price[1], price[2] = 14.0, 2.0, 4.0
    price.iloc[-40:, 0] = 11.0
    facts = [facts_of(0, "hog"), facts_of(1, "maize", "cn-z"), facts_of(2, "maize", "in-z", currency="INR")]
    traced = trace_panel(price, volume, facts, first=LAST, last=LAST, thresholds=LINES)
    assert traced.hog_ratio[0, -1] == pytest.approx(5.5)
    assert traced.cells[0, -1] == 3
    assert traced.cells[0, -60] == 0


def test_a_product_out_of_season_is_off_the_market_and_a_silent_one_is_not():
    price, volume = noisy(columns=2, gaps=0.0)
    price.loc[price.index.month.isin([5, 6, 7]), 0] = np.nan
    price.iloc[-20:, 1] = np.nan
    facts = [facts_of(0), facts_of(1, product="radish")]
    traced = trace_panel(price, volume, facts, first=LAST, last=LAST, thresholds=LINES)
    assert traced.off_market[0, -1]
    assert not traced.off_market[1, -1]
    flags = price.isna() & False
    flags.iloc[-10:, 1] = True
    declared = trace_panel(price, volume, facts, first=LAST, last=LAST, thresholds=LINES, off_market=flags)
    assert declared.off_market[1, -1]


def product(product_id, outlets=()):
    return Product(product_id, product_id, product_id, "vegetable_head", 20, outlet_markets=outlets)


def test_the_district_price_is_the_volume_weighted_median_of_its_outlets():
    price, volume = noisy(columns=4, first="2020-01-01", gaps=0.0)
    for column, (level, weight) in enumerate(((1.0, 100.0), (2.0, 500.0), (9.0, 100.0), (50.0, 9e9))):
        price[column], volume[column] = level, weight
    markets = ["cn-a", "cn-b", "cn-c", "cn-d"]
    facts = [facts_of(number, market=market) for number, market in enumerate(markets)]
    catalog = Catalog(products={"cabbage": product("cabbage", ("cn-a", "cn-b", "cn-c"))})
    price.iloc[-1, 1] = np.nan
    wide, amounts, known = district_columns(price, volume, facts, catalog)
    assert known[-1].place_kind == PlaceKind.DISTRICT
    assert known[-1].market_id == "500155"
    assert wide.iloc[-2, 4] == 2.0
    assert wide.iloc[-1, 4] == 5.0
    assert amounts.iloc[-2, 4] == 700.0
    assert len(known) == 5


def test_the_district_mixes_neither_kinds_of_price_nor_currencies():
    price, volume = noisy(columns=3, first="2020-01-01", gaps=0.0)
    price[0], price[1], price[2] = 2.0, 30.0, 90.0
    facts = [facts_of(0), facts_of(1, market="cn-b", kind="retail"), facts_of(2, market="in-c", currency="INR")]
    catalog = Catalog(
        products={"cabbage": product("cabbage", ("cn-a", "cn-b", "in-c"))}, markets={"x": Market("x", "x", "x", "CN")}
    )
    wide, _, known = district_columns(price, volume, facts, catalog)
    assert known[-1].kind == "wholesale"
    assert wide.iloc[-1, 3] == 2.0


def test_four_hundred_series_of_a_dozen_years_take_a_few_seconds():
    price, volume = noisy(columns=400, first="2008-07-01")
    facts = [facts_of(number, market=f"cn-{number}") for number in range(400)]
    begun = time.process_time()
    trace_panel(price, volume, facts, first=LAST, last=LAST, thresholds=LINES)
    assert time.process_time() - begun < 8
