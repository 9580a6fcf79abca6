"""The simulated district's register: its buyers as absorbing units, where its townships lie, what is reserved a year.

Positions are points on a spiral about the district's seat, and which townships are 重点帮扶 is drawn at will: both are
invented, as all of the demo, and say nothing about the place.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any, Final

from pipelines.demo.buyers import BUYERS, Buyer
from warning.absorption.distance import Place
from warning.absorption.units import AbsorbingUnit, UnitKind
from warning.catalog import Catalog
from warning.names import NameIndex
from warning.store.engine import Store

SEAT: Final = (30.67, 107.80)
REACH_DEGREES: Final = 0.28
GOLDEN_ANGLE: Final = math.pi * (3 - math.sqrt(5))
KEY_TOWNSHIPS: Final = ("七星镇", "竹山镇", "蟠龙镇", "曲水镇")
QUOTAS: Final[dict[UnitKind, dict[str, float]]] = {UnitKind.RESERVE: {"tonnes": 380.0}, UnitKind.UNION: {"cny": 2.4e6}}
"""What a year's reserve is: tonnes of the 832 platform, CNY of the union."""
NOTES: Final[dict[UnitKind, str]] = {
    UnitKind.E_COMMERCE: "按每件 5 公斤计，日发件数为日吨数 × 200",
    UnitKind.SUPERMARKET: "门店合计的日吨数",
    UnitKind.EXPORT: "出口备案果园 3 个、包装厂 1 个",
    UnitKind.PROCESSOR: "收次级果、加工级菜",
    UnitKind.COLD_STORE: "日吨数为预冷能力",
    UnitKind.RESERVE: "832 平台年度预留份额",
    UnitKind.UNION: "工会年度福利预算",
}
HABITS: Final[dict[UnitKind, dict[str, Any]]] = {
    UnitKind.SCHOOL: {"closed_in_holidays": True, "closed_weekends": True},
    UnitKind.OFFICE: {"closed_weekends": True},
    UnitKind.COLD_STORE: {"storage_days": 120, "minimum_lot_t": 2.0},
    UnitKind.STOCK: {"storage_days": 90},
    UnitKind.PROCESSOR: {"minimum_lot_t": 2.0},
    UnitKind.INDUSTRY: {"minimum_lot_t": 2.0},
    UnitKind.E_COMMERCE: {"prefers": ("pomelo-liangping",)},
}
"""What units of a kind have in common here."""


def put_register(store: Store, catalog: Catalog, last_day: dt.date, *, since: dt.date) -> str:
    """Put the register into the store as known from `since`, with quotas to the year after `last_day`; says what."""
    from warning.store.quotas import set_quota
    from warning.store.township_places import put_places
    from warning.store.units import put_units

    at = dt.datetime.combine(since, dt.time(), dt.UTC)
    units, townships = absorbing_units(catalog), places(catalog)
    with store.writing() as session:
        put_units(session, units, at=at, by="demo")
        put_places(session, townships, at=at, by="demo")
        for unit in units:
            for year in range(since.year, last_day.year + 2) if unit.kind in QUOTAS else ():
                set_quota(session, unit.id, year, **QUOTAS[unit.kind], at=at, by="demo")
    return f"模拟消纳单位 {len(units)} 家、乡镇位置 {len(townships)} 处 · simulated units and places of townships"


def absorbing_units(catalog: Catalog) -> tuple[AbsorbingUnit, ...]:
    """The buyers as units of the register, in their order."""
    names = NameIndex(catalog)
    channels = {channel.number: channel.id for channel in catalog.channels.values()}
    return tuple(
        _unit(buyer, f"sim-{number:02d}", channels[buyer.channel], names, catalog)
        for number, buyer in enumerate(BUYERS, start=1)
    )


def places(catalog: Catalog) -> dict[str, Place]:
    """A position for each township, the seat's first and those that follow farther out."""
    count = max(len(catalog.townships) - 1, 1)
    found = {}
    for number, township in enumerate(catalog.townships.values()):
        reach, angle = REACH_DEGREES * math.sqrt(number / count), GOLDEN_ANGLE * number
        north, east = reach * math.cos(angle), reach * math.sin(angle) / math.cos(math.radians(SEAT[0]))
        key = township.name_zh in KEY_TOWNSHIPS
        found[township.id] = Place(round(SEAT[0] + north, 4), round(SEAT[1] + east, 4), key)
    return found


def _unit(buyer: Buyer, unit_id: str, channel: str, names: NameIndex, catalog: Catalog) -> AbsorbingUnit:
    kind = UnitKind(buyer.kind)
    return AbsorbingUnit(
        unit_id,
        buyer.name,
        channel,
        kind,
        names.resolve_township(buyer.township),
        tonnes_per_day=None if buyer.diners else buyer.tonnes_per_day,
        diners=buyer.diners,
        accepts=tuple(_accepted(word, names, catalog) for word in buyer.groups.split(",") if word),
        storage_t=buyer.storage_t or None,
        contact="模拟联系人",
        note="；".join(filter(None, ("模拟", NOTES.get(kind, "")))),
        simulated=True,
        **HABITS.get(kind, {}),
    )


def _accepted(word: str, names: NameIndex, catalog: Catalog) -> str:
    """A product group as it is, a product's name as its id."""
    groups = {product.group for product in catalog.products.values()}
    return word if word in groups else names.resolve_product(word)
