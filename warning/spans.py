"""The alert as a span with its events: frozen types, the stable id, and the status that events leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from warning.catalog import PlaceKind
from warning.levels import Level

OPEN, ACKNOWLEDGED, ASSIGNED, RESOLVED, CLOSED = "open", "acknowledged", "assigned", "resolved", "closed"
STATUS_AFTER = {
    "raised": OPEN,
    "reopened": OPEN,
    "acknowledged": ACKNOWLEDGED,
    "assigned": ASSIGNED,
    "resolved": RESOLVED,
    "ended": CLOSED,
}
"""The status that an event leaves; other events leave it as it was."""
FOUND = ("raised", "escalated", "eased", "reopened", "ended")
"""Events that runs write; the others are people's."""
MACHINE = "run"


@dataclass(frozen=True, slots=True)
class AlertSpan:
    """A span of warning on one subject, with its present state."""

    id: str
    product_id: str
    place_kind: PlaceKind
    place_id: str
    raised_at: dt.date
    ended_at: dt.date | None
    peak_level: Level
    status: str
    """open, acknowledged, assigned, resolved, closed."""
    assignee: str = ""
    false_alarm: bool = False


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """One thing that a run found or a person did, dated by the business date it is about."""

    kind: str
    """raised, escalated, eased, ended, reopened, acknowledged, assigned, resolved, commented."""
    business_date: dt.date
    level: Level
    by: str
    reason_zh: str
    reason_en: str
    detail: Mapping[str, object] = field(default_factory=dict)


def alert_id(product_id: str, place_id: str, raised_at: dt.date) -> str:
    """The stable id of an alert: `onion.in-maharashtra-lasalgaon.20181104`."""
    return f"{product_id}.{place_id}.{raised_at:%Y%m%d}"


def status_as_of(events: Iterable[AlertEvent], day: dt.date) -> str | None:
    """The status that the events up to a business date left; None before the first."""
    status = None
    for event in events:
        if event.business_date <= day:
            status = STATUS_AFTER.get(event.kind, status)
    return status
