"""When to market (上市时间): the weekly sales that bring most under the forecast, and whether waiting is worth it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from warning.errors import InvalidPlan
from warning.guidance.grower import Grower, check_growers
from warning.guidance.marketing_advice import MarketingAdvice, SellingWeek, Verdict, without_schedule
from warning.guidance.marketing_words import advice_words, hindered_words, no_sale_words, nothing_words, unknown_words
from warning.guidance.outcome import Outcome, outcomes, proceeds
from warning.guidance.price_forecast import WEEK, PriceForecast, mean_price
from warning.guidance.selling_programme import best_sales, evened
from warning.guidance.selling_spans import selling_spans
from warning.guidance.selling_ways import Ways, at_once, evenly, ways_of
from warning.guidance.usual_market import UsualMarket, check_market
from warning.indicators.grid import Floats

WORTH_WAITING: Final = 0.03
"""Least gain over selling at once, as a share; below it nobody is told to wait. A first estimate to be reviewed."""
NOTHING_T: Final = 1e-6
TOLD_SPANS: Final = 4
"""Spans of weeks that a sentence names; all weeks stand beside it."""


def marketing_time(
    day: dt.date, grower: Grower, forecast: PriceForecast | None, market: UsualMarket
) -> MarketingAdvice:
    """When one grower should sell, the others' tonnes (`market.others_t`) being given.

    Week 0 is the seven days after `day`. Raises InvalidPlan where a number given is none that can be.
    """
    return shared_schedule(day, (grower,), forecast, market)[0]


def shared_schedule(
    day: dt.date, growers: Sequence[Grower], forecast: PriceForecast | None, market: UsualMarket
) -> tuple[MarketingAdvice, ...]:
    """When several growers of one product should sell who share a market and its store: what brings all together most.

    Alone each would be told the same best week; together they would spoil its price, so that they are spread out.
    Of schedules with the same weekly totals the one that leaves the worst-off grower best is taken.
    Raises InvalidPlan where a number given is none that can be, or forecast and growers name different products.
    """
    check_growers(growers)
    check_market(market)
    weekly = _prices(growers[0].product_id, forecast)
    simulated = forecast is not None and forecast.simulated
    if (why := _unknown(weekly, market)) is not None:
        return tuple(without_schedule(day, one, Verdict.UNKNOWN, unknown_words(*why), 0, simulated) for one in growers)
    ways = ways_of(growers, weekly.shape[1])
    if not len(ways.lot):
        return tuple(without_schedule(day, one, Verdict.NOTHING, None, ways.weeks, simulated) for one in growers)
    return _advise(day, growers, ways, market, weekly, simulated)


def _prices(product_id: str, forecast: PriceForecast | None) -> Floats:
    if forecast is None:
        return np.zeros((3, 0))
    if forecast.product_id != product_id:
        raise InvalidPlan(
            f"the forecast is of {forecast.product_id}, the growers have {product_id}",
            where="forecast",
            todo="give the forecast of the growers' own product",
        )
    return forecast.weekly()


def _unknown(weekly: Floats, market: UsualMarket) -> tuple[str, str] | None:
    if weekly.shape[1] == 0:
        return "没有可用的价格预测", "there is no price forecast"
    if weekly.max() <= 0:
        return "预测价格为零", "the forecast price is zero"
    if market.usual_t == 0:
        return "近期市场没有出货", "nothing has gone out to the market lately"
    return None


def _advise(
    day: dt.date, growers: Sequence[Grower], ways: Ways, market: UsualMarket, weekly: Floats, simulated: bool
) -> tuple[MarketingAdvice, ...]:
    there = np.array([one.ready_t + sum(one.harvest_t[: ways.weeks]) for one in growers])

    def brings(taken: Floats) -> tuple[Outcome, ...]:
        return outcomes(ways, taken, market, weekly, there)

    now, usual = brings(at_once(ways, market)), brings(evenly(ways, market))
    price = mean_price(weekly)
    sales = best_sales(ways, market, price)
    if len(growers) > 1:
        sales = evened(ways, market, price, sales)
    # the curve is cut into chords: where a plain schedule lies on it exactly it may be better by a hair
    best = max((brings(sales), now, usual), key=proceeds)
    gain, share, low = _gain(best, now)
    wait = gain > 0 and share >= WORTH_WAITING and low >= 0
    verdict = Verdict.SPREAD if wait else Verdict.SELL_NOW
    chosen = best if wait else now
    total = market.others(ways.weeks) + np.sum([one.sold_t for one in chosen], axis=0)
    priced = weekly * market.price_share(total)
    return tuple(
        _advice(day, grower, verdict, (best[at], now[at], usual[at]), chosen[at], priced, share, low, simulated)
        for at, grower in enumerate(growers)
    )


def _gain(best: tuple[Outcome, ...], now: tuple[Outcome, ...]) -> tuple[float, float, float]:
    """(CNY, share, CNY at the low prices) by which the best schedule beats selling at once, of all together."""
    base, gain = proceeds(now), proceeds(best) - proceeds(now)
    low = sum(one.low_cny for one in best) - sum(one.low_cny for one in now)
    noise = 1e-9 * max(1.0, abs(base))
    share = gain / base if base > 0 else (math.inf if gain > noise else 0.0)
    return (gain if gain > noise else 0.0), share, (0.0 if abs(low) <= noise else low)


def _advice(
    day: dt.date,
    grower: Grower,
    verdict: Verdict,
    three: tuple[Outcome, Outcome, Outcome],
    chosen: Outcome,
    priced: Floats,
    share: float,
    low: float,
    simulated: bool,
) -> MarketingAdvice:
    weeks = _weeks(day, chosen, priced)
    beyond = sum(grower.harvest_t[priced.shape[1] :])
    words = advice_words(
        spread=verdict == Verdict.SPREAD,
        sales=[(one.first, one.last, one.tonnes) for one in selling_spans(weeks, TOLD_SPANS)],
        share=share,
        low=low,
        unsold_t=chosen.unsold_t,
        beyond_t=beyond,
        keeps_days=grower.shelf_life_days,
        expired_t=grower.expired_t,
    )
    if not weeks and chosen.unsold_t > NOTHING_T:
        verdict, words = Verdict.NO_SALE, no_sale_words(chosen.unsold_t, beyond)
    elif not weeks:
        verdict, words = Verdict.NOTHING, nothing_words(grower.expired_t, beyond)
    words = hindered_words(words, road_blocked=grower.road_blocked, no_bids=grower.no_bids)
    return MarketingAdvice(
        grower, day, verdict, weeks, *three, share, low, beyond, *words, simulated or grower.simulated
    )  # fmt: skip


def _weeks(day: dt.date, chosen: Outcome, priced: Floats) -> tuple[SellingWeek, ...]:
    return tuple(
        SellingWeek(
            day + dt.timedelta(days=1 + WEEK * week),
            day + dt.timedelta(days=WEEK * (week + 1)),
            tonnes,
            *(float(one) for one in priced[:, week]),
        )
        for week, tonnes in enumerate(chosen.sold_t)
        if tonnes > NOTHING_T
    )
