"""Price series, their observations and forecasts going out."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from api.directory import Reference
from api.instants import Day, Instant
from api.schemas.basics import NEXT, Names, finite
from api.schemas.levels import LevelWord
from warning.quality import Quality
from warning.spell_lines import level_of_line
from warning.store.series import ForecastStep, PooledDay, SeriesFacts
from warning.store.spell_risks import SpellRisk


class SeriesItem(BaseModel):
    """价格序列 · A price series: product × market × kind of price."""

    id: str = Field(examples=["onion@in-maharashtra-lasalgaon:wholesale"])
    product: str
    product_name: Names
    market: str
    market_name: Names
    kind: str = Field(description="farm_gate 产地, wholesale 批发, auction 拍卖, retail 零售, cost 成本")
    variety: str = Field(description="单列的品种规格；一般为空 · a variety that speaks alone; usually empty")
    currency: str
    feed: str
    first_day: Day | None
    last_day: Day | None
    simulated: bool


class SeriesList(BaseModel):
    """序列列表 · Series by id."""

    items: list[SeriesItem]
    next: str | None = NEXT


class Observation(BaseModel):
    """一日行情 · A day: median price of the varieties, their volume summed."""

    day: Day
    price_per_kg: float | None = Field(description="每公斤价格，按序列币种 · per kg, in the series' currency")
    price_low: float | None
    price_high: float | None
    volume_kg: float | None = Field(description="到货或成交量（公斤），不是库存 · arrivals or trade, never stock")
    varieties: int = Field(description="当日品种规格数 · varieties quoted that day")
    flags: list[str] = Field(description="质量标记 · what is known of the day's quality")
    issued_at: Instant = Field(description="发布时间 · when it was issued")
    snapshots: list[int] = Field(description="原始文件 · the snapshots it came from")


class ObservationList(BaseModel):
    """行情 · A series as it was known at an instant."""

    series: SeriesItem
    as_of: Instant | None = Field(description="所问的时刻；空为现在 · the instant asked for; null means now")
    received_before: Instant | None
    items: list[Observation]
    next: str | None = NEXT


class Forecast(BaseModel):
    """预测 · Quantiles at one horizon, with the baseline beside them; prices per kg."""

    issue_day: Day
    model: str
    horizon_days: int
    target_day: Day = Field(description="所预测一周的周日 · the Sunday that ends the week forecast")
    q10: float | None
    q50: float | None
    q90: float | None
    baseline: str
    baseline_q10: float | None
    baseline_q50: float | None
    baseline_q90: float | None
    speaks: str = Field(description="采用哪一个：model 或 baseline · which of the two is used")
    reason: str


class SpellRiskItem(BaseModel):
    """滞销风险 · The probability that a slow-sales spell begins within a horizon."""

    line: float = Field(description="参考价的几成以下算滞销 · share of the reference price below which a spell lies")
    level: LevelWord | None = Field(description="该线对应的等级 · the level whose line it is")
    horizon_days: int
    probability: float
    speaks: str = Field(description="采用哪一个：champion 或 baseline · which of the two is used")
    grade: str = Field(
        description="自身历史：own 充足，short 较短，borrowed 借自同类 · own past behind it: enough, a little, none"
    )


class ForecastList(BaseModel):
    """预测列表 · What was forecast on one day: prices, risks, and why."""

    series: SeriesItem
    issue_day: Day | None
    items: list[Forecast]
    spell_risks: list[SpellRiskItem] = Field(description="滞销风险，按线和期限 · by line, highest first, and horizon")
    reasons: list[dict[str, Any]] = Field(
        description="主要原因，最强在前 · strongest first: signal, value, weight, text_zh, text_en"
    )
    cases: list[dict[str, Any]] = Field(description="历史上最相近的情形 · the nearest cases of the past")


def series_item(facts: SeriesFacts, reference: Reference) -> SeriesItem:
    """A series going out."""
    zh, en = reference.product_name(facts.product_id)
    market_zh, market_en = reference.place_name("market", facts.market_id)
    return SeriesItem(
        id=facts.key,
        product=facts.product_id,
        product_name=Names(zh=zh, en=en),
        market=facts.market_id,
        market_name=Names(zh=market_zh, en=market_en),
        kind=facts.kind,
        variety=facts.variety,
        currency=facts.currency,
        feed=facts.feed,
        first_day=facts.first_day,
        last_day=facts.last_day,
        simulated=facts.simulated,
    )


def observation(day: PooledDay) -> Observation:
    """A day going out."""
    return Observation(
        day=day.day,
        price_per_kg=finite(day.price_per_kg),
        price_low=finite(day.price_low),
        price_high=finite(day.price_high),
        volume_kg=finite(day.volume_kg),
        varieties=day.varieties,
        flags=flag_names(day.flags),
        issued_at=day.issued_at,
        snapshots=list(day.snapshots),
    )


def flag_names(flags: Quality) -> list[str]:
    """The names of the bits that are set, in lower case; empty for an unremarkable observation."""
    return [str(flag.name).lower() for flag in Quality if flag and flag in flags]


def forecast(step: ForecastStep) -> Forecast:
    """One horizon going out."""
    return Forecast.model_validate(finite({name: getattr(step, name) for name in Forecast.model_fields}))


def spell_risk(risk: SpellRisk) -> SpellRiskItem:
    """One line and horizon going out."""
    return SpellRiskItem(
        line=risk.line,
        level=level_of_line(risk.line),
        horizon_days=risk.horizon_days,
        probability=risk.probability,
        speaks=risk.speaks,
        grade=risk.grade,
    )
