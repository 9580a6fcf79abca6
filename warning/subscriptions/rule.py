"""Which events a subscription is told of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from warning.catalog import Product
from warning.subscriptions.subscription import Rule

DOWN = ("eased", "ended", "resolved")
"""Events after which the level is lower than what had been told."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What a rule looks at: one event of one alert."""

    kind: str
    level: int
    peak_level: int
    """The highest that the alert has reached."""
    product_id: str
    place_kind: str
    place_id: str
    tier: str = ""


def wanted(rule: Rule, one: Happening, products: Mapping[str, Product]) -> bool:
    """Whether the event is to be told: all that the rule names must hold."""
    product = products.get(one.product_id)
    of_product = not (rule.products or rule.groups) or one.product_id in rule.products or (
        product is not None and product.group in rule.groups
    )  # fmt: skip
    reached = one.peak_level if one.kind in DOWN else one.level
    return (
        of_product
        and reached >= rule.level
        and (not rule.place_kinds or one.place_kind in rule.place_kinds)
        and (not rule.places or one.place_id in rule.places)
        and (not rule.tiers or one.tier in rule.tiers or not one.tier)
        and (not rule.kinds or one.kind in rule.kinds)
    )
