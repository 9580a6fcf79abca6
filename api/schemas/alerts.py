"""Alerts going out, and what people do with them coming in."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.directory import Reference
from api.instants import Day, Instant
from api.schemas.basics import NEXT, Name, Text, finite
from api.schemas.judgements import RiskItem, judgement_fields
from api.schemas.levels import STATUS_ZH, LevelWord, Status, level_word
from warning.store.alerts import AlertEvent, AlertOnDay, LevelOnDay


class AlertItem(RiskItem):
    """预警 · A span of warning as the run of the business date said it."""

    id: str = Field(description="预警 id，由主体与首日组成，不变 · subject and first day; never changes")
    raised_at: Day = Field(description="首次达到预警的日子 · first day of the warning")
    ended_at: Day | None = Field(description="结束日 · day it ended")
    peak_level: LevelWord = Field(description="历次最高等级 · highest level so far")
    status: Status = Field(description="该业务日期的状态 · status on that business date")
    status_zh: str
    assignee: str = Field(description="责任人或单位 · who has it")
    false_alarm: bool = Field(description="经人判定为误报 · declared a false alarm")


class AlertList(BaseModel):
    """预警列表 · Alerts of one business date, worst first."""

    items: list[AlertItem]
    next: str | None = NEXT
    business_date: Day = Field(description="这些预警所属的业务日期 · the business date they belong to")


class EventItem(BaseModel):
    """经过 · One thing that a run found or a person did."""

    sequence: int
    kind: str = Field(description="raised, escalated, eased, ended, reopened, acknowledged, assigned, resolved, …")
    business_date: Day
    at: Instant
    level: LevelWord
    by: str
    reason_zh: str
    reason_en: str
    detail: dict[str, Any]


class LevelItem(BaseModel):
    """逐日等级 · What the run of one business date said, and which run it was."""

    business_date: Day
    level: LevelWord
    observed_level: LevelWord
    forecast_level: LevelWord | None
    tier: str
    data_state: str
    run: int
    revision: int
    known_at: Instant


class AlertDetail(AlertItem):
    """预警详情 · An alert with its whole history up to the business date."""

    history: list[LevelItem] = Field(description="逐日等级 · levels by business date")
    events: list[EventItem] = Field(description="经过 · what happened, oldest first")


class Action(BaseModel):
    """Who does it, and why."""

    model_config = ConfigDict(extra="forbid")

    by: Name = Field(description="办理人 · who does it", examples=["农业农村委 王某"])
    reason: Text = Field("", description="说明 · in words")


class Assignment(Action):
    """Who is to take care of the alert."""

    assignee: Name = Field(description="责任人或单位 · person or department", examples=["商务委"])


class Resolution(Action):
    """How it was settled."""

    false_alarm: bool = Field(False, description="误报，须写明理由 · a false alarm; the reason is required then")


class Comment(Action):
    """A remark kept with the alert."""

    reason: Text = Field(min_length=1, description="备注 · the remark")


def alert_item(found: AlertOnDay, reference: Reference) -> AlertItem:
    """The alert as a list shows it."""
    return AlertItem(**alert_fields(found, reference))


def alert_detail(
    found: AlertOnDay, levels: tuple[LevelOnDay, ...], events: tuple[AlertEvent, ...], reference: Reference
) -> AlertDetail:
    """The alert with its history."""
    return AlertDetail(
        **alert_fields(found, reference),
        history=[level_item(level) for level in levels],
        events=[event_item(event) for event in events],
    )


def alert_fields(found: AlertOnDay, reference: Reference) -> dict[str, Any]:
    """The fields of `AlertItem`."""
    alert = found.alert
    # an end that lay ahead on the business date was not known then
    ended = alert.ended_at if alert.ended_at and alert.ended_at <= found.judgement.business_date else None
    return judgement_fields(found.judgement, reference) | {
        "id": alert.id,
        "raised_at": alert.raised_at,
        "ended_at": ended,
        "peak_level": level_word(alert.peak_level),
        "status": found.status,
        "status_zh": STATUS_ZH.get(found.status, found.status),
        "assignee": alert.assignee,
        "false_alarm": alert.false_alarm,
    }


def event_item(event: AlertEvent) -> EventItem:
    """One event going out."""
    return EventItem(
        sequence=event.sequence,
        kind=event.kind,
        business_date=event.business_date,
        at=event.at,
        level=level_word(event.level),
        by=event.by,
        reason_zh=event.reason_zh,
        reason_en=event.reason_en,
        detail=finite(event.detail),
    )


def level_item(said: LevelOnDay) -> LevelItem:
    """One day's level going out."""
    return LevelItem(
        business_date=said.business_date,
        level=level_word(said.level),
        observed_level=level_word(said.observed_level),
        forecast_level=None if said.forecast_level is None else level_word(said.forecast_level),
        tier=said.tier,
        data_state=said.data_state,
        run=said.run_id,
        revision=said.revision,
        known_at=said.known_at,
    )
