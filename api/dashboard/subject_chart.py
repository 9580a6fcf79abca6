"""A subject's days as a chart: its level as a ribbon, stock, days of supply and tonnes to place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.schemas.levels import level_word
from warning.store.engine import Session
from warning.store.subject_days import subject_days

DAYS = 400
Number = float | None


@dataclass(frozen=True, slots=True)
class SubjectChart:
    """Columns of one length, by business date; None where unknown."""

    days: tuple[dt.date, ...] = ()
    level: tuple[str, ...] = ()
    surplus_t: tuple[Number, ...] = ()
    stock_t: tuple[Number, ...] = ()
    supply: tuple[Number, ...] = ()
    """Days of supply over the days left: above 1 the stock cannot clear in time."""

    def columns(self) -> dict[str, Sequence[Any]]:
        """By name, as they are drawn and as they are saved."""
        return {
            "day": self.days, "level": self.level, "surplus_t": self.surplus_t, "stock_t": self.stock_t,
            "supply": self.supply,
        }  # fmt: skip


def subject_chart(session: Session, product_id: str, kind: str, place_id: str, until: dt.date) -> SubjectChart:
    """The last 400 days of a subject."""
    found = subject_days(session, product_id, kind, place_id, since=until - dt.timedelta(days=DAYS), until=until)
    return SubjectChart(
        days=tuple(one.business_date for one in found),
        level=tuple(level_word(one.level) for one in found),
        surplus_t=tuple(one.surplus_t for one in found),
        stock_t=tuple(one.readings.get("stock_t") for one in found),
        supply=tuple(one.readings.get("D") for one in found),
    )
