"""Alerts for machines: CAP 1.2 messages, an Atom feed of them, and a stream of events as they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, Field

from api.instants import Day, Instant
from api.problems import InvalidRequest
from api.queries import Product, words
from api.routes.alerts import AlertId
from api.schemas.basics import Name
from api.schemas.levels import NUMBERS, LevelWord, level_word
from api.schemas.problem import UNCHANGED, Responses, problems
from api.service import Service, ServiceDep
from warning.store.alert_messages import (
    ToldEvent,
    events_after,
    newest_events,
    newest_number,
    told_event,
)
from warning.store.notices import notices_of

router = APIRouter(prefix="/v1", tags=["messages"])
CAP, ATOM = "application/cap+xml", "application/atom+xml"
CAP_ANSWER: Responses = {200: {"content": {CAP: {}}, "description": "CAP 1.2 消息 · the CAP 1.2 message"}}
ATOM_ANSWER: Responses = {200: {"content": {ATOM: {}}, "description": "Atom 订阅源 · the Atom feed"}}
SENDER = "changxiao"
POLL_SECONDS, AT_ONCE = 1.0, 200
NEWEST = 2**31 - 1
LAST_ID = "整数，上次收到的事件编号 · the number of the last event received"


class FeedQuery(BaseModel):
    """Which messages the feed lists."""

    product: Product = None
    level: Annotated[Name | None, Field(description="等级，可用逗号并列 · comma list of levels")] = None
    place: Annotated[
        Literal["district", "township", "market"] | None, Field(description="地点类别 · kind of place")
    ] = None
    limit: Annotated[int, Field(ge=1, le=200, description="最多几条 · how many")] = 50


class EventMessage(BaseModel):
    """事件 · One event of an alert, as the stream tells it."""

    alert: str
    sequence: int
    kind: str
    at: Instant
    business_date: Day
    level: LevelWord
    product: str
    place_kind: str
    place: str
    reason_zh: str
    reason_en: str
    simulated: bool
    cap: str = Field(description="CAP 消息的地址 · where its CAP message lies")


@router.get("/alerts.atom", summary="Atom 订阅源 · Atom feed", responses=ATOM_ANSWER | UNCHANGED | problems(404),
            response_class=Response)  # fmt: skip
def feed(request: Request, service: ServiceDep, asked: Annotated[FeedQuery, Query()]) -> Response:
    """最新的预警消息，新的在前，每条指向其 CAP 消息。

    The newest messages, each with a link to its CAP message: alerts raised, escalated, eased, ended, reopened or
    resolved. Narrow by product, level and kind of place.
    """
    from warning.messages.atom import atom_feed

    levels = tuple(NUMBERS[word] for word in words(asked.level, NUMBERS, where="level"))
    with service.store.session() as session:
        reference = service.directory.read(session)
        product = reference.product(asked.product) if asked.product else None
        found = newest_events(session, product_id=product, place_kind=asked.place, levels=levels, limit=asked.limit)
        notices = notices_of(session, reference.catalog, found)
    base = str(request.base_url).rstrip("/")
    return Response(atom_feed(notices, base=base, own=str(request.url)), media_type=ATOM)


def resumed(
    service: ServiceDep,
    last_event_id: Annotated[str | None, Header(description=LAST_ID, max_length=20)] = None,
) -> int:
    """After which event a stream goes on: the one last received, else the newest there is."""
    if last_event_id is None:
        with service.store.session() as session:
            return newest_number(session)
    if not (last_event_id.isascii() and last_event_id.isdigit()):
        where, todo = "header.last-event-id", "send the id last received"
        raise InvalidRequest(f"{last_event_id!r} is no number of an event", where=where, todo=todo)
    return min(int(last_event_id), NEWEST)


@router.get("/alerts/stream", summary="事件流 · Event stream", response_class=EventSourceResponse,
            responses=problems(404))  # fmt: skip
async def stream(
    request: Request, service: ServiceDep, last: Annotated[int, Depends(resumed)]
) -> AsyncIterator[ServerSentEvent]:
    """预警事件随到随发；断线后带 Last-Event-ID 续传，不丢不重。

    Each event worth a message as it comes, its `id` the number to resume from. Without `Last-Event-ID` the stream
    begins with what comes next. It is read from the store, so that any worker can resume it.
    """
    yield ServerSentEvent(comment="open")
    while not await request.is_disconnected():
        found = await asyncio.to_thread(_after, service, last)
        for one in found:
            last = one.number
            yield ServerSentEvent(data=_message(one).model_dump(mode="json"), event="alert", id=str(one.number))
        if not found:
            await asyncio.sleep(POLL_SECONDS)


@router.get("/alerts/{alert_id}/cap.xml", summary="CAP 消息 · CAP message",
            responses=CAP_ANSWER | UNCHANGED | problems(404), response_class=Response)  # fmt: skip
def cap(
    service: ServiceDep,
    alert_id: AlertId,
    event: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="经过序号；省略为最近 · sequence")] = None,
) -> Response:
    """该预警最近（或指定）一次事件的 CAP 1.2 消息：发出为 Alert，变化为 Update，解除为 Cancel。

    References name the messages before. What is simulated has the status Exercise.
    """
    from warning.messages.cap import cap_message

    with service.store.session() as session:
        reference = service.directory.read(session)
        (notice,) = notices_of(session, reference.catalog, [told_event(session, alert_id, event)])
    return Response(cap_message(notice, SENDER), media_type=CAP)


def _after(service: Service, last: int) -> tuple[ToldEvent, ...]:
    with service.store.session() as session:
        return events_after(session, last, limit=AT_ONCE)


def _message(one: ToldEvent) -> EventMessage:
    event, alert = one.event, one.alert
    return EventMessage(
        alert=alert.id,
        sequence=event.sequence,
        kind=event.kind,
        at=event.at,
        business_date=event.business_date,
        level=level_word(event.level),
        product=alert.product_id,
        place_kind=alert.place_kind,
        place=alert.place_id,
        reason_zh=event.reason_zh,
        reason_en=event.reason_en,
        simulated=alert.simulated,
        cap=f"/v1/alerts/{alert.id}/cap.xml?event={event.sequence}",
    )
