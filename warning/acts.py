"""What people do with an alert: confirm, assign, resolve, call it false, comment. Each gives one event."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from warning.errors import Conflict
from warning.levels import Level
from warning.spans import ACKNOWLEDGED, ASSIGNED, CLOSED, OPEN, STATUS_AFTER, AlertEvent, AlertSpan


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something to an alert, on which business date, at which level it stands, and why."""

    by: str
    business_date: dt.date
    level: Level
    reason: str = ""


def acknowledge(span: AlertSpan, act: Act) -> tuple[AlertSpan, AlertEvent]:
    """Confirm that the alert was seen; Conflict unless it is open."""
    _require(span, act, (OPEN,), "acknowledge")
    return _acted(span, act, "acknowledged", f"{act.by} 已确认", f"acknowledged by {act.by}")


def assign(span: AlertSpan, assignee: str, act: Act) -> tuple[AlertSpan, AlertEvent]:
    """Hand the alert to a department or person, again if need be; Conflict where it is resolved or closed."""
    _require(span, act, (OPEN, ACKNOWLEDGED, ASSIGNED), "assign")
    if not assignee.strip():
        raise Conflict("nobody is named", where=span.id, todo="name who is to act")
    span, event = _acted(span, act, "assigned", f"交由 {assignee} 办理", f"assigned to {assignee}")
    return replace(span, assignee=assignee), replace(event, detail={"assignee": assignee})


def resolve(span: AlertSpan, act: Act) -> tuple[AlertSpan, AlertEvent]:
    """Say that the surplus is placed; Conflict where the alert is resolved or closed already."""
    _require(span, act, (OPEN, ACKNOWLEDGED, ASSIGNED), "resolve")
    return _acted(span, act, "resolved", f"{act.by} 已办结", f"resolved by {act.by}")


def mark_false(span: AlertSpan, act: Act) -> tuple[AlertSpan, AlertEvent]:
    """Say that the alert was false, with a reason; it counts in the skill. Conflict where it is marked already."""
    if span.false_alarm:
        raise Conflict("it is marked as false already", where=span.id, todo="comment on it instead")
    if not act.reason.strip():
        raise Conflict("a false alarm needs its reason", where=span.id, todo="say why it was false")
    span, event = _acted(span, act, "resolved", "误报", "false alarm", keep=span.status == CLOSED)
    return replace(span, false_alarm=True), replace(event, detail={"false_alarm": True})


def comment(span: AlertSpan, act: Act) -> tuple[AlertSpan, AlertEvent]:
    """Add a remark, in any state; Conflict where it is empty."""
    if not act.reason.strip():
        raise Conflict("the comment is empty", where=span.id, todo="write what there is to say")
    return _acted(span, act, "commented", "备注", "comment")


def _require(span: AlertSpan, act: Act, allowed: tuple[str, ...], what: str) -> None:
    if span.status not in allowed:
        raise Conflict(
            f"cannot {what} an alert that is {span.status}",
            where=span.id,
            todo=f"it can be done while the alert is {' or '.join(allowed)}",
        )
    if act.business_date < span.raised_at:
        raise Conflict(f"the alert was raised on {span.raised_at}", where=span.id, todo="act on or after that day")


def _acted(
    span: AlertSpan, act: Act, kind: str, zh: str, en: str, *, keep: bool = False
) -> tuple[AlertSpan, AlertEvent]:
    """The span after a person's act, and its event; a closed one that is marked false stays closed."""
    kind = "commented" if keep else kind
    reason_zh, reason_en = (f"{zh}：{act.reason}", f"{en}: {act.reason}") if act.reason.strip() else (zh, en)
    event = AlertEvent(kind, act.business_date, act.level, act.by, reason_zh, reason_en)
    return replace(span, status=STATUS_AFTER.get(kind, span.status)), event
