"""The rows of what was placed, under the catalog's ids: every faulty field is named, or none is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.directory import Reference
from api.problems import InvalidRequest
from api.schemas.problem import FieldError
from api.schemas.responses import Placed, ResponsesIn
from warning.catalog import PlaceKind
from warning.errors import UnknownName
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
    wrong: list[FieldError] = []
    candidates: list[str] = []
    for number, placed in enumerate(asked.responses):
        faults = _Faults(f"body.responses.{number}", wrong, candidates)
        product = faults.meant("product", reference.product, placed.product, alert.product_id)
        township = faults.meant("township", reference.township, placed.township, _township(alert) or "")
        if placed.unit not in known.units:
            faults.add("unit", f"there is no unit {placed.unit!r} in the register")
        if placed.day > known.today:
            faults.add("day", f"{placed.day} lies in the future: record what was taken")
        if product not in (None, alert.product_id):
            faults.add("product", f"the alert is about {alert.product_id}, not {product}")
        if township is not None and _township(alert) not in (None, township):
            faults.add("township", f"the alert is about {alert.place_id}, not {township or 'the district'}")
        rows.append(_row(placed, alert, township or "", asked.plan))
    if wrong:
        raise InvalidRequest.of_fields(wrong, candidates)
    return rows


@dataclass(frozen=True, slots=True)
class _Faults:
    """The faults of one row, added to those of all."""

    at: str
    wrong: list[FieldError]
    candidates: list[str]

    def add(self, field: str, what: str) -> None:
        """Note a faulty field."""
        self.wrong.append(FieldError(where=f"{self.at}.{field}", what=what))

    def meant(self, field: str, resolve: Callable[[str], str], text: str | None, usual: str) -> str | None:
        """The id meant; the usual one where nothing is said, None where what is said means nothing."""
        if text is None:
            return usual
        try:
            return resolve(text)
        except UnknownName as error:
            self.add(field, error.what)
            self.candidates.extend(error.candidates)
            return None


def _township(alert: Alert) -> str | None:
    return alert.place_id if alert.place_kind == PlaceKind.TOWNSHIP else None


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
