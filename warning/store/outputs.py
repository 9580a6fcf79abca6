"""How much of each product is marketed in a season and in a year, by the reports of the townships."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from warning.absorption.problem import Output
from warning.store.reports import in_force
from warning.store.tables import ReportRow
from warning.township import HOLD_DAYS

YEAR_DAYS: Final = 365
AHEAD_DAYS: Final = 90
"""A lot is reported from planting on: the year ends with the harvests that begin within these days."""
PAST_YEARS: Final = 10


def reported_outputs(
    session: Session, products: Collection[str], *, as_of: dt.datetime, day: dt.date, townships: Collection[str] = ()
) -> tuple[Output, ...]:
    """The outputs of the products that report any on or before `day`, as known at `as_of`; `townships` narrows.

    A lot counts once a year, with what its last report of that year says.
    """
    columns = (ReportRow.product_id, ReportRow.township_id, ReportRow.lot, ReportRow.harvest_from,
               ReportRow.marketable_t, ReportRow.day)  # fmt: skip
    asked = select(*columns).where(
        ReportRow.product_id.in_(products),
        ReportRow.day.between(day - dt.timedelta(days=(PAST_YEARS + 1) * YEAR_DAYS), day),
        ReportRow.marketable_t.is_not(None),
        ReportRow.harvest_from.is_not(None),
        in_force(as_of),
    )
    if townships:
        asked = asked.where(ReportRow.township_id.in_(townships))
    last: dict[tuple[str, int, str, str], tuple[float, bool]] = {}
    for product, township, lot, begin, tonnes, reported in session.execute(asked.order_by(ReportRow.day)):
        if begin is None or tonnes is None:
            continue
        year = (day + dt.timedelta(days=AHEAD_DAYS) - begin).days // YEAR_DAYS
        last[product, year, township, lot] = tonnes, (day - reported).days <= HOLD_DAYS
    return tuple(_output(product, last) for product in sorted({key[0] for key in last}))


def _output(product_id: str, last: dict[tuple[str, int, str, str], tuple[float, bool]]) -> Output:
    own = {key: told for key, told in last.items() if key[0] == product_id}
    by_year: dict[int, float] = {}
    for (_, year, _, _), (tonnes, _) in own.items():
        by_year[year] = by_year.get(year, 0.0) + tonnes
    return Output(
        product_id,
        season_t=sum(tonnes for (_, year, _, _), (tonnes, under_way) in own.items() if under_way and year <= 0),
        year_t=by_year.get(0, 0.0),
        past_years_t=tuple(by_year[year] for year in sorted(by_year) if year > 0),
    )
