"""The guidance of a district on one day: for each product when to market it, township by township, and its planting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from warning.absorption.units import AbsorbingUnit
from warning.catalog import Catalog, Product
from warning.guidance.coming_harvest import ComingHarvest
from warning.guidance.grower import Grower
from warning.guidance.marketing_advice import MarketingAdvice
from warning.guidance.marketing_time import shared_schedule
from warning.guidance.planting_outlook import PlantingOutlook, planting_outlook
from warning.guidance.price_forecast import PriceForecast
from warning.guidance.usual_market import UsualMarket
from warning.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What is known of one product as of a day; `market_id` and `issue_day` are those of the forecast."""

    product: Product
    growers: tuple[Grower, ...]
    market: UsualMarket
    harvests: tuple[ComingHarvest, ...] = ()
    forecast: PriceForecast | None = None
    market_id: str = ""
    issue_day: dt.date | None = None


@dataclass(frozen=True, slots=True)
class DistrictFacts:
    """All products asked for as of the business date `day`, with the register's units."""

    day: dt.date
    products: tuple[ProductFacts, ...]
    units: tuple[AbsorbingUnit, ...] = ()
    reported: tuple[str, ...] = ()
    """Every product with a harvest to come, whether asked for or not: they share the units."""
    asked_products: tuple[str, ...] = ()
    """Those asked for by name; none means all that are reported."""
    asked_townships: tuple[str, ...] = ()
    """Advice is shown for these; none means all. All are reckoned with."""


@dataclass(frozen=True, slots=True)
class ProductGuidance:
    """The guidance on one product: an advice a township, and the planting outlook of the district."""

    facts: ProductFacts
    advices: tuple[MarketingAdvice, ...]
    outlook: PlantingOutlook
    text_zh: str
    """Why there is no advice; blank where there is one."""
    text_en: str


def guide(facts: DistrictFacts, catalog: Catalog, thresholds: Thresholds) -> tuple[ProductGuidance, ...]:
    """The guidance on every product, in the order of the facts."""
    rivals = [catalog.products[name] for name in facts.reported if name in catalog.products]
    return tuple(_guide(one, facts, rivals, catalog, thresholds) for one in facts.products)


def of_township(guidance: Sequence[ProductGuidance], township_id: str) -> dict[str, MarketingAdvice]:
    """A township's own advice by product."""
    own = [advice for one in guidance for advice in one.advices if advice.grower.township_id == township_id]
    return {advice.grower.product_id: advice for advice in own}


def townships_of(guidance: Sequence[ProductGuidance]) -> tuple[str, ...]:
    """The townships that any advice is for, by code."""
    return tuple(sorted({advice.grower.township_id for one in guidance for advice in one.advices}))


def _guide(
    own: ProductFacts, facts: DistrictFacts, rivals: Sequence[Product], catalog: Catalog, thresholds: Thresholds
) -> ProductGuidance:
    lines = thresholds.for_product(own.product.id)
    advices = shared_schedule(facts.day, own.growers, own.forecast, own.market) if own.growers else ()
    asked = facts.asked_townships
    shown = tuple(one for one in advices if not asked or one.grower.township_id in asked)
    outlook = planting_outlook(facts.day, own.product, own.harvests, facts.units, catalog, lines, rivals=rivals)
    words = ("", "") if shown else nobody_words(facts, catalog, own.product)
    return ProductGuidance(own, shown, outlook, *words)


def nobody_words(facts: DistrictFacts, catalog: Catalog, product: Product | None = None) -> tuple[str, str]:
    """Who reports nothing of a product (None: of any): the townships asked for, or all of them."""
    known = [catalog.townships[one] for one in facts.asked_townships if one in catalog.townships]
    who_zh = "、".join(one.name_zh for one in known) or "各乡镇"
    who_en = ", ".join(one.name_en for one in known) or "the townships"
    of_zh, of_en = (product.name_zh, product.name_en) if product else ("任何品种", "product")
    zh = f"{who_zh}近两周没有上报{of_zh}的库存和采收，说不准什么时候卖好；请先报数"
    return zh, f"{who_en} reported no {of_en} in the last two weeks: file a report first"
