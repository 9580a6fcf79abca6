"""Quotas: what a unit reserves for a year coming in, its account and ledger going out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.instants import Instant
from api.schemas.basics import NEXT, Name

if TYPE_CHECKING:
    from warning.store.quotas import QuotaAccount, QuotaEntry

Amount = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
TONNES = "预留采购量（吨）；空为不按吨计 · tonnes reserved; null: not counted in tonnes"
CNY = "预留采购额（元）；空为不按金额计 · CNY reserved; null: not counted in money"


class QuotaIn(BaseModel):
    """一个单位一年的预留采购 · What a unit reserves for a year."""

    model_config = ConfigDict(extra="forbid")

    tonnes: Amount | None = Field(None, description=TONNES)
    cny: Amount | None = Field(None, description=CNY)
    by: Name = Field(description="登记人 · who sets it")

    @model_validator(mode="after")
    def _counted(self) -> Self:
        if self.tonnes is None and self.cny is None:
            raise ValueError("neither tonnes nor cny are stated")
        return self


class QuotaItem(BaseModel):
    """一个单位一年的额度 · A unit's account for a year."""

    unit: str
    unit_name: str = Field(
        description="名册中的名称，已注销的为最后的名称 · its name; of one that was retired the last"
    )
    year: int
    tonnes: float | None = Field(description=TONNES)
    cny: float | None = Field(description=CNY)
    drawn_t: float = Field(description="已用（吨）· drawn so far")
    drawn_cny: float = Field(description="已用（元）· drawn so far")
    left_t: float | None = Field(description="剩余（吨）· left")
    left_cny: float | None = Field(description="剩余（元）· left")


class QuotaList(BaseModel):
    """各单位的额度 · Accounts of a year by unit id."""

    items: list[QuotaItem]
    year: int
    next: str | None = NEXT


class QuotaEntryItem(BaseModel):
    """台账中的一行 · One line of the ledger."""

    what: str = Field(description="set 设定, draw 使用, correct 更正")
    tonnes: float | None
    cny: float | None
    at: Instant
    by: str
    response: int | None = Field(description="所据的消纳记录编号 · the record of a response that drew it")


class QuotaEntryList(BaseModel):
    """一个单位一年的台账，旧的在前 · The ledger of a unit and year, oldest first."""

    unit: str
    year: int
    items: list[QuotaEntryItem]


def quota_item(account: QuotaAccount, name: str) -> QuotaItem:
    """An account going out."""
    amounts = {key: getattr(account, key) for key in QuotaItem.model_fields if key not in ("unit", "unit_name")}
    return QuotaItem(unit=account.unit_id, unit_name=name, **amounts)


def entry_item(entry: QuotaEntry) -> QuotaEntryItem:
    """A line of the ledger going out."""
    plain = {key: getattr(entry, key) for key in QuotaEntryItem.model_fields if key != "response"}
    return QuotaEntryItem(response=entry.response_id, **plain)
