"""A plan as a page shows it: lines a person reads, in one language; sums of what the document tells one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from api.dashboard.words import Wording

Document = dict[str, Any]
MOST = 60
"""Deliveries listed; the rest is in the workbook."""


@dataclass(frozen=True, slots=True)
class ChannelShown:
    """One channel: tonnes, units, days, clause and lead."""

    name: str
    clause: str
    lead: str
    tonnes: float
    units: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one unit is to take of one product from one township."""

    unit: str
    product: str
    township: str
    tonnes: float
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Left:
    """What goes nowhere for one reason."""

    township: str
    product: str
    tonnes: float
    why: str


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A plan's page."""

    document: Document
    channels: tuple[ChannelShown, ...]
    deliveries: tuple[Delivered, ...]
    left: tuple[Left, ...]
    enlargements: tuple[str, ...]
    notes: tuple[str, ...]
    by_day: Document
    """Numbers of the stacked chart: days, and tonnes a day of each channel."""

    @property
    def unlisted(self) -> int:
        """Deliveries that are not listed."""
        return max(0, len(self.deliveries) - MOST)


def plan_shown(document: Document, wording: Wording) -> PlanShown:
    """The page of a plan's document (`warning.absorption.document`)."""
    pick = wording.pick
    return PlanShown(
        document=document,
        channels=tuple(
            ChannelShown(pick(one["name_zh"], one["name_en"]), one["clause"], pick(one["lead_zh"], one["lead_en"]),
                         one["tonnes_t"], one["units"], one["first_day"], one["last_day"])
            for one in document["channels"]
        ),
        deliveries=tuple(_deliveries(document["placements"], wording)),
        left=tuple(_left(document["unplaced"], wording)),
        enlargements=tuple(pick(one["text_zh"], one["text_en"]) for one in document["enlargements"]),
        notes=tuple(pick(one["zh"], one["en"]) for one in document["notes"]),
        by_day=_by_day(document, wording),
    )  # fmt: skip


def plan_columns(document: Document, wording: Wording) -> dict[str, list[Any]]:
    """Every delivery, as the workbook has them."""
    placed = document["placements"]
    pick = wording.pick
    return {
        wording("column_day"): [one["day"] for one in placed],
        wording("plan_unit"): [one["unit_name"] for one in placed],
        wording("plan_product"): [pick(one["product_zh"], one["product_en"]) for one in placed],
        wording("plan_from"): [pick(one["township_zh"], one["township_en"]) for one in placed],
        wording("plan_lot"): [one["lot"] for one in placed],
        wording("tonnes"): [one["tonnes_t"] for one in placed],
        "km": [one["km"] for one in placed],
        wording("plan_income"): [one["income_cny"] for one in placed],
        wording("plan_freight"): [one["freight_cny"] for one in placed],
    }


def _deliveries(placements: Iterable[Document], wording: Wording) -> Iterable[Delivered]:
    found: dict[tuple[str, str, str], tuple[float, str, str]] = {}
    for one in placements:
        key = (
            one["unit_name"],
            wording.pick(one["product_zh"], one["product_en"]),
            wording.pick(one["township_zh"], one["township_en"]),
        )
        tonnes, first, last = found.get(key, (0.0, one["day"], one["day"]))
        found[key] = tonnes + one["tonnes_t"], min(first, one["day"]), max(last, one["day"])
    for key, sums in sorted(found.items(), key=lambda pair: -pair[1][0]):
        yield Delivered(*key, *sums)


def _left(unplaced: Iterable[Document], wording: Wording) -> Iterable[Left]:
    found: dict[tuple[str, str, str], float] = {}
    for one in unplaced:
        key = (
            wording.pick(one["township_zh"], one["township_en"]),
            wording.pick(one["product_zh"], one["product_en"]),
            wording.pick(one["text_zh"], one["text_en"]),
        )
        found[key] = found.get(key, 0.0) + one["tonnes"]
    for (township, product, why), tonnes in sorted(found.items(), key=lambda pair: -pair[1]):
        yield Left(township, product, tonnes, why)


def _by_day(document: Document, wording: Wording) -> Document:
    days = sorted({one["day"] for one in document["placements"]})
    place = {day: number for number, day in enumerate(days)}
    series = []
    for channel in document["channels"]:
        tonnes = [0.0] * len(days)
        for one in document["placements"]:
            if one["channel"] == channel["channel"]:
                tonnes[place[one["day"]]] += one["tonnes_t"]
        name = wording.pick(channel["name_zh"], channel["name_en"])
        series.append({"name": name.split("：")[0], "tonnes": [round(one, 3) for one in tonnes]})
    return {"kind": "stacked", "days": days, "series": series}
