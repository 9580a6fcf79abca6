"""Cases to get right (mission §4), with the published figures on prices that move as real ones do.

The plain forms of 万州, 海口, 海南 and 秭归 stand in test_assess; here each meets noise, a calendar or other reports.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from warning.assess import Assessment, assess_day
from warning.catalog import Catalog, Product
from warning.levels import Level
from warning.outlets import DISTRICT_ID, district_columns
from warning.thresholds import load_thresholds
from warning.trace import SeriesFacts, trace_panel

LINES = load_thresholds()
PRODUCTS = ("blood-orange", "garlic", "navel-orange", "wax-gourd", "watermelon", "hog", "maize")
CATALOG = Catalog(products={one: Product(one, one, one, "fruit", 20, outlet_markets=("cn-a",)) for one in PRODUCTS})
TOWNSHIP = "500155104"


def year_of_noise(day, usual, noise, seed, years=6):
    """Daily values around the usual one, which drift from week to week."""
    index = pd.date_range(pd.Timestamp(day) - pd.Timedelta(days=int(365.25 * years)), day, freq="D")
    weekly = np.random.default_rng(seed).normal(0, noise, len(index) // 7 + 1)
    return pd.Series(usual * np.exp(np.repeat(weekly, 7)[: len(index)]), index=index)


def market(product, day, *, usual=5.0, now=5.0, volume=1.0, days=30, noise=0.08, seed=1):
    """(price, volume) of one product: years at the usual price, then some days at the present one."""
    price, amount = year_of_noise(day, usual, noise, seed), year_of_noise(day, 1000.0, 0.02, seed + 1)
    price.iloc[-days:] = now
    amount.iloc[-days:] *= volume
    return {product: (price, amount)}


def assessed(series, day, reports=None, closures=None) -> dict[tuple[str, str], Assessment]:
    facts = [
        SeriesFacts(number, f"{name}@cn-a:wholesale", name, "cn-a", "wholesale", True, True, 7, True)
        for number, name in enumerate(series)
    ]
    price, volume = (
        pd.DataFrame({number: pair[part] for number, pair in enumerate(series.values())}) for part in (0, 1)
    )
    columns = district_columns(price, volume, facts, CATALOG)
    trace = trace_panel(*columns, first=day, last=day, thresholds=LINES, closures=closures)
    return {(one.product_id, one.place_id): one for one in assess_day(trace, reports, day, CATALOG, LINES)}


def reports_of(product, day, weeks=6, **values):
    given = {"township_id": TOWNSHIP, "product_id": product, "lot": "1", "simulated": True} | values
    return pd.DataFrame([given | {"day": day - dt.timedelta(days=7 * week)} for week in range(weeks)])


@pytest.mark.parametrize(
    "told",
    [
        {"sold_t": 500.0, "marketable_t": 1000.0, "normal_sold_share": 0.75},
        {"stock_t": 500.0, "daily_outflow_t": 20.0, "shelf_life_days": 20.0},
        {"bids_received": False},
    ],
    ids=["half sold at the peak", "stock that cannot clear", "nobody bids"],
)
def test_wanzhou_blood_orange_2022_is_red_by_any_second_class_of_evidence(told):
    """1.05 yuan a jin against 2.5 a year before, about half of it unsold."""
    day = dt.date(2022, 4, 6)
    series = market("blood-orange", day, usual=5.0, now=2.1)
    assert assessed(series, day)["blood-orange", DISTRICT_ID].level == Level.ORANGE
    found = assessed(series, day, reports_of("blood-orange", day, **told))["blood-orange", DISTRICT_ID]
    assert (found.level, found.tier) == (Level.RED, "T3")
    assert found.readings["r"] == pytest.approx(0.42, abs=0.03)
    assert "r" in [driver.signal for driver in found.drivers]


def test_haikou_wax_gourd_2014_is_red_where_the_market_is_low_too():
    """The farm gate brings a quarter of the cost; the wholesale price lies at the orange line."""
    day = dt.date(2014, 5, 20)
    reports = reports_of("wax-gourd", day, farm_gate_price_per_kg=0.2, production_cost_per_kg=0.8)
    found = assessed(market("wax-gourd", day, usual=1.0, now=0.55), day, reports)["wax-gourd", DISTRICT_ID]
    assert (found.level, found.tier) == (Level.RED, "T2")
    assert found.readings["K"] == pytest.approx(0.25)
    assert "产地价为成本的 25%（线 70%），已亏本" in [driver.text_zh for driver in found.drivers]


@pytest.mark.parametrize("noise", [0.03, 0.08, 0.15, 0.30])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_garlic_2018_at_seventy_percent_is_yellow_or_orange_however_the_price_moves(noise, seed):
    day = dt.date(2018, 4, 20)
    series = market("garlic", day, usual=8.0, noise=noise, seed=seed)
    plain = assessed(series, day)["garlic", "cn-a"]
    series["garlic"][0].iloc[-30:] = 0.699 * plain.readings["reference"]
    found = assessed(series, day)["garlic", "cn-a"]
    assert found.readings["r"] == pytest.approx(0.7, abs=0.02)
    assert found.level in (Level.YELLOW, Level.ORANGE)


HAINAN = dt.date(2017, 2, 20)


def hainan(**told):
    """A district where the price is 35 % down and more comes to market than usual, with reports."""
    series = market("watermelon", HAINAN, usual=5.0, now=3.25, volume=1.4, noise=0.2)
    reports = reports_of("watermelon", HAINAN, **told) if told else None
    return assessed(series, HAINAN, reports)["watermelon", DISTRICT_ID]


def test_hainan_2017_profit_lowers_by_one_and_a_loss_does_not():
    alone = hainan()
    assert (alone.level, alone.type) == (Level.ORANGE, "glut")
    profit = hainan(farm_gate_price_per_kg=2.0, production_cost_per_kg=1.5)
    assert (profit.level, profit.readings["lowered"]) == (Level.YELLOW, 1.0)
    loss = hainan(farm_gate_price_per_kg=1.4, production_cost_per_kg=1.5)
    assert (loss.level, loss.readings["lowered"]) == (Level.ORANGE, 0.0)


def test_a_normal_planted_area_does_not_deny_a_low_price():
    found = hainan(planted_area_mu=100.0, normal_area_mu=100.0)
    assert (found.level, found.readings["lowered"]) == (Level.ORANGE, 0.0)


FESTIVAL = dt.date(2020, 1, 25)


def zigui(day, closures=()):
    """Navel oranges whose outflow falls to an eighth on the eve of 春节 2020, at unchanged price."""
    series = market("navel-orange", day, usual=5.0, now=5.0, noise=0.02)
    volume = series["navel-orange"][1]
    volume[volume.index >= pd.Timestamp(FESTIVAL - dt.timedelta(days=1))] /= 8
    return assessed(series, day, closures={"cn-a": list(closures)})["navel-orange", "cn-a"]


def test_zigui_2020_is_a_stall_once_enough_market_days_have_passed_after_the_festival():
    assert zigui(FESTIVAL + dt.timedelta(days=7)).readings["stall"] is None, "the days around 春节 do not count"
    found = zigui(FESTIVAL + dt.timedelta(days=20))
    assert found.level in (Level.ORANGE, Level.RED)
    assert found.type == "stalled"
    assert found.readings["stall"] == pytest.approx(1 / 8, abs=0.02)
    assert found.readings["r"] == pytest.approx(1.0, abs=0.05)
    assert found.surplus_estimated
    assert "不超过往年同期的 1" in found.drivers[0].text_zh


def test_zigui_2020_on_days_when_the_market_was_closed_is_no_stall():
    day = FESTIVAL + dt.timedelta(days=20)
    shut = [FESTIVAL + dt.timedelta(days=step) for step in range(-1, 15)]
    found = zigui(day, shut)
    assert found.type == ""
    assert found.level < Level.ORANGE
    assert zigui(day + dt.timedelta(days=8), shut).type == "stalled", "seven open days have passed since"


HOG_DAY = dt.date(2023, 4, 20)


def hogs(ratio, days, season=1.0):
    """Hogs at 16 yuan and maize at 2, then some days at `ratio`; `season` moves the usual price of past years."""
    series = market("hog", HOG_DAY, usual=16.0 * season, now=16.0, days=400, noise=0.05)
    series |= market("maize", HOG_DAY, usual=2.0, now=2.0, noise=0.0)
    series["hog"][0].iloc[-days:] = ratio * 2.0
    return assessed(series, HOG_DAY)["hog", "cn-a"]


@pytest.mark.parametrize(
    ("ratio", "days", "level", "said"),
    [
        (6.0, 60, Level.NONE, ""),
        (5.9, 7, Level.YELLOW, "猪粮比价 5.90，低于 6"),
        (5.5, 13, Level.YELLOW, "已连续2周低于 6"),
        (5.5, 21, Level.ORANGE, "已连续3周低于 6"),
        (4.9, 7, Level.RED, "猪粮比价 4.90，低于 5"),
    ],
)
def test_hogs_are_yellow_below_six_orange_after_three_weeks_and_red_below_five(ratio, days, level, said):
    found = hogs(ratio, days)
    assert (found.level, found.tier) == (level, "T2")
    assert said in " ".join(driver.text_zh for driver in found.drivers)


def test_hogs_go_by_the_ratio_alone_whatever_the_season_says():
    cheap = hogs(7.0, 60, season=2.0)
    assert cheap.readings["r"] < 0.5
    assert (cheap.level, cheap.drivers) == (Level.NONE, ())
    dear = hogs(4.8, 60, season=0.5)
    assert dear.readings["r"] > 1.0
    assert dear.level == Level.RED
    assert [driver.signal for driver in dear.drivers] == ["hog_ratio"]


@pytest.mark.parametrize(
    ("volume", "kind"), [(1.25, "glut"), (1.10, "ordinary"), (1.0, "ordinary"), (0.85, "ordinary"), (0.75, "stalled")]
)
def test_the_volume_tells_a_glut_from_a_stall_and_is_not_added_to_the_price(volume, kind):
    day = dt.date(2022, 4, 6)
    found = assessed(market("watermelon", day, now=3.6, volume=volume), day)["watermelon", "cn-a"]
    assert (found.type, found.level) == (kind, Level.ORANGE)
    dear = assessed(market("watermelon", day, now=4.8, volume=volume), day)["watermelon", "cn-a"]
    assert dear.type == "", "at a price near the season's there is no slow sale to classify"


def test_where_nobody_bids_sales_stall_whatever_the_volume():
    day = dt.date(2022, 4, 6)
    reports = reports_of("watermelon", day, bids_received=False)
    found = assessed(market("watermelon", day, now=3.3, volume=1.3), day, reports)["watermelon", DISTRICT_ID]
    assert found.type == "stalled"


@pytest.mark.parametrize(("stock", "kind"), [(60.0, "stalled"), (10.0, "")])
def test_a_stock_that_cannot_clear_behind_a_blocked_road_stalls_at_any_price(stock, kind):
    day = dt.date(2022, 4, 6)
    reports = reports_of("watermelon", day, road_blocked=True, stock_t=stock, daily_outflow_t=2.0, shelf_life_days=10.0)
    assert assessed(market("watermelon", day, now=6.0), day, reports)["watermelon", DISTRICT_ID].type == kind
