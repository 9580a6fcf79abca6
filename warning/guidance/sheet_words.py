"""What a grower's sheet says, in plain Chinese: rows of the table, advice, what not to plant, whom to call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from warning.absorption.units import AbsorbingUnit, UnitKind
from warning.catalog import Product
from warning.guidance.district_guidance import ProductGuidance
from warning.guidance.document import JIN_A_KG
from warning.guidance.marketing_advice import MarketingAdvice, Verdict
from warning.guidance.marketing_words import tonnes
from warning.guidance.selling_spans import selling_spans
from warning.planting import Light

ROWS: Final = 8
"""Rows of the table that a page holds beside the rest."""
CALLED, NAMED = 3, 4
SIMULATED: Final = "模拟数据，仅供演练"
NOTHING_PLANTED: Final = "目前没有哪个品种报得过多，按往年安排。"
HEEDED: Final = (
    "价格为批发市场预测价，含上下范围（十次里约有八次落在其中），不是保证价；到手价还要减去采收、包装和运费。"
)


def rows(advices: Sequence[tuple[Product, MarketingAdvice]]) -> list[tuple[str, ...]]:
    """(product, span, tonnes, price per kg with its band, the same per 斤) of what is to be sold."""
    sold = [(product, advice) for product, advice in advices if advice.weeks]
    most = max(1, ROWS // max(1, len(sold)))
    return [
        (product.name_zh, _span(one.first, one.last), _amount(one.tonnes, one.weeks),
         _price(one.price_low, one.price_middle, one.price_high, 1.0),
         _price(one.price_low, one.price_middle, one.price_high, JIN_A_KG))
        for product, advice in sold
        for one in selling_spans(advice.weeks, most)
    ]  # fmt: skip


def advice_line(product: Product, advice: MarketingAdvice) -> str:
    """One product's advice without the weeks that the table tells."""
    return f"{product.name_zh}：{_short(advice)}。"


def planting_line(one: ProductGuidance) -> str:
    """Why no more of a product is to be planted."""
    light, outlook = one.outlook.light, one.outlook
    over = f"，预计多出 {tonnes(outlook.over_t)} 吨" if outlook.over_t and outlook.over_t >= 1 else ""
    ask = "不要再种" if light is not None and light.light == Light.RED else "不要再多种"
    return f"{one.facts.product.name_zh}：全区报得偏多{over}，{ask}。"


def planted_too_much(guidance: Sequence[ProductGuidance]) -> list[ProductGuidance]:
    """The products under a yellow or red light, the worst first."""
    lit = [one for one in guidance if one.outlook.light is not None and one.outlook.light.light > Light.GREEN]
    return sorted(lit, key=lambda one: (-(one.outlook.light.light if one.outlook.light else 0), one.facts.product.id))


def callers(
    units: Sequence[AbsorbingUnit], products: Sequence[Product], township_id: str
) -> list[tuple[AbsorbingUnit, str]]:
    """(unit, products it takes) of buyers in the register that can be called: those of the township first."""
    found = []
    for unit in units:
        taken = [one.name_zh for one in products if unit.takes(one)]
        if unit.contact.strip() and taken and unit.kind != UnitKind.FLEET:
            found.append((unit.township_id != township_id, not any(unit.likes(one) for one in products), unit, taken))
    found.sort(key=lambda one: (one[0], one[1], -one[2].capacity_t, one[2].id))
    return [(unit, "、".join(taken)) for _, _, unit, taken in found[:CALLED]]


def day_zh(day: dt.date) -> str:
    """A day with its year."""
    return f"{day.year}年{day.month}月{day.day}日"


def _span(first: dt.date, last: dt.date) -> str:
    """Two days as short as can be: 12月4—10日."""
    until = f"{last.day}日" if last.month == first.month else f"{last.month}月{last.day}日"
    return (
        f"{first.month}月{first.day}—{until}" if last.month == first.month else f"{first.month}月{first.day}日—{until}"
    )


def _short(advice: MarketingAdvice) -> str:
    text = advice.text_zh.replace("（估算）", "")
    if advice.verdict == Verdict.SPREAD:
        return "分批卖，按上表" + text[text.index("；") :] if "；" in text else "分批卖，按上表"
    return text


def _amount(amount: float, weeks: int) -> str:
    if weeks == 1:
        return tonnes(amount)
    return f"{tonnes(amount)}，每周{tonnes(amount / weeks)}"


def _price(low: float, middle: float, high: float, divided: float) -> str:
    return f"{middle / divided:.2f}({low / divided:.2f}-{high / divided:.2f})"
