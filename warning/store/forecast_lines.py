"""Level lines of the forecast: the probability from which an artifact's forecast counts as a warning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from warning.store.tables import ForecastLineRow


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """The probability line of one price line and horizon, with what it costs: pod, far, pofd, alarms_a_week, …"""

    line: float
    horizon_days: int
    probability_line: float
    figures: dict[str, Any] = field(default_factory=dict)


def write_forecast_lines(session: Session, artifact: str, lines: Iterable[ForecastLine]) -> None:
    """Replace the level lines of the artifact of this sha256."""
    session.execute(delete(ForecastLineRow).where(ForecastLineRow.artifact == artifact))
    rows = [{"artifact": artifact, **asdict(one)} for one in lines]
    if rows:
        session.execute(insert(ForecastLineRow), rows)


def forecast_lines_of(session: Session, artifact: str) -> tuple[ForecastLine, ...]:
    """The level lines of an artifact, the highest price line first."""
    names = [one.name for one in fields(ForecastLine)]
    mine = select(ForecastLineRow).where(ForecastLineRow.artifact == artifact)
    rows = session.scalars(mine.order_by(ForecastLineRow.line.desc(), ForecastLineRow.horizon_days))
    return tuple(ForecastLine(**{name: getattr(row, name) for name in names}) for row in rows)
