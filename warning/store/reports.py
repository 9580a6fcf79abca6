"""Township reports as-of: stock, harvest, sales and cost, one version after another."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from warning.store.tables import ReportRow

if TYPE_CHECKING:
    import pandas as pd

    from warning.store.engine import Store

IDENTITY = ("township_id", "product_id", "lot", "day")
LEDGER = ("id", "issued_at", "superseded_at", "snapshot_id", "reported_by", "simulated")
FIGURES = tuple(
    column.name for column in ReportRow.__table__.columns if column.name not in IDENTITY and column.name not in LEDGER
)
"""Names of what a report may say."""


def add_report(
    session: Session,
    *,
    township_id: str,
    product_id: str,
    day: dt.date,
    issued_at: dt.datetime,
    corrected_at: dt.datetime | None = None,
    lot: str = "",
    snapshot_id: int | None = None,
    reported_by: str = "",
    simulated: bool = False,
    **figures: Any,
) -> int | None:
    """Add a version of a report; None where the present version says just the same.

    `corrected_at` is the issue time instead where a version is held already: what was known in between stays known.
    """
    identity = {"township_id": township_id, "product_id": product_id, "lot": lot, "day": day}
    held = session.scalars(select(ReportRow).filter_by(**identity, superseded_at=None)).first()
    figures = {"outlet": "", "note": ""} | {name: value for name, value in figures.items() if value is not None}
    if held is not None and all(getattr(held, name) == figures.get(name) for name in FIGURES):
        return None
    if held is not None:
        issued_at = corrected_at or issued_at
        held.superseded_at = issued_at
    row = ReportRow(
        **identity,
        issued_at=issued_at,
        snapshot_id=snapshot_id,
        reported_by=reported_by,
        simulated=simulated,
        **figures,
    )
    session.add(row)
    session.flush()
    return row.id


def retract_reports(session: Session, snapshot_id: int, at: dt.datetime) -> int:
    """Close the versions that came with a snapshot at `at`, and open again those they had superseded."""
    rows = session.scalars(select(ReportRow).where(ReportRow.snapshot_id == snapshot_id)).all()
    for row in rows:
        identity = {name: getattr(row, name) for name in IDENTITY}
        before = session.scalars(
            select(ReportRow)
            .filter_by(**identity)
            .where(ReportRow.superseded_at == row.issued_at, ReportRow.id != row.id)
            .order_by(ReportRow.id.desc())
        ).first()
        if row.superseded_at is None and before is not None:
            again = {name: getattr(before, name) for name in (*IDENTITY, *FIGURES, "reported_by", "simulated")}
            session.add(ReportRow(**again, issued_at=at, snapshot_id=before.snapshot_id))
        if row.superseded_at is None:
            row.superseded_at = at
    return len(rows)


def reports_as_of(store: Store, *, as_of: dt.datetime, first_day: dt.date, last_day: dt.date) -> pd.DataFrame:
    """Every report known at `as_of` on days in the span: one row each, columns as `ReportRow`."""
    import pandas as pd

    names = [*IDENTITY, *FIGURES, "simulated"]
    columns = [ReportRow.__table__.c[name] for name in names]
    with store.session() as session:
        rows = session.execute(
            select(*columns)
            .where(
                ReportRow.issued_at <= as_of,
                (ReportRow.superseded_at.is_(None)) | (ReportRow.superseded_at > as_of),
                ReportRow.day.between(first_day, last_day),
            )
            .order_by(ReportRow.day, ReportRow.township_id, ReportRow.product_id, ReportRow.lot)
        ).all()
    return pd.DataFrame.from_records([tuple(row) for row in rows], columns=names)
