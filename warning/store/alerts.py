"""Reading alerts as a run said them, and their history; what people do with them is `warning.store.actions`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import Session

from warning.catalog import PlaceKind
from warning.errors import NotFound
from warning.store.paging import Order, Page, read_page
from warning.store.risk import Judgement, Subjects, judgement, sort_keys
from warning.store.tables import AlertEventRow, AlertRow, AssessmentRow, RunRow, SeriesRow

STATUS_AFTER = {
    "raised": "open",
    "reopened": "open",
    "acknowledged": "acknowledged",
    "assigned": "assigned",
    "resolved": "resolved",
    "ended": "closed",
}
"""The status an event leaves an alert in; other events leave it as it was."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A span of warning on one subject, with its present state."""

    id: str
    product_id: str
    place_kind: str
    place_id: str
    raised_at: dt.date
    ended_at: dt.date | None
    peak_level: int
    status: str
    assignee: str
    false_alarm: bool
    simulated: bool

    @property
    def township_id(self) -> str | None:
        """The township that it is about; None where it is about a market or the district."""
        return self.place_id if self.place_kind == PlaceKind.TOWNSHIP else None


@dataclass(frozen=True, slots=True)
class AlertOnDay:
    """An alert as the run of a business date said it: `status` is that of this day, too."""

    alert: Alert
    status: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class AlertPlace:
    """Where an alert lies and how bad it is there: all that a roll-up shows."""

    alert_id: str
    product_id: str
    place_kind: str
    place_id: str
    level: int
    raised_at: dt.date
    simulated: bool


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """One thing that a run found or a person did."""

    sequence: int
    kind: str
    business_date: dt.date
    at: dt.datetime
    level: int
    by: str
    reason_zh: str
    reason_en: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LevelOnDay:
    """The level that the run of one business date gave, and which run it was."""

    business_date: dt.date
    level: int
    observed_level: int
    forecast_level: int | None
    tier: str
    data_state: str
    run_id: int
    revision: int
    known_at: dt.datetime


def alerts_on(
    session: Session,
    day: dt.date,
    subjects: Subjects,
    *,
    statuses: Sequence[str] = (),
    among: Sequence[str] | None = None,
    order: Order,
    limit: int,
    cursor: str | None = None,
) -> Page[AlertOnDay]:
    """The alerts as the run of `day` said them, worst first; `statuses` are those of that day, `among` are ids."""
    status = status_on(day)
    statement = (
        select(AssessmentRow, AlertRow, SeriesRow.key, status.label("status"))
        .join(AlertRow, AlertRow.id == AssessmentRow.alert_id)
        .outerjoin(SeriesRow, SeriesRow.id == AssessmentRow.series_id)
        .where(AssessmentRow.business_date == day)
    )
    if statuses:
        statement = statement.where(status.in_(statuses))
    if among is not None:
        statement = statement.where(AlertRow.id.in_(among))
    return read_page(
        session,
        subjects.narrow(statement),
        order,
        limit=limit,
        cursor=cursor,
        give=lambda row: AlertOnDay(alert_of(row[1]), row[3], judgement(row[0], row[2])),
        keys=lambda row: sort_keys(row[0]),
    )


def alert_places(session: Session, day: dt.date) -> tuple[AlertPlace, ...]:
    """Every alert of a business date in brief, worst first, then by product and place."""
    said = AssessmentRow
    statement = (
        select(
            AlertRow.id,
            said.product_id,
            said.place_kind,
            said.place_id,
            said.level,
            AlertRow.raised_at,
            said.simulated,
        )
        .join(AlertRow, AlertRow.id == said.alert_id)
        .where(said.business_date == day)
        .order_by(said.level.desc(), said.product_id, said.place_kind, said.place_id)
    )
    return tuple(AlertPlace(*row) for row in session.execute(statement))


def alert_on(session: Session, alert_id: str, as_of: dt.date | None) -> AlertOnDay:
    """One alert as the run of `as_of` said it; as the last run that spoke of it did where None."""
    found = session.get(AlertRow, alert_id)
    if found is None:
        raise NotFound(f"there is no alert {alert_id}", where="id", todo="list them with GET /v1/alerts")
    statement = (
        select(AssessmentRow, SeriesRow.key)
        .outerjoin(SeriesRow, SeriesRow.id == AssessmentRow.series_id)
        .where(AssessmentRow.alert_id == alert_id)
        .order_by(AssessmentRow.business_date.desc())
        .limit(1)
    )
    if as_of is not None:
        statement = statement.where(AssessmentRow.business_date == as_of)
    row = session.execute(statement).first()
    if row is None:
        raise NotFound(
            f"no run spoke of alert {alert_id}" + (f" on {as_of}" if as_of else ""),
            where="as_of",
            todo="its history names the dates on which runs did",
        )
    day = row[0].business_date
    status = session.scalar(select(status_on(day)).where(AlertRow.id == alert_id))
    return AlertOnDay(alert_of(found), status or found.status, judgement(row[0], row[1]))


def status_on(day: dt.date) -> ColumnElement[str]:
    """An alert's status as its events up to the business date `day` left it."""
    newest = (
        select(AlertEventRow.kind)
        .where(
            AlertEventRow.alert_id == AlertRow.id,
            AlertEventRow.business_date <= day,
            AlertEventRow.kind.in_(tuple(STATUS_AFTER)),
        )
        .order_by(AlertEventRow.sequence.desc())
        .limit(1)
        .correlate(AlertRow)
        .scalar_subquery()
    )
    return case(STATUS_AFTER, value=newest, else_=AlertRow.status)


def events_of(session: Session, alert_id: str, until: dt.date | None = None) -> tuple[AlertEvent, ...]:
    """The alert's events in the order they were written, up to the business date `until`."""
    statement = select(AlertEventRow).where(AlertEventRow.alert_id == alert_id).order_by(AlertEventRow.sequence)
    if until is not None:
        statement = statement.where(AlertEventRow.business_date <= until)
    return tuple(event_of(row) for row in session.scalars(statement))


def levels_of(session: Session, alert_id: str, until: dt.date | None = None) -> tuple[LevelOnDay, ...]:
    """The levels that the runs gave the alert, by business date."""
    statement = (
        select(AssessmentRow, RunRow)
        .join(RunRow, RunRow.id == AssessmentRow.run_id)
        .where(AssessmentRow.alert_id == alert_id)
        .order_by(AssessmentRow.business_date)
    )
    if until is not None:
        statement = statement.where(AssessmentRow.business_date <= until)
    return tuple(
        LevelOnDay(
            business_date=row.business_date,
            level=row.level,
            observed_level=row.observed_level,
            forecast_level=row.forecast_level,
            tier=row.tier,
            data_state=row.data_state,
            run_id=run.id,
            revision=run.revision,
            known_at=run.known_at,
        )
        for row, run in session.execute(statement).all()
    )


def alert_of(row: AlertRow) -> Alert:
    """The alert of its row."""
    return Alert(
        id=row.id,
        product_id=row.product_id,
        place_kind=row.place_kind,
        place_id=row.place_id,
        raised_at=row.raised_at,
        ended_at=row.ended_at,
        peak_level=row.peak_level,
        status=row.status,
        assignee=row.assignee,
        false_alarm=row.false_alarm,
        simulated=row.simulated,
    )


def event_of(row: AlertEventRow) -> AlertEvent:
    """The event of its row."""
    return AlertEvent(
        sequence=row.sequence,
        kind=row.kind,
        business_date=row.business_date,
        at=row.at,
        level=row.level,
        by=row.by,
        reason_zh=row.reason_zh,
        reason_en=row.reason_en,
        detail=row.detail,
    )
