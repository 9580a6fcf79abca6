"""Township reports as-of: stock, harvest, sales and cost, one version after another."""

from __future__ import annotations

import datetime as dt
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from warning.store.tables import ReportRow, SnapshotRow

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
    versions = _live_versions(session, identity)
    figures = {"outlet": "", "note": ""} | {name: value for name, value in figures.items() if value is not None}
    twins = _twins(session, snapshot_id)
    if any(_says(held, figures) for held in versions if held is versions[-1] or held.snapshot_id in twins):
        return None
    row = ReportRow(
        **identity,
        issued_at=(corrected_at or issued_at) if versions else issued_at,
        snapshot_id=snapshot_id,
        reported_by=reported_by,
        simulated=simulated,
        **figures,
    )
    session.add(row)
    session.flush()
    _supersede([*versions, row])
    return row.id


def _live_versions(session: Session, identity: dict[str, Any]) -> list[ReportRow]:
    """The versions that were not taken back, as they follow on each other."""
    live = select(ReportRow).filter_by(**identity).where(_received_with(SnapshotRow.retracted_at.is_(None)))
    return list(session.scalars(live.order_by(ReportRow.issued_at, ReportRow.id)))


def _twins(session: Session, snapshot_id: int | None) -> set[int | None]:
    """Snapshots of the very same bytes: a workbook read again must not undo a later correction."""
    if snapshot_id is None:
        return set()
    sha256 = select(SnapshotRow.sha256).where(SnapshotRow.id == snapshot_id).scalar_subquery()
    return set(session.scalars(select(SnapshotRow.id).where(SnapshotRow.sha256 == sha256)))


def _says(row: ReportRow, figures: dict[str, Any]) -> bool:
    return all(getattr(row, name) == figures.get(name) for name in FIGURES)


def _supersede(versions: list[ReportRow]) -> None:
    """Set when each version was superseded: when the next one was issued; of those issued at once, the last holds."""
    ordered = sorted(versions, key=lambda row: (row.issued_at, row.id))
    for row, later in zip_longest(ordered, ordered[1:]):
        row.superseded_at = None if later is None else later.issued_at


def retract_reports(session: Session, snapshot_id: int, at: dt.datetime) -> int:
    """Take back the versions that came with a snapshot, which must be marked so: what was before holds again."""
    rows = session.scalars(select(ReportRow).where(ReportRow.snapshot_id == snapshot_id)).all()
    for row in rows:
        row.superseded_at = row.superseded_at or at
    session.flush()
    for row in rows:
        _supersede(_live_versions(session, {name: getattr(row, name) for name in IDENTITY}))
    return len(rows)


def in_force(as_of: dt.datetime) -> ColumnElement[bool]:
    """The condition on `ReportRow` that this version was the one known at `as_of`.

    One that was taken back was known between receipt and retraction, and stood before what was known else.
    """
    later = aliased(ReportRow)
    same = [getattr(later, name) == getattr(ReportRow, name) for name in IDENTITY]
    follows = or_(
        later.issued_at > ReportRow.issued_at, and_(later.issued_at == ReportRow.issued_at, later.id > ReportRow.id)
    )
    return and_(_known(ReportRow, as_of), ~exists().where(*same, follows, _known(later, as_of)))


def _known(row: type[ReportRow], as_of: dt.datetime) -> ColumnElement[bool]:
    meanwhile = and_(SnapshotRow.received_at <= as_of, SnapshotRow.retracted_at > as_of)
    held = _received_with(or_(SnapshotRow.retracted_at.is_(None), meanwhile), row)
    return and_(row.issued_at <= as_of, held)


def _received_with(condition: ColumnElement[bool], row: type[ReportRow] = ReportRow) -> ColumnElement[bool]:
    """That the report came with such a snapshot, or with none: a person filed it."""
    return or_(row.snapshot_id.is_(None), row.snapshot_id.in_(select(SnapshotRow.id).where(condition)))


def reports_as_of(
    store: Store,
    *,
    as_of: dt.datetime,
    first_day: dt.date,
    last_day: dt.date,
    seedlings_from: dt.date | None = None,
) -> pd.DataFrame:
    """Every report known at `as_of` on days in the span: one row each, columns as `ReportRow`.

    From `seedlings_from` on, reports of seedlings come along too: those of past years tell how many are usual.
    """
    import pandas as pd

    span: ColumnElement[bool] = ReportRow.day.between(first_day, last_day)
    if seedlings_from is not None:
        span = or_(span, and_(ReportRow.day.between(seedlings_from, last_day), ReportRow.seedlings.is_not(None)))

    names = [*IDENTITY, *FIGURES, "simulated"]
    columns = [ReportRow.__table__.c[name] for name in names]
    with store.session() as session:
        rows = session.execute(
            select(*columns)
            .where(span, in_force(as_of))
            .order_by(ReportRow.day, ReportRow.township_id, ReportRow.product_id, ReportRow.lot)
        ).all()
    return pd.DataFrame.from_records([tuple(row) for row in rows], columns=names)


def report_versions(store: Store, *, as_of: dt.datetime, first_day: dt.date) -> pd.DataFrame:
    """Every version known at `as_of` of reports on days from `first_day` on, later corrected ones too.

    One row each, columns as `ReportRow`, in the order in which they became known (`issued_at`).
    """
    import pandas as pd

    names = [*IDENTITY, *FIGURES, "issued_at", "simulated"]
    columns = [ReportRow.__table__.c[name] for name in names]
    with store.session() as session:
        rows = session.execute(
            select(*columns)
            .where(ReportRow.day >= first_day, _known(ReportRow, as_of))
            .order_by(ReportRow.issued_at, ReportRow.id)
        ).all()
    return pd.DataFrame.from_records([tuple(row) for row in rows], columns=names)
