"""What a run said of a product at a place, as an alert list, a risk list and an alert's page show it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from api.directory import Reference
from api.instants import Day
from api.schemas.basics import Names, finite
from api.schemas.levels import LEVEL_ZH, TYPE_ZH, LevelWord, level_word
from warning.store.risk import Judgement


class Place(BaseModel):
    """地点 · A market, a township or the district."""

    kind: str = Field(description="market 市场, township 乡镇, district 全区")
    id: str
    name: str
    name_en: str


class Driver(BaseModel):
    """成因 · One reading that passed a line, in numbers and in words."""

    signal: str = Field(description="指标 · which signal: r, z, g, v, K, S, D …")
    value: float | None = Field(None, description="读数 · the reading")
    line: float | None = Field(None, description="越过的线 · the line it passed")
    text_zh: str = ""
    text_en: str = ""


class RiskItem(BaseModel):
    """研判 · What the daily run said of one subject (product, place) on one business date."""

    product: str = Field(description="品种 id · product id", examples=["onion"])
    product_name: Names
    market: str | None = Field(description="市场 id；地点不是市场时为空 · market id; null where the place is no market")
    township: str | None = Field(description="乡镇代码；地点不是乡镇时为空 · township code, else null")
    place: Place
    series: str | None = Field(description="所依据的价格序列 · the price series it rests on")
    business_date: Day = Field(description="业务日期 · the day judged")
    level: LevelWord = Field(description="等级，取观测与预测中较高者 · the higher of observed and forecast level")
    level_zh: str
    observed_level: LevelWord = Field(description="观测等级 · what was observed")
    forecast_level: LevelWord | None = Field(description="预测等级；未发布模型前为空 · null until a model is released")
    forecast_reason: str = Field(description="没有预测等级的原因 · why there is none, or which model gave it")
    probability: float | None = Field(description="滞销概率 · calibrated probability of slow sales")
    tier: str = Field(description="证据层级 T1 价量，T2 加成本，T3 加库存与销售 · tier of evidence")
    type: str = Field(description="glut 供过于求, stalled 走货不畅, ordinary 一般，空为价格未低 · kind of slow sales")
    type_zh: str
    data_state: str = Field(description="ok 正常, stale 陈旧, short 历史不足, off_market 不在市 · state of the data")
    last_day: Day | None = Field(description="最近有价日 · last day with a price")
    drivers: list[Driver] = Field(description="成因，最强在前 · strongest first")
    readings: dict[str, Any] = Field(description="全部读数 · every reading of the run")
    surplus_t: float | None = Field(description="待消纳量（吨）· tonnes to place")
    surplus_estimated: bool = Field(description="真为估算 · true: an estimate (估算)")
    channels: list[dict[str, Any]] = Field(description="可用消纳渠道，按使用次序 · channels in order of use")
    alert: str | None = Field(description="所属预警 id · the alert it belongs to")
    simulated: bool = Field(description="模拟数据 · made by the simulated district")


def judgement_fields(said: Judgement, reference: Reference) -> dict[str, Any]:
    """The fields of `RiskItem`; an alert's item has them all and more."""
    zh, en = reference.product_name(said.product_id)
    place_zh, place_en = reference.place_name(said.place_kind, said.place_id)
    level = level_word(said.level)
    return {
        "product": said.product_id,
        "product_name": Names(zh=zh, en=en),
        "market": said.place_id if said.place_kind == "market" else None,
        "township": said.place_id if said.place_kind == "township" else None,
        "place": Place(kind=said.place_kind, id=said.place_id, name=place_zh, name_en=place_en),
        "series": said.series,
        "business_date": said.business_date,
        "level": level,
        "level_zh": LEVEL_ZH[level],
        "observed_level": level_word(said.observed_level),
        "forecast_level": None if said.forecast_level is None else level_word(said.forecast_level),
        "forecast_reason": said.forecast_reason,
        "probability": finite(said.probability),
        "tier": said.tier,
        "type": said.type,
        "type_zh": TYPE_ZH.get(said.type, said.type),
        "data_state": said.data_state,
        "last_day": said.last_day,
        "drivers": [Driver.model_validate(finite(driver)) for driver in said.drivers],
        "readings": finite(said.readings),
        "surplus_t": finite(said.surplus_t),
        "surplus_estimated": said.surplus_estimated,
        "channels": finite(said.channels),
        "alert": said.alert_id,
        "simulated": said.simulated,
    }
