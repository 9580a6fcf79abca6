"""When to market: waiting for a rising price, selling before a fall, spreading out when others do the same."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warning.errors import InvalidPlan
from warning.guidance.grower import Grower
from warning.guidance.marketing_advice import Verdict
from warning.guidance.marketing_time import marketing_time, shared_schedule
from warning.guidance.price_forecast import PriceForecast, PriceQuantiles, mean_price
from warning.guidance.usual_market import UsualMarket

DAY = dt.date(2026, 3, 1)
WIDE = UsualMarket(usual_t=10_000)


def forecast(*middle: float, band: float = 0.1) -> PriceForecast:
    """A price a week, the quantiles a share to each side."""
    return PriceForecast(
        "cabbage",
        tuple(
            PriceQuantiles(7 * (week + 1), price * (1 - band), price, price * (1 + band))
            for week, price in enumerate(middle)
        ),
    )


def grower(ready: float = 120, keeps: int = 70, **more) -> Grower:
    return Grower(more.pop("township", "500155104"), "cabbage", ready, keeps, **more)


def sold(advice) -> list[float]:
    return list(advice.recommended.sold_t)


RISING, FALLING = forecast(1.0, 1.2, 1.5, 1.6), forecast(1.6, 1.4, 1.2, 1.0)


def test_a_rising_price_is_waited_for():
    found = marketing_time(DAY, grower(), RISING, WIDE)
    assert found.verdict == Verdict.SPREAD
    assert sold(found) == pytest.approx([0, 0, 0, 120])
    assert found.gain_share == pytest.approx(0.6)
    assert (found.weeks[0].first, found.weeks[0].last) == (dt.date(2026, 3, 23), dt.date(2026, 3, 29))
    assert found.text_zh == "宜分批上市：3月23日至3月29日卖 120 吨；预计比马上全卖多收 60%（估算）"


def test_a_falling_price_is_sold_before():
    found = marketing_time(DAY, grower(), FALLING, WIDE)
    assert found.verdict == Verdict.SELL_NOW
    assert sold(found) == pytest.approx([120, 0, 0, 0])
    assert "不宜惜售" in found.text_zh
    assert found.usual.expected_cny < found.now.expected_cny


def test_a_gain_below_three_per_cent_is_not_waited_for():
    found = marketing_time(DAY, grower(), forecast(1.0, 1.02), WIDE)
    assert found.verdict == Verdict.SELL_NOW
    assert found.text_zh.startswith("不宜惜售：等下去预计只多收 2.0%")
    assert sold(found) == pytest.approx([120, 0])
    assert marketing_time(DAY, grower(), forecast(1.0, 1.04), WIDE).verdict == Verdict.SPREAD


def test_a_gain_that_low_prices_would_turn_into_a_loss_is_not_waited_for():
    risky = PriceForecast("cabbage", (PriceQuantiles(7, 0.95, 1.0, 1.05), PriceQuantiles(14, 0.5, 1.1, 2.0)))
    found = marketing_time(DAY, grower(), risky, WIDE)
    assert found.gain_share > 0.1
    assert found.low_gain_cny < 0
    assert found.verdict == Verdict.SELL_NOW
    assert "行情差时等着卖反而少收" in found.text_zh


def test_what_storing_costs_and_loses_is_weighed_against_the_rise():
    assert marketing_time(DAY, grower(loss_a_week=0.2), RISING, WIDE).verdict == Verdict.SELL_NOW
    assert marketing_time(DAY, grower(storage_cost_t_week=300.0), RISING, WIDE).verdict == Verdict.SELL_NOW
    found = marketing_time(DAY, grower(loss_a_week=0.05, storage_cost_t_week=20), RISING, WIDE)
    week = 2
    kept = 0.95**week
    stored = 1 + 0.95
    assert found.best.sold_t[week] == pytest.approx(120 * kept)
    assert found.best.lost_t == pytest.approx(120 * (1 - kept))
    assert found.best.expected_cny == pytest.approx(120 * (kept * 1500 - stored * 20))


def test_a_full_store_forces_the_rest_to_be_sold():
    found = marketing_time(DAY, grower(), RISING, dataclasses.replace(WIDE, storage_t=30.0))
    assert sold(found) == pytest.approx([90, 0, 0, 30])
    none = marketing_time(DAY, grower(), RISING, dataclasses.replace(WIDE, storage_t=0.0))
    assert none.best.sold_t == pytest.approx([120, 0, 0, 0])
    assert none.usual.sold_t == pytest.approx([120, 0, 0, 0]), "selling evenly needs the store too"


def test_nothing_is_sold_after_its_shelf_life():
    assert sold(marketing_time(DAY, grower(keeps=21), RISING, WIDE)) == pytest.approx([0, 0, 120, 0])
    assert sold(marketing_time(DAY, grower(keeps=20), RISING, WIDE)) == pytest.approx([0, 120, 0, 0])
    older = marketing_time(DAY, grower(keeps=28, ready_keeps_days=14, harvest_t=(50.0,)), RISING, WIDE)
    assert sold(older) == pytest.approx([0, 120, 0, 50])


def test_what_keeps_less_than_a_week_is_sold_as_it_comes():
    found = marketing_time(DAY, grower(ready=10, keeps=5, harvest_t=(0, 20.0, 30.0)), RISING, WIDE)
    assert sold(found) == pytest.approx([10, 20, 30, 0])
    assert "采收后 5 天内卖完" in found.text_zh
    spoiled = marketing_time(DAY, grower(ready=10, ready_keeps_days=0), RISING, WIDE)
    assert spoiled.verdict == Verdict.NOTHING
    assert "10 吨已过保鲜期" in spoiled.text_zh


def test_without_a_forecast_it_cannot_be_told():
    nan = float("nan")
    for none in (None, forecast(), PriceForecast("cabbage", (PriceQuantiles(7, nan, nan, nan),))):
        found = marketing_time(DAY, grower(), none, WIDE)
        assert (found.verdict, found.weeks, found.recommended) == (Verdict.UNKNOWN, (), None)
        assert "说不准什么时候卖好" in found.text_zh
    stalled = marketing_time(DAY, grower(), RISING, UsualMarket(usual_t=0.0))
    assert stalled.verdict == Verdict.UNKNOWN
    assert "近期市场没有出货" in stalled.text_zh
    assert marketing_time(DAY, grower(), forecast(0.0, 0.0), WIDE).verdict == Verdict.UNKNOWN


def test_nothing_to_sell_is_said():
    found = marketing_time(DAY, grower(ready=0), RISING, WIDE)
    assert (found.verdict, found.text_zh) == (Verdict.NOTHING, "眼下没有可卖的货")
    later = marketing_time(DAY, grower(ready=0, harvest_t=(0, 0, 0, 0, 80.0)), RISING, WIDE)
    assert later.verdict == Verdict.NOTHING
    assert later.beyond_t == 80
    assert "再往后采收的 80 吨还看不到行情" in later.text_zh


def test_horizons_between_are_filled_and_none_is_made_up_beyond():
    sparse = PriceForecast(
        "cabbage", tuple(PriceQuantiles(days, price, price, price) for days, price in ((7, 1.0), (28, 4.0)))
    )
    assert mean_price(sparse.weekly()) == pytest.approx([1, 2, 3, 4])


def test_others_who_do_the_same_flatten_the_schedule():
    market = UsualMarket(usual_t=100.0)
    alone = marketing_time(DAY, grower(ready=60), RISING, market)
    assert sold(alone) == pytest.approx([0, 0, 0, 60])
    five = [grower(ready=60, township=str(number)) for number in range(5)]
    together = shared_schedule(DAY, five, RISING, market)
    total = np.sum([sold(one) for one in together], axis=0)
    assert total.sum() == pytest.approx(300)
    assert (total > 20).sum() >= 3
    assert total.max() < 160, "five times alone would be 300 in one week"
    all_wait = [dataclasses.replace(market, others_t=(0, 0, 0, 240.0)), market]
    crowd = marketing_time(DAY, grower(ready=60), RISING, all_wait[0])
    assert crowd.best.sold_t[3] < 1, "a week that the others crowd is avoided"


def test_of_equal_growers_none_fares_worse():
    five = [grower(ready=60, township=str(number)) for number in range(5)]
    found = shared_schedule(DAY, five, RISING, UsualMarket(usual_t=100.0))
    proceeds = [one.recommended.expected_cny for one in found]
    assert min(proceeds) == pytest.approx(max(proceeds), rel=1e-4)


def test_the_share_of_price_lost_by_others_sales_is_shown_in_the_weeks_price():
    found = marketing_time(DAY, grower(ready=50), FALLING, UsualMarket(usual_t=100.0, others_t=(150.0,)))
    first = found.weeks[0]
    assert first.price_middle == pytest.approx(1.6 * (1 - 0.5 * (150 + first.tonnes - 100) / 100))


def test_more_than_the_market_takes_stays_unsold_and_is_said():
    market = dataclasses.replace(WIDE, capacity_t=20.0)
    found = marketing_time(DAY, grower(keeps=14), RISING, market)
    assert sold(found) == pytest.approx([20, 20, 0, 0])
    assert found.best.unsold_t == pytest.approx(80)
    assert "另有 80 吨" in found.text_zh


def test_goods_that_sell_below_their_cost_of_selling_are_not_counted_as_income():
    found = marketing_time(DAY, grower(selling_cost_per_kg=2.0), RISING, WIDE)
    assert sum(found.best.sold_t) == pytest.approx(0)
    assert found.best.expected_cny == pytest.approx(0)
    assert found.now.expected_cny < 0
    assert (found.verdict, found.weeks, found.recommended) == (Verdict.NO_SALE, (), None)
    assert found.text_zh.startswith("不宜自行外运")
    assert "120 吨请尽早联系消纳渠道" in found.text_zh


def test_a_market_that_the_others_have_filled_is_not_sold_into():
    full = UsualMarket(usual_t=100.0, others_t=(100.0,), capacity_t=100.0)
    found = marketing_time(DAY, grower(), RISING, full)
    assert (found.verdict, found.best.unsold_t) == (Verdict.NO_SALE, 120)


def test_what_is_past_its_shelf_life_is_told_and_not_sold():
    some = marketing_time(DAY, grower(ready=10, expired_t=4), FALLING, WIDE)
    assert sum(week.tonnes for week in some.weeks) == pytest.approx(10)
    assert "另有 4 吨已过保鲜期，不要上市" in some.text_zh
    everything = marketing_time(DAY, grower(ready=0, expired_t=4), FALLING, WIDE)
    assert (everything.verdict, everything.weeks) == (Verdict.NOTHING, ())
    assert everything.text_zh == "眼下没有可卖的货：4 吨已过保鲜期"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"ready_t": -1.0}, "ready_t"),
        ({"harvest_t": (float("nan"),)}, "harvest_t"),
        ({"loss_a_week": 1.0}, "loss_a_week"),
        ({"shelf_life_days": -3}, "shelf_life_days"),
    ],
)
def test_a_number_that_cannot_be_is_refused_by_name(changed, named):
    with pytest.raises(InvalidPlan, match=named):
        marketing_time(DAY, dataclasses.replace(grower(), **changed), RISING, WIDE)


def test_markets_forecasts_and_growers_that_contradict_themselves_are_refused():
    for market in (UsualMarket(-1.0), UsualMarket(10, (-1.0,)), UsualMarket(10, price_flexibility=0.5)):
        with pytest.raises(InvalidPlan, match="usual market"):
            marketing_time(DAY, grower(), RISING, market)
    with pytest.raises(InvalidPlan, match="out of order"):
        marketing_time(DAY, grower(), PriceForecast("cabbage", (PriceQuantiles(7, 2.0, 1.0, 3.0),)), WIDE)
    with pytest.raises(InvalidPlan, match="one product at a time"):
        shared_schedule(DAY, (grower(), dataclasses.replace(grower(), product_id="radish")), RISING, WIDE)
    with pytest.raises(InvalidPlan, match="one product at a time"):
        shared_schedule(DAY, (), RISING, WIDE)
    with pytest.raises(InvalidPlan, match="forecast is of"):
        marketing_time(DAY, dataclasses.replace(grower(), product_id="radish"), RISING, WIDE)


def by_hand(tonnes: int, price: list[float], one: Grower, market: UsualMarket) -> float:
    """The most expected proceeds over all schedules in whole tonnes of one lot, written out anew."""
    weeks = min(len(price), one.shelf_life_days // 7)
    best = 0.0
    for sales in itertools.product(range(tonnes + 1), repeat=weeks):
        if sum(sales) > tonnes:
            continue
        money = 0.0
        for week, taken in enumerate(sales):
            left = (1 - one.loss_a_week) ** week
            brought = taken * left
            others = market.others_t[week] if market.others_t else 0.0
            extra = max(0.0, others + brought - market.usual_t) / market.usual_t
            money += brought * 1000 * price[week] * max(0.0, 1 + market.price_flexibility * extra)
            money -= sum(taken * (1 - one.loss_a_week) ** past * one.storage_cost_t_week for past in range(week))
        best = max(best, money)
    return best


@pytest.mark.parametrize("seed", range(8))
def test_no_schedule_in_whole_tonnes_brings_more(seed):
    rng = np.random.default_rng(seed)
    tonnes, weeks = 12, 4
    price = rng.uniform(0.5, 2.0, weeks).tolist()
    one = grower(
        ready=tonnes,
        keeps=int(rng.integers(14, 35)),
        loss_a_week=float(rng.uniform(0, 0.1)),
        storage_cost_t_week=float(rng.uniform(0, 60)),
    )
    market = UsualMarket(float(rng.uniform(2, 10)), tuple(rng.uniform(0, 6, weeks).tolist()))
    found = marketing_time(DAY, one, forecast(*price, band=0.0), market)
    whole = by_hand(tonnes, price, one, market)
    assert found.best.expected_cny >= whole * (1 - 1e-3)
    assert found.best.expected_cny <= whole * 1.05 + 50, "no more than finer parts can explain"


GROWERS = st.builds(
    Grower,
    township_id=st.sampled_from(["a", "b"]),
    product_id=st.just("cabbage"),
    ready_t=st.floats(0, 500),
    shelf_life_days=st.integers(0, 60),
    harvest_t=st.lists(st.floats(0, 200), max_size=6).map(tuple),
    loss_a_week=st.floats(0, 0.3),
    storage_cost_t_week=st.floats(0, 100),
    selling_cost_per_kg=st.floats(0, 0.5),
)
MARKETS = st.builds(
    UsualMarket,
    usual_t=st.none() | st.floats(1, 500),
    others_t=st.lists(st.floats(0, 300), max_size=4).map(tuple),
    price_flexibility=st.floats(-2, 0),
    capacity_t=st.none() | st.floats(0, 500),
    storage_t=st.none() | st.floats(0, 300),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(GROWERS, min_size=1, max_size=3), MARKETS, st.lists(st.floats(0.1, 5), min_size=1, max_size=5))
def test_a_schedule_conserves_tonnes_and_never_brings_less_than_selling_at_once(growers, market, prices):
    found = shared_schedule(DAY, growers, forecast(*prices), market)
    done = [one for one in found if one.best is not None]
    for one in done:
        there = one.grower.ready_t + sum(one.grower.harvest_t[: len(prices)])
        for outcome in (one.best, one.now, one.usual):
            assert min((*outcome.sold_t, outcome.lost_t, outcome.unsold_t)) >= 0
            assert sum(outcome.sold_t) + outcome.lost_t + outcome.unsold_t == pytest.approx(there, abs=1e-5)
        assert sum(week.tonnes for week in one.weeks) <= there + 1e-6
    if done:
        assert sum(one.best.expected_cny for one in done) >= sum(one.now.expected_cny for one in done) - 1e-6
        total = np.sum([one.best.sold_t for one in done], axis=0)
        assert np.all(total <= market.room(len(prices)) * (1 + 1e-5) + 1e-5)
