"""What a plan is made from, read together: the day's surplus, the register, places and quotas -> a `Problem`.

Evidence is that of the business date, as its run knew it; register and quotas are those in force when the plan is
made. The problem holds all of it, so that the plan can be made again when everything has changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from warning.absorption.problem import USUAL, Batch, Options, Problem
from warning.absorption.shock_names import under_ids
from warning.absorption.shocks import Shock, ShockKind
from warning.absorption.surplus import EPOCH, Subject, estimated_batch, reported_batches
from warning.catalog import Catalog, PlaceKind
from warning.errors import Conflict
from warning.store.alerts import alert_on
from warning.store.engine import Store
from warning.store.outlet_volumes import marketed_outputs
from warning.store.outputs import reported_outputs
from warning.store.quotas import quotas_left
from warning.store.reports import reports_as_of
from warning.store.risk import judged_date, known_to_run
from warning.store.tables import AssessmentRow
from warning.store.township_places import places_as_of
from warning.store.units import units_as_of
from warning.township import SEASON_HOLD_DAYS, Lots, lots_of

ALERTED = 1
"""Blue and above: what a plan for everything places."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a plan is for: one alert, or all products under an alert; `day` is the business date (None: the last)."""

    alert_id: str | None = None
    day: dt.date | None = None
    products: tuple[str, ...] = ()
    townships: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A problem with what it is for."""

    problem: Problem
    alert_id: str | None
    products: tuple[str, ...]


def problem_for(
    store: Store,
    catalog: Catalog,
    scope: Scope,
    *,
    now: dt.datetime,
    options: Options = USUAL,
    shocks: Sequence[Shock] = (),
) -> Asked:
    """The problem of a scope; shocks may name things in words.

    NotFound without such an alert or run; Conflict for an alert that has no plan.
    """
    with store.session() as session:
        scope = _of_alert(session, scope)
        day = judged_date(session, scope.day)
        known_at = known_to_run(session, day) or now
        subjects, estimates = _subjects(session, day, scope)
        units = units_as_of(session, now)
        places = places_as_of(session, now)
        quotas = quotas_left(session, day.year)
        outputs = reported_outputs(session, tuple(subjects), as_of=known_at, day=day, townships=scope.townships)
    reports = reports_as_of(store, as_of=known_at, first_day=day - dt.timedelta(days=SEASON_HOLD_DAYS), last_day=day)
    number = (day - EPOCH).days
    lots = None if reports.empty else lots_of(reports, number, number)
    batches = _batches(catalog, scope, day, lots, subjects, estimates)
    guessed = [catalog.products[batch.product_id] for batch in batches if batch.estimated]
    unreported = [one for one in guessed if one.id not in {output.product_id for output in outputs}]
    outputs += marketed_outputs(store, unreported, day, known_at) if unreported else ()
    shocks = under_ids(shocks, catalog, units)
    problem = Problem(
        day=day,
        batches=batches,
        units=tuple(units),
        places=dict(places),
        quotas=tuple(quotas),
        options=options,
        shocks=(*shocks, *_blocked_roads(lots, batches, shocks)),
        outputs=outputs,
    )
    return Asked(problem, scope.alert_id, tuple(sorted({batch.product_id for batch in batches})))


def _of_alert(session: Session, scope: Scope) -> Scope:
    """The scope with the alert's product, place and day."""
    if scope.alert_id is None:
        return scope
    found = alert_on(session, scope.alert_id, scope.day).judgement
    if found.place_kind == PlaceKind.MARKET:
        raise Conflict(
            f"{scope.alert_id} is about a market: plans are made for townships and the district",
            where="alert",
            todo="see its channels, or ask for the plan of the product's district alert",
        )
    townships = (found.place_id,) if found.place_kind == PlaceKind.TOWNSHIP else scope.townships
    return replace(scope, day=found.business_date, products=(found.product_id,), townships=townships)


def _subjects(session: Session, day: dt.date, scope: Scope) -> tuple[dict[str, Subject], dict[str, float]]:
    """(each product's price and worst level in the district, its estimated surplus where nobody reports)."""
    kinds = (PlaceKind.DISTRICT.value, PlaceKind.TOWNSHIP.value)
    rows = session.scalars(
        select(AssessmentRow).where(AssessmentRow.business_date == day, AssessmentRow.place_kind.in_(kinds))
    )
    price: dict[str, float] = {}
    level: dict[str, int] = {}
    estimates: dict[str, float] = {}
    for row in rows:
        level[row.product_id] = max(level.get(row.product_id, 0), row.level)
        reading = row.readings.get("reading")
        if reading is not None and (row.place_kind == PlaceKind.DISTRICT or row.product_id not in price):
            price[row.product_id] = float(reading)
        if row.place_kind == PlaceKind.DISTRICT and row.surplus_estimated and row.surplus_t:
            estimates[row.product_id] = float(row.surplus_t)
    wanted = scope.products or tuple(name for name, worst in level.items() if worst >= ALERTED)
    return {name: Subject(price.get(name, 0.0), level.get(name, 0)) for name in wanted}, estimates


def _batches(
    catalog: Catalog,
    scope: Scope,
    day: dt.date,
    lots: Lots | None,
    subjects: dict[str, Subject],
    estimates: dict[str, float],
) -> tuple[Batch, ...]:
    found: tuple[Batch, ...] = ()
    if lots is not None and lots.product:
        found = reported_batches(lots, day, catalog.products, subjects, townships=scope.townships)
    # a report of seedlings alone says nothing of the surplus: the estimate stands then
    reported = {batch.product_id for batch in found}
    guessed = tuple(
        estimated_batch(catalog.products[name], day, estimates[name], subject)
        for name, subject in sorted(subjects.items())
        if name in estimates and name not in reported and not scope.townships
    )
    return found + guessed


def _blocked_roads(lots: Lots | None, batches: Iterable[Batch], asked: Sequence[Shock]) -> tuple[Shock, ...]:
    """Roads that townships report as blocked, where there is something to move."""
    if lots is None:
        return ()
    blocked = {name for name, cut in zip(lots.township, lots.values["road_blocked"][:, -1], strict=True) if cut >= 0.5}
    here = {batch.township_id for batch in batches}
    told = {shock.what for shock in asked if shock.kind == ShockKind.ROAD}
    return tuple(Shock(ShockKind.ROAD, name) for name in sorted((blocked & here) - told))


__all__ = ["Asked", "Scope", "problem_for"]
