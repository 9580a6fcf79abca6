"""Problems for tests of placement plans: small ones drawn at random, and one builder of each part.

Tonnes and capacities are multiples of a half, so that a case that fails is easy to read. Each batch has its own lot,
by which a plan's placements can be told apart.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from hypothesis import strategies as st

from warning.absorption.distance import Place
from warning.absorption.problem import Batch, Options, Problem, Quota
from warning.absorption.shocks import Shock, ShockKind
from warning.absorption.units import AbsorbingUnit, UnitKind

DAY = dt.date(2026, 3, 2)
DAYS = (DAY, dt.date(2026, 2, 14), dt.date(2026, 7, 1))
"""In term, before the end of the winter holiday, before the summer holiday."""
TOWNSHIPS = ("500155001", "500155102", "500155104", "500155119")
PLACES = {
    "500155001": Place(30.67, 107.80),
    "500155102": Place(30.75, 107.65, key=True),
    "500155104": Place(30.55, 107.50),
}
"""The last township has no coordinates."""
PRODUCTS = ("cabbage", "pak-choi", "tomato", "pomelo-liangping", "grass-carp", "mustard-tuber")
KINDS = {
    "canteens": UnitKind.SCHOOL, "budget-procurement": UnitKind.RESERVE, "social-forces": UnitKind.INDUSTRY,
    "cold-storage-outlets": UnitKind.COLD_STORE, "buyer-matching": UnitKind.SUPERMARKET,
    "e-commerce": UnitKind.E_COMMERCE, "cold-chain": UnitKind.FLEET, "export": UnitKind.EXPORT,
    "joint-emergency": UnitKind.STOCK, "epidemic-disaster": UnitKind.OFFICE,
    "processing-storage": UnitKind.PROCESSOR, "special-counters": UnitKind.COUNTER,
    "picking-tourism": UnitKind.PICKING,
}  # fmt: skip


def batch(tonnes: float = 10.0, **more: Any) -> Batch:
    """Cabbage of the seat's township, there from tomorrow, good for ten days, at 2 CNY a kg."""
    begin = more.pop("release", DAY + dt.timedelta(days=1))
    known = {"product_id": "cabbage", "township_id": TOWNSHIPS[0], "lot": "L1", "price_per_kg": 2.0}
    known |= {"expiry": DAY + dt.timedelta(days=10)} | more
    return Batch(release=begin, tonnes=tonnes, **known)


def unit(name: str = "u1", **more: Any) -> AbsorbingUnit:
    """A wholesale market in the seat's township: five tonnes a day of anything, from tomorrow."""
    known = {"channel": "cold-storage-outlets", "kind": UnitKind.WHOLESALE, "tonnes_per_day": 5.0}
    known |= {"township_id": TOWNSHIPS[0], "lead_days": 1} | more
    return AbsorbingUnit(id=name, name=name, **known)


def problem(*parts: Batch | AbsorbingUnit | Quota | Shock, **options: Any) -> Problem:
    """A problem of these parts on `DAY`."""

    def of(kind: type) -> tuple[Any, ...]:
        return tuple(part for part in parts if isinstance(part, kind))

    return Problem(DAY, of(Batch), of(AbsorbingUnit), dict(PLACES), of(Quota), Options(**options), of(Shock))


def halves(low: float, high: float) -> st.SearchStrategy[float]:
    """Multiples of a half."""
    return st.integers(int(low * 2), int(high * 2)).map(lambda number: number / 2)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """None more often than not."""
    return st.one_of(st.none(), st.none(), strategy)


@st.composite
def batches(draw: st.DrawFn, lot: str, day: dt.date) -> Batch:
    """One batch; now and then expired, without a price, or with a floor no buyer meets."""
    release = day + dt.timedelta(days=draw(st.integers(-2, 12)))
    return Batch(
        product_id=draw(st.sampled_from(PRODUCTS)),
        township_id=draw(st.sampled_from(TOWNSHIPS)),
        lot=lot,
        release=release,
        expiry=release + dt.timedelta(days=draw(st.integers(-1, 16))),
        tonnes=draw(halves(0, 40)),
        price_per_kg=draw(st.sampled_from((0.0, 0.8, 2.0, 5.0))),
        floor_per_kg=draw(st.sampled_from((0.0, 0.0, 0.5, 1.9, 9.0))),
        key=draw(st.booleans()),
        level=draw(st.integers(0, 4)),
        blocked=draw(st.booleans()),
    )


@st.composite
def units(draw: st.DrawFn, name: str, lots: bool) -> AbsorbingUnit:
    """One unit of some channel, with what a unit may state of itself."""
    channel = draw(st.sampled_from(sorted(KINDS)))
    tonnes = draw(maybe(halves(0, 8)))
    groups = ("cabbage", "vegetable_leaf", "vegetable_fruit", "pomelo-liangping", "citrus", "fish")
    return AbsorbingUnit(
        id=name,
        name=name,
        channel=channel,
        kind=KINDS[channel],
        township_id=draw(st.sampled_from(("", *TOWNSHIPS))),
        latitude=(place := draw(maybe(st.sampled_from(((30.6, 107.7), (29.6, 106.5)))))) and place[0],
        longitude=place and place[1],
        tonnes_per_day=4.0 if tonnes is None else tonnes,
        closed_in_holidays=draw(st.booleans()),
        closed_weekends=draw(st.booleans()),
        lead_days=draw(maybe(st.integers(0, 6))),
        minimum_lot_t=draw(st.sampled_from((0.0, 0.0, 0.5, 2.0, 4.0))) if lots else 0.0,
        price_per_kg=draw(maybe(st.sampled_from((0.3, 1.5, 6.0)))),
        accepts=tuple(draw(st.lists(st.sampled_from(groups), max_size=3, unique=True))),
        prefers=tuple(draw(st.lists(st.sampled_from(groups), max_size=1))),
        storage_t=draw(maybe(halves(0, 30))),
        loss_rate=draw(maybe(st.sampled_from((0.0, 0.2)))),
    )


@st.composite
def quotas(draw: st.DrawFn, name: str) -> Quota:
    """What is left of one unit's purchases, in tonnes, money, both or neither."""
    return Quota(name, draw(maybe(halves(0, 20))), draw(maybe(st.sampled_from((0.0, 3_000.0, 40_000.0)))))


@st.composite
def shocks(draw: st.DrawFn, names: list[str]) -> Shock:
    """One shock on the problem's townships, units, channels or products."""
    kind = draw(st.sampled_from(list(ShockKind)))
    townships = st.sampled_from(TOWNSHIPS)
    channels = st.sampled_from(sorted(KINDS))
    what = {
        ShockKind.ROAD: st.one_of(townships, st.just("-".join(TOWNSHIPS[:2])), st.just("-".join(TOWNSHIPS[2:]))),
        ShockKind.TOWNSHIP: townships,
        ShockKind.UNIT: st.sampled_from(names),
        ShockKind.CHANNEL: channels,
        ShockKind.CAPACITY: st.one_of(st.just("*"), channels, st.sampled_from(names)),
        ShockKind.STORAGE: st.one_of(st.just("*"), st.sampled_from(PRODUCTS)),
    }[kind]
    return Shock(kind, draw(what), factor=draw(st.sampled_from((0.0, 0.5, 2.0))), days=draw(st.integers(1, 4)))


@st.composite
def options(draw: st.DrawFn, bounds: bool) -> Options:
    """The usual options with the span, weights and, where asked, bounds drawn."""
    return Options(
        days=draw(st.sampled_from((3, 10, 30))),
        key_weight=draw(st.sampled_from((1.0, 1.5))),
        worst_share_weight=draw(st.sampled_from((0.0, 0.5))),
        fairness_k=draw(st.sampled_from((None, 0.0, 0.1, 0.5))) if bounds else None,
        channel_share=draw(st.sampled_from((None, 0.3, 0.6))) if bounds else None,
        most_km=draw(maybe(st.sampled_from((30.0, 120.0)))),
        waiting_per_t_day=draw(st.sampled_from((0.0, 3.0))),
    )


@st.composite
def problems(draw: st.DrawFn, *, bounds: bool = True, lots: bool = True, shocked: bool = True) -> Problem:
    """Up to five batches and seven units, with quotas, shocks, bounds and minimum lots where asked."""
    day = draw(st.sampled_from(DAYS))
    names = [f"u{number}" for number in range(draw(st.integers(1, 7)))]
    goods = [draw(batches(f"L{number}", day)) for number in range(draw(st.integers(1, 5)))]
    limited = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
    return Problem(
        day,
        tuple(goods),
        tuple(draw(units(name, lots)) for name in names),
        dict(PLACES),
        tuple(draw(quotas(name)) for name in limited),
        draw(options(bounds)),
        tuple(draw(st.lists(shocks(names), max_size=2))) if shocked else (),
    )


def busy(seed: int, *, goods: int = 12, buyers: int = 14, **more: Any) -> Problem:
    """A seeded problem in which most goods find several buyers and not all find room."""
    rng = random.Random(seed)
    found: list[Batch | AbsorbingUnit] = []
    for number in range(goods):
        release = DAY + dt.timedelta(days=rng.randint(1, 8))
        found.append(batch(
            rng.randint(4, 60) / 2, product_id=rng.choice(PRODUCTS[:4]), township_id=rng.choice(TOWNSHIPS),
            lot=f"L{number}", release=release, expiry=release + dt.timedelta(days=rng.randint(2, 9)),
            price_per_kg=rng.choice((0.8, 2.0, 3.5)), key=rng.random() < 0.3, level=3,
        ))  # fmt: skip
    for number in range(buyers):
        accepts = tuple(rng.sample(PRODUCTS[:4], rng.randint(1, 3)))
        found.append(unit(
            f"u{number}", township_id=rng.choice(TOWNSHIPS), tonnes_per_day=rng.randint(1, 6) / 2, accepts=accepts,
            channel=rng.choice(("canteens", "buyer-matching", "cold-storage-outlets")), prefers=accepts[:1],
            kind=rng.choice((UnitKind.WHOLESALE, UnitKind.SUPERMARKET, UnitKind.COLD_STORE)),
            storage_t=rng.choice((None, None, 6.0)), closed_weekends=rng.random() < 0.4, lead_days=rng.randint(1, 4),
        ))  # fmt: skip
    return problem(*found, **more)
