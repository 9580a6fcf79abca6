"""Harvests to come of a product: tonnes by township and lot from reports, or from area or seedlings and a yield."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from warning.guidance.price_forecast import WEEK
from warning.lunar import EPOCH
from warning.township import Lots


@dataclass(frozen=True, slots=True)
class ComingHarvest:
    """One lot that is still to be harvested, whole or in part; tonnes are what is not harvested yet.

    `basis` is harvest (reported itself), area or seedlings (each × the yield of the product's other lots), or ""
    where nothing tells the tonnes, which are None then.
    """

    township_id: str
    lot: str
    first: dt.date
    last: dt.date
    begun: bool
    tonnes: float | None
    usual_t: float | None
    """What the same lot brings in a normal year; None where neither its normal area nor its usual seedlings stand."""
    basis: str
    planted_mu: float | None = None
    normal_mu: float | None = None
    seedlings: float | None = None
    usual_seedlings: float | None = None
    simulated: bool = False

    def usual_a_week(self, day: dt.date, weeks: int) -> float | None:
        """Mean tonnes of a normal year in each of the weeks after `day`; None where they are not known."""
        if self.usual_t is None:
            return None
        last = min(self.last, day + dt.timedelta(days=WEEK * weeks))
        return self.usual_t * max(0, (last - self.first).days + 1) / ((self.last - self.first).days + 1) / weeks


def coming_harvests(lots: Lots, day: dt.date, product_id: str) -> tuple[ComingHarvest, ...]:
    """The lots of a product whose harvest is not over on `day`, by first day; those without dates are left out."""
    at = int(np.searchsorted(lots.days, (day - EPOCH).days))
    rows = [row for row, one in enumerate(lots.product) if one == product_id]
    values = {row: {name: float(grid[row, at]) for name, grid in lots.values.items()} for row in rows}
    yields = {name: _yield_by(list(values.values()), name) for name in ("planted_area_mu", "seedlings")}
    found = [
        _harvest(lots, row, value, int(lots.days[at]), yields)
        for row, value in values.items()
        if value["harvest_to"] > lots.days[at] and value["harvest_from"] <= value["harvest_to"]
    ]
    return tuple(sorted(found, key=lambda one: (one.first, one.township_id, one.lot)))


def _harvest(
    lots: Lots, row: int, value: Mapping[str, float], today: int, yields: Mapping[str, float]
) -> ComingHarvest:
    begin, end = int(value["harvest_from"]), int(value["harvest_to"])
    tonnes, basis = _tonnes(value, yields)
    first = max(begin, today + 1)
    if basis in ("area", "seedlings"):
        tonnes *= (end - first + 1) / (end - begin + 1)
    ratio = _ratio(value["normal_area_mu"], value["planted_area_mu"])
    if math.isnan(ratio):
        ratio = _ratio(value["usual_seedlings"], value["seedlings"])
    return ComingHarvest(
        township_id=lots.township[row],
        lot=lots.lot[row],
        first=EPOCH + dt.timedelta(days=first),
        last=EPOCH + dt.timedelta(days=end),
        begun=begin <= today,
        tonnes=_or_none(tonnes),
        usual_t=_or_none(tonnes * ratio),
        basis=basis,
        planted_mu=_or_none(value["planted_area_mu"]),
        normal_mu=_or_none(value["normal_area_mu"]),
        seedlings=_or_none(value["seedlings"]),
        usual_seedlings=_or_none(value["usual_seedlings"]),
        simulated=bool(lots.simulated[row]),
    )


def _tonnes(value: Mapping[str, float], yields: Mapping[str, float]) -> tuple[float, str]:
    if not math.isnan(value["expected_harvest_t"]):
        return value["expected_harvest_t"], "harvest"
    for name, basis in (("planted_area_mu", "area"), ("seedlings", "seedlings")):
        if not math.isnan(value[name] * yields[name]):
            return value[name] * yields[name], basis
    return math.nan, ""


def _yield_by(values: Sequence[Mapping[str, float]], name: str) -> float:
    """Marketable tonnes per mu or per seedling over the lots that state both; NaN where none does."""
    both = [(one["marketable_t"], one[name]) for one in values if one["marketable_t"] >= 0 and one[name] > 0]
    return sum(tonnes for tonnes, _ in both) / sum(size for _, size in both) if both else math.nan


def _ratio(usual: float, now: float) -> float:
    return usual / now if now > 0 else math.nan


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value
