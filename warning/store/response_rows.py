"""A response and its versions: what a row says, and which version of a key is in force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from warning.store.tables import ResponseRow

Key = tuple[str, str, str, str, dt.date]
"""Unit, product, township, lot, day."""
KEY = ("unit_id", "product_id", "township_id", "lot", "day")


@dataclass(frozen=True, slots=True)
class Response:
    """Tonnes of a product that a unit took on a day, from a township (blank: the district) and lot."""

    unit_id: str
    product_id: str
    township_id: str
    lot: str
    day: dt.date
    tonnes: float
    price_per_kg: float | None = None
    """CNY paid; None: the unit's own price of the register."""
    alert_id: str | None = None
    plan_id: str | None = None
    note: str = ""

    @property
    def key(self) -> Key:
        """What a correction has in common with what it corrects."""
        return self.unit_id, self.product_id, self.township_id, self.lot, self.day


def response_of(row: ResponseRow) -> Response:
    """What the row says."""
    return Response(**{field.name: getattr(row, field.name) for field in fields(Response)})


def content_of(one: Response) -> dict[str, Any]:
    """The response's columns."""
    return {field.name: getattr(one, field.name) for field in fields(Response)}


def present_rows(session: Session, responses: Sequence[Response]) -> dict[Key, ResponseRow]:
    """The versions in force of these responses' keys."""
    if not responses:
        return {}
    days, keys = [one.day for one in responses], {one.key for one in responses}
    rows = session.scalars(
        select(ResponseRow).where(
            ResponseRow.superseded_at.is_(None),
            ResponseRow.day.between(min(days), max(days)),
            ResponseRow.unit_id.in_({one.unit_id for one in responses}),
        )
    )
    return {key: row for row in rows if (key := response_of(row).key) in keys}
