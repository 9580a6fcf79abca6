"""What placing did: plan against fact by unit, and the price against the forecast made before anything was placed.

The effect is told only where the price leaves the forecast's 80 % band: inside it, what happened might have happened
without any help. Even outside, other causes are not ruled out, and the sentence says so.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warning.absorption.plan import Placement

LEAST_T = 1.0


@dataclass(frozen=True, slots=True)
class Delivered:
    """Tonnes that a unit in fact took on a day."""

    unit_id: str
    product_id: str
    township_id: str
    day: dt.date
    tonnes: float


@dataclass(frozen=True, slots=True)
class AgainstPlan:
    """One unit's tonnes: planned up to a day, and taken."""

    unit_id: str
    planned_t: float
    taken_t: float

    @property
    def open_t(self) -> float:
        """What is planned and not taken yet; negative where more was taken."""
        return self.planned_t - self.taken_t


@dataclass(frozen=True, slots=True)
class Expected:
    """The forecast for a day, made before the responses: 10 %, 50 % and 90 % quantiles, CNY per kg."""

    day: dt.date
    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What can be said of the effect: `sign` 1 above the band, -1 below, 0 within it, None where nothing is known."""

    sign: int | None
    observed: float | None
    expected: Expected | None
    text_zh: str
    text_en: str


def against_plan(
    placements: Iterable[Placement], delivered: Iterable[Delivered], until: dt.date
) -> tuple[AgainstPlan, ...]:
    """Planned and taken tonnes up to a day, one line a unit, those furthest behind first."""
    planned: dict[str, float] = defaultdict(float)
    taken: dict[str, float] = defaultdict(float)
    for one in placements:
        if one.day <= until:
            planned[one.unit_id] += one.tonnes
    for fact in delivered:
        if fact.day <= until:
            taken[fact.unit_id] += fact.tonnes
    lines = [AgainstPlan(unit, planned[unit], taken[unit]) for unit in sorted(planned.keys() | taken.keys())]
    return tuple(sorted(lines, key=lambda line: (-line.open_t, line.unit_id)))


def effect_of(delivered: Sequence[Delivered], expected: Sequence[Expected], prices: dict[dt.date, float]) -> Effect:
    """The last day that has both a price and a forecast, against that forecast's band."""
    tonnes = sum(one.tonnes for one in delivered)
    if tonnes < LEAST_T:
        return _untold(
            f"已消纳 {tonnes:.1f} 吨，太少，看不出效果", f"{tonnes:.1f} t were placed: too little to tell an effect"
        )
    if not expected:
        return _untold(
            "处置前没有该品种的价格预测，无从对照，效果不能判断",
            "no price was forecast before anything was placed: the effect cannot be told",
        )
    first = min(one.day for one in delivered)
    known = [one for one in expected if one.day in prices and one.day > first]
    if not known:
        return _untold(
            "处置后尚无可与事前预测对照的价格，效果还不能判断",
            "there is no price since to set against the forecast made before: the effect cannot be told",
        )
    last = max(known, key=lambda one: one.day)
    price = prices[last.day]
    sign = (price > last.high) - (price < last.low)
    band_zh, band_en = f"{last.low:.2f}—{last.high:.2f} 元/公斤", f"{last.low:.2f} to {last.high:.2f} CNY/kg"
    if sign == 0:
        zh = f"{last.day} 价格 {price:.2f} 元/公斤，在事前预测区间 {band_zh} 之内：没有处置也可能如此，效果不能判断"
        en = f"on {last.day} the price {price:.2f} lies within the band forecast before ({band_en})"
        en = f"{en}: no effect can be told"
        return Effect(0, price, last, zh, en)
    side_zh, side_en = ("高于", "above") if sign > 0 else ("低于", "below")
    gap = abs(price - last.median)
    zh = (
        f"{last.day} 价格 {price:.2f} 元/公斤，{side_zh}事前预测区间 {band_zh}"
        f"（与中值相差 {gap:.2f} 元/公斤）；不排除其他原因"
    )
    en = (
        f"on {last.day} the price {price:.2f} is {side_en} the band forecast before ({band_en}), "
        f"{gap:.2f} from its median; other causes are not ruled out"
    )
    return Effect(sign, price, last, zh, en)


def _untold(zh: str, en: str) -> Effect:
    return Effect(None, None, None, zh, en)
