"""Where the townships lie, and which are 重点帮扶: every version kept, read as of any moment."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from warning.absorption.distance import Place
from warning.errors import InvalidEntry
from warning.store.histories import follow, hold_history, in_force
from warning.store.tables import TownshipPlaceRow
from warning.store.units import listed


def places_as_of(session: Session, known_at: dt.datetime) -> dict[str, Place]:
    """The places known at that moment by township id, in the order of the ids."""
    known = in_force(TownshipPlaceRow.known_from, TownshipPlaceRow.superseded_at, known_at)
    rows = session.scalars(select(TownshipPlaceRow).where(known)).all()
    return {row.township_id: _place(row) for row in sorted(rows, key=lambda row: row.township_id)}


def put_places(session: Session, places: Mapping[str, Place], *, at: dt.datetime, by: str) -> int:
    """Keep these places; gives how many were new or differ. InvalidEntry names the faulty ones, and writes nothing."""
    _refuse_faulty(places)
    hold_history(session, TownshipPlaceRow)
    statement = select(TownshipPlaceRow).where(TownshipPlaceRow.superseded_at.is_(None))
    present = {row.township_id: row for row in session.scalars(statement)}
    closed: dict[int, dt.datetime] = {}
    rows: list[dict[str, Any]] = []
    for township_id, place in places.items():
        held = present.get(township_id)
        if held is not None and _place(held) == place:
            continue
        # a clock set back does not change what was known before
        known_from = at if held is None else max(at, held.known_from)
        if held is not None:
            closed[held.version] = known_from
        rows.append(
            {"township_id": township_id, "known_from": known_from, "by": by, "latitude": place.latitude,
             "longitude": place.longitude, "key": bool(place.key)}
        )  # fmt: skip
    follow(session, TownshipPlaceRow, closed, rows)
    return len(rows)


def _refuse_faulty(places: Mapping[str, Place]) -> None:
    told = [f"{township_id or '(blank)'}: {fault}" for township_id, place in places.items()
            if (fault := _fault(township_id, place))]  # fmt: skip
    if told:
        raise InvalidEntry(listed(told), where="places", todo="correct these and send all again: nothing was written")


def _fault(township_id: str, place: Place) -> str:
    if not township_id.strip():
        return "a place needs its township"
    if (place.latitude is None) != (place.longitude is None):
        return "fill in both coordinates or neither"
    for name, value, most in (("latitude", place.latitude, 90.0), ("longitude", place.longitude, 180.0)):
        if value is not None and (math.isnan(value) or abs(value) > most):
            return f"{name} {value} is out of range"
    return ""


def _place(row: TownshipPlaceRow) -> Place:
    return Place(row.latitude, row.longitude, row.key)
