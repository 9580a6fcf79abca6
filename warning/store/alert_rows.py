"""An alert and its events between rows and frozen types, the same for what runs find and what people do.

`warning.alerts` loads numpy: it is imported where it is needed, so that the service is ready without it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from warning.store.tables import AlertEventRow, AlertRow

if TYPE_CHECKING:
    from warning.alerts import AlertEvent, AlertSpan


def span_of(row: AlertRow) -> AlertSpan:
    """The frozen form of an alert's row."""
    from warning.alerts import AlertSpan
    from warning.catalog import PlaceKind
    from warning.levels import Level

    return AlertSpan(
        id=row.id,
        product_id=row.product_id,
        place_kind=PlaceKind(row.place_kind),
        place_id=row.place_id,
        raised_at=row.raised_at,
        ended_at=row.ended_at,
        peak_level=Level(row.peak_level),
        status=row.status,
        assignee=row.assignee,
        false_alarm=row.false_alarm,
    )


def event_row(alert_id: str, sequence: int, event: AlertEvent, at: dt.datetime) -> AlertEventRow:
    """The row of an alert's event, to be appended."""
    return AlertEventRow(
        alert_id=alert_id,
        sequence=sequence,
        kind=event.kind,
        business_date=event.business_date,
        at=at,
        level=int(event.level),
        by=event.by,
        reason_zh=event.reason_zh,
        reason_en=event.reason_en,
        detail=dict(event.detail),
    )
