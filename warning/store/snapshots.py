"""Snapshots: raw bytes kept by sha256 before they are read, their account, and taking one back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from sqlalchemy import CursorResult, delete, insert, select
from sqlalchemy.orm import Session

from warning.errors import Conflict, NotFound
from warning.store.engine import lock_writers
from warning.store.kept_files import keep_file
from warning.store.reports import retract_reports
from warning.store.tables import ClosureRow, ObservationRow, RejectedRow, RetractedObservationRow, SnapshotRow
from warning.store.versions import promote_corrections, settle_touched, touch_snapshot

if TYPE_CHECKING:
    from warning.store.engine import Store


@dataclass(frozen=True, slots=True)
class RawBytes:
    """Bytes kept below the store's home: where, and their digest."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A line that was read and not accepted."""

    file: str
    line: int
    reason: str
    detail: str
    text: str


def keep_raw(home: Path, feed: str, name: str, write: Callable[[IO[bytes]], str]) -> RawBytes:
    """Keep raw bytes at a place named by their digest, which `write` gives; a half-written file never has it."""
    path, sha256, size = keep_file(home / "raw" / feed, _suffix(name), write)
    return RawBytes(str(path.relative_to(home)), sha256, size)


def _suffix(name: str) -> str:
    """`.csv`, `.csv.gz`: letters and digits only, since a person chose the name."""
    found = re.search(r"(\.[A-Za-z0-9]{1,8}){1,2}$", name)
    return found[0].lower() if found else ""


def open_snapshot(
    session: Session,
    raw: RawBytes,
    *,
    feed: str,
    name: str,
    received_at: dt.datetime,
    received_by: str,
    simulated: bool,
) -> int:
    """The id of a new snapshot of these bytes."""
    row = SnapshotRow(
        feed=feed,
        name=name,
        path=raw.path,
        sha256=raw.sha256,
        size=raw.size,
        received_at=received_at,
        received_by=received_by,
        simulated=simulated,
    )
    session.add(row)
    session.flush()
    return row.id


def close_snapshot(
    session: Session,
    snapshot_id: int,
    rejected: list[RejectedLine],
    *,
    lines_read: int,
    accepted: int,
    repeated: int,
    non_data: dict[str, int],
    account: dict[str, Any],
) -> None:
    """Write the account of a snapshot and every line that was rejected."""
    row = session.get_one(SnapshotRow, snapshot_id)
    row.lines_read, row.accepted, row.repeated, row.rejected = lines_read, accepted, repeated, len(rejected)
    row.non_data, row.account = non_data, account
    if rejected:
        lines = [
            {
                "snapshot_id": snapshot_id,
                "file": line.file,
                "line": line.line,
                "reason": line.reason,
                "detail": line.detail,
                "text": line.text,
            }
            for line in rejected
        ]
        session.execute(insert(RejectedRow), lines)


def same_account(session: Session, sha256: str, feed: str, rejected: int, before: int) -> int | None:
    """The live snapshot of the same bytes with as many rejected lines, older than snapshot `before`, if any."""
    return session.scalars(
        select(SnapshotRow.id)
        .where(
            SnapshotRow.sha256 == sha256,
            SnapshotRow.feed == feed,
            SnapshotRow.rejected == rejected,
            SnapshotRow.retracted_at.is_(None),
            SnapshotRow.id < before,
        )
        .order_by(SnapshotRow.id.desc())
    ).first()


def retract(store: Store, snapshot_id: int, *, at: dt.datetime, reason: str) -> int:
    """Take back an upload: the store is then as if it had not been, and still says what was known meanwhile.

    Its rows move to the retracted ones, where an as-of between receipt and retraction finds them. A correction of
    what it first said becomes the first version. Gives the number of rows and reports taken back. What a later
    upload merely repeated is gone too: take that one in again.
    """
    with store.writing() as session:
        lock_writers(session.connection())
        row = session.get(SnapshotRow, snapshot_id, with_for_update=True)
        if row is None:
            raise NotFound(f"there is no snapshot {snapshot_id}", todo="see `changxiao feeds --snapshots`")
        if row.retracted_at is not None:
            raise Conflict(f"snapshot {snapshot_id} was taken back already at {row.retracted_at.isoformat()}")
        row.retracted_at, row.retracted_reason = at, reason
        session.flush()
        moved = _retract_observations(session, snapshot_id)
        session.execute(delete(ClosureRow).where(ClosureRow.snapshot_id == snapshot_id))
        return moved + retract_reports(session, snapshot_id, at)


def _retract_observations(session: Session, snapshot_id: int) -> int:
    """Move a snapshot's versions to the retracted ones, and set anew what had followed on them."""
    mine = ObservationRow.snapshot_id == snapshot_id
    columns = list(ObservationRow.__table__.columns)
    touch_snapshot(session, snapshot_id)
    names = [column.name for column in columns]
    session.execute(insert(RetractedObservationRow).from_select(names, select(*columns).where(mine)))
    moved = cast("CursorResult[Any]", session.execute(delete(ObservationRow).where(mine)))
    if moved.rowcount:
        promote_corrections(session, snapshot_id)
    settle_touched(session)
    return moved.rowcount
