"""The spans of warning of one product, newest first: what there has been before."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from warning.store.alerts import Alert, alert_of
from warning.store.tables import AlertRow


def alerts_of_product(session: Session, product_id: str, *, until: dt.date, limit: int) -> tuple[Alert, ...]:
    """The product's alerts raised up to that day: the last raised first, then by id."""
    statement = (
        select(AlertRow)
        .where(AlertRow.product_id == product_id, AlertRow.raised_at <= until)
        .order_by(AlertRow.raised_at.desc(), AlertRow.id)
        .limit(limit)
    )
    return tuple(alert_of(row) for row in session.scalars(statement))
