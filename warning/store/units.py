"""The register of absorbing units (消纳单位): every version kept, read as of any moment."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from warning.absorption.units import AbsorbingUnit, UnitKind, faults
from warning.errors import InvalidEntry, NotFound
from warning.store.histories import follow, hold_history, in_force
from warning.store.tables import AbsorbingUnitRow

CONTENT = tuple(one.name for one in fields(AbsorbingUnit) if one.name != "id")
TOLD = 100
"""Faults named one by one in a refusal; the rest are counted."""


@dataclass(frozen=True, slots=True)
class UnitChanges:
    """What became of the units that were put: their ids."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitVersion:
    """One version of a unit; of a retirement, the unit is as it was last."""

    unit: AbsorbingUnit
    known_from: dt.datetime
    by: str
    retired: bool


def units_as_of(session: Session, known_at: dt.datetime) -> list[AbsorbingUnit]:
    """The units that were in the register at that moment, by id."""
    rows = session.scalars(
        select(AbsorbingUnitRow)
        .where(_in_force(known_at), AbsorbingUnitRow.retired.is_(False))
        .order_by(AbsorbingUnitRow.unit_id)
    )
    return sorted(map(_unit, rows), key=lambda unit: unit.id)  # by code point, whatever the database's collation


def unit_on(session: Session, unit_id: str, known_at: dt.datetime) -> AbsorbingUnit:
    """One unit as it was known then; NotFound where it was not in the register."""
    row = session.scalar(select(AbsorbingUnitRow).where(AbsorbingUnitRow.unit_id == unit_id, _in_force(known_at)))
    if row is None or row.retired:
        raise no_unit(unit_id)
    return _unit(row)


def unit_versions(session: Session, unit_id: str) -> list[UnitVersion]:
    """Every version of a unit, oldest first; NotFound where there never was one."""
    rows = session.scalars(
        select(AbsorbingUnitRow)
        .where(AbsorbingUnitRow.unit_id == unit_id)
        .order_by(AbsorbingUnitRow.known_from, AbsorbingUnitRow.version)
    ).all()
    if not rows:
        raise no_unit(unit_id)
    return [UnitVersion(_unit(row), row.known_from, row.by, row.retired) for row in rows]


def unit_names(session: Session) -> dict[str, str]:
    """The last name of every unit by id; of one that has left the register too, for what it took remains."""
    return _last_of(session, AbsorbingUnitRow.name)


def unit_channels(session: Session) -> dict[str, str]:
    """The last channel of every unit by id, of those that have left the register too."""
    return _last_of(session, AbsorbingUnitRow.channel)


def put_units(session: Session, units: Iterable[AbsorbingUnit], *, at: dt.datetime, by: str) -> UnitChanges:
    """Add units and new versions of those whose content differs; others in the register are left as they are.

    InvalidEntry names every faulty unit and every id that stands twice; then nothing is written.
    """
    given = list(units)
    _refuse_faulty(given)
    hold_history(session, AbsorbingUnitRow)
    present = {row.unit_id: row for row in session.scalars(_present())}
    added: list[str] = []
    changed: list[str] = []
    unchanged: list[str] = []
    closed: dict[int, dt.datetime] = {}
    rows: list[dict[str, Any]] = []
    for unit in given:
        held = present.get(unit.id)
        if held is not None and not held.retired and _unit(held) == unit:
            unchanged.append(unit.id)
            continue
        (added if held is None or held.retired else changed).append(unit.id)
        rows.append(_row(unit, held, closed, at=at, by=by))
    follow(session, AbsorbingUnitRow, closed, rows)
    return UnitChanges(tuple(added), tuple(changed), tuple(unchanged))


def retire_unit(session: Session, unit_id: str, *, at: dt.datetime, by: str) -> None:
    """Take a unit out of the register from now on; NotFound where it is not in it."""
    hold_history(session, AbsorbingUnitRow)
    held = session.scalar(_present().where(AbsorbingUnitRow.unit_id == unit_id))
    if held is None or held.retired:
        raise no_unit(unit_id)
    closed: dict[int, dt.datetime] = {}
    row = _row(_unit(held), held, closed, at=at, by=by) | {"retired": True}
    follow(session, AbsorbingUnitRow, closed, [row])


def no_unit(unit_id: str) -> NotFound:
    """The error of a unit that is not in the register."""
    return NotFound(
        f"there is no unit {unit_id!r} in the register", where="unit", todo="see the register, or add the unit to it"
    )


def listed(faulty: Sequence[str]) -> str:
    """Faults in one line: the first of them word for word, the rest counted."""
    more = f"; and {len(faulty) - TOLD} more" if len(faulty) > TOLD else ""
    return "; ".join(faulty[:TOLD]) + more


def _refuse_faulty(units: Sequence[AbsorbingUnit]) -> None:
    told = []
    for number, unit in enumerate(units, start=1):
        if not unit.id.strip() or not unit.name.strip():
            told.append(f"unit {number} ({unit.id or unit.name!r}) lacks an id or a name")
        told.extend(f"{unit.id} {field}: {en}" for field, _, en in faults(unit))
    twice = Counter(unit.id for unit in units)
    told.extend(f"{unit_id} stands {count} times" for unit_id, count in twice.items() if count > 1)
    if told:
        raise InvalidEntry(listed(told), where="units", todo="correct these and send all again: nothing was written")


def _row(
    unit: AbsorbingUnit, held: AbsorbingUnitRow | None, closed: dict[int, dt.datetime], *, at: dt.datetime, by: str
) -> dict[str, Any]:
    """The new version; the held one is noted as closed. A clock set back does not change what was known before."""
    known_from = at if held is None else max(at, held.known_from)
    if held is not None:
        closed[held.version] = known_from
    content = {name: getattr(unit, name) for name in CONTENT}
    content |= {"kind": unit.kind.value, "accepts": list(unit.accepts), "prefers": list(unit.prefers)}
    return {"unit_id": unit.id, "known_from": known_from, "by": by, "retired": False} | content


def _unit(row: AbsorbingUnitRow) -> AbsorbingUnit:
    content = {name: getattr(row, name) for name in CONTENT}
    content |= {"kind": UnitKind(row.kind), "accepts": tuple(row.accepts), "prefers": tuple(row.prefers)}
    return AbsorbingUnit(id=row.unit_id, **content)


def _last_of(session: Session, column: InstrumentedAttribute[str]) -> dict[str, str]:
    """A column's value in the last version of every unit, by unit id."""
    last = select(AbsorbingUnitRow.unit_id, column).where(AbsorbingUnitRow.superseded_at.is_(None))
    return dict(session.execute(last).all())


def _present() -> Any:
    return select(AbsorbingUnitRow).where(AbsorbingUnitRow.superseded_at.is_(None))


def _in_force(known_at: dt.datetime) -> Any:
    return in_force(AbsorbingUnitRow.known_from, AbsorbingUnitRow.superseded_at, known_at)
