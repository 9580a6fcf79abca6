"""Feeds: what each reads, what it has delivered, and what became of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from api.intake import known_feeds
from api.queries import link_next
from api.schemas.basics import PLAIN_TEXT, Name, Paging
from api.schemas.feeds import (
    FeedItem,
    FeedList,
    RejectedList,
    SnapshotItem,
    SnapshotList,
    rejected_item,
    snapshot_item,
)
from api.schemas.problem import UNCHANGED, problems
from api.service import ServiceDep
from warning.errors import NotFound
from warning.store import ledger

if TYPE_CHECKING:
    from pipelines.feeds.base import Feed

router = APIRouter(prefix="/v1", tags=["feeds"])
FeedId = Annotated[str, Path(description="数据源 id · feed id", examples=["agmarknet"], pattern=PLAIN_TEXT)]
SnapshotId = Annotated[int, Path(description="原始文件编号 · snapshot id", ge=1, le=2**31 - 1)]


class RejectedQuery(Paging):
    """Which rejected lines to show."""

    reason: Annotated[Name | None, Field(description="只看此原因 · only this reason")] = None


@router.get("/feeds", summary="数据源 · Feeds", responses=UNCHANGED)
def list_feeds(service: ServiceDep) -> FeedList:
    """每个数据源读什么、最近一次到数、是否逾期、拒绝了多少行。

    Each feed: which files it reads, when it last delivered, whether that is too long ago. A stale feed is a
    warning, never calm.
    """
    with service.store.session() as session:
        delivered = ledger.deliveries(session)
    now, live = service.clock(), set(service.settings.live_feeds)
    feeds = sorted(known_feeds().values(), key=lambda feed: feed.id)
    return FeedList(items=[_feed_item(feed, delivered.get(feed.id), now, feed.id in live) for feed in feeds])


@router.get("/feeds/{feed_id}/snapshots", summary="到数记录 · Snapshots", responses=UNCHANGED | problems(404))
def list_snapshots(
    request: Request, response: Response, service: ServiceDep, feed_id: FeedId, asked: Annotated[Paging, Query()]
) -> SnapshotList:
    """一个数据源收到的文件及其逐行交代，最新在前。

    What was received of a feed, newest first, with the account of its lines; what was taken back is marked.
    """
    if feed_id not in known_feeds():
        raise NotFound(f"there is no feed {feed_id}", where="feed", todo="list them with GET /v1/feeds")
    with service.store.session() as session:
        page = ledger.snapshots(session, feed_id, limit=asked.limit, cursor=asked.cursor)
    items = [snapshot_item(snapshot) for snapshot in page.items]
    return SnapshotList(items=items, next=link_next(request, response, page.next))


@router.get("/snapshots/{snapshot_id}", summary="一份原始文件 · One snapshot", responses=UNCHANGED | problems(404))
def show_snapshot(service: ServiceDep, snapshot_id: SnapshotId) -> SnapshotItem:
    """一份收到的文件及其逐行交代。 · What was received once, with the account of its lines."""
    with service.store.session() as session:
        return snapshot_item(ledger.snapshot(session, snapshot_id))


@router.get(
    "/snapshots/{snapshot_id}/rejected", summary="被拒绝的行 · Rejected lines", responses=UNCHANGED | problems(404)
)
def list_rejected(
    request: Request,
    response: Response,
    service: ServiceDep,
    snapshot_id: SnapshotId,
    asked: Annotated[RejectedQuery, Query()],
) -> RejectedList:
    """一份文件中没有采用的每一行：行号、原因、原文。 · Every line not accepted: where, why, and the line itself."""
    with service.store.session() as session:
        page = ledger.rejected_lines(session, snapshot_id, reason=asked.reason, limit=asked.limit, cursor=asked.cursor)
    items = [rejected_item(line) for line in page.items]
    return RejectedList(items=items, next=link_next(request, response, page.next))


def _feed_item(feed: Feed, found: ledger.FeedDeliveries | None, now: dt.datetime, enabled: bool) -> FeedItem:
    return FeedItem(
        id=feed.id,
        title_zh=feed.title_zh,
        title_en=feed.title_en,
        country=feed.country,
        reads=feed.reads,
        suffixes=list(feed.suffixes),
        kind=str(feed.kind),
        live=feed.live is not None,
        enabled=enabled,
        needs_mapping=feed.needs_mapping,
        state=_state(found, now, feed.stale_after),
        last_success_at=found.last_received_at if found else None,
        last_fetch_at=found.last_fetch_at if found else None,
        last_fetch_detail=found.last_fetch_detail if found else "",
        stale_after_days=feed.stale_after / dt.timedelta(days=1),
        snapshots=found.snapshots if found else 0,
        lines_read=found.lines_read if found else 0,
        accepted=found.accepted if found else 0,
        repeated=found.repeated if found else 0,
        rejected=found.rejected if found else 0,
        simulated=feed.simulated,
    )


def _state(found: ledger.FeedDeliveries | None, now: dt.datetime, stale_after: dt.timedelta) -> str:
    if found is not None and found.last_fetch_status == "failed":
        return "failed"
    if found is None or found.last_received_at is None:
        return "never"
    return "stale" if now - found.last_received_at > stale_after else "fresh"
