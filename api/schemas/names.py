"""Names that the catalog does not know: going out for a decision, and the decision coming in."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.instants import Instant
from api.schemas.basics import NEXT, Name, finite
from warning.store.ledger import SourceName


class NameItem(BaseModel):
    """待认名称 · A source's name with what is proposed and what was decided."""

    id: int
    kind: str = Field(description="product 品种, market 市场, township 乡镇")
    feed: str
    region: str
    name: str
    lines: int = Field(description="因此被拒绝的行数 · lines rejected for it so far")
    candidates: list[dict[str, Any]] = Field(description="候选，最像的在前；只是建议 · proposals only, best first")
    meaning: str | None = Field(description="认定的 id；空字符串为与我无关；null 为未定 · decided id, '' for not ours")
    decided_by: str
    decided_at: Instant | None
    first_seen: Instant


class NameList(BaseModel):
    """待认名称列表 · Names, those with most rejected lines first."""

    items: list[NameItem]
    next: str | None = NEXT


class Confirmation(BaseModel):
    """What the name means."""

    model_config = ConfigDict(extra="forbid")

    meaning: Name = Field(description="目录中的 id、名称或别名 · a catalog id, name or synonym", examples=["cabbage"])
    by: Name = Field(description="认定人 · who decides")


class Refusal(BaseModel):
    """That the name is none of ours."""

    model_config = ConfigDict(extra="forbid")

    by: Name = Field(description="认定人 · who decides")


def name_item(name: SourceName) -> NameItem:
    """A name going out."""
    return NameItem.model_validate({field: finite(getattr(name, field)) for field in NameItem.model_fields})
