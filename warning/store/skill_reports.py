"""Skill reports: what the forecasts of a period were worth, beside the baselines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session

from warning.errors import NotFound
from warning.store.paging import Key, Order, Page, read_page
from warning.store.tables import SkillFigureRow, SkillReportRow

ALL_PRODUCTS = ""
"""Stands for all products together."""


@dataclass(frozen=True, slots=True)
class SkillHead:
    """What a report is about: scored from `since` to `until`, with what was known as of a day."""

    as_of: dt.date
    since: dt.date
    until: dt.date
    made_at: dt.datetime
    code_version: str
    artifact: str | None
    """The sha256 of the model that speaks now; None where none is released."""
    summary: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SkillReport(SkillHead):
    """A report that is kept."""

    id: int


@dataclass(frozen=True, slots=True)
class SkillFigure:
    """One forecaster's figures for a product, a line (0 for prices) and a horizon."""

    product_id: str
    line: float
    horizon_days: int
    forecaster: str
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SkillScope:
    """Which figures to show; an empty tuple or None means all."""

    product_id: str | None = None
    """`ALL_PRODUCTS` for the figures of all products together."""
    lines: tuple[float, ...] = ()
    horizon_days: int | None = None

    def narrow(self, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        """The statement with these conditions on `SkillFigureRow`."""
        if self.product_id is not None:
            statement = statement.where(SkillFigureRow.product_id == self.product_id)
        if self.lines:
            statement = statement.where(SkillFigureRow.line.in_(self.lines))
        if self.horizon_days is not None:
            statement = statement.where(SkillFigureRow.horizon_days == self.horizon_days)
        return statement


def write_skill_report(session: Session, head: SkillHead, figures: Iterable[SkillFigure]) -> SkillReport:
    """Keep a report whole; one made before as of the same day is replaced."""
    row = session.scalars(select(SkillReportRow).where(SkillReportRow.as_of == head.as_of).with_for_update()).first()
    if row is None:
        row = SkillReportRow(**asdict(head))
        session.add(row)
    else:
        session.execute(delete(SkillFigureRow).where(SkillFigureRow.report_id == row.id))
        for name, value in asdict(head).items():
            setattr(row, name, value)
    session.flush()
    rows = [{"report_id": row.id, **asdict(one)} for one in figures]
    if rows:
        session.execute(insert(SkillFigureRow), rows)
    session.refresh(row)  # as it is kept: NaN is null there
    return _report(row)


def newest_skill_report(session: Session, day: dt.date | None = None) -> SkillReport:
    """The newest report as of a day, or of all where None; NotFound says what to do where there is none."""
    statement = select(SkillReportRow)
    if day is not None:
        statement = statement.where(SkillReportRow.as_of <= day)
    row = session.scalars(statement.order_by(SkillReportRow.as_of.desc()).limit(1)).first()
    if row is not None:
        return _report(row)
    first = session.scalar(select(func.min(SkillReportRow.as_of)))
    if first is None:
        raise NotFound(
            "no skill report has been made yet",
            where="as_of",
            todo="make one: `changxiao fit` reviews the forecasts of the last two years",
        )
    raise NotFound(
        f"there is no skill report as of {day}; the first is as of {first}",
        where="as_of",
        todo=f"ask for {first} or later",
    )


def skill_figures(
    session: Session, report: SkillReport, scope: SkillScope, *, limit: int, cursor: str | None = None
) -> Page[SkillFigure]:
    """A report's figures: all products together first, then by product, highest line first, horizon, forecaster.

    A cursor is bound to the report as it was made: where another one came since, it is refused.
    """
    keys = (
        Key(SkillFigureRow.product_id, str),
        Key(SkillFigureRow.line, float, descending=True),
        Key(SkillFigureRow.horizon_days, int),
        Key(SkillFigureRow.forecaster, str),
    )
    names = [one.name for one in fields(SkillFigure)]
    return read_page(
        session,
        scope.narrow(select(SkillFigureRow).where(SkillFigureRow.report_id == report.id)),
        Order(keys, repr(("skill", report.id, report.made_at, scope))),
        limit=limit,
        cursor=cursor,
        give=lambda row: SkillFigure(**{name: getattr(row[0], name) for name in names}),
        keys=lambda row: [getattr(row[0], name) for name in names[:-1]],
    )


def _report(row: SkillReportRow) -> SkillReport:
    return SkillReport(**{one.name: getattr(row, one.name) for one in fields(SkillReport)})
