"""The rows of what was placed, under the catalog's ids: every faulty field is named, or none is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.directory import Reference
from api.faults import Faults
from api.schemas.responses import Placed, ResponsesIn
from warning.store.alerts import Alert

if TYPE_CHECKING:
    from warning.store.responses import Response as Taken


@dataclass(frozen=True, slots=True)
class Known:
    """What rows are held against: the units that are or were in the register, and the local day."""

    units: Collection[str]
    today: dt.date


def rows_meant(asked: ResponsesIn, alert: Alert, reference: Reference, known: Known) -> list[Taken]:
    """The rows under the catalog's ids; InvalidRequest names every faulty field."""
    rows: list[Taken] = []
    every = Faults("body.responses")
    for number, placed in enumerate(asked.responses):
        faults = every.below(number)
        product: str | None = alert.product_id
        if placed.product is not None:
            product = faults.meant("product", reference.product, placed.product)
        township: str | None = alert.township_id or ""
        if placed.township is not None:
            township = faults.meant("township", reference.township, placed.township)
        if placed.unit not in known.units:
            faults.add("unit", f"there is no unit {placed.unit!r} in the register")
        if placed.day > known.today:
            faults.add("day", f"{placed.day} lies in the future: record what was taken")
        if product not in (None, alert.product_id):
            faults.add("product", f"the alert is about {alert.product_id}, not {product}")
        if township is not None and alert.township_id not in (None, township):
            faults.add("township", f"the alert is about {alert.place_id}, not {township or 'the district'}")
        rows.append(_row(placed, alert, township or "", asked.plan))
    every.refuse()
    return rows


def _row(placed: Placed, alert: Alert, township: str, plan: str | None) -> Taken:
    from warning.store.responses import Response as Taken

    return Taken(
        unit_id=placed.unit,
        product_id=alert.product_id,
        township_id=township,
        lot=placed.lot,
        day=placed.day,
        tonnes=placed.tonnes,
        price_per_kg=placed.price_per_kg,
        alert_id=alert.id,
        plan_id=plan,
        note=placed.note,
    )
