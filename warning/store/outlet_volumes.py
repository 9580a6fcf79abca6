"""What came to the outlet markets of a product, week by week: the best kind of price of each market tells it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import select

from warning.absorption.problem import Output
from warning.catalog import Product
from warning.store.engine import Store
from warning.store.observations import read_panel
from warning.store.outlets import CURRENCY, KINDS
from warning.store.tables import SeriesRow
from warning.store.types import epoch_day

if TYPE_CHECKING:
    from warning.indicators.grid import Floats

WEEK, YEAR_WEEKS = 7, 52
PAST_YEARS = 10
FULL_YEAR = 40
"""A past year of which so many weeks had a volume is compared with."""


def weekly_tonnes(
    store: Store, products: Collection[Product], day: dt.date, known_at: dt.datetime, *, weeks: int = YEAR_WEEKS
) -> Mapping[str, Floats]:
    """Tonnes of each of the last `weeks` weeks up to `day`, by product, the oldest first; those without any left out.

    As known at `known_at`.
    """
    product_of = _outlet_series(store, products)
    if not product_of:
        return {}
    last = epoch_day(day)
    first = last - WEEK * weeks + 1
    ids = np.array(sorted(product_of), dtype=np.int64)
    panel = read_panel(store, as_of=known_at, series_ids=ids, first_day=first, last_day=last)
    found: dict[str, Floats] = {}
    week = (panel.day - first) // WEEK
    for number in ids:
        rows_of = (panel.series_id == number) & ~np.isnan(panel.volume)
        tonnes = np.bincount(week[rows_of], weights=panel.volume[rows_of] / 1000, minlength=weeks)
        name = product_of[int(number)]
        found[name] = found.get(name, np.zeros(weeks)) + tonnes
    return {name: tonnes for name, tonnes in found.items() if tonnes.sum() > 0}


def marketed_outputs(
    store: Store, products: Collection[Product], day: dt.date, known_at: dt.datetime
) -> tuple[Output, ...]:
    """What the outlet markets took in a year and in the years before, of products that nobody reports; no season."""
    weekly = weekly_tonnes(store, products, day, known_at, weeks=YEAR_WEEKS * (PAST_YEARS + 1))
    return tuple(_output(name, tonnes.reshape(-1, YEAR_WEEKS)[::-1]) for name, tonnes in sorted(weekly.items()))


def _output(product_id: str, years: Floats) -> Output:
    """`years` are rows of weeks, the newest first."""
    full = np.count_nonzero(years > 0, axis=1) >= FULL_YEAR
    past = tuple(float(one) for one in years[1:][full[1:]].sum(axis=1))
    return Output(product_id, season_t=0.0, year_t=float(years[0].sum()), past_years_t=past, at_market=True)


def _outlet_series(store: Store, products: Collection[Product]) -> dict[int, str]:
    """The product of each series that tells what came to an outlet market."""
    with store.session() as session:
        rows = session.execute(
            select(SeriesRow.id, SeriesRow.product_id, SeriesRow.market_id, SeriesRow.kind).where(
                SeriesRow.product_id.in_([one.id for one in products]), SeriesRow.currency == CURRENCY
            )
        ).all()
    outlets = {one.id: one.outlet_markets for one in products}
    kinds: dict[tuple[str, str], tuple[int, int]] = {}
    for number, product_id, market_id, kind in rows:
        if market_id in outlets[product_id] and kind in KINDS:
            rank = (KINDS.index(kind), number)
            kinds[product_id, market_id] = min(rank, kinds.get((product_id, market_id), rank))
    return {number: product_id for (product_id, _), (_, number) in kinds.items()}
