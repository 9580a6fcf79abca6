"""Keeping what people do with an alert: acknowledge, assign, resolve, mark as false, comment. Each adds one event.

What is possible in which state is decided by `warning.alerts`; here the alert is held, changed and kept.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from warning.errors import NotFound
from warning.store.alert_rows import event_row, span_of
from warning.store.risk import judged
from warning.store.tables import AlertEventRow, AlertRow, AssessmentRow, RunRow

if TYPE_CHECKING:
    from warning.alerts import Act, AlertEvent, AlertSpan

    Acted = tuple[AlertSpan, AlertEvent]


def acknowledge(session: Session, alert_id: str, *, by: str, reason: str, at: dt.datetime) -> None:
    """Somebody has seen it; Conflict unless it is open."""
    from warning.alerts import acknowledge as acknowledged

    alert = _held(session, alert_id)
    _keep(session, alert, acknowledged(span_of(alert), _act(session, alert, by, reason)), at)


def assign(session: Session, alert_id: str, *, by: str, reason: str, assignee: str, at: dt.datetime) -> None:
    """Somebody is to take care of it; Conflict where it is resolved or closed."""
    from warning.alerts import assign as assigned

    alert = _held(session, alert_id)
    _keep(session, alert, assigned(span_of(alert), assignee, _act(session, alert, by, reason)), at)


def resolve(session: Session, alert_id: str, *, by: str, reason: str, false_alarm: bool, at: dt.datetime) -> None:
    """It is settled, or was never a real one; Conflict where it is so already, or where a reason is missing."""
    from warning.alerts import mark_false
    from warning.alerts import resolve as resolved

    alert = _held(session, alert_id)
    way = mark_false if false_alarm else resolved
    _keep(session, alert, way(span_of(alert), _act(session, alert, by, reason)), at)


def comment(session: Session, alert_id: str, *, by: str, reason: str, at: dt.datetime) -> None:
    """A remark, in any state; the status stays."""
    from warning.alerts import comment as commented

    alert = _held(session, alert_id)
    _keep(session, alert, commented(span_of(alert), _act(session, alert, by, reason)), at)


def _held(session: Session, alert_id: str) -> AlertRow:
    """The alert's row, locked where the database can: two people's events must not take the same number."""
    row = session.get(AlertRow, alert_id, with_for_update=True)
    if row is None:
        raise NotFound(f"there is no alert {alert_id}", where="id", todo="list them with GET /v1/alerts")
    return row


def _act(session: Session, alert: AlertRow, by: str, reason: str) -> Act:
    """The deed on the newest judged date, which is the one before people's eyes, at the alert's level then."""
    from warning.alerts import Act
    from warning.levels import Level

    newest = session.scalar(select(func.max(RunRow.business_date)).where(judged()))
    said = select(AssessmentRow.level).where(AssessmentRow.alert_id == alert.id)
    level = session.scalar(said.order_by(AssessmentRow.business_date.desc()).limit(1))
    day = max(newest, alert.raised_at) if newest else alert.raised_at
    return Act(by=by, business_date=day, level=Level(alert.peak_level if level is None else level), reason=reason)


def _keep(session: Session, alert: AlertRow, acted: Acted, at: dt.datetime) -> None:
    span, event = acted
    alert.status, alert.assignee, alert.false_alarm = span.status, span.assignee, span.false_alarm
    newest: Any = select(func.max(AlertEventRow.sequence)).where(AlertEventRow.alert_id == alert.id)
    sequence = (session.scalar(newest) or 0) + 1
    session.add(event_row(alert.id, sequence, event, at))
