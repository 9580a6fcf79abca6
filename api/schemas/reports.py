"""Township reports: coming in as JSON, going out as they are known."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.instants import Day, Instant
from api.schemas.basics import NEXT, Name, Text

Amount = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class ReportFigures(BaseModel):
    """What a township reports of one lot of a product; whatever is unknown is left out."""

    planted_area_mu: Amount | None = Field(None, description="种植面积（亩）")
    normal_area_mu: Amount | None = Field(None, description="常年面积（亩）")
    seedlings: Amount | None = Field(None, description="育苗数（株）")
    expected_harvest_t: Amount | None = Field(None, description="预计采收量（吨）· expected harvest")
    harvest_from: Day | None = Field(None, description="采收起日")
    harvest_to: Day | None = Field(None, description="采收止日")
    stock_t: Amount | None = Field(None, description="库存（吨）· stock")
    sold_t: Amount | None = Field(None, description="本季已售（吨）· sold since the season's start")
    marketable_t: Amount | None = Field(None, description="本季商品量，已售加未售（吨）· marketable output")
    normal_sold_share: Share | None = Field(None, description="常年同期已售比例 0–1 · share usually sold by this day")
    daily_outflow_t: Amount | None = Field(None, description="日均走货（吨）· outflow a day")
    planned_storage_t: Amount | None = Field(None, description="计划入库（吨）· planned storage")
    farm_gate_price_per_kg: Amount | None = Field(None, description="产地价（元/公斤）· farm-gate price")
    bids_received: bool | None = Field(None, description="是否有客商询价 · were there bids")
    production_cost_per_kg: Amount | None = Field(None, description="生产成本（元/公斤）")
    collect_fee_per_kg: Amount | None = Field(None, description="采收费（元/公斤）")
    pack_fee_per_kg: Amount | None = Field(None, description="包装费（元/公斤）")
    load_fee_per_kg: Amount | None = Field(None, description="装车费（元/公斤）")
    freight_per_kg: Amount | None = Field(None, description="运费（元/公斤）")
    market_fee_per_kg: Amount | None = Field(None, description="市场费（元/公斤）")
    shelf_life_days: Amount | None = Field(None, description="剩余货架期（天）· remaining shelf life")
    season_end: Day | None = Field(None, description="季末日 · end of the season")
    outlet: Text = Field("", description="销路 · outlet")
    road_blocked: bool | None = Field(None, description="道路是否阻断 · is the road blocked")
    note: Text = Field("", description="备注 · remark")


class ReportIn(ReportFigures):
    """一份乡镇报告 · A township's report on one lot of a product on one day."""

    model_config = ConfigDict(extra="forbid")

    township: Name = Field(description="乡镇代码或名称 · code or name", examples=["500155104"])
    product: Name = Field(description="品种 id、名称或别名", examples=["梁平柚"])
    lot: Annotated[str, Field(max_length=100, pattern=r"^[^\u0000]*$")] = Field("", description="批次，可空 · lot")
    day: Day = Field(description="报告所指的日子 · the day it speaks of")
    by: Name = Field(description="填报人 · who reports")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.harvest_from and self.harvest_to and self.harvest_to < self.harvest_from:
            raise ValueError("harvest_to lies before harvest_from")
        if self.sold_t is not None and self.marketable_t is not None and self.sold_t > self.marketable_t:
            raise ValueError("sold_t is more than marketable_t")
        return self


class ReportItem(ReportFigures):
    """一份乡镇报告 · A report as it is known."""

    id: int
    township: str
    township_name: str
    product: str
    lot: str
    day: Day
    issued_at: Instant
    snapshot: int | None
    reported_by: str
    simulated: bool


class ReportList(BaseModel):
    """乡镇报告列表 · Reports, newest day first."""

    items: list[ReportItem]
    next: str | None = NEXT
