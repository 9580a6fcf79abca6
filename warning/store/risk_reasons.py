"""Why a series' risks are what they are: the strongest reasons, and the cases of the past most like it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from warning.store.tables import RiskReasonRow, SeriesRow


@dataclass(frozen=True, slots=True)
class RiskReasons:
    """The reasons and cases of one series on one issue day."""

    series_id: int
    reasons: list[dict[str, Any]]
    """[{"signal", "value", "weight", "text_zh", "text_en"}], strongest first."""
    cases: list[dict[str, Any]]
    """Historical cases, nearest first."""


def write_risk_reasons(session: Session, issue_day: dt.date, found: Iterable[RiskReasons]) -> None:
    """Replace the reasons given on a day."""
    session.execute(delete(RiskReasonRow).where(RiskReasonRow.issue_day == issue_day))
    rows = [{"issue_day": issue_day, **asdict(one)} for one in found]
    if rows:
        session.execute(insert(RiskReasonRow), rows)


def risk_reasons(session: Session, key: str, issued: dt.date) -> RiskReasons | None:
    """The reasons and cases of the series of this key on an issue day; None where none were given."""
    mine = select(RiskReasonRow).join(SeriesRow, SeriesRow.id == RiskReasonRow.series_id)
    row = session.scalar(mine.where(SeriesRow.key == key, RiskReasonRow.issue_day == issued))
    return None if row is None else RiskReasons(row.series_id, row.reasons, row.cases)


def reasons_of_day(session: Session, issued: dt.date) -> dict[int, list[dict[str, Any]]]:
    """By series, the reasons given on an issue day."""
    statement = select(RiskReasonRow.series_id, RiskReasonRow.reasons).where(RiskReasonRow.issue_day == issued)
    return {series: list(reasons) for series, reasons in session.execute(statement)}
