"""A list of judgements."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.instants import Day
from api.schemas.basics import NEXT
from api.schemas.judgements import RiskItem


class RiskList(BaseModel):
    """研判列表 · Judgements of one business date, worst first."""

    items: list[RiskItem]
    next: str | None = NEXT
    business_date: Day = Field(description="业务日期 · the business date they belong to")
