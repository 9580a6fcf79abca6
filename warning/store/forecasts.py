"""Forecasts in the store: written whole for an issue day, with the baseline beside each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from warning.store.tables import ForecastRow, SeriesRow, SpellRiskRow

if TYPE_CHECKING:
    from warning.store.engine import Store


def write_forecasts(session: Session, issue_day: dt.date, rows: list[dict[str, Any]]) -> None:
    """Replace the forecasts issued on a day; rows carry the columns of `ForecastRow`."""
    session.execute(delete(ForecastRow).where(ForecastRow.issue_day == issue_day))
    if rows:
        session.execute(insert(ForecastRow), rows)


def forecast_count(store: Store, issue_day: dt.date) -> int:
    """How many forecasts were issued on a day."""
    with store.session() as session:
        statement = select(func.count()).select_from(ForecastRow).where(ForecastRow.issue_day == issue_day)
        return session.scalar(statement) or 0


def newest_issue_day(session: Session, key: str, until: dt.date | None = None) -> dt.date | None:
    """The newest day, not after `until`, on which prices or spell risks of a series were forecast; None without any."""
    days = []
    for table in (ForecastRow, SpellRiskRow):
        newest = select(func.max(table.issue_day)).join(SeriesRow, SeriesRow.id == table.series_id)
        newest = newest.where(SeriesRow.key == key)
        days.append(session.scalar(newest if until is None else newest.where(table.issue_day <= until)))
    return max((day for day in days if day is not None), default=None)
