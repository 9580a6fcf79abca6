"""Keeping `superseded_at`: set anew for the touched keys only, in one statement, however many they are.

The keys (series, day, variety) stand in a temporary table that lasts until they are settled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from warning.quality import Quality
from warning.store.bulk_writer import CHUNK, write_rows
from warning.store.tables import PROMOTED

if TYPE_CHECKING:
    Ints = np.ndarray[Any, np.dtype[np.int64]]

KEY = ("series_id", "day", "variety_id")
BEGIN = "create temporary table touched (series_id integer, day integer, variety_id integer)"
SETTLE = """
    update observation set superseded_at = chain.later
    from (
        select v.series_id, v.day, v.variety_id, v.issued_at, v.snapshot_id,
               lead(v.issued_at) over (
                   partition by v.series_id, v.day, v.variety_id order by v.issued_at, v.snapshot_id) as later
        from touched as t
        join observation as v on v.series_id = t.series_id and v.day = t.day and v.variety_id = t.variety_id
    ) as chain
    where observation.series_id = chain.series_id and observation.day = chain.day
      and observation.variety_id = chain.variety_id and observation.issued_at = chain.issued_at
      and observation.snapshot_id = chain.snapshot_id and observation.superseded_at is distinct from chain.later
    """
"""A version is superseded when the next one was issued; of those issued at once, when the last received was."""

ASSUMED, RECEIVED = int(Quality.ISSUE_ASSUMED), int(Quality.ISSUE_RECEIVED)
PROMOTE = f"""
    update observation set issued_at = first.issued_at, flags = observation.flags | {ASSUMED}
    from (
        select v.series_id, v.day, v.variety_id, v.issued_at as was, v.snapshot_id, r.issued_at
        from retracted_observation as r
        join observation as v on v.series_id = r.series_id and v.day = r.day and v.variety_id = r.variety_id
        where r.snapshot_id = :id and (r.flags & {ASSUMED}) <> 0 and (v.flags & {PROMOTED}) = {RECEIVED}
          and not exists (
            select 1 from observation as e
            where e.series_id = v.series_id and e.day = v.day and e.variety_id = v.variety_id
              and (e.issued_at < v.issued_at or (e.issued_at = v.issued_at and e.snapshot_id < v.snapshot_id)))
    ) as first
    where observation.series_id = first.series_id and observation.day = first.day
      and observation.variety_id = first.variety_id and observation.issued_at = first.was
      and observation.snapshot_id = first.snapshot_id
    """
"""The archive that mends an archive is known when that was held to be known: else its whole past would be lost."""


def promote_corrections(session: Session, snapshot_id: int) -> None:
    """Make first versions of the corrections that corrected a first version of this retracted snapshot."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("analyze retracted_observation"))  # it has just grown, perhaps by a whole archive
    session.execute(text(PROMOTE), {"id": snapshot_id})


def supersede(session: Session, series: Ints, day: Ints, variety: Ints) -> None:
    """Set `superseded_at` of every version of these keys; a key may stand more than once."""
    if not len(series):
        return
    # rows come sorted by key, so the same key stands side by side
    new = np.r_[True, (series[1:] != series[:-1]) | (day[1:] != day[:-1]) | (variety[1:] != variety[:-1])]
    keys = (series[new], day[new], variety[new])
    session.execute(text(BEGIN))
    starts = range(0, len(keys[0]), CHUNK)
    write_rows(session, "touched", KEY, (tuple(key[start : start + CHUNK] for key in keys) for start in starts))
    settle_touched(session)


def touch_snapshot(session: Session, snapshot_id: int) -> None:
    """Note the keys of every version that came with a snapshot; `settle_touched` must follow."""
    session.execute(text(BEGIN))
    session.execute(
        text("insert into touched select distinct series_id, day, variety_id from observation where snapshot_id = :id"),
        {"id": snapshot_id},
    )


def settle_touched(session: Session) -> None:
    """Set `superseded_at` of every version of the touched keys, and forget these."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("analyze touched"))  # else it plans for a handful, and takes minutes over a million
    session.execute(text(SETTLE))
    session.execute(text("drop table touched"))
