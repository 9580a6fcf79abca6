"""Recording what units took: new versions of what differs, and the quotas drawn by the difference, or nothing."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from warning.errors import InvalidEntry
from warning.reference import load_catalog
from warning.store.draws import Draw, draw_all, exact
from warning.store.histories import follow, hold_history
from warning.store.quotas import cost_cny
from warning.store.response_rows import Key, Response, content_of, present_rows, response_of
from warning.store.tables import AbsorbingUnitRow, QuotaEntryRow, ResponseRow
from warning.store.units import listed

if TYPE_CHECKING:
    from warning.catalog import Catalog


@dataclass(frozen=True, slots=True)
class ResponseChanges:
    """How many of the responses given were new, corrected one before, or said the same as before."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


def record_responses(
    session: Session,
    responses: Iterable[Response],
    *,
    at: dt.datetime,
    by: str,
    catalog: Catalog | None = None,
) -> ResponseChanges:
    """Record what was taken, and draw the quotas of the year by the difference: all of it, or nothing.

    Products and townships are those of `catalog` (None: as shipped). InvalidEntry lists every faulty row, and units
    whose quota counts money where no price is known; Conflict names the units that would be overdrawn.
    """
    given = list(responses)
    with session.begin_nested():
        hold_history(session, ResponseRow)
        prices = _own_prices(session)
        _refuse_faulty(given, prices.keys(), catalog or load_catalog())
        present = present_rows(session, given)
        fresh = [one for one in dict.fromkeys(given) if one.key not in present or response_of(present[one.key]) != one]
        before = _drawn_before(session, [present[one.key] for one in fresh if one.key in present])
        numbers = _write(session, fresh, present, at=at, by=by)
        draws = [
            _draw(one, number, prices[one.unit_id], before.get(one.key), one.key in present)
            for one, number in zip(fresh, numbers, strict=True)
        ]
        draw_all(session, draws, at=at, by=by)
    added = sum(one.key not in present for one in fresh)
    return ResponseChanges(added, len(fresh) - added, len(given) - len(fresh))


def _own_prices(session: Session) -> dict[str, float | None]:
    """The price that each unit states; of one that has left the register too, for its past can be corrected."""
    rows = session.execute(
        select(AbsorbingUnitRow.unit_id, AbsorbingUnitRow.price_per_kg).where(AbsorbingUnitRow.superseded_at.is_(None))
    )
    return {row.unit_id: row.price_per_kg for row in rows}


def _refuse_faulty(responses: Sequence[Response], units: Collection[str], catalog: Catalog) -> None:
    known, told = set(units), []
    said: dict[Key, Response] = {}
    for number, one in enumerate(responses, start=1):
        faults = list(_faults(one, known, catalog))
        if said.setdefault(one.key, one) != one:
            faults.append("it stands twice and says different things")
        if faults:
            told.append(f"row {number} ({one.unit_id}, {one.day}): {', '.join(faults)}")
    if told:
        raise InvalidEntry(
            listed(told), where="responses", todo="correct these and send all again: nothing was written"
        )


def _faults(one: Response, units: set[str], catalog: Catalog) -> Iterator[str]:
    if one.unit_id not in units:
        yield f"there is no unit {one.unit_id!r}"
    if one.product_id not in catalog.products:
        yield f"there is no product {one.product_id!r}"
    if one.township_id and one.township_id not in catalog.townships:
        yield f"there is no township {one.township_id!r}"
    if not (math.isfinite(one.tonnes) and one.tonnes >= 0):
        yield f"{one.tonnes} t is no amount from 0 up"
    if one.price_per_kg is not None and not (math.isfinite(one.price_per_kg) and one.price_per_kg >= 0):
        yield f"{one.price_per_kg} CNY/kg is no price from 0 up"


def _drawn_before(session: Session, held: Sequence[ResponseRow]) -> dict[Key, tuple[float, float]]:
    """Tonnes and CNY that all versions of these have drawn so far."""
    if not held:
        return {}
    columns = (
        ResponseRow.unit_id, ResponseRow.product_id, ResponseRow.township_id, ResponseRow.lot, ResponseRow.day
    )  # fmt: skip
    rows = session.execute(
        select(*columns, func.sum(QuotaEntryRow.tonnes), func.sum(QuotaEntryRow.cny))
        .join(QuotaEntryRow, QuotaEntryRow.response_id == ResponseRow.id)
        .where(
            ResponseRow.unit_id.in_({row.unit_id for row in held}),
            ResponseRow.day.between(min(row.day for row in held), max(row.day for row in held)),
        )
        .group_by(*columns)
    )
    return {(row[0], row[1], row[2], row[3], row[4]): (row[5] or 0.0, row[6] or 0.0) for row in rows}


def _write(
    session: Session, fresh: Sequence[Response], present: Mapping[Key, ResponseRow], *, at: dt.datetime, by: str
) -> list[int]:
    """Write the new versions in the order given; their ids. A clock set back does not change what was known before."""
    held = {one.key: present[one.key] for one in fresh if one.key in present}
    since = {key: max(at, row.recorded_at) for key, row in held.items()}
    follow(session, ResponseRow, {row.id: since[key] for key, row in held.items()}, [])
    if not fresh:
        return []
    rows = [content_of(one) | {"recorded_at": since.get(one.key, at), "by": by} for one in fresh]
    return list(session.scalars(insert(ResponseRow).returning(ResponseRow.id, sort_by_parameter_order=True), rows))


def _draw(one: Response, number: int, own: float | None, before: tuple[float, float] | None, corrects: bool) -> Draw:
    tonnes, cny = before or (0.0, 0.0)
    costs = cost_cny(one.tonnes, one.price_per_kg, own)
    return Draw(
        unit_id=one.unit_id,
        year=one.day.year,
        tonnes=exact(one.tonnes - tonnes),
        cny=None if costs is None else exact(costs - cny),
        response_id=number,
        what="correct" if corrects else "draw",
    )
