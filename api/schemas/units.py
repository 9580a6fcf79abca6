"""Absorbing units: coming in as a person states them, going out with every name and how long they have been so."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.directory import Reference
from api.instants import Instant
from api.schemas.basics import NEXT, Name, Text
from warning.absorption.units import MOST_LEAD_DAYS, AbsorbingUnit, UnitKind
from warning.catalog import PlaceKind
from warning.store.units import UnitVersion

Amount = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
Days = Annotated[int, Field(ge=0, le=36_500)]


class UnitFacts(BaseModel):
    """What is stated of a unit; whatever is left out is as usual of its kind and channel."""

    name: Name = Field(description="名称 · name", examples=["梁平一小"])
    channel: Name = Field(description="渠道 id、序号或名称 · channel: id, number or name", examples=["canteens"])
    kind: UnitKind = Field(description="种类 · kind", examples=["school"])
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = Field(None, description="纬度")
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = Field(None, description="经度")
    tonnes_per_day: Amount | None = Field(None, description="日消纳量（吨）· tonnes a day it can take")
    diners: int = Field(0, ge=0, le=100_000_000, description="就餐人数 · diners")
    grams_per_diner: Amount | None = Field(None, description="每人每日克数 · grams of a product per diner and day")
    closed_in_holidays: bool = Field(False, description="寒暑假停用 · closed in school holidays")
    closed_weekends: bool = Field(False, description="周末停用 · closed at weekends")
    lead_days: Annotated[int, Field(ge=0, le=MOST_LEAD_DAYS)] | None = Field(
        None, description="提前期（天）· days from the decision to the first delivery"
    )
    minimum_lot_t: Amount = Field(0.0, description="最小批量（吨）· least delivery on a day")
    price_per_kg: Amount | None = Field(None, description="收购价（元/公斤）· what it pays")
    storage_t: Amount | None = Field(None, description="空余库容或合计上限（吨）· free tonnes, or the most in all")
    storage_days: Days | None = Field(None, description="可存天数 · days that goods keep there")
    loss_rate: Share | None = Field(None, description="损耗率 0–1 · share lost on the way")
    contact: Text = Field("", description="联系人 · contact")
    note: Text = Field("", description="备注 · remark")


class UnitIn(UnitFacts):
    """一个消纳单位 · A unit of the register."""

    model_config = ConfigDict(extra="forbid")

    township: Name | None = Field(None, description="所在乡镇：代码或名称 · township where it lies")
    accepts: list[Name] = Field(
        default_factory=list, max_length=200, description="可接收的品种或类别，空为不限 · products or groups it takes"
    )
    prefers: list[Name] = Field(
        default_factory=list, max_length=200, description="优先的品种或类别 · products or groups it asked for"
    )
    by: Name = Field(description="登记人 · who enters it")


class UnitItem(UnitFacts):
    """一个消纳单位 · A unit as it stands in the register."""

    id: str
    channel_name: str
    kind_name: str
    township: str | None
    township_name: str
    accepts: list[str]
    prefers: list[str]
    capacity_t: float = Field(description="开放日的消纳量（吨）· tonnes an open day, diners counted")
    simulated: bool


class UnitList(BaseModel):
    """消纳单位名册 · Units by id."""

    items: list[UnitItem]
    next: str | None = NEXT


class UnitVersionItem(BaseModel):
    """名册中的一次改动 · One version of a unit."""

    known_from: Instant = Field(description="自何时起 · since when it was known so")
    by: str
    retired: bool = Field(description="此次为注销 · whether it was taken out of the register then")
    unit: UnitItem


class UnitHistory(BaseModel):
    """一个单位的历次改动，旧的在前 · Every version of a unit, oldest first."""

    items: list[UnitVersionItem]


def unit_item(unit: AbsorbingUnit, reference: Reference) -> UnitItem:
    """A unit going out."""
    facts: dict[str, Any] = {name: getattr(unit, name) for name in UnitFacts.model_fields}
    channel = reference.catalog.channels.get(unit.channel)
    return UnitItem(
        **facts,
        id=unit.id,
        channel_name=channel.name_zh if channel else unit.channel,
        kind_name=unit.habit.name_zh,
        township=unit.township_id or None,
        township_name=reference.place_name(PlaceKind.TOWNSHIP, unit.township_id)[0] if unit.township_id else "",
        accepts=list(unit.accepts),
        prefers=list(unit.prefers),
        capacity_t=unit.capacity_t,
        simulated=unit.simulated,
    )


def version_item(version: UnitVersion, reference: Reference) -> UnitVersionItem:
    """A version of a unit going out."""
    return UnitVersionItem(
        known_from=version.known_from,
        by=version.by,
        retired=version.retired,
        unit=unit_item(version.unit, reference),
    )
