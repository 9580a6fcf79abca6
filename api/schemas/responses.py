"""Responses: what was in fact placed coming in; set against the plan and the forecast going out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.directory import Reference
from api.instants import Day, Instant
from api.schemas.basics import PLAIN_TEXT, Name, Text
from warning.absorption.effect import AgainstPlan, Effect, Expected
from warning.catalog import PlaceKind

if TYPE_CHECKING:
    from warning.store.responses import RecordedResponse

Tonnes = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Price = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


class Placed(BaseModel):
    """一笔实际消纳 · Tonnes that a unit took on a day."""

    model_config = ConfigDict(extra="forbid")

    unit: Name = Field(description="消纳单位编号 · unit id", examples=["school-1"])
    product: Name | None = Field(None, description="品种；省略为预警的品种 · product; the alert's where left out")
    township: Name | None = Field(
        None, description="来自哪个乡镇；省略为预警的乡镇，全区预警则为全区 · township; the alert's, or the district"
    )
    lot: Annotated[str, Field(max_length=100, pattern=PLAIN_TEXT)] = Field("", description="批次，可空 · lot")
    day: Day = Field(description="哪一天收的 · the day it was taken")
    tonnes: Tonnes = Field(description="吨；0 为更正为没有 · tonnes; 0 corrects to none")
    price_per_kg: Price | None = Field(None, description="实付价（元/公斤）· price paid; the unit's own where left out")
    note: Text = Field("", description="备注 · remark")


class ResponsesIn(BaseModel):
    """为一个预警实际消纳的各笔 · What was placed for an alert."""

    model_config = ConfigDict(extra="forbid")

    responses: list[Placed] = Field(min_length=1, max_length=5000, description="各笔实际消纳 · what was taken")
    plan: Name | None = Field(None, description="所据方案的编号 · id of the plan it follows")
    by: Name = Field(description="登记人 · who records it")


class ResponseCount(BaseModel):
    """登记结果 · What became of the rows: recorded, corrected one before, or said before."""

    added: int
    changed: int
    unchanged: int


class ResponseItem(BaseModel):
    """一笔实际消纳 · A response as it is known."""

    unit: str
    unit_name: str
    product: str
    product_name: str
    township: str | None = Field(description="空为全区 · null: the district as a whole")
    township_name: str
    lot: str
    day: Day
    tonnes: float
    price_per_kg: float | None
    plan: str | None
    note: str
    recorded_at: Instant
    by: str


class AgainstPlanItem(BaseModel):
    """一个单位：方案与实际 · One unit's tonnes planned so far, and taken."""

    unit: str
    unit_name: str
    planned_t: float
    taken_t: float
    open_t: float = Field(description="计划未完成的吨数，超出为负 · planned and not taken yet; negative where more was")


class ExpectedItem(BaseModel):
    """事前预测 · The forecast for the week that ends on the day: quantiles, CNY per kg."""

    day: Day
    low: float
    median: float
    high: float


class EffectItem(BaseModel):
    """效果 · What can be said of the effect, against the forecast made before anything was placed."""

    sign: int | None = Field(
        description="1 高于预测区间, -1 低于, 0 在区间内, 空为无从判断 · above, below, within, unknown"
    )
    observed: float | None = Field(description="该周中位价（元/公斤）· the week's median price")
    expected: ExpectedItem | None
    text_zh: str
    text_en: str
    series: str | None = Field(description="所看的价格序列；全区和乡镇预警看销地市场 · the price series looked at")
    issued: Day | None = Field(description="预测日，早于首笔消纳 · issue day, before the first response")


class ResponseList(BaseModel):
    """一个预警的处置：实际、对照方案、效果 · What was placed for an alert, against its plan, and the effect."""

    alert: str
    items: list[ResponseItem]
    total_t: float
    plan: str | None = Field(
        description="所对照的方案；空为没有已存方案 · the plan compared; null where none is stored"
    )
    until: Day = Field(description="对照到哪一天（含）· planned and taken up to this day")
    against_plan: list[AgainstPlanItem] = Field(description="各单位，差得最多的在前 · by unit, furthest behind first")
    effect: EffectItem


def response_item(found: RecordedResponse, units: dict[str, str], reference: Reference) -> ResponseItem:
    """A response going out; `units` are names by id."""
    one = found.response
    name = reference.place_name(PlaceKind.TOWNSHIP, one.township_id)[0] if one.township_id else "全区"
    return ResponseItem(
        unit=one.unit_id,
        unit_name=units.get(one.unit_id, one.unit_id),
        product=one.product_id,
        product_name=reference.product_name(one.product_id)[0],
        township=one.township_id or None,
        township_name=name,
        lot=one.lot,
        day=one.day,
        tonnes=one.tonnes,
        price_per_kg=one.price_per_kg,
        plan=one.plan_id,
        note=one.note,
        recorded_at=found.recorded_at,
        by=found.by,
    )


def against_item(line: AgainstPlan, units: dict[str, str]) -> AgainstPlanItem:
    """A unit's line going out, to the kilogram."""
    amounts = {name: round(getattr(line, name), 3) + 0.0 for name in ("planned_t", "taken_t", "open_t")}
    return AgainstPlanItem(unit=line.unit_id, unit_name=units.get(line.unit_id, line.unit_id), **amounts)


def effect_item(effect: Effect, *, series: str | None, issued: Day | None) -> EffectItem:
    """The effect going out."""
    band = None if effect.expected is None else _expected_item(effect.expected)
    return EffectItem(
        sign=effect.sign,
        observed=effect.observed,
        expected=band,
        text_zh=effect.text_zh,
        text_en=effect.text_en,
        series=series,
        issued=issued,
    )


def _expected_item(expected: Expected) -> ExpectedItem:
    return ExpectedItem(day=expected.day, low=expected.low, median=expected.median, high=expected.high)
