"""One subject (product, place) over its business dates: the level of each day and what it was read from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from warning.store.tables import AssessmentRow


@dataclass(frozen=True, slots=True)
class SubjectDay:
    """What the run of one business date said; `level` is -1 (unknown) to 4."""

    business_date: dt.date
    level: int
    readings: dict[str, Any]
    surplus_t: float | None


def subject_days(
    session: Session,
    product_id: str,
    place_kind: str,
    place_id: str,
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> tuple[SubjectDay, ...]:
    """The judged days of the subject within the span, oldest first."""
    row = AssessmentRow
    statement = select(row.business_date, row.level, row.readings, row.surplus_t).where(
        row.product_id == product_id, row.place_kind == place_kind, row.place_id == place_id
    )
    if since is not None:
        statement = statement.where(row.business_date >= since)
    if until is not None:
        statement = statement.where(row.business_date <= until)
    return tuple(SubjectDay(*found) for found in session.execute(statement.order_by(row.business_date)))
