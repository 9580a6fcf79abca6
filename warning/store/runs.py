"""The ledger of runs: a job claims its business date by inserting it, and leaves one row and one line."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from warning.errors import Conflict
from warning.store.tables import FeedRunRow, RunRow, ThresholdsRow

if TYPE_CHECKING:
    from warning.store.engine import Store

DEAD_AFTER = dt.timedelta(minutes=30)
"""A claim without a heartbeat for this long was left by a process that died, and may be taken over."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A run that this process may do; `before` is the knowledge of the last finished run of that date."""

    run_id: int
    job: str
    business_date: dt.date
    revision: int
    knowledge: str
    by: str = ""
    """Who claimed it; a claim that was taken over meanwhile cannot be finished."""


def claim_run(
    store: Store, job: str, business_date: dt.date, *, known_at: dt.datetime, now: dt.datetime, by: str
) -> Claim:
    """Claim (job, business date), or raise Conflict where another process is at it.

    A date that was done is claimed like any other, and stays done for its readers until something else is found.
    """
    try:
        with store.writing() as session:
            mine = select(RunRow).filter_by(job=job, business_date=business_date)
            row = session.scalars(mine.with_for_update()).first()
            if row is None:
                row = RunRow(
                    job=job,
                    business_date=business_date,
                    status="running",
                    known_at=known_at,
                    claimed_at=now,
                    heartbeat_at=now,
                    claimed_by=by,
                    revision=0,
                )
                session.add(row)
                session.flush()
            elif row.claimed_by not in {"", by} and now - row.heartbeat_at < DEAD_AFTER:
                raise _taken(job, business_date, row.claimed_by)
            row.claimed_at = row.heartbeat_at = now
            row.claimed_by, row.known_at = by, known_at
            if row.status != "done":
                row.status = "running"
            knowledge = row.knowledge if row.status == "done" else ""
            return Claim(row.id, job, business_date, row.revision, knowledge, by)
    except IntegrityError as error:
        raise _taken(job, business_date, "another process") from error


def _taken(job: str, business_date: dt.date, by: str) -> Conflict:
    return Conflict(f"the {job} run of {business_date} is being done by {by}", todo="wait for it to end")


def finish_run(
    session: Session,
    claim: Claim,
    *,
    now: dt.datetime,
    knowledge: str,
    thresholds_version: str,
    code_version: str,
    summary: dict[str, Any],
) -> None:
    """Mark a claimed run done, inside the transaction that wrote its assessments."""
    row = _held(session, claim)
    row.status, row.finished_at, row.error, row.claimed_by = "done", now, "", ""
    row.revision = claim.revision + 1
    row.knowledge, row.thresholds_version, row.code_version = knowledge, thresholds_version, code_version
    row.summary = summary


def fail_run(store: Store, claim: Claim, *, now: dt.datetime, error: str) -> None:
    """Mark a claimed run failed; what an earlier run of that date wrote stays."""
    with store.writing() as session:
        row = session.get_one(RunRow, claim.run_id, with_for_update=True)
        if row.claimed_by == claim.by:  # else another took it over, and its word holds
            row.status, row.finished_at, row.error, row.claimed_by = "failed", now, error, ""


def confirm_run(store: Store, claim: Claim, *, knowledge: str, now: dt.datetime) -> None:
    """Note that other knowledge led to the same findings: nothing else changes."""
    with store.writing() as session:
        row = _held(session, claim)
        row.knowledge, row.status, row.heartbeat_at, row.claimed_by = knowledge, "done", now, ""


def release_run(store: Store, claim: Claim, *, now: dt.datetime) -> None:
    """Give a claim back where there was nothing new to do."""
    with store.writing() as session:
        row = _held(session, claim)
        row.heartbeat_at, row.claimed_by = now, ""


def _held(session: Session, claim: Claim) -> RunRow:
    """The row of a claim, or Conflict where it was taken over since."""
    row = session.get_one(RunRow, claim.run_id, with_for_update=True)
    if row.claimed_by != claim.by:
        raise _taken(claim.job, claim.business_date, row.claimed_by or "another process, and done")
    return row


def done_dates(store: Store, job: str, *, since: dt.date) -> set[dt.date]:
    """Business dates on or after `since` for which the job is done."""
    with store.session() as session:
        return set(
            session.scalars(
                select(RunRow.business_date).where(
                    RunRow.job == job, RunRow.status == "done", RunRow.business_date >= since
                )
            )
        )


def keep_thresholds(session: Session, version: str, content: dict[str, Any], at: dt.datetime) -> None:
    """Keep the level lines of a run under their digest, once."""
    if session.get(ThresholdsRow, version) is None:
        session.add(ThresholdsRow(version=version, content=content, first_used=at))


def start_feed_run(store: Store, feed: str, business_date: dt.date, now: dt.datetime) -> int:
    """Note that a live feed is being fetched."""
    with store.writing() as session:
        row = FeedRunRow(feed=feed, business_date=business_date, started_at=now, status="running")
        session.add(row)
        session.flush()
        return row.id


def end_feed_run(
    store: Store, feed_run_id: int, *, now: dt.datetime, status: str, snapshot_id: int | None = None, detail: str = ""
) -> None:
    """Note how a fetch ended."""
    with store.writing() as session:
        row = session.get_one(FeedRunRow, feed_run_id)
        row.finished_at, row.status, row.snapshot_id, row.detail = now, status, snapshot_id, detail


def feed_states(store: Store, business_date: dt.date) -> dict[str, str]:
    """The latest state of each live feed fetched for a business date."""
    with store.session() as session:
        rows = session.execute(
            select(FeedRunRow.feed, FeedRunRow.status)
            .where(FeedRunRow.business_date == business_date)
            .order_by(FeedRunRow.id)
        ).all()
    return {row.feed: row.status for row in rows}
