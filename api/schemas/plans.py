"""Placement plans: what is asked for, and the answer."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.instants import Day, Instant
from api.schemas.basics import NEXT, Name, Text

Rate = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Words = Annotated[str, Field(min_length=3, max_length=300, pattern=r"^[^\u0000]*$")]


class PlanOptions(BaseModel):
    """方案参数 · How the plan is made; what is left out is as usual."""

    model_config = ConfigDict(extra="forbid")

    days: int = Field(30, ge=1, le=180, description="安排天数 · days in which deliveries are planned")
    fairness_k: Rate | None = Field(None, description="各乡镇占比偏差上限；空为不限 · most by which shares may differ")
    channel_share: Rate | None = Field(None, description="单一渠道占比上限；空为不限 · most one channel may carry")
    most_km: Annotated[float, Field(ge=0, le=20000, allow_inf_nan=False)] | None = Field(None, description="运距上限")
    key_weight: Annotated[float, Field(ge=1, le=100, allow_inf_nan=False)] = Field(1.5, description="重点帮扶镇村权重")
    nearness: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] = Field(2.0, description="就近系数")
    whole_lots: bool = Field(True, description="遵守最小批量 · keep minimum lots")


class PlanIn(BaseModel):
    """要一份方案 · Ask for a plan: of an alert, or of all products under an alert; under shocks."""

    model_config = ConfigDict(extra="forbid")

    alert: Name | None = Field(None, description="预警 id；空为全部在警产品 · alert id")
    as_of: Day | None = Field(None, description="业务日期；省略为最近一次 · business date")
    products: list[Name] = Field(
        default_factory=list, max_length=50, description="只安排这些品种 · only these products"
    )
    townships: list[Name] = Field(default_factory=list, max_length=50, description="只安排这些乡镇")
    shocks: list[Words] = Field(
        default_factory=list,
        max_length=50,
        description="假设：road:乡镇、road:甲-乙、township:、unit:、channel:、capacity:渠道=0.5、storage:品种=2",
        examples=[["road:500155104", "capacity:canteens=0.5"]],
    )
    options: PlanOptions = Field(default_factory=PlanOptions)
    title: Text = Field("", description="名称，便于比较 · a name to tell it by")
    by: Name = Field(description="谁要的 · who asks")


class PlanTotals(BaseModel):
    """合计 · What a plan comes to."""

    surplus_t: float
    placed_t: float
    arriving_t: float
    kept_t: float
    wasted_t: float
    lost_t: float
    income_cny: float
    freight_cny: float
    value_cny: float
    worst_share: float
    worst_township: str
    mean_km: float


class PlanChannel(BaseModel):
    """一个渠道的合计 · One channel that carries something."""

    channel: str
    number: int
    name_zh: str
    name_en: str
    clause: str
    lead: str
    lead_zh: str
    lead_en: str
    tonnes_t: float
    units: int
    first_day: Day
    last_day: Day
    kept: bool


class PlanPlacement(BaseModel):
    """一笔安置 · Tonnes from one township and lot to one unit on one day."""

    day: Day
    product_id: str
    product_zh: str
    product_en: str
    township_id: str
    township_zh: str
    township_en: str
    lot: str
    unit_id: str
    unit_name: str
    channel: str
    tonnes_t: float
    arriving_t: float
    income_cny: float
    freight_cny: float
    km: float
    kept: bool


class PlanUnplaced(BaseModel):
    """未能安置 · What goes nowhere, and why."""

    product_id: str
    product_zh: str
    product_en: str
    township_id: str
    township_zh: str
    township_en: str
    lot: str
    release: Day
    expiry: Day
    tonnes: float
    reason: str
    text_zh: str
    text_en: str


class PlanEnlargement(BaseModel):
    """再增能力的作用 · What more capacity would place."""

    unit_id: str
    more_t: float
    placed_t: float
    worth: float
    text_zh: str
    text_en: str


class PlanAnswer(BaseModel):
    """消纳方案 · The placement plan."""

    id: str | None = Field(None, description="已存方案的编号 · id of a stored plan")
    alert: str | None = None
    day: Day
    totals: PlanTotals
    by_hand: PlanTotals = Field(description="就近手工安排的结果，供比较 · nearest first, as done by hand")
    channels: list[PlanChannel]
    placements: list[PlanPlacement]
    unplaced: list[PlanUnplaced]
    enlargements: list[PlanEnlargement]
    tasks: list[dict[str, Any]] = Field(description="各牵头部门的任务 · tasks by lead department")
    proof: dict[str, Any] = Field(description="与最优界的差距 · how far it can be from the best")
    notes: list[dict[str, str]]
    shocks: list[dict[str, Any]]
    options: dict[str, Any]
    estimated: bool = Field(description="盈余是否为估算 · is the surplus an estimate")
    simulated: bool


class PlanItem(BaseModel):
    """已存方案 · A stored plan in brief."""

    id: str
    alert: str | None
    day: Day
    title: str
    made_at: Instant
    made_by: str


class PlanList(BaseModel):
    """已存方案，新的在前 · Stored plans, newest first."""

    items: list[PlanItem]
    next: str | None = NEXT


class PlanComparison(BaseModel):
    """并列比较 · Plans side by side, the others against the first."""

    plans: list[dict[str, Any]]


class LetterItem(BaseModel):
    """一封函 · One letter."""

    department: str
    department_zh: str
    href: str
