"""Reading what the runs said: assessments of one business date, worst first, and their counts by level."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from warning.errors import NotFound
from warning.store.paging import InvalidCursor, Key, Order, Page, read_page
from warning.store.tables import AssessmentRow, RunRow, SeriesRow

DAILY = "daily"
"""The job whose runs judge business dates."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a run said of one subject (product, place) on one business date; levels are -1 to 4."""

    business_date: dt.date
    product_id: str
    place_kind: str
    place_id: str
    series: str | None
    level: int
    observed_level: int
    forecast_level: int | None
    forecast_reason: str
    probability: float | None
    tier: str
    type: str
    data_state: str
    last_day: dt.date | None
    readings: dict[str, Any]
    drivers: list[Any]
    surplus_t: float | None
    surplus_estimated: bool
    channels: list[Any]
    alert_id: str | None
    simulated: bool


@dataclass(frozen=True, slots=True)
class Subjects:
    """Which subjects to show; an empty tuple or None means all."""

    levels: tuple[int, ...] = ()
    product_id: str | None = None
    market_id: str | None = None
    township_id: str | None = None
    tiers: tuple[str, ...] = ()
    data_states: tuple[str, ...] = ()

    def narrow(self, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        """The statement with these conditions on `AssessmentRow`."""
        if self.levels:
            statement = statement.where(AssessmentRow.level.in_(self.levels))
        if self.product_id is not None:
            statement = statement.where(AssessmentRow.product_id == self.product_id)
        for kind, place in (("market", self.market_id), ("township", self.township_id)):
            if place is not None:
                statement = statement.where(AssessmentRow.place_kind == kind, AssessmentRow.place_id == place)
        if self.tiers:
            statement = statement.where(AssessmentRow.tier.in_(self.tiers))
        if self.data_states:
            statement = statement.where(AssessmentRow.data_state.in_(self.data_states))
        return statement


WORST_FIRST = (
    Key(AssessmentRow.business_date, dt.date),
    Key(AssessmentRow.level, int, descending=True),
    Key(AssessmentRow.product_id, str),
    Key(AssessmentRow.place_kind, str),
    Key(AssessmentRow.place_id, str),
)


def worst_first(*scope: object) -> Order:
    """Worst level first, then by product and place; the business date leads so that a cursor keeps it."""
    return Order(WORST_FIRST, repr(scope))


def business_date_of(session: Session, as_of: dt.date | None, cursor: str | None, order: Order) -> dt.date:
    """The business date a query is about: the cursor's, else `as_of`, else that of the newest done run.

    NotFound names the nearest dates that have a done run where `as_of` has none.
    """
    pinned = order.decode(cursor)[0] if cursor else None
    if pinned is not None and as_of is not None and pinned != as_of:
        raise InvalidCursor("the cursor belongs to another as_of", where="cursor", todo="repeat without a cursor")
    return judged_date(session, pinned or as_of)


def judged(job: str = DAILY) -> ColumnElement[bool]:
    """The condition on `RunRow` that its business date has been judged.

    A later rerun that failed or is at work leaves what the earlier one wrote; its digest of knowledge says so.
    """
    return and_(RunRow.job == job, or_(RunRow.status == "done", RunRow.knowledge != ""))


def judged_date(session: Session, as_of: dt.date | None) -> dt.date:
    """`as_of` where a done run judged it, the newest judged date where None; else NotFound."""
    if as_of is None:
        newest = session.scalar(select(func.max(RunRow.business_date)).where(judged()))
        if newest is None:
            raise NotFound("no daily run has been done yet", where="as_of", todo="run `changxiao run`")
        return newest
    if session.scalar(select(RunRow.business_date).where(judged(), RunRow.business_date == as_of)) is not None:
        return as_of
    nearest = " and ".join(str(day) for day in judged_around(session, as_of) if day)
    raise NotFound(
        f"no daily run was done for {as_of}; the nearest dates with one: {nearest or 'none'}",
        where="as_of",
        todo=f"ask for one of these dates or, where that day is over, run `changxiao run --date {as_of}`",
    )


def known_to_run(session: Session, day: dt.date) -> dt.datetime | None:
    """Until when the run of a business date knew what was filed; None where there was none or it does not say."""
    return session.scalar(select(RunRow.known_at).where(RunRow.job == DAILY, RunRow.business_date == day))


def judged_around(session: Session, day: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """The nearest judged dates before and after `day`."""
    before = session.scalar(select(func.max(RunRow.business_date)).where(judged(), RunRow.business_date < day))
    after = session.scalar(select(func.min(RunRow.business_date)).where(judged(), RunRow.business_date > day))
    return before, after


def judgements(
    session: Session, day: dt.date, subjects: Subjects, *, order: Order, limit: int, cursor: str | None
) -> Page[Judgement]:
    """What the run of `day` said of these subjects, none and unknown included, worst first."""
    statement = select(AssessmentRow, SeriesRow.key).outerjoin(SeriesRow, SeriesRow.id == AssessmentRow.series_id)
    statement = subjects.narrow(statement.where(AssessmentRow.business_date == day))
    return read_page(
        session,
        statement,
        order,
        limit=limit,
        cursor=cursor,
        give=lambda row: judgement(row[0], row[1]),
        keys=lambda row: sort_keys(row[0]),
    )


def level_counts(session: Session, day: dt.date, *, alerts_only: bool = False) -> dict[int, int]:
    """How many subjects the run of `day` put at each level; those under an alert where `alerts_only`."""
    statement = select(AssessmentRow.level, func.count()).where(AssessmentRow.business_date == day)
    if alerts_only:
        statement = statement.where(AssessmentRow.alert_id.is_not(None))
    return {level: int(count) for level, count in session.execute(statement.group_by(AssessmentRow.level)).all()}


def stale_count(session: Session, day: dt.date) -> int:
    """How many judgements of `day` rest on stale data."""
    stale = select(func.count()).where(AssessmentRow.business_date == day, AssessmentRow.data_state == "stale")
    return int(session.scalar(stale) or 0)


def any_simulated(session: Session, day: dt.date) -> bool:
    """Whether anything judged on `day` is made by the simulated district."""
    found = select(AssessmentRow.id).where(AssessmentRow.business_date == day, AssessmentRow.simulated.is_(True))
    return session.scalar(found.limit(1)) is not None


def sort_keys(row: AssessmentRow) -> Sequence[Any]:
    """The keys of `worst_first`."""
    return row.business_date, row.level, row.product_id, row.place_kind, row.place_id


def judgement(row: AssessmentRow, series: str | None) -> Judgement:
    """The frozen form of a row."""
    return Judgement(
        business_date=row.business_date,
        product_id=row.product_id,
        place_kind=row.place_kind,
        place_id=row.place_id,
        series=series,
        level=row.level,
        observed_level=row.observed_level,
        forecast_level=row.forecast_level,
        forecast_reason=row.forecast_reason,
        probability=row.probability,
        tier=row.tier,
        type=row.type,
        data_state=row.data_state,
        last_day=row.last_day,
        readings=row.readings,
        drivers=row.drivers,
        surplus_t=row.surplus_t,
        surplus_estimated=row.surplus_estimated,
        channels=row.channels,
        alert_id=row.alert_id,
        simulated=row.simulated,
    )
