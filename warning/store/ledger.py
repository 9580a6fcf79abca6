"""Reading the ledger: runs, what each feed delivered, the account of each snapshot, names nobody knows yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any, TypeVar, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from warning.errors import NotFound
from warning.store.paging import Key, Order, Page, read_page
from warning.store.risk import DAILY, judged
from warning.store.tables import FeedRunRow, MarketRow, NameRow, RejectedRow, RunRow, SnapshotRow

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Run:
    """One job for one business date."""

    id: int
    job: str
    business_date: dt.date
    status: str
    revision: int
    known_at: dt.datetime
    thresholds_version: str
    code_version: str
    claimed_at: dt.datetime
    finished_at: dt.datetime | None
    summary: dict[str, Any]
    error: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Raw bytes as received, with the account of what became of their lines."""

    id: int
    feed: str
    name: str
    sha256: str
    size: int
    received_at: dt.datetime
    received_by: str
    lines_read: int
    accepted: int
    repeated: int
    rejected: int
    non_data: dict[str, Any]
    account: dict[str, Any]
    simulated: bool
    retracted_at: dt.datetime | None
    retracted_reason: str


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A line that was read and not accepted."""

    id: int
    file: str
    line: int
    reason: str
    detail: str
    text: str


@dataclass(frozen=True, slots=True)
class FeedDeliveries:
    """What a feed has delivered so far; retracted snapshots do not count."""

    feed: str
    snapshots: int
    last_received_at: dt.datetime | None
    lines_read: int
    accepted: int
    repeated: int
    rejected: int
    last_fetch_status: str
    last_fetch_at: dt.datetime | None
    last_fetch_detail: str


@dataclass(frozen=True, slots=True)
class SourceName:
    """A source's name that the catalog does not know, with what is proposed and what was decided."""

    id: int
    kind: str
    feed: str
    region: str
    name: str
    lines: int
    candidates: list[Any]
    meaning: str | None
    decided_by: str
    decided_at: dt.datetime | None
    first_seen: dt.datetime


def runs(session: Session, *, job: str | None, status: str | None, limit: int, cursor: str | None) -> Page[Run]:
    """Runs, newest business date first."""
    keys = (Key(RunRow.business_date, dt.date, descending=True), Key(RunRow.id, int, descending=True))
    statement = select(RunRow)
    if job is not None:
        statement = statement.where(RunRow.job == job)
    if status is not None:
        statement = statement.where(RunRow.status == status)
    return read_page(
        session,
        statement,
        Order(keys, repr(("runs", job, status))),
        limit=limit,
        cursor=cursor,
        give=lambda row: _copy(Run, row[0]),
        keys=lambda row: (row[0].business_date, row[0].id),
    )


def daily_run(session: Session, day: dt.date) -> Run:
    """The daily run of a business date, or NotFound."""
    row = session.scalar(select(RunRow).where(RunRow.job == DAILY, RunRow.business_date == day))
    if row is None:
        raise NotFound(f"no daily run was started for {day}", where="date", todo=f"run `changxiao run --date {day}`")
    return _copy(Run, row)


def last_done(session: Session) -> Run | None:
    """The daily run of the newest business date that has been judged."""
    row = session.scalar(select(RunRow).where(judged()).order_by(RunRow.business_date.desc()).limit(1))
    return None if row is None else _copy(Run, row)


def deliveries(session: Session) -> dict[str, FeedDeliveries]:
    """What each feed has delivered, by feed id."""
    counted = select(
        SnapshotRow.feed,
        func.count(),
        func.max(SnapshotRow.received_at),
        *(func.sum(column) for column in _COUNTS),
    ).where(SnapshotRow.retracted_at.is_(None))
    found = {row[0]: row for row in session.execute(counted.group_by(SnapshotRow.feed)).all()}
    newest = select(func.max(FeedRunRow.id)).group_by(FeedRunRow.feed)
    fetched = {row.feed: row for row in session.scalars(select(FeedRunRow).where(FeedRunRow.id.in_(newest)))}
    return {feed: _deliveries(feed, found.get(feed), fetched.get(feed)) for feed in sorted({*found, *fetched})}


_COUNTS = (SnapshotRow.lines_read, SnapshotRow.accepted, SnapshotRow.repeated, SnapshotRow.rejected)


def _deliveries(feed: str, counted: Any, fetched: FeedRunRow | None) -> FeedDeliveries:
    _, snapshots, received, *counts = counted if counted is not None else (feed, 0, None, 0, 0, 0, 0)
    lines, accepted, repeated, rejected = (int(count or 0) for count in counts)
    return FeedDeliveries(
        feed=feed,
        snapshots=int(snapshots),
        last_received_at=received,
        lines_read=lines,
        accepted=accepted,
        repeated=repeated,
        rejected=rejected,
        last_fetch_status=fetched.status if fetched else "",
        last_fetch_at=(fetched.finished_at or fetched.started_at) if fetched else None,
        last_fetch_detail=fetched.detail if fetched else "",
    )


def snapshots(session: Session, feed: str | None, *, limit: int, cursor: str | None) -> Page[Snapshot]:
    """The snapshots of a feed (of all where None), newest first, retracted ones included and marked."""
    wanted = select(SnapshotRow)
    return read_page(
        session,
        wanted if feed is None else wanted.where(SnapshotRow.feed == feed),
        Order((Key(SnapshotRow.id, int, descending=True),), repr(("snapshots", feed))),
        limit=limit,
        cursor=cursor,
        give=lambda row: _copy(Snapshot, row[0]),
        keys=lambda row: (row[0].id,),
    )


def snapshot(session: Session, snapshot_id: int) -> Snapshot:
    """One snapshot, or NotFound."""
    row = session.get(SnapshotRow, snapshot_id)
    if row is None:
        raise NotFound(f"there is no snapshot {snapshot_id}", where="id", todo="GET /v1/feeds/{feed}/snapshots")
    return _copy(Snapshot, row)


def rejected_lines(
    session: Session, snapshot_id: int, *, reason: str | None, limit: int, cursor: str | None
) -> Page[RejectedLine]:
    """The lines of a snapshot that were not accepted, in the order they were read."""
    snapshot(session, snapshot_id)
    statement = select(RejectedRow).where(RejectedRow.snapshot_id == snapshot_id)
    if reason is not None:
        statement = statement.where(RejectedRow.reason == reason)
    return read_page(
        session,
        statement,
        Order((Key(RejectedRow.id, int),), repr(("rejected", snapshot_id, reason))),
        limit=limit,
        cursor=cursor,
        give=lambda row: _copy(RejectedLine, row[0]),
        keys=lambda row: (row[0].id,),
    )


def source_names(
    session: Session, *, kind: str | None, feed: str | None, decided: bool | None, limit: int, cursor: str | None
) -> Page[SourceName]:
    """Names that feeds used and the catalog does not know, those with most rejected lines first."""
    statement = select(NameRow)
    if kind is not None:
        statement = statement.where(NameRow.kind == kind)
    if feed is not None:
        statement = statement.where(NameRow.feed == feed)
    if decided is not None:
        statement = statement.where(NameRow.meaning.is_not(None) if decided else NameRow.meaning.is_(None))
    keys = (Key(NameRow.lines, int, descending=True), Key(NameRow.id, int))
    return read_page(
        session,
        statement,
        Order(keys, repr(("names", kind, feed, decided))),
        limit=limit,
        cursor=cursor,
        give=lambda row: _copy(SourceName, row[0]),
        keys=lambda row: (row[0].lines, row[0].id),
    )


def source_name(session: Session, name_id: int) -> SourceName:
    """One such name, or NotFound."""
    return _copy(SourceName, _name_row(session, name_id))


def decide_name(session: Session, name_id: int, meaning: str, *, by: str, at: dt.datetime) -> SourceName:
    """Keep what a person said the name means; "" where it is none of ours. The last word counts."""
    row = _name_row(session, name_id)
    row.meaning, row.decided_by, row.decided_at = meaning, by, at
    return _copy(SourceName, row)


def _name_row(session: Session, name_id: int) -> NameRow:
    row = session.get(NameRow, name_id)
    if row is None:
        raise NotFound(f"there is no name {name_id}", where="id", todo="list them with GET /v1/names")
    return row


def market_register_version(session: Session) -> tuple[int, dt.datetime | None]:
    """What changes when a market is registered: their number and the time of the newest."""
    count, newest = session.execute(select(func.count(), func.max(MarketRow.since))).one()
    return int(count), newest


def _copy(form: type[T], row: object) -> T:
    return form(**{field.name: getattr(row, field.name) for field in fields(cast(Any, form))})
