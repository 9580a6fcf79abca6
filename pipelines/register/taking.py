"""The register out of the store and into it: all of a workbook, or nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pipelines.register.entries import Register, YearQuota
from warning.catalog import Catalog
from warning.store.engine import Session
from warning.store.quotas import quota_accounts, set_quota
from warning.store.responses import ResponseChanges, record_responses, responses_as_of
from warning.store.township_places import places_as_of, put_places
from warning.store.units import UnitChanges, put_units, units_as_of


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a register that was taken in."""

    units: UnitChanges
    places: int
    quotas: int
    """How many were new or differ."""
    responses: ResponseChanges

    @property
    def line_zh(self) -> str:
        """In one line."""
        return (
            f"单位 新增 {len(self.units.added)}、更新 {len(self.units.changed)}、未变 {len(self.units.unchanged)}；"
            f"乡镇位置更新 {self.places}；配额更新 {self.quotas}；"
            f"消纳 新增 {self.responses.added}、更正 {self.responses.changed}、未变 {self.responses.unchanged}"
        )

    @property
    def line_en(self) -> str:
        """The same in English."""
        return (
            f"units: {len(self.units.added)} added, {len(self.units.changed)} changed, {len(self.units.unchanged)} "
            f"unchanged; {self.places} places and {self.quotas} quotas changed; responses: {self.responses.added} "
            f"added, {self.responses.changed} corrected, {self.responses.unchanged} unchanged"
        )


def register_of(session: Session, known_at: dt.datetime, year: int) -> Register:
    """The register as it was known then, with the quotas and responses of a year."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    return Register(
        tuple(units_as_of(session, known_at)),
        places_as_of(session, known_at),
        _quotas(session, year),
        tuple(one.response for one in responses_as_of(session, known_at, first=first, last=last)),
    )


def take_register(session: Session, register: Register, catalog: Catalog, *, at: dt.datetime, by: str) -> Taken:
    """Write a register in the caller's transaction; raises the store's errors, after which nothing must be kept."""
    units = put_units(session, register.units, at=at, by=by)
    places = put_places(session, register.places, at=at, by=by)
    present = {quota for year in {one.year for one in register.quotas} for quota in _quotas(session, year)}
    fresh = [quota for quota in register.quotas if quota not in present]
    for quota in fresh:
        set_quota(session, quota.unit_id, quota.year, tonnes=quota.tonnes, cny=quota.cny, at=at, by=by)
    responses = record_responses(session, register.responses, at=at, by=by, catalog=catalog)
    return Taken(units, places, len(fresh), responses)


def _quotas(session: Session, year: int) -> tuple[YearQuota, ...]:
    return tuple(YearQuota(one.unit_id, year, one.tonnes, one.cny) for one in quota_accounts(session, year))
