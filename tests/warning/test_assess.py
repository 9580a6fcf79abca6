from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

from warning.assess import Assessment, assess_day
from warning.catalog import Catalog, PlaceKind, Product
from warning.levels import Level
from warning.outlets import district_columns
from warning.thresholds import load_thresholds
from warning.trace import SeriesFacts, trace_panel

LINES = load_thresholds()
DAY = dt.date(2022, 4, 20)


def product(product_id, shelf=20):
    return Product(product_id, product_id, product_id, "fruit", shelf, outlet_markets=("cn-a",))


CATALOG = Catalog(products={name: product(name) for name in ("blood-orange", "hog", "maize")})


def facts_of(product_id="blood-orange", market="cn-a", kind="wholesale", number=0):
    return SeriesFacts(number, f"{product_id}@{market}:{kind}", product_id, market, kind, True, True, 7, True)


def frames(last_price, usual_price=5.0, last_volume=1000.0, usual_volume=1000.0, years=4, days=30, day=DAY, noise=0.0):
    """Years at the usual price and volume, then some days at the last ones."""
    index = pd.date_range(pd.Timestamp(day) - pd.Timedelta(days=int(365.25 * years)), day, freq="D")
    price, volume = np.full(len(index), usual_price), np.full(len(index), usual_volume)
    price *= np.exp(np.repeat(np.random.default_rng(5).normal(0, noise, len(index) // 7 + 1), 7)[: len(index)])
    price[-days:], volume[-days:] = last_price, last_volume
    return pd.DataFrame({0: price}, index=index), pd.DataFrame({0: volume}, index=index)


def assessed(price, volume, reports=None, facts=None, day=DAY) -> dict[tuple[str, str], Assessment]:
    facts = facts or [facts_of()]
    columns = district_columns(price, volume, facts, CATALOG)
    trace = trace_panel(*columns, first=day, last=day, thresholds=LINES)
    found = assess_day(trace, reports, day, CATALOG, LINES)
    for one in found:
        assert not any(value is not None and math.isnan(value) for value in one.readings.values())
        assert not any("nan" in (driver.text_zh + driver.text_en).lower() for driver in one.drivers)
    return {(one.product_id, one.place_id): one for one in found}


def reports_of(weeks=6, day=DAY, **values):
    given = {"township_id": "500155104", "product_id": "blood-orange", "lot": "1", "simulated": True} | values
    days = [day - dt.timedelta(days=7 * week) for week in range(weeks)]
    return pd.DataFrame([given | {"day": one} for one in days])


MARKET, DISTRICT, TOWNSHIP = ("blood-orange", "cn-a"), ("blood-orange", "500155"), ("blood-orange", "500155104")


def test_a_normal_day_is_none_and_has_nothing_to_say():
    found = assessed(*frames(5.0))[MARKET]
    assert (found.level, found.data_state, found.type) == (Level.NONE, "ok", "")
    assert found.raised_on is None
    assert found.changes == ()
    assert found.drivers == ()


def test_wanzhou_blood_orange_2022_is_red_with_the_townships_stock():
    """1.05 against 2.5 yuan a jin a year before, half sold at the peak."""
    price, volume = frames(2.1, usual_price=5.0)
    reports = reports_of(sold_t=500.0, marketable_t=1000.0, normal_sold_share=0.78, stock_t=500.0, daily_outflow_t=12.0)
    found = assessed(price, volume, reports)
    assert assessed(price, volume)[MARKET].level == Level.ORANGE
    assert found[MARKET].level == Level.ORANGE
    assert found[DISTRICT].level == Level.RED
    assert found[TOWNSHIP].level == Level.RED
    assert found[DISTRICT].tier == "T3"
    assert found[DISTRICT].readings["dS"] == pytest.approx(28)
    assert found[DISTRICT].surplus_t == pytest.approx(500 - 12 * 20)
    assert not found[DISTRICT].surplus_estimated


def test_haikou_wax_gourd_2014_is_red_by_cost_alone():
    reports = reports_of(farm_gate_price_per_kg=0.2, production_cost_per_kg=0.8, product_id="wax-gourd")
    found = assessed(*frames(5.0), reports)[("wax-gourd", "500155104")]
    assert (found.level, found.tier) == (Level.RED, "T2")
    assert found.readings["K"] == pytest.approx(0.25)


def test_a_loss_beside_a_normal_price_stops_at_orange():
    reports = reports_of(farm_gate_price_per_kg=0.2, production_cost_per_kg=0.8)
    assert assessed(*frames(5.0), reports)[DISTRICT].level == Level.ORANGE


def test_garlic_2018_is_orange_at_seventy_percent():
    found = assessed(*frames(3.5))[MARKET]
    assert found.level in (Level.ORANGE, Level.YELLOW)


def test_hainan_2017_is_lowered_to_yellow_by_reports_that_contradict():
    price, volume = frames(3.25, last_volume=1400.0, noise=0.2)
    assert assessed(price, volume)[DISTRICT].level == Level.ORANGE
    reports = reports_of(
        farm_gate_price_per_kg=2.0,
        production_cost_per_kg=1.5,
        sold_t=700.0,
        marketable_t=1000.0,
        normal_sold_share=0.68,
    )
    found = assessed(price, volume, reports)[DISTRICT]
    assert found.level == Level.YELLOW
    assert found.readings["lowered"] == 1.0
    assert "contradiction" in [driver.signal for driver in found.drivers]
    assert found.type == "glut"
    unsold = assessed(price, volume, reports.assign(bids_received=False))[DISTRICT]
    assert unsold.level >= Level.ORANGE


def test_zigui_2020_is_a_stall_at_unchanged_price():
    found = assessed(*frames(5.0, last_volume=125.0))[MARKET]
    assert (found.level, found.type) == (Level.ORANGE, "stalled")
    assert "stall" in [driver.signal for driver in found.drivers]
    assert found.surplus_estimated
    assert found.surplus_t == pytest.approx((1000 - 125) * 28 / 1000)


def test_a_glut_estimates_what_came_beyond_the_season():
    found = assessed(*frames(2.0, last_volume=1500.0))[MARKET]
    assert (found.level, found.type) == (Level.RED, "glut")
    assert found.surplus_t == pytest.approx(500 * 28 / 1000)
    texts = " ".join(driver.text_zh for driver in found.drivers)
    assert "往年同旬的 40%" in texts
    assert "5.00 元/公斤" in texts
    assert found.drivers[0].signal in ("r", "v")


def test_the_episode_begins_on_its_first_day_with_every_change_in_words():
    found = assessed(*frames(2.0, days=30))[MARKET]
    first = found.changes[0]
    assert found.raised_on == first.day
    assert DAY - dt.timedelta(days=30) <= first.day <= DAY - dt.timedelta(days=20)
    assert found.changes[-1].level == found.level
    assert all(change.reason_zh and change.reason_en for change in found.changes)


def test_a_first_run_and_a_replay_agree():
    price, volume = frames(2.0, days=70)
    facts = [facts_of()]
    alone = trace_panel(price, volume, facts, first=DAY, last=DAY, thresholds=LINES)
    replay = trace_panel(price, volume, facts, first=DAY - dt.timedelta(days=90), last=DAY, thresholds=LINES)
    assert assess_day(alone, None, DAY, CATALOG, LINES) == assess_day(replay, None, DAY, CATALOG, LINES)
    earlier = DAY - dt.timedelta(days=40)
    stop = pd.Timestamp(earlier)
    short = trace_panel(price.loc[:stop], volume.loc[:stop], facts, first=earlier, last=earlier, thresholds=LINES)
    assert assess_day(short, None, earlier, CATALOG, LINES) == assess_day(replay, None, earlier, CATALOG, LINES)


def test_too_little_past_is_unknown_not_calm():
    found = assessed(*frames(2.0, years=1.5))[MARKET]
    assert (found.level, found.data_state) == (Level.UNKNOWN, "short")


def test_a_stale_series_keeps_its_level_and_says_so():
    price, volume = frames(2.0, days=60)
    price.iloc[-20:] = np.nan
    found = assessed(price, volume)[MARKET]
    assert (found.level, found.data_state) == (Level.ORANGE, "stale")
    assert "20天" in found.drivers[-1].text_zh
    assert found.last_day == DAY - dt.timedelta(days=20)


def test_a_stale_series_without_a_level_is_unknown():
    price, volume = frames(5.0)
    price.iloc[-20:] = np.nan
    found = assessed(price, volume)[MARKET]
    assert (found.level, found.data_state) == (Level.UNKNOWN, "stale")


def test_one_kind_of_price_speaks_for_a_market():
    price, volume = frames(5.0)
    price[1], volume[1] = 2.0, 1000.0
    facts = [facts_of(kind="retail", number=7), facts_of(number=8)]
    found = assessed(price, volume, facts=facts)
    assert found[MARKET].series_id == 8
    assert sum(one.place_kind == PlaceKind.MARKET for one in found.values()) == 1


def test_township_stock_that_cannot_clear_is_orange_and_worse_red():
    base = {
        "stock_t": 100.0,
        "shelf_life_days": 60.0,
        "season_end": DAY + dt.timedelta(days=60),
        "product_id": "pomelo",
    }
    orange = assessed(*frames(5.0), reports_of(daily_outflow_t=1.5, **base))[("pomelo", "500155104")]
    assert (orange.level, orange.tier) == (Level.ORANGE, "T3")
    assert orange.readings["D"] == pytest.approx(100 / 1.5 / 60, rel=0.01)
    red = assessed(*frames(5.0), reports_of(daily_outflow_t=0.5, **base))[("pomelo", "500155104")]
    assert red.level == Level.RED


def test_lots_and_townships_are_summed_for_the_district():
    one = reports_of(product_id="pomelo", stock_t=100.0, daily_outflow_t=10.0, sold_t=100.0, marketable_t=300.0)
    other = one.assign(township_id="500155105", stock_t=300.0, sold_t=260.0)
    found = assessed(*frames(5.0), pd.concat([one, one.assign(lot="2"), other]))
    assert found[("pomelo", "500155104")].readings["stock_t"] == 200.0
    assert found[("pomelo", "500155")].readings["stock_t"] == 500.0
    assert found[("pomelo", "500155")].readings["S"] == pytest.approx(460 / 900)


def test_an_old_report_says_nothing_but_the_level_stays():
    reports = reports_of(
        product_id="pomelo", stock_t=100.0, daily_outflow_t=0.5, shelf_life_days=60.0, day=DAY - dt.timedelta(days=40)
    )
    found = assessed(*frames(5.0), reports)[("pomelo", "500155104")]
    assert (found.level, found.data_state) == (Level.RED, "stale")
    assert found.readings["D"] is None


def test_over_planting_is_yellow():
    found = assessed(*frames(5.0), reports_of(product_id="radish", planted_area_mu=112.0, normal_area_mu=100.0))
    assert found[("radish", "500155104")].level == Level.YELLOW


def test_the_farm_gate_price_follows_from_wholesale_less_fees():
    reports = reports_of(production_cost_per_kg=4.0, pack_fee_per_kg=0.6, freight_per_kg=0.8)
    found = assessed(*frames(5.0), reports)[DISTRICT]
    assert found.readings["K"] == pytest.approx(0.9)
    assert found.level == Level.ORANGE


def test_hogs_go_by_the_ratio_whatever_the_season():
    index = pd.date_range(DAY - dt.timedelta(days=1500), DAY, freq="D")
    price = pd.DataFrame({0: 13.2, 1: 2.4}, index=index)
    price.iloc[-40:, 0] = 11.0
    facts = [facts_of("hog"), facts_of("maize", number=1)]
    found = assessed(price, price * np.nan, facts=facts)
    assert found[("hog", "cn-a")].level == Level.RED
    assert found[("hog", "cn-a")].readings["hog_ratio"] == pytest.approx(11 / 2.4)
    assert found[("hog", "500155")].level == Level.RED
    assert found[("maize", "cn-a")].level == Level.NONE
