"""Products, markets, townships and channels going out."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from api.instants import Day
from api.schemas.basics import NEXT
from warning.catalog import Catalog, Channel, Department, Market, Product, Township

if TYPE_CHECKING:
    from warning.absorption.channels import ChannelAdvice


class ProductItem(BaseModel):
    """品种 · A product under all its names."""

    id: str
    name_zh: str
    name_en: str
    group: str = Field(description="类别 · group")
    synonyms: list[str] = Field(description="别名，任一语言 · other names, in any language")
    shelf_life_days: int = Field(description="常规条件下的货架期（天）· days from harvest to unsaleable")
    storable: bool
    boxable: bool = Field(description="可装箱发快递 · can be sent by parcel")
    processable: bool
    exportable: bool
    institutional: bool = Field(description="食堂每日可用 · canteens can use it daily")
    local: bool = Field(description="本区主产 · grown in the district in quantity")
    outlet_markets: list[str] = Field(description="销地市场 · markets that give the district's reading")


class ProductList(BaseModel):
    """品种列表 · Products by id."""

    items: list[ProductItem]
    next: str | None = NEXT


class MarketItem(BaseModel):
    """市场 · A place of trade."""

    id: str
    name: str
    name_zh: str
    country: str
    region: str
    currency: str
    timezone: str
    latitude: float | None
    longitude: float | None
    synonyms: list[str]


class MarketList(BaseModel):
    """市场列表 · Markets by id, those registered by feeds included."""

    items: list[MarketItem]
    next: str | None = NEXT


class TownshipItem(BaseModel):
    """乡镇 · A township or street of the district."""

    id: str = Field(description="行政区划代码 · administrative code", examples=["500155104"])
    name_zh: str
    name_en: str
    latitude: float | None
    longitude: float | None
    key: bool = Field(description="重点帮扶 · served first")


class TownshipList(BaseModel):
    """乡镇列表 · Townships by code."""

    items: list[TownshipItem]
    next: str | None = NEXT


class DepartmentItem(BaseModel):
    """部门 · A department under the name it has on the day."""

    id: str
    name_zh: str
    name_en: str


class ChannelItem(BaseModel):
    """消纳渠道 · A way for a surplus to be taken up, with its clause and who leads."""

    id: str
    number: int
    name_zh: str
    name_en: str
    clause: str = Field(description="条款 · clause of the plan", examples=["三(一)"])
    lead: DepartmentItem = Field(description="牵头单位 · lead department")
    with_departments: list[DepartmentItem] = Field(description="配合单位 · co-departments")
    start_days: tuple[int, int] = Field(description="启动所需天数 · days to start")
    suits: list[str] = Field(description="适合的类别或品种，空为不限 · groups or products it suits; empty: any")
    min_shelf_life_days: int
    max_shelf_life_days: int
    capacity_note: str
    emergency_only: bool = Field(description="仅应急时用 · in an emergency only")
    enabler: bool = Field(description="只提供保障，本身不消纳 · takes nothing up itself")
    role: str | None = Field(
        None, description="main 首选, suited 适合, emergency 应急, supporting 保障；仅按品种查询时有"
    )
    why_zh: str | None = Field(None, description="理由，仅按品种查询时有 · why it suits the product asked for")
    why_en: str | None = None


class ChannelList(BaseModel):
    """渠道列表 · Channels in the plan's order."""

    items: list[ChannelItem]
    on: Day = Field(description="部门名称所依据的日子 · the day whose department names are shown")


def product_item(product: Product) -> ProductItem:
    """A product going out."""
    lists = {"synonyms": list(product.synonyms), "outlet_markets": list(product.outlet_markets)}
    plain = {name: getattr(product, name) for name in ProductItem.model_fields if name not in lists}
    return ProductItem(**plain, **lists)


def market_item(market: Market) -> MarketItem:
    """A market going out."""
    plain = {name: getattr(market, name) for name in MarketItem.model_fields if name != "synonyms"}
    return MarketItem(**plain, synonyms=list(market.synonyms))


def township_item(township: Township) -> TownshipItem:
    """A township going out."""
    return TownshipItem(**{name: getattr(township, name) for name in TownshipItem.model_fields})


def channel_item(channel: Channel, catalog: Catalog, day: dt.date, advice: ChannelAdvice | None = None) -> ChannelItem:
    """A channel going out, its departments under their names on `day`, with the advice for a product if any."""
    listed = {"lead", "with_departments", "suits", "role", "why_zh", "why_en"}
    plain = {name: getattr(channel, name) for name in ChannelItem.model_fields if name not in listed}
    return ChannelItem(
        **plain,
        lead=_department(catalog.department_on(channel.lead, day)),
        with_departments=[_department(catalog.department_on(each, day)) for each in channel.with_departments],
        suits=list(channel.suits),
        role=advice.role if advice else None,
        why_zh=advice.why_zh if advice else None,
        why_en=advice.why_en if advice else None,
    )


def _department(department: Department) -> DepartmentItem:
    return DepartmentItem(id=department.id, name_zh=department.name_zh, name_en=department.name_en)
