"""Events of alerts as messages are made from them: newest first, after an event, or one of an alert."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from warning.errors import NotFound
from warning.messages.notice import TOLD, Sent
from warning.store.alerts import Alert, AlertEvent, alert_of, event_of
from warning.store.risk import Judgement, judgement
from warning.store.tables import AlertEventRow, AlertRow, AssessmentRow


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """An event worth a message, with its alert and what the day's run said of it."""

    number: int
    """Grows over all alerts: where a reader has come to."""
    event: AlertEvent
    alert: Alert
    judgement: Judgement | None


def newest_events(
    session: Session, *, product_id: str | None = None, place_kind: str | None = None,
    levels: tuple[int, ...] = (), limit: int,
) -> tuple[ToldEvent, ...]:  # fmt: skip
    """The newest events, last first, narrowed to a product, a kind of place and levels."""
    statement = _told().order_by(AlertEventRow.id.desc()).limit(limit)
    if product_id is not None:
        statement = statement.where(AlertRow.product_id == product_id)
    if place_kind is not None:
        statement = statement.where(AlertRow.place_kind == place_kind)
    if levels:
        statement = statement.where(AlertEventRow.level.in_(levels))
    return tuple(_event(row) for row in session.execute(statement))


def events_after(session: Session, number: int, *, limit: int) -> tuple[ToldEvent, ...]:
    """The events after the one of that number, oldest first."""
    statement = _told().where(AlertEventRow.id > number).order_by(AlertEventRow.id).limit(limit)
    return tuple(_event(row) for row in session.execute(statement))


def told_events(session: Session, numbers: Sequence[int]) -> tuple[ToldEvent, ...]:
    """The events of these numbers, oldest first."""
    statement = _told().where(AlertEventRow.id.in_(numbers)).order_by(AlertEventRow.id)
    return tuple(_event(row) for row in session.execute(statement))


def newest_number(session: Session) -> int:
    """The number of the newest event; 0 where there is none."""
    return session.scalar(select(func.max(AlertEventRow.id))) or 0


def told_event(session: Session, alert_id: str, sequence: int | None = None) -> ToldEvent:
    """One event of an alert, the newest worth a message where `sequence` is None; NotFound says what there is."""
    statement = _told().where(AlertEventRow.alert_id == alert_id).order_by(AlertEventRow.sequence.desc()).limit(1)
    if sequence is not None:
        statement = statement.where(AlertEventRow.sequence == sequence)
    row = session.execute(statement).first()
    if row is not None:
        return _event(row)
    if session.get(AlertRow, alert_id) is None:
        raise NotFound(f"there is no alert {alert_id}", where="id", todo="list them with GET /v1/alerts")
    there = ", ".join(str(one.sequence) for one in sent_before(session, alert_id, None)) or "none"
    raise NotFound(f"alert {alert_id} has no message {sequence}", where="event", todo=f"its messages: {there}")


def sent_before(session: Session, alert_id: str, sequence: int | None) -> tuple[Sent, ...]:
    """The messages of an alert before that one (all where None), oldest first."""
    statement = (
        select(AlertEventRow.sequence, AlertEventRow.at)
        .where(AlertEventRow.alert_id == alert_id, AlertEventRow.kind.in_(TOLD))
        .order_by(AlertEventRow.sequence)
    )
    if sequence is not None:
        statement = statement.where(AlertEventRow.sequence < sequence)
    return tuple(Sent(*row) for row in session.execute(statement))


def _told() -> Select[*tuple[Any, ...]]:
    said = and_(AssessmentRow.alert_id == AlertRow.id, AssessmentRow.business_date == AlertEventRow.business_date)
    return (
        select(AlertEventRow, AlertRow, AssessmentRow)
        .join(AlertRow, AlertRow.id == AlertEventRow.alert_id)
        .outerjoin(AssessmentRow, said)
        .where(AlertEventRow.kind.in_(TOLD))
    )


def _event(row: Any) -> ToldEvent:
    event, alert, said = row
    return ToldEvent(event.id, event_of(event), alert_of(alert), judgement(said, None) if said is not None else None)
