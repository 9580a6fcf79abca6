"""Responses: what units in fact took, by day, as it was known at any moment; each correction is a new version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from warning.absorption.effect import Delivered
from warning.store.histories import in_force
from warning.store.recording import ResponseChanges, record_responses
from warning.store.response_rows import Response, response_of
from warning.store.tables import ResponseRow

__all__ = ["RecordedResponse", "Response", "ResponseChanges", "delivered", "record_responses", "responses_as_of"]


@dataclass(frozen=True, slots=True)
class RecordedResponse:
    """A response with when and by whom it was recorded."""

    response: Response
    recorded_at: dt.datetime
    by: str


def responses_as_of(
    session: Session,
    known_at: dt.datetime,
    *,
    product_id: str | None = None,
    township_id: str | None = None,
    unit_id: str | None = None,
    alert_id: str | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> list[RecordedResponse]:
    """The responses as they were known then, by day, unit, product, township and lot; `last` is included."""
    statement = select(ResponseRow).where(in_force(ResponseRow.recorded_at, ResponseRow.superseded_at, known_at))
    wanted = {"product_id": product_id, "township_id": township_id, "unit_id": unit_id, "alert_id": alert_id}
    statement = statement.filter_by(**{name: value for name, value in wanted.items() if value is not None})
    if first is not None:
        statement = statement.where(ResponseRow.day >= first)
    if last is not None:
        statement = statement.where(ResponseRow.day <= last)
    found = [RecordedResponse(response_of(row), row.recorded_at, row.by) for row in session.scalars(statement)]
    return sorted(found, key=lambda one: (one.response.day, one.response.key))


def delivered(found: Iterable[RecordedResponse]) -> list[Delivered]:
    """What was delivered: the responses of more than nothing."""
    return [
        Delivered(one.unit_id, one.product_id, one.township_id, one.day, one.tonnes)
        for one in (recorded.response for recorded in found)
        if one.tonnes > 0
    ]
