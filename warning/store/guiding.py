"""What guidance to growers is made from, read together as of a business date: forecasts, reports, register, volumes.

Reports and volumes are those that the date's run knew, forecasts the newest issued up to it; the register is the one
in force when guidance is asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from sqlalchemy.orm import Session

from warning.absorption.units import AbsorbingUnit
from warning.catalog import Catalog, Product
from warning.guidance.channel_room import free_store_t
from warning.guidance.coming_harvest import ComingHarvest, coming_harvests
from warning.guidance.district_guidance import DistrictFacts, ProductFacts
from warning.guidance.price_forecast import WEEK, PriceForecast, PriceQuantiles
from warning.guidance.reported_growers import reported_growers
from warning.guidance.usual_market import UsualMarket
from warning.lunar import EPOCH
from warning.planting import SEEDLING_HISTORY
from warning.store.engine import Store
from warning.store.outlet_volumes import weekly_tonnes
from warning.store.outlets import Outlet, forecast_outlet, spoken_bands
from warning.store.reports import reports_as_of
from warning.store.risk import judged_date, known_to_run
from warning.store.units import units_as_of
from warning.township import HOLD_DAYS, SEASON_HOLD_DAYS, Lots, lots_of

if TYPE_CHECKING:
    from warning.indicators.grid import Floats

STALE_DAYS: Final = 13
"""A forecast is issued every week: one that is older is none."""
USUAL_WEEKS, COMING_WEEKS = 4, 12


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose guidance: products and townships by id (none: all that report), of a business date (None: the last)."""

    products: tuple[str, ...] = ()
    townships: tuple[str, ...] = ()
    day: dt.date | None = None


def guiding_facts(store: Store, catalog: Catalog, wanted: Wanted, *, now: dt.datetime) -> DistrictFacts:
    """The facts of all products wanted. NotFound where no run judged that day."""
    with store.session() as session:
        day = judged_date(session, wanted.day)
        known_at = known_to_run(session, day) or now
        units = tuple(units_as_of(session, now))
    lots = _lots(store, day, known_at)
    products = [catalog.products[name] for name in _products(lots, wanted.products, catalog)]
    volumes = weekly_tonnes(store, products, day, known_at)
    facts = []
    with store.session() as session:
        for product in products:
            outlet = _outlet(session, product, day)
            facts.append(_facts(session, product, outlet, day, lots, units, volumes.get(product.id)))
    coming = tuple(name for name in _products(lots, (), catalog) if lots and coming_harvests(lots, day, name))
    return DistrictFacts(day, tuple(facts), units, coming, wanted.products, wanted.townships)


def _lots(store: Store, day: dt.date, known_at: dt.datetime) -> Lots | None:
    first = day - dt.timedelta(days=SEASON_HOLD_DAYS)
    reports = reports_as_of(store, as_of=known_at, first_day=first, last_day=day, seedlings_from=day - SEEDLING_HISTORY)
    number = (day - EPOCH).days
    lots = None if reports.empty else lots_of(reports, number, number)
    return lots if lots is not None and lots.product else None


def _products(lots: Lots | None, wanted: Sequence[str], catalog: Catalog) -> list[str]:
    """The products wanted, else those that a township reported while its word holds, by id."""
    if wanted:
        return list(dict.fromkeys(wanted))
    if lots is None:
        return []
    held = [
        product
        for product, last in zip(lots.product, lots.last_report[:, -1], strict=True)
        if lots.days[-1] - last <= SEASON_HOLD_DAYS
    ]
    return sorted({name for name in held if name in catalog.products})


def _facts(
    session: Session,
    product: Product,
    outlet: Outlet | None,
    day: dt.date,
    lots: Lots | None,
    units: Sequence[AbsorbingUnit],
    weekly: Floats | None,
) -> ProductFacts:
    growers = () if lots is None else reported_growers(lots, day, product)
    harvests = () if lots is None else coming_harvests(lots, day, product.id)
    own = _own_share(None if lots is None else _outflow(lots, product.id), harvests, day)
    stored = sum(one.ready_t for one in growers) + _planned(lots, product.id)
    return ProductFacts(
        product=product,
        growers=growers,
        market=usual_market(own, weekly, stored + free_store_t(product, units)),
        harvests=harvests,
        forecast=None if outlet is None else _forecast(session, product.id, outlet, day),
        market_id="" if outlet is None else outlet.market_id,
        issue_day=None if outlet is None else outlet.issue_day,
    )


def usual_market(own_t: float | None, weekly: Floats | None, storage_t: float) -> UsualMarket:
    """The market from what the growers usually bring a week and the outlets' weekly volumes (tonnes, oldest first).

    Its usual volume is that of the last weeks or, if larger, of the coming weeks a year ago: the price forecast knows
    the season too. Where it is larger than the growers' own, others bring the rest, and the largest week of the year
    is the most that can be sold. Otherwise what the growers bring is all that is known of it.
    """
    own = own_t or 0.0
    seen = 0.0
    if weekly is not None and len(weekly):
        seen = float(max(weekly[-USUAL_WEEKS:].mean(), weekly[:COMING_WEEKS].mean()))
    if weekly is None or seen <= own:
        return UsualMarket(usual_t=own_t, storage_t=storage_t)
    return UsualMarket(
        usual_t=seen, others_t=(seen - own,), capacity_t=max(seen, float(weekly.max())), storage_t=storage_t
    )


def _own_share(outflow_t: float | None, harvests: Sequence[ComingHarvest], day: dt.date) -> float | None:
    """Tonnes a week that the growers usually bring: what goes out now or, if more, a normal harvest of these weeks."""
    usual = [weekly for one in harvests if (weekly := one.usual_a_week(day, COMING_WEEKS)) is not None]
    known = [one for one in (outflow_t, sum(usual) if usual else None) if one is not None]
    return max(known, default=None)


def _outflow(lots: Lots, product_id: str) -> float | None:
    """Tonnes a week that went out lately over all townships; None where nobody says."""
    rows = _spoken(lots, product_id)
    values = lots.values["mean_outflow"][rows, -1] if rows else np.zeros(0)
    known = values[~np.isnan(values)]
    return WEEK * float(known.sum()) if len(known) else None


def _planned(lots: Lots | None, product_id: str) -> float:
    """Tonnes for which townships plan storage."""
    rows = [] if lots is None else _spoken(lots, product_id)
    return 0.0 if lots is None or not rows else float(np.nansum(lots.values["planned_storage_t"][rows, -1]))


def _spoken(lots: Lots, product_id: str) -> list[int]:
    heard = lots.days[-1] - lots.last_report[:, -1] <= HOLD_DAYS
    return [row for row, one in enumerate(lots.product) if one == product_id and heard[row]]


def _outlet(session: Session, product: Product, day: dt.date) -> Outlet | None:
    """The first of the product's outlet markets that was forecast lately."""
    first = day - dt.timedelta(days=STALE_DAYS)
    return forecast_outlet(session, product.id, product.outlet_markets, first=first, last=day)


def _forecast(session: Session, product_id: str, outlet: Outlet, day: dt.date) -> PriceForecast:
    """The quantiles by the days from `day` to the Sunday meant."""
    coming = ((target, band) for target, band in spoken_bands(session, outlet).items() if target > day)
    found = tuple(PriceQuantiles((target - day).days, *band) for target, band in coming)
    return PriceForecast(product_id, found, outlet.simulated)
