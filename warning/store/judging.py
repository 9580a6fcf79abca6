"""Writing what a run found: a day's assessments, and the alerts they open, raise, ease and end."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from warning.alerts import AlertEvent, AlertSpan, settle
from warning.assess import Assessment
from warning.levels import Level
from warning.store.alert_rows import event_row, span_of
from warning.store.engine import lock_writers
from warning.store.tables import AlertEventRow, AlertRow, AssessmentRow

Subject = tuple[str, str, str]
"""(product, place kind, place)."""
IDS_AT_ONCE = 500
Advice = Callable[[Assessment], list[dict[str, Any]]]
"""The channels that could take up an assessment's surplus, as documents."""


def write_day(
    session: Session,
    assessments: Sequence[Assessment],
    *,
    run_id: int,
    day: dt.date,
    at: dt.datetime,
    advice: Advice,
) -> dict[str, int]:
    """Replace the day's assessments, append what is new to the alerts; gives the number of events by kind."""
    lock_writers(session.connection())  # two runs of different days may touch the same alert
    ids, counts = _settle_all(session, assessments, day, at)
    session.execute(delete(AssessmentRow).where(AssessmentRow.business_date == day))
    rows = [_row(found, run_id, ids.get(_subject(found)), advice) for found in assessments]
    if rows:
        session.execute(insert(AssessmentRow), rows)
    return counts


def _subject(found: Assessment) -> Subject:
    return found.product_id, found.place_kind.value, found.place_id


def _settle_all(
    session: Session, assessments: Sequence[Assessment], day: dt.date, at: dt.datetime
) -> tuple[dict[Subject, str], dict[str, int]]:
    spans = _last_spans(session, day)
    concerned = [one for one in assessments if one.raised_on is not None or one.level > 0 or _subject(one) in spans]
    past = _events(session, [spans[_subject(one)].id for one in concerned if _subject(one) in spans])
    counts: dict[str, int] = defaultdict(int)
    ids: dict[Subject, str] = {}
    for found in concerned:
        span = spans.get(_subject(found))
        touched = settle(span, past.get(span.id, ()) if span else (), found, day)
        for after, events in touched:
            _write_span(session, after, events, len(past.get(after.id, ())), at, simulated=found.simulated)
            for event in events:
                counts[event.kind] += event.business_date == day
        present = touched[-1][0] if touched else span
        if present is not None and (present.ended_at is None or present.ended_at > day):
            ids[_subject(found)] = present.id
    return ids, dict(counts)


def _last_spans(session: Session, day: dt.date) -> dict[Subject, AlertSpan]:
    """Each subject's last span that was raised on or before `day`."""
    rows = session.scalars(select(AlertRow).where(AlertRow.raised_at <= day).order_by(AlertRow.raised_at))
    return {(row.product_id, row.place_kind, row.place_id): span_of(row) for row in rows}


def _events(session: Session, alert_ids: Iterable[str]) -> dict[str, tuple[AlertEvent, ...]]:
    """The events of these alerts, oldest first; asked for in pieces, since databases limit how much one may ask."""
    found: dict[str, list[AlertEvent]] = defaultdict(list)
    order = (AlertEventRow.business_date, AlertEventRow.sequence)
    wanted = sorted(set(alert_ids))
    for start in range(0, len(wanted), IDS_AT_ONCE):
        ids = wanted[start : start + IDS_AT_ONCE]
        for row in session.scalars(select(AlertEventRow).where(AlertEventRow.alert_id.in_(ids)).order_by(*order)):
            found[row.alert_id].append(
                AlertEvent(
                    row.kind, row.business_date, Level(row.level), row.by, row.reason_zh, row.reason_en, row.detail
                )
            )
    return {alert_id: tuple(events) for alert_id, events in found.items()}


def _write_span(
    session: Session, span: AlertSpan, events: Sequence[AlertEvent], held: int, at: dt.datetime, *, simulated: bool
) -> None:
    row = session.get(AlertRow, span.id)
    if row is None:
        row = AlertRow(
            id=span.id,
            product_id=span.product_id,
            place_kind=span.place_kind.value,
            place_id=span.place_id,
            raised_at=span.raised_at,
            simulated=simulated,
        )
        session.add(row)
    row.ended_at, row.peak_level, row.status = span.ended_at, int(span.peak_level), span.status
    row.assignee, row.false_alarm = span.assignee, span.false_alarm
    session.flush()
    for number, event in enumerate(events, start=held + 1):
        session.add(event_row(span.id, number, event, at))
    session.flush()


def _row(found: Assessment, run_id: int, alert: str | None, advice: Advice) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "business_date": found.business_date,
        "product_id": found.product_id,
        "place_kind": found.place_kind.value,
        "place_id": found.place_id,
        "series_id": found.series_id,
        "level": int(found.level),
        "observed_level": int(found.observed_level),
        "forecast_level": None if found.forecast_level is None else int(found.forecast_level),
        "forecast_reason": found.forecast_reason,
        "probability": found.probability,
        "tier": found.tier,
        "type": found.type,
        "data_state": found.data_state,
        "last_day": found.last_day,
        "readings": dict(found.readings),
        "drivers": [dataclasses.asdict(driver) for driver in found.drivers],
        "surplus_t": found.surplus_t,
        "surplus_estimated": found.surplus_estimated,
        "channels": advice(found) if found.level > 0 else [],
        "alert_id": alert,
        "simulated": found.simulated,
    }
