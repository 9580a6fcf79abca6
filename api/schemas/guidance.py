"""Guidance to growers: when to market, and what not to plant more of."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.instants import Day


class PriceBand(BaseModel):
    """价格与上下范围 · Quantiles 0.1, 0.5 and 0.9 of the market's price, sales as advised."""

    low: float
    middle: float
    high: float


class MarketingWeek(BaseModel):
    """一周的建议销量 · Tonnes to sell in one week."""

    first: Day
    last: Day
    tonnes: float
    price_per_kg: PriceBand = Field(description="元/公斤 · CNY per kg")
    price_per_jin: PriceBand = Field(description="元/斤 · CNY per 500 g")


class MarketingOutcome(BaseModel):
    """一种卖法的结果 · What a schedule brings, after storage and selling costs."""

    lost_t: float
    unsold_t: float
    low_cny: float
    middle_cny: float
    high_cny: float
    expected_cny: float


class TownshipAdvice(BaseModel):
    """一个乡镇的上市时间建议 · When one township should sell."""

    township_id: str
    township_zh: str
    township_en: str
    verdict: str = Field(description="unknown、nothing、sell_now、spread、no_sale")
    ready_t: float = Field(description="现有（吨）· ready now")
    harvest_t: float = Field(description="16 周内待采收（吨）· to be harvested within 16 weeks")
    expired_t: float = Field(description="已过保鲜期（吨）· past their shelf life")
    beyond_t: float = Field(description="预测期之后采收（吨）· harvested after the forecast ends")
    selling_cost_per_kg: float
    weeks: list[MarketingWeek]
    recommended: MarketingOutcome | None
    at_once: MarketingOutcome | None = Field(description="马上全卖 · selling everything at once")
    gain_share: float | None = Field(description="最好的卖法比马上全卖多收的比例，全体合计 · of all together")
    text_zh: str
    text_en: str


class ProductMarketing(BaseModel):
    """一个品种的上市时间建议 · One product: its market, its forecast, an advice a township."""

    product_id: str
    product_zh: str
    product_en: str
    forecast_market: str | None = Field(description="预测所在市场；没有预测为空 · null without a forecast")
    forecast_market_zh: str | None
    forecast_market_en: str | None
    forecast_issued: Day | None
    usual_t_week: float | None = Field(description="市场常年周销量（吨）· at which the forecast price holds")
    others_t_week: float = Field(description="其他货源周销量（吨）· what others bring")
    most_t_week: float | None = Field(description="市场周销量上限（吨）")
    store_t: float | None = Field(description="可贮藏（吨）· room in store")
    price_flexibility: float
    advices: list[TownshipAdvice]
    text_zh: str = Field(description="没有建议时说明原因 · why there is no advice")
    text_en: str
    simulated: bool


class MarketingAnswer(BaseModel):
    """上市时间建议 · When to market what is there."""

    day: Day
    products: list[ProductMarketing]
    text_zh: str = Field(description="没有任何建议时说明原因 · why there is nothing")
    text_en: str


class TownshipPlanting(BaseModel):
    """一个乡镇的份额 · One township's part of a harvest to come."""

    township_id: str
    township_zh: str
    township_en: str
    harvest_t: float
    usual_t: float | None
    over_t: float | None


class ProductPlanting(BaseModel):
    """一个品种的种植提示 · The harvest to come against what can be taken of it."""

    product_id: str
    product_zh: str
    product_en: str
    light: str | None = Field(description="green、yellow、red；无法判断为空 · null where it cannot be told")
    light_zh: str | None
    basis: str | None = Field(description="area、seedlings、tonnes")
    harvest_from: Day | None
    harvest_to: Day | None
    harvest_t: float
    usual_market_t: float | None
    channels_t: float
    over_t: float | None = Field(description="预计多出（吨）· tonnes over")
    townships: list[TownshipPlanting]
    unknown_townships: list[str]
    text_zh: str
    text_en: str
    simulated: bool


class PlantingAnswer(BaseModel):
    """种植提示 · What not to plant more of."""

    day: Day
    products: list[ProductPlanting]
    text_zh: str = Field(description="没有上报时说明 · why there is nothing")
    text_en: str
