"""Absorbing units (消纳单位): who can take a surplus, how much a day, of what, and at what price."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator
from dataclasses import dataclass

from warning.catalog import Product


class UnitKind(enum.StrEnum):
    """What a unit is; its habits stand in `HABITS`."""

    SCHOOL = "school"
    OFFICE = "office"
    HOSPITAL = "hospital"
    CARE_HOME = "care_home"
    FACTORY = "factory"
    RESERVE = "reserve"
    UNION = "union"
    INDUSTRY = "industry"
    COLD_STORE = "cold_store"
    WHOLESALE = "wholesale"
    SUPERMARKET = "supermarket"
    SERVICE_AREA = "service_area"
    E_COMMERCE = "e_commerce"
    EXPORT = "export"
    STOCK = "stock"
    PROCESSOR = "processor"
    COUNTER = "counter"
    PICKING = "picking"
    FLEET = "fleet"


@dataclass(frozen=True, slots=True)
class Habit:
    """What is usual of a kind of unit, where the unit does not say otherwise."""

    name_zh: str
    price_share: float
    """What it pays, as a share of the wholesale price."""
    loss_rate: float
    """Share lost on the way and in handling."""
    grams_per_diner: float = 0.0
    """Of one product a day, for those that feed people."""
    keeps: bool = False
    """It stores the goods: they are saved from waste, and not yet sold."""


HABITS: dict[UnitKind, Habit] = {
    UnitKind.SCHOOL: Habit("学校食堂", 1.0, 0.03, 150),
    UnitKind.OFFICE: Habit("机关食堂", 1.0, 0.03, 150),
    UnitKind.HOSPITAL: Habit("医院食堂", 1.0, 0.03, 150),
    UnitKind.CARE_HOME: Habit("养老机构食堂", 1.0, 0.03, 150),
    UnitKind.FACTORY: Habit("企业食堂", 1.0, 0.03, 150),
    UnitKind.RESERVE: Habit("预算采购预留", 1.05, 0.04),
    UnitKind.UNION: Habit("工会福利采购", 1.05, 0.04),
    UnitKind.INDUSTRY: Habit("企业原料采购", 0.6, 0.02),
    UnitKind.COLD_STORE: Habit("冷库", 0.8, 0.03, keeps=True),
    UnitKind.WHOLESALE: Habit("批发市场", 0.95, 0.05),
    UnitKind.SUPERMARKET: Habit("商超", 1.05, 0.05),
    UnitKind.SERVICE_AREA: Habit("服务区展销", 1.1, 0.05),
    UnitKind.E_COMMERCE: Habit("电商", 1.15, 0.08),
    UnitKind.EXPORT: Habit("出口", 1.2, 0.06),
    UnitKind.STOCK: Habit("商业库存", 0.85, 0.04, keeps=True),
    UnitKind.PROCESSOR: Habit("加工企业", 0.6, 0.02),
    UnitKind.COUNTER: Habit("专馆专柜", 1.1, 0.04),
    UnitKind.PICKING: Habit("采摘园", 1.2, 0.02),
    UnitKind.FLEET: Habit("运输车队", 0.0, 0.0),
}
"""First estimates to be reviewed in the district: the register's own columns go before them."""


@dataclass(frozen=True, slots=True)
class AbsorbingUnit:
    """One unit of the register under one of the plan's channels.

    Tonnes are metric, prices CNY per kg. What is None is not stated: the kind's habit or the channel's rule holds.
    Capacity by day is `tonnes_per_day`, or diners × grams where that is blank.
    """

    id: str
    name: str
    channel: str
    """Channel id of the catalog."""
    kind: UnitKind
    township_id: str = ""
    latitude: float | None = None
    longitude: float | None = None
    tonnes_per_day: float | None = None
    diners: int = 0
    grams_per_diner: float | None = None
    closed_in_holidays: bool = False
    closed_weekends: bool = False
    lead_days: int | None = None
    """Days from the decision to the first delivery; None: the channel's earliest start."""
    minimum_lot_t: float = 0.0
    """A delivery on a day is at least so much, or nothing."""
    price_per_kg: float | None = None
    accepts: tuple[str, ...] = ()
    """Product ids or groups; none means any that suits the channel."""
    prefers: tuple[str, ...] = ()
    storage_t: float | None = None
    """Free tonnes of one that stores, or the most it takes in all; None: no limit but the days'."""
    storage_days: int | None = None
    """How long goods keep there; known to the reader, no limit of the plan's span."""
    loss_rate: float | None = None
    contact: str = ""
    note: str = ""
    simulated: bool = False

    @property
    def habit(self) -> Habit:
        """What is usual of its kind."""
        return HABITS[self.kind]

    @property
    def capacity_t(self) -> float:
        """Tonnes an open day; 0 where neither tonnes nor diners are stated."""
        if self.tonnes_per_day is not None:
            return self.tonnes_per_day
        grams = self.habit.grams_per_diner if self.grams_per_diner is None else self.grams_per_diner
        return self.diners * grams / 1e6

    @property
    def lost(self) -> float:
        """Share lost on the way."""
        return self.habit.loss_rate if self.loss_rate is None else self.loss_rate

    def pays(self, market_price: float) -> float:
        """CNY per kg for goods whose wholesale price is `market_price`."""
        return market_price * self.habit.price_share if self.price_per_kg is None else self.price_per_kg

    def takes(self, product: Product) -> bool:
        """Whether it accepts the product, by id or group."""
        return not self.accepts or product.id in self.accepts or product.group in self.accepts

    def likes(self, product: Product) -> bool:
        """Whether it asked for the product in particular."""
        return product.id in self.prefers or product.group in self.prefers


MOST_LEAD_DAYS = 366


def faults(unit: AbsorbingUnit) -> Iterator[tuple[str, str, str]]:
    """What makes a unit unusable: (field, Chinese, English); nothing where it is sound."""
    if unit.kind != UnitKind.FLEET and unit.tonnes_per_day is None and unit.diners <= 0:
        yield "tonnes_per_day", "既无日消纳吨数，也无就餐人数", "neither tonnes a day nor diners are stated"
    for name in ("tonnes_per_day", "diners", "grams_per_diner", "lead_days", "minimum_lot_t", "price_per_kg",
                 "storage_t", "storage_days"):  # fmt: skip
        value = getattr(unit, name)
        if value is not None and not (math.isfinite(value) and value >= 0):
            yield name, f"{value} 不是非负数", f"{value} is no number from 0 up"
    if unit.lead_days is not None and unit.lead_days > MOST_LEAD_DAYS:
        yield "lead_days", f"提前期 {unit.lead_days} 天超过一年", f"a lead of {unit.lead_days} days is over a year"
    if not 0 <= unit.lost < 1:
        yield "loss_rate", f"损耗率 {unit.lost} 须在 0 与 1 之间", f"the loss rate {unit.lost} must lie between 0 and 1"
    if (unit.latitude is None) != (unit.longitude is None):
        yield "longitude", "经纬度须同时填写", "fill in both coordinates or neither"
    elif unit.latitude is not None and not -90 <= unit.latitude <= 90:
        yield "latitude", f"纬度 {unit.latitude} 超出范围", f"latitude {unit.latitude} is out of range"
    elif unit.longitude is not None and not -180 <= unit.longitude <= 180:
        yield "longitude", f"经度 {unit.longitude} 超出范围", f"longitude {unit.longitude} is out of range"
    if unit.minimum_lot_t > unit.capacity_t > 0:
        zh = f"最小批量 {unit.minimum_lot_t:g} 吨超过日消纳 {unit.capacity_t:g} 吨"
        yield "minimum_lot_t", zh, f"the minimum lot {unit.minimum_lot_t:g} t exceeds a day's {unit.capacity_t:g} t"
