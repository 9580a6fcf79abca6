"""The district and its townships: the outlet markets' price beside the reports of stock, sales and cost."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from warning.assess import Assessment, assessment_of
from warning.catalog import DISTRICT_ID, Catalog, PlaceKind
from warning.indicators.grid import Bools, Floats, Ints
from warning.levels import LOOK_BACK_DAYS, TRACE_DAYS, Cells, Level, PriceReadings, cell_levels, walk
from warning.lunar import EPOCH
from warning.subjects import Subject, data_state, estimated_surplus, hog_weeks, plain, weeks_low
from warning.thresholds import Lines, Thresholds
from warning.tiers import combined_cells, cost_cells, second_class, stock_cells
from warning.township import HOLD_DAYS, Evidence, Lots, evidence_of, lots_of, no_evidence
from warning.trace import HOG, Trace

if TYPE_CHECKING:
    import pandas as pd


def assess_townships(
    trace: Trace, reports: pd.DataFrame | None, day: dt.date, catalog: Catalog, thresholds: Thresholds
) -> list[Assessment]:
    """What `day` says of every product in every township that has reported in the last year.

    The district's price and volume count where the township's report of two weeks at most stands beside them.
    """
    lots = _lots(reports, trace, day)
    if lots is None:
        return []
    groups = _groups(list(zip(lots.product, lots.township, strict=True)))
    places = [(product, PlaceKind.TOWNSHIP, township) for product, township in groups]
    judged = _judged(trace, lots, list(groups.values()), places, day, catalog, thresholds, always_price=False)
    return [_assessed(judged, place, day, thresholds) for place in range(len(places))]


def assess_district(
    trace: Trace,
    reports: pd.DataFrame | None,
    day: dt.date,
    catalog: Catalog,
    thresholds: Thresholds,
    *,
    district_id: str = DISTRICT_ID,
) -> list[Assessment]:
    """What `day` says of every product of the district: its outlets' price, and all townships' reports together."""
    lots = _lots(reports, trace, day)
    reported = {} if lots is None else _groups(lots.product)
    priced = {fact.product_id for fact in trace.facts if fact.place_kind == PlaceKind.DISTRICT}
    products = sorted(priced | set(reported))
    if not products:
        return []
    places = [(product, PlaceKind.DISTRICT, district_id) for product in products]
    groups = [reported.get(product, []) for product in products]
    judged = _judged(trace, lots, groups, places, day, catalog, thresholds, always_price=True)
    return [_assessed(judged, place, day, thresholds) for place in range(len(places))]


@dataclass(frozen=True, slots=True)
class _Judged:
    """Subjects with reports: everything over the look-back, each subjects × days."""

    trace: Trace
    places: Sequence[tuple[str, PlaceKind, str]]
    rows: Sequence[int | None]
    """The trace's row of each subject's district price."""
    offset: int
    days: Ints
    evidence: Evidence
    cells: Cells
    levels: Cells
    lowered: Bools
    priced: Bools
    simulated: Sequence[bool]


def _judged(
    trace: Trace,
    lots: Lots | None,
    groups: Sequence[Sequence[int]],
    places: Sequence[tuple[str, PlaceKind, str]],
    day: dt.date,
    catalog: Catalog,
    thresholds: Thresholds,
    *,
    always_price: bool,
) -> _Judged:
    """Cells and levels of subjects from the district's price and the groups of lots that report on them."""
    last = trace.place(day)
    offset = last - TRACE_DAYS
    days = trace.days[offset : last + 1]
    district = _district_rows(trace)
    wholesale = {product: trace.reading[row, offset : last + 1] for product, row in district.items()}
    evidence = _evidence(lots, groups, len(days), catalog, wholesale)
    reported = days - evidence.last_report <= HOLD_DAYS
    rows = [district.get(product) for product, _, _ in places]
    cells, lowered = np.full((len(places), len(days)), -1, dtype=np.int8), np.zeros((len(places), len(days)), bool)
    for place, (product, _, _) in enumerate(places):
        own = _row_of(evidence, place)
        t1_row = rows[place]
        lines = thresholds.for_product(product)
        t1 = None if t1_row is None else _readings(trace, t1_row, slice(offset, last + 1))
        hog = trace.cells[[t1_row], offset : last + 1] if product == HOG and t1_row is not None else None
        found = _cells(own, t1, hog, np.ones_like(reported[[place]]) if always_price else reported[[place]], lines)
        cells[place], lowered[place] = found[0][0], found[1][0]
    year = slice(len(days) - LOOK_BACK_DAYS - 1, None)
    return _Judged(
        trace=trace,
        places=places,
        rows=rows,
        offset=offset,
        days=days,
        evidence=evidence,
        cells=cells[:, year],
        levels=walk(cells[:, year]),
        lowered=lowered,
        priced=np.ones_like(reported) if always_price else reported,
        simulated=[_simulated(trace, lots, group, row) for group, row in zip(groups, rows, strict=True)],
    )


def _cells(
    own: Evidence, t1: PriceReadings | None, hog: Cells | None, priced: Bools, lines: Lines
) -> tuple[Cells, Bools]:
    """(cells of all tiers, where reports lowered the price's) of one subject; hogs go by their ratio alone."""
    unknown = np.full(own.k.shape, -1, dtype=np.int8)
    if hog is not None:
        alone = np.where(priced, hog, unknown).astype(np.int8)
        return np.where(alone >= 0, alone, stock_cells(own, lines)).astype(np.int8), np.zeros(alone.shape, bool)
    price_cells = unknown if t1 is None else cell_levels(t1, lines, second=second_class(own, lines))
    price_cells = np.where(priced, price_cells, unknown).astype(np.int8)
    return combined_cells(price_cells, cost_cells(own, price_cells, lines), stock_cells(own, lines), own)


def _assessed(judged: _Judged, place: int, day: dt.date, thresholds: Thresholds) -> Assessment:
    product, kind, place_id = judged.places[place]
    lines = thresholds.for_product(product)
    last = len(judged.days) - 1
    surplus = plain(judged.evidence.surplus[place, last])
    row = judged.rows[place]
    fact = None if row is None else judged.trace.facts[row]
    skip = last - LOOK_BACK_DAYS
    subject = Subject(
        product_id=product,
        place_kind=kind,
        place_id=place_id,
        series_id=None,
        currency="CNY" if fact is None else fact.currency,
        simulated=judged.simulated[place],
        days=judged.days[skip:],
        cells=judged.cells[place],
        levels=judged.levels[place],
        readings_at=lambda at: _readings_at(judged, place, skip + at, lines),
        tier=_tier(judged, place, last),
        data_state=_state(judged, place, last),
        last_day=_last_day(judged, place, last),
        surplus_t=surplus,
    )
    found = assessment_of(subject, day, lines)
    return found if surplus is not None or row is None else _with_estimate(found, judged, row, last, lines)


def _with_estimate(found: Assessment, judged: _Judged, row: int, last: int, lines: Lines) -> Assessment:
    """The assessment with the surplus estimated from the outlets' volume, for the district itself only."""
    if found.place_kind != PlaceKind.DISTRICT:
        return found
    tonnes = estimated_surplus(judged.trace, row, judged.offset + last, lines)
    return dataclasses.replace(found, surplus_t=tonnes, surplus_estimated=tonnes is not None)


def _readings_at(judged: _Judged, place: int, at: int, lines: Lines) -> dict[str, float | None]:
    """The subject's numbers at a place of its days."""
    evidence, row = judged.evidence, judged.rows[place]
    found: dict[str, float | None] = {
        "K": plain(evidence.k[place, at]),
        "S": plain(evidence.sold[place, at]),
        "dS": plain(evidence.lag[place, at]),
        "D": plain(evidence.supply[place, at]),
        "over_planting": plain(evidence.over[place, at]),
        "over_seeding": plain(evidence.seeded[place, at]),
        "harvest_in": plain(evidence.harvest_in[place, at]),
        "stock_t": plain(evidence.stock[place, at]),
        "no_bids": plain(evidence.no_bids[place, at]),
        "road_blocked": plain(evidence.blocked[place, at]),
        "lowered": 1.0 if judged.lowered[place, at] else 0.0,
    }
    if row is None or not judged.priced[place, at]:
        return found
    trace, column = judged.trace, judged.offset + at
    names = ("r", "z", "g", "v", "rho", "stall")
    found |= {name: plain(getattr(trace.t1, name)[row, column]) for name in names}
    found |= {"reading": plain(trace.reading[row, column]), "reference": plain(trace.reference[row, column])}
    found["weeks_low"] = weeks_low(trace.t1.r[row, judged.offset : column + 1], lines)
    if judged.places[place][0] == HOG:
        found["hog_ratio"] = plain(trace.hog_ratio[row, column])
        found["hog_weeks"] = hog_weeks(trace.hog_ratio[row, judged.offset : column + 1], lines)
    return found


def _tier(judged: _Judged, place: int, at: int) -> str:
    evidence = judged.evidence
    stock = (evidence.lag, evidence.supply, evidence.over, evidence.seeded, evidence.no_bids)
    if any(not np.isnan(grid[place, at]) for grid in stock):
        return "T3"
    if not np.isnan(evidence.k[place, at]) or judged.places[place][0] == HOG:
        return "T2"
    return "T1"


def _state(judged: _Judged, place: int, at: int) -> str:
    """The state of the reports; of the district's price where nothing is reported."""
    if judged.days[at] - judged.evidence.last_report[place, at] <= HOLD_DAYS:
        return "short" if judged.cells[place, -1] == Level.UNKNOWN else "ok"
    row = judged.rows[place]
    if row is None or judged.places[place][1] != PlaceKind.DISTRICT:
        return "stale"
    return data_state(judged.trace, row, judged.offset + at)


def _last_day(judged: _Judged, place: int, at: int) -> dt.date | None:
    row = judged.rows[place]
    last = int(judged.evidence.last_report[place, at])
    if row is not None and judged.places[place][1] == PlaceKind.DISTRICT:
        last = max(last, int(judged.trace.last_priced[row, judged.offset + at]))
    return EPOCH + dt.timedelta(days=last) if last > 0 else None


def _lots(reports: pd.DataFrame | None, trace: Trace, day: dt.date) -> Lots | None:
    """The reports up to `day` over the look-back; None without any."""
    if reports is None or reports.empty:
        return None
    last = (day - EPOCH).days
    lots = lots_of(reports, last - TRACE_DAYS, last)
    return lots if lots.product else None


Key = TypeVar("Key", bound=Hashable)


def _groups(keys: Sequence[Key]) -> dict[Key, list[int]]:
    """The places of each key."""
    found: dict[Key, list[int]] = {}
    for place, key in enumerate(keys):
        found.setdefault(key, []).append(place)
    return found


def _district_rows(trace: Trace) -> dict[str, int]:
    """The trace's row of each product's district price."""
    return {fact.product_id: row for row, fact in enumerate(trace.facts) if fact.place_kind == PlaceKind.DISTRICT}


def _readings(trace: Trace, row: int, days: slice) -> PriceReadings:
    """One series' readings, as subjects × days."""
    t1, rows = trace.t1, [row]
    return PriceReadings(
        t1.r[rows, days], t1.z[rows, days], t1.g[rows, days], t1.v[rows, days], t1.rho[rows, days], t1.stall[rows, days]
    )


def _evidence(
    lots: Lots | None,
    groups: Sequence[Sequence[int]],
    days: int,
    catalog: Catalog,
    wholesale: Mapping[str, Floats],
) -> Evidence:
    """The evidence of each group; all unknown for a group without lots."""
    out = no_evidence(len(groups), days)
    filled = [place for place, group in enumerate(groups) if group]
    if lots is None or not filled:
        return out
    found = evidence_of(lots, [groups[place] for place in filled], catalog.products, wholesale)
    for line in dataclasses.fields(Evidence):
        getattr(out, line.name)[filled] = getattr(found, line.name)
    return out


def _row_of(evidence: Evidence, place: int) -> Evidence:
    """The evidence of one subject."""
    return Evidence(**{line.name: getattr(evidence, line.name)[[place]] for line in dataclasses.fields(Evidence)})


def _simulated(trace: Trace, lots: Lots | None, group: Sequence[int], row: int | None) -> bool:
    """Whether anything that the subject stands on is simulated."""
    reported = lots is not None and any(lots.simulated[lot] for lot in group)
    return reported or (row is not None and trace.facts[row].simulated)
