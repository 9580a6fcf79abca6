"""Names that sources use: what people have decided of them, and those still to be decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from warning.store.tables import MarketRow, NameRow

NameKey = tuple[str, str, str, str]
"""(kind, feed, region, name as the source writes it)."""


@dataclass(frozen=True, slots=True)
class UnknownSourceName:
    """A name that was met and not understood, with what it might mean."""

    key: NameKey
    lines: int
    candidates: tuple[dict[str, Any], ...] = ()


def decided_names(session: Session) -> dict[NameKey, str]:
    """Catalog ids that people confirmed; "" for a name declared not ours."""
    rows = session.scalars(select(NameRow).where(NameRow.meaning.is_not(None)))
    return {(row.kind, row.feed, row.region, row.name): row.meaning or "" for row in rows}


def note_unknown(session: Session, found: list[UnknownSourceName], at: dt.datetime) -> None:
    """Put names on the list to be decided; the number of lines is that of the latest reading."""
    held = {(row.kind, row.feed, row.region, row.name): row for row in session.scalars(select(NameRow))}
    for name in found:
        row = held.get(name.key)
        if row is None:
            kind, feed, region, text = name.key
            row = NameRow(kind=kind, feed=feed, region=region, name=text, first_seen=at)
            session.add(row)
        row.lines = name.lines
        row.candidates = list(name.candidates)


def registered_market_ids(session: Session) -> set[str]:
    """Ids of the markets that feeds registered."""
    return set(session.scalars(select(MarketRow.id)))
