"""The nearest historical cases: past weeks of the same product that were most like the present, and what followed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from warning.catalog import DocumentedGlut
from warning.documented import documented
from warning.likeness import Pool, pool_of
from warning.lunar import EPOCH
from warning.situations import CaseSeries, PastWeeks, Situation
from warning.spells import LINE

COUNT: Final = 3
FEWEST: Final = 156
"""Past weeks of a product (three years of one series) with fewer than which its group speaks for it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A past week that was like the present, and what the price did next."""

    product_id: str
    market_id: str
    day: dt.date
    """The Sunday that ends the week."""
    anomaly: float
    """ln(price / reference)."""
    price_change_4w: float | None
    price_change_8w: float
    """Shares: -0.2 is a fifth lower."""
    spell_began_after_weeks: int | None
    likeness: float
    """1 is the same; 0.5 is one usual spread apart, as the mean over the features."""
    text_zh: str
    text_en: str
    event: DocumentedGlut | None = None


def nearest_cases(
    past: PastWeeks,
    presents: Sequence[Situation],
    *,
    events: Iterable[DocumentedGlut] = (),
    count: int = COUNT,
    fewest: int = FEWEST,
) -> list[tuple[Case, ...]]:
    """For each present situation the `count` most alike past weeks, most alike first.

    Of the same product, or of its group where the product has fewer than `fewest` past weeks; none without an
    anomaly. Distance is Euclidean over the features, each in units of its robust spread among the past weeks; what
    the present does not know is left out, and what a past week did not know counts as one spread apart. Two cases of
    a series lie 26 weeks apart, two of a product more than 8; the present counts as the first.
    """
    told = tuple(events)
    pools: dict[str, Pool] = {}
    found: list[tuple[Case, ...]] = []
    for present in presents:
        product = present.product
        if product.id not in pools:
            pools[product.id] = pool_of(past, product, fewest)
        picked = pools[product.id].nearest(present, count, past)
        found.append(tuple(_case(past, row, week, distance, told) for row, week, distance in picked))
    return found


def _case(past: PastWeeks, row: int, week: int, distance: float, events: tuple[DocumentedGlut, ...]) -> Case:
    one = past.series[row]
    day = EPOCH + dt.timedelta(days=int(past.sundays[week]))
    began = int(past.spell_after[row, week]) or None
    anomaly, soon = float(past.figures[0, row, week]), float(past.change_4w[row, week])
    change_4w, change_8w = (None if np.isnan(soon) else soon), float(past.change_8w[row, week])
    event = documented(events, one.product.id, one.market, day)
    text_zh, text_en = _texts(one, day, anomaly, change_4w, change_8w, began, event)
    return Case(
        product_id=one.product.id,
        market_id=one.market.id,
        day=day,
        anomaly=anomaly,
        price_change_4w=change_4w,
        price_change_8w=change_8w,
        spell_began_after_weeks=began,
        likeness=1.0 / (1.0 + distance),
        text_zh=text_zh,
        text_en=text_en,
        event=event,
    )


def _texts(
    one: CaseSeries,
    day: dt.date,
    anomaly: float,
    change_4w: float | None,
    change_8w: float,
    began: int | None,
    event: DocumentedGlut | None,
) -> tuple[str, str]:
    """The case in Chinese and English."""
    share = f"{np.exp(anomaly) * 100:.0f}%"
    soon_zh = "" if change_4w is None else f"4周后{_change_zh(change_4w)}，"
    soon_en = "" if change_4w is None else f"{_change_en(change_4w)} after 4 weeks, "
    spell_zh, spell_en = _spell(anomaly, began)
    zh = f"{day.year}年{day.month}月{day.day}日，{one.market.name_zh}·{one.product.name_zh}为往年同期的 {share}；"
    zh += f"{soon_zh}8周后{_change_zh(change_8w)}，{spell_zh}"
    en = f"{day.isoformat()}, {one.product.name_en} at {one.market.name}: {share} of the season's price; "
    en += f"{soon_en}{_change_en(change_8w)} after 8 weeks, {spell_en}"
    if event is None:
        return zh, en
    done_zh = f"；当时措施：{event.measures_zh}" if event.measures_zh else ""
    done_en = f"; what was done: {event.measures_en}" if event.measures_en else ""
    return f"{zh}。有记载：{event.what_zh}{done_zh}", f"{en}. On record: {event.what_en}{done_en}"


def _spell(anomaly: float, began: int | None) -> tuple[str, str]:
    """What is to be said of slow sales: that they began, that they were on already, or neither."""
    if began is not None:
        return f"第{began}周进入滞销", f"a spell of slow sales began in week {began}"
    if anomaly <= np.log(LINE):
        return "当时已低于八成", "the price was already below 0.8 of the season's"
    return "8周内未进入滞销", "no spell of slow sales began"


def _change_zh(change: float) -> str:
    share = f"{abs(change) * 100:.0f}%"
    return "价格持平" if share == "0%" else f"{'涨' if change > 0 else '跌'} {share}"


def _change_en(change: float) -> str:
    share = f"{abs(change) * 100:.0f}%"
    return "unchanged" if share == "0%" else f"{share} {'higher' if change > 0 else 'lower'}"
