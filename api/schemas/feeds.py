"""Feeds, their snapshots and rejected lines going out."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from api.instants import Instant
from api.schemas.basics import NEXT, finite
from warning.store.ledger import RejectedLine, Snapshot


class FeedItem(BaseModel):
    """数据源 · A feed: what it reads, and what it has delivered."""

    id: str
    title_zh: str
    title_en: str
    country: str
    reads: str = Field(description="读什么文件 · which files, in which form")
    suffixes: list[str]
    kind: str = Field(description="价格种类 · kind of price")
    live: bool = Field(description="可自动获取 · can be fetched over HTTP")
    enabled: bool = Field(description="已开启自动获取 · is fetched every day")
    needs_mapping: bool = Field(description="须附映射文件 · needs a mapping file")
    state: str = Field(description="fresh 正常, stale 逾期, failed 获取失败, never 尚无数据")
    last_success_at: Instant | None
    last_fetch_at: Instant | None
    last_fetch_detail: str
    stale_after_days: float = Field(description="多少天没有新数据即逾期 · days without delivery that make it stale")
    snapshots: int
    lines_read: int
    accepted: int
    repeated: int
    rejected: int
    simulated: bool


class FeedList(BaseModel):
    """数据源列表 · Feeds."""

    items: list[FeedItem]


class SnapshotItem(BaseModel):
    """原始文件 · Bytes as received, and what became of their lines."""

    id: int
    feed: str
    name: str
    sha256: str
    size: int
    received_at: Instant
    received_by: str
    lines_read: int = Field(description="读入行 = 采用 + 重复 + 拒绝 + 非数据 · always adds up")
    accepted: int
    repeated: int
    rejected: int
    non_data: dict[str, Any]
    account: dict[str, Any]
    simulated: bool
    retracted_at: Instant | None
    retracted_reason: str


class SnapshotList(BaseModel):
    """原始文件列表 · Snapshots of a feed, newest first."""

    items: list[SnapshotItem]
    next: str | None = NEXT


class RejectedItem(BaseModel):
    """被拒绝的行 · A line that was read and not accepted."""

    file: str
    line: int
    reason: str
    detail: str
    text: str


class RejectedList(BaseModel):
    """被拒绝的行 · Rejected lines in the order they were read."""

    items: list[RejectedItem]
    next: str | None = NEXT


def snapshot_item(snapshot: Snapshot) -> SnapshotItem:
    """A snapshot going out."""
    return SnapshotItem.model_validate({name: finite(getattr(snapshot, name)) for name in SnapshotItem.model_fields})


def rejected_item(line: RejectedLine) -> RejectedItem:
    """A rejected line going out."""
    return RejectedItem.model_validate({name: getattr(line, name) for name in RejectedItem.model_fields})
