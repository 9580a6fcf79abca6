"""The reasons of a forecast in words: the strongest kinds of signal with their numbers, in Chinese and English."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from warning.drivers import Driver, percent

MOST = 3
LEAST_WEIGHT = 0.1
"""In log-odds: less moves a probability of 20 % by under two points."""
Telling = Callable[[float], tuple[str, str]]


def forecast_reasons(weights: Mapping[str, float], values: Mapping[str, float], line: float) -> tuple[Driver, ...]:
    """The kinds of signal that raise the probability most, at most three, strongest first.

    `weights` are in log-odds; `values` are the numbers told, anomalies among them minus ln(`line`).
    """
    ranked = sorted((kind for kind in TELLERS if weights.get(kind, 0.0) >= LEAST_WEIGHT), key=lambda k: -weights[k])
    found = []
    for kind in ranked:
        value = values.get(kind, math.nan)
        if math.isnan(value):
            continue
        if kind in AGAINST_LINE:
            value += math.log(line)
        zh, en = TELLERS[kind](value)
        found.append(Driver(f"forecast_{kind}", round(value, 4), round(weights[kind], 3), zh, en))
    return tuple(found[:MOST])


AGAINST_LINE = frozenset({"season_ahead", "anomaly"})


def _season_ahead(value: float) -> tuple[str, str]:
    share = percent(math.exp(value))
    return (
        f"价格若不变，8周内最低将为往年同期的 {share}",
        f"if the price stays, it will be {share} of the season's within 8 weeks",
    )


def _anomaly(value: float) -> tuple[str, str]:
    share = percent(math.exp(value))
    return f"周价现为往年同期的 {share}", f"the week's price is {share} of the season's"


def _momentum(value: float) -> tuple[str, str]:
    return f"近4周价格变化 {_change(value)}", f"the price moved {_change(value)} in 4 weeks"


def _region(value: float) -> tuple[str, str]:
    return f"联动市场近2周变化 {_change(value)}", f"the markets that move with it moved {_change(value)} in 2 weeks"


def _apart(value: float) -> tuple[str, str]:
    return (
        f"与本省同品种价格相比，较平常偏离 {_change(value)}",
        f"against the region's price it stands {_change(value)} from its usual distance",
    )


def _product(value: float) -> tuple[str, str]:
    return (
        f"同品种市场中 {percent(value)} 已低于往年八成",
        f"{percent(value)} of the product's markets are below 80% of the season",
    )


def _volume(value: float) -> tuple[str, str]:
    share = percent(math.exp(value))
    return f"近3周到货量为往年同期的 {share}", f"three weeks' arrivals are {share} of the season's"


def _swing(value: float) -> tuple[str, str]:
    return f"4周价格波动惯常为 ±{percent(value)}", f"its price swings by ±{percent(value)} over 4 weeks"


def _past_years(value: float) -> tuple[str, str]:
    return f"去年此后8周价格变化 {_change(value)}", f"last year the price moved {_change(value)} over these 8 weeks"


def _reported(value: float) -> tuple[str, str]:
    return (
        f"产地上报存量，按现走货速度需剩余期限的 {value:.1f} 倍时间才能销完",
        f"at the present pace the reported stock takes {value:.1f} times the days left to clear",
    )


def _change(value: float) -> str:
    return f"{math.expm1(value):+.0%}"


TELLERS: Mapping[str, Telling] = {
    "season_ahead": _season_ahead,
    "anomaly": _anomaly,
    "momentum": _momentum,
    "region": _region,
    "apart": _apart,
    "product": _product,
    "volume": _volume,
    "swing": _swing,
    "past_years": _past_years,
    "reported": _reported,
}
