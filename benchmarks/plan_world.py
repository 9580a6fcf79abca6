"""Districts of any size for benchmarks of the placement plan: seeded, simulated, and sparse as real ones are.

Sparse by what is real: a product grows in some townships only; canteens, markets and shops take most of what they may,
processors, stores and exporters a few products or groups; leaf is gone in three days; a firm lies within its distance.
"""

from __future__ import annotations

import datetime as dt
import random

from warning.absorption.distance import Place
from warning.absorption.problem import Batch, Options, Problem
from warning.absorption.units import AbsorbingUnit, UnitKind
from warning.reference import load_catalog

DAY = dt.date(2026, 3, 2)
CENTRE = (30.67, 107.75)
SPREAD = 0.17
"""Degrees, standard deviation: a district some 60 km across."""
GROWN = 0.25
"""Share of townships in which a product that is grown in the district has a surplus."""
ROLES = (
    # channel, kind, share of all units, tonnes a day, how many products or groups it takes (0: any), store in days
    ("canteens", UnitKind.SCHOOL, 0.40, (0.1, 1.2), 4, 0),
    ("canteens", UnitKind.HOSPITAL, 0.08, (0.1, 0.8), 3, 0),
    ("joint-emergency", UnitKind.CARE_HOME, 0.06, (0.05, 0.5), 3, 0),
    ("social-forces", UnitKind.FACTORY, 0.10, (0.1, 0.9), 3, 0),
    ("cold-storage-outlets", UnitKind.COLD_STORE, 0.06, (10, 60), 3, 15),
    ("cold-storage-outlets", UnitKind.WHOLESALE, 0.02, (30, 120), 0, 0),
    ("buyer-matching", UnitKind.SUPERMARKET, 0.12, (1, 12), 4, 0),
    ("e-commerce", UnitKind.E_COMMERCE, 0.06, (1, 10), 2, 0),
    ("processing-storage", UnitKind.PROCESSOR, 0.05, (5, 60), 2, 30),
    ("special-counters", UnitKind.COUNTER, 0.03, (0.1, 1), 2, 0),
    ("export", UnitKind.EXPORT, 0.02, (2, 20), 2, 0),
)
CATALOG = load_catalog()


def goods(count: int) -> list[str]:
    """The first `count` products that are goods, those of the district first."""
    found = [one for one in CATALOG.products.values() if one.group not in {"index", "feed"}]
    return [one.id for one in sorted(found, key=lambda one: not one.local)][:count]


def plan_world(
    products: int = 200, townships: int = 33, units: int = 500, days: int = 30, *, seed: int = 1, grown: float = GROWN,
    lots: bool = False, load: float = 1.0,
) -> Problem:  # fmt: skip
    """A district's problem; `load` is the surplus over what all units take in the span, `lots` sets minimum lots."""
    rng = random.Random(seed)
    ids = list(CATALOG.townships)[:townships]
    places = {one: Place(rng.gauss(CENTRE[0], SPREAD), rng.gauss(CENTRE[1], SPREAD), rng.random() < 0.2) for one in ids}
    names = goods(products)
    buyers = tuple(_unit(rng, number, ids, names, lots) for number in range(units))
    drawn = [_batch(rng, name, one, days) for name in names for one in ids if rng.random() < grown]
    scale = load * _room(buyers, days) / sum(one.tonnes for one in drawn)
    return Problem(DAY, tuple(_scaled(one, scale) for one in drawn), buyers, places, (), Options(days=days))


def cut_to(problem: Problem, arcs: int) -> Problem:
    """The problem with as many of its batches as give about so many arcs, tonnes as they are."""
    from warning.absorption.arcs import network_of

    counted = network_of(problem, CATALOG).arcs.batch
    kept = int(counted[min(arcs, len(counted)) - 1]) + 1 if len(counted) else 0
    return Problem(problem.day, problem.batches[:kept], problem.units, problem.places, (), problem.options)


def _batch(rng: random.Random, name: str, township: str, days: int) -> Batch:
    keeps = CATALOG.products[name].shelf_life_days
    release = DAY + dt.timedelta(days=rng.choice((1, 1, 8, 15)) if days > 15 else 1)
    return Batch(
        name, township, "", release, release + dt.timedelta(days=min(keeps, 28)), rng.lognormvariate(1.5, 1),
        price_per_kg=round(rng.uniform(0.6, 6), 2), level=rng.choice((1, 2, 3)),
    )  # fmt: skip


def _unit(rng: random.Random, number: int, ids: list[str], names: list[str], lots: bool) -> AbsorbingUnit:
    channel, kind, _, (low, high), takes, stores = rng.choices(ROLES, [role[2] for role in ROLES])[0]
    groups = sorted({CATALOG.products[name].group for name in names})
    a_day = round(rng.uniform(low, high), 2)
    wide = kind in {UnitKind.SCHOOL, UnitKind.HOSPITAL, UnitKind.CARE_HOME, UnitKind.FACTORY, UnitKind.SUPERMARKET}
    choice = groups if wide else names
    return AbsorbingUnit(
        f"u{number}", f"u{number}", channel, kind, rng.choice(ids),
        tonnes_per_day=a_day,
        accepts=tuple(rng.sample(choice, min(takes * (1 if wide else 4), len(choice)))) if takes else (),
        closed_weekends=kind == UnitKind.SCHOOL,
        closed_in_holidays=kind == UnitKind.SCHOOL,
        lead_days=rng.randint(1, 6) if channel != "export" else 21,
        storage_t=stores * a_day if stores else None,
        minimum_lot_t=round(a_day * rng.choice((0.2, 0.5)), 2) if lots and a_day >= 1 else 0.0,
    )  # fmt: skip


def _room(buyers: tuple[AbsorbingUnit, ...], days: int) -> float:
    return sum(min(one.capacity_t * days, one.storage_t or 1e9) for one in buyers)


def _scaled(batch: Batch, scale: float) -> Batch:
    from dataclasses import replace

    return replace(batch, tonnes=round(batch.tonnes * scale, 2))
