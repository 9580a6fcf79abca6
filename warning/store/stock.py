"""Reading townships' reports one by one for people; a run reads them in bulk through `warning.store.reports`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from warning.errors import NotFound
from warning.store.paging import Key, Order, Page, read_page
from warning.store.reports import in_force
from warning.store.tables import ReportRow

RENAMED = {"township": "township_id", "product": "product_id", "snapshot": "snapshot_id"}
UNSHOWN = {"township_id", "product_id", "snapshot_id", "superseded_at"}


@dataclass(frozen=True, slots=True)
class FiledReport:
    """One version of one report: its values by name, `township`, `product` and `snapshot` being ids."""

    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports to read, and as known when (None: now)."""

    product_id: str | None = None
    township_id: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    as_of: dt.datetime | None = None


def reports(session: Session, wanted: Wanted, *, now: dt.datetime, limit: int, cursor: str | None) -> Page[FiledReport]:
    """The reports as known then, newest day first."""
    as_of = wanted.as_of or now
    statement = select(ReportRow).where(in_force(as_of))
    if wanted.product_id is not None:
        statement = statement.where(ReportRow.product_id == wanted.product_id)
    if wanted.township_id is not None:
        statement = statement.where(ReportRow.township_id == wanted.township_id)
    if wanted.since is not None:
        statement = statement.where(ReportRow.day >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(ReportRow.day <= wanted.until)
    keys = (Key(ReportRow.day, dt.date, descending=True), Key(ReportRow.id, int, descending=True))
    return read_page(
        session,
        statement,
        Order(keys, repr(wanted)),
        limit=limit,
        cursor=cursor,
        give=lambda row: _filed(row[0]),
        keys=lambda row: (row[0].day, row[0].id),
    )


def present_report(session: Session, *, township_id: str, product_id: str, lot: str, day: dt.date) -> FiledReport:
    """The version in force of one report, or NotFound."""
    held = select(ReportRow).filter_by(
        township_id=township_id, product_id=product_id, lot=lot, day=day, superseded_at=None
    )
    row = session.scalar(held)
    if row is None:
        raise NotFound(f"{township_id} has reported nothing on {product_id} for {day}", where="day")
    return _filed(row)


def _filed(row: ReportRow) -> FiledReport:
    names = {column.key for column in ReportRow.__mapper__.columns} - UNSHOWN
    values = {name: getattr(row, name) for name in names}
    return FiledReport(values | {name: getattr(row, column) for name, column in RENAMED.items()})
