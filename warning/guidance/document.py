"""Guidance as plain values for people and machines: the one form that the command and the service share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from warning.catalog import Catalog
from warning.guidance.district_guidance import DistrictFacts, ProductGuidance, nobody_words
from warning.guidance.marketing_advice import MarketingAdvice, SellingWeek
from warning.guidance.outcome import Outcome
from warning.guidance.planting_outlook import PlantingOutlook

JIN_A_KG = 2.0


def marketing_document(facts: DistrictFacts, guidance: Sequence[ProductGuidance], catalog: Catalog) -> dict[str, Any]:
    """When to market: a product each with its market, its forecast and an advice a township.

    Products that nobody asked for by name are left out where there is no advice; the text says so where none is left.
    """
    told = [one for one in guidance if one.advices or one.facts.product.id in facts.asked_products]
    zh, en = ("", "") if told else nobody_words(facts, catalog)
    return {"day": facts.day, "products": [_marketing(one, catalog) for one in told], "text_zh": zh, "text_en": en}


def planting_document(facts: DistrictFacts, guidance: Sequence[ProductGuidance], catalog: Catalog) -> dict[str, Any]:
    """The planting outlook of each product; the text says so where no product is reported."""
    zh, en = ("", "") if guidance else nobody_words(facts, catalog)
    lines = [_planting(one, one.outlook, catalog) for one in guidance]
    return {"day": facts.day, "products": lines, "text_zh": zh, "text_en": en}


def _marketing(one: ProductGuidance, catalog: Catalog) -> dict[str, Any]:
    market, facts = one.facts.market, one.facts
    outlet = catalog.markets.get(facts.market_id)
    return {
        **_product(one),
        "forecast_market": facts.market_id or None,
        "forecast_market_zh": (outlet.name_zh or outlet.name) if outlet else facts.market_id or None,
        "forecast_market_en": outlet.name if outlet else facts.market_id or None,
        "forecast_issued": facts.issue_day,
        "usual_t_week": _tonnes(market.usual_t),
        "others_t_week": _tonnes(market.others(1)[0]),
        "most_t_week": _tonnes(market.capacity_t),
        "store_t": _tonnes(market.storage_t),
        "price_flexibility": market.price_flexibility,
        "advices": [_advice(advice, catalog) for advice in one.advices],
        "text_zh": one.text_zh,
        "text_en": one.text_en,
        "simulated": any(advice.simulated for advice in one.advices),
    }


def _advice(one: MarketingAdvice, catalog: Catalog) -> dict[str, Any]:
    grower = one.grower
    return {
        **_township(grower.township_id, catalog),
        "verdict": one.verdict.value,
        "ready_t": _tonnes(grower.ready_t),
        "harvest_t": _tonnes(sum(grower.harvest_t)),
        "expired_t": _tonnes(grower.expired_t),
        "beyond_t": _tonnes(one.beyond_t),
        "selling_cost_per_kg": round(grower.selling_cost_per_kg, 3),
        "weeks": [_week(week) for week in one.weeks],
        "recommended": _outcome(one.recommended),
        "at_once": _outcome(one.now),
        "gain_share": round(one.gain_share, 4) if abs(one.gain_share) < 1e6 else None,
        "text_zh": one.text_zh,
        "text_en": one.text_en,
    }


def _week(week: SellingWeek) -> dict[str, Any]:
    prices = {"low": week.price_low, "middle": week.price_middle, "high": week.price_high}
    return {
        "first": week.first,
        "last": week.last,
        "tonnes": _tonnes(week.tonnes),
        "price_per_kg": {name: round(price, 3) for name, price in prices.items()},
        "price_per_jin": {name: round(price / JIN_A_KG, 3) for name, price in prices.items()},
    }


def _outcome(one: Outcome | None) -> dict[str, Any] | None:
    if one is None:
        return None
    found = asdict(one)
    tonnes = {name: _tonnes(found[name]) for name in ("lost_t", "unsold_t")}
    return tonnes | {name: round(found[name], 2) for name in ("low_cny", "middle_cny", "high_cny", "expected_cny")}


def _planting(one: ProductGuidance, outlook: PlantingOutlook, catalog: Catalog) -> dict[str, Any]:
    light = outlook.light
    return {
        **_product(one),
        "light": None if light is None else light.light.key,
        "light_zh": None if light is None else light.light.name_zh,
        "basis": None if light is None else light.basis,
        "harvest_from": outlook.first,
        "harvest_to": outlook.last,
        "harvest_t": _tonnes(outlook.harvest_t),
        "usual_market_t": _tonnes(outlook.usual_t),
        "channels_t": _tonnes(outlook.channels_t),
        "over_t": _tonnes(outlook.over_t),
        "townships": [
            {**_township(part.township_id, catalog), "harvest_t": _tonnes(part.tonnes),
             "usual_t": _tonnes(part.usual_t), "over_t": _tonnes(part.over_t)}
            for part in outlook.townships
        ],
        "unknown_townships": [_township(name, catalog)["township_zh"] for name in outlook.unknown],
        "text_zh": outlook.text_zh,
        "text_en": outlook.text_en,
        "simulated": outlook.simulated,
    }  # fmt: skip


def _product(one: ProductGuidance) -> dict[str, Any]:
    product = one.facts.product
    return {"product_id": product.id, "product_zh": product.name_zh, "product_en": product.name_en}


def _township(township_id: str, catalog: Catalog) -> dict[str, Any]:
    known = catalog.townships.get(township_id)
    names = (known.name_zh, known.name_en) if known else (township_id, township_id)
    return {"township_id": township_id, "township_zh": names[0], "township_en": names[1]}


def _tonnes(value: float | None) -> float | None:
    return None if value is None else round(float(value), 3)
