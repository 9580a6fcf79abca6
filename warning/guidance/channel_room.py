"""What the register's units can take of a product over a span, besides the usual market."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final

import numpy as np

from warning.absorption.channels import suitable_channels
from warning.absorption.open_days import open_days
from warning.absorption.units import AbsorbingUnit, UnitKind
from warning.catalog import Catalog, Product
from warning.guidance.price_forecast import WEEK
from warning.indicators.grid import Floats

COUNTED: Final = ("main", "suited")
"""Roles of channels that planting may rely on: not the emergency ones, nor those that only support others."""


def weekly_room(
    product: Product,
    units: Sequence[AbsorbingUnit],
    first: dt.date,
    weeks: int,
    catalog: Catalog,
    *,
    rivals: Collection[Product] = (),
) -> Floats:
    """Tonnes that the units can take in each week from `first` on.

    Stores only delay and wholesale markets are the usual market itself: neither counts. A unit that takes some of the
    `rivals` too (other products harvested in the same weeks) is shared with them in equal parts.
    """
    suits = {one.channel for one in suitable_channels(product, first, catalog, level=0) if one.role in COUNTED}
    last = first + dt.timedelta(days=WEEK * weeks - 1)
    room = np.zeros(weeks)
    for unit in units:
        if unit.channel not in suits or not unit.takes(product) or unit.habit.keeps:
            continue
        if unit.kind in (UnitKind.WHOLESALE, UnitKind.FLEET):
            continue
        others = sum(unit.takes(one) for one in rivals if one.id != product.id)
        for day in open_days(unit, first, last, catalog):
            room[(day - first).days // WEEK] += unit.capacity_t / (1 + others)
    return room


def free_store_t(product: Product, units: Sequence[AbsorbingUnit]) -> float:
    """Free tonnes of the stores that take the product; one without a stated limit counts with its days' intake."""
    if not product.storable:
        return 0.0
    stores = [unit for unit in units if unit.habit.keeps and unit.takes(product)]
    return sum(WEEK * unit.capacity_t if unit.storage_t is None else unit.storage_t for unit in stores)
