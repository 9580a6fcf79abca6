"""Subjects (product, place) with their year of cells and levels, as read from the trace on a day."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from warning.catalog import PlaceKind
from warning.drivers import Readings, is_stall
from warning.indicators.grid import Floats
from warning.indicators.volume import SaleType
from warning.levels import LOOK_BACK_DAYS, TRACE_DAYS, WEEK, Cells, walk
from warning.lunar import EPOCH
from warning.thresholds import Lines, Thresholds
from warning.trace import HOG, NEVER, SeriesFacts, Trace

KINDS = ("wholesale", "auction", "farm_gate", "cost", "retail")
"""Which kind of price speaks for a product at a place where several stand, best first."""
MOST_WEEKS = 52


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject's year of cells and levels, and how to read its numbers at a place of that year."""

    product_id: str
    place_kind: PlaceKind
    place_id: str
    series_id: int | None
    currency: str
    simulated: bool
    days: np.ndarray
    cells: Cells
    levels: Cells
    readings_at: Callable[[int], dict[str, float | None]]
    """By place in `days`."""
    tier: str
    data_state: str
    last_day: dt.date | None
    surplus_t: float | None = None
    surplus_estimated: bool = False


def one_a_subject(facts: Sequence[SeriesFacts | None]) -> np.ndarray:
    """The places of the series that speak: one for each product and place, in their order."""
    best: dict[tuple[str, str], tuple[int, int, str]] = {}
    chosen: dict[tuple[str, str], int] = {}
    for place, fact in enumerate(facts):
        if fact is None:
            continue
        subject = (fact.product_id, fact.market_id)
        rank = (KINDS.index(fact.kind) if fact.kind in KINDS else len(KINDS), len(fact.key), fact.key)
        if subject not in best or rank < best[subject]:
            best[subject], chosen[subject] = rank, place
    return np.array(sorted(chosen.values()), dtype=np.int64)


def price_subjects(trace: Trace, day: dt.date, rows: np.ndarray, thresholds: Thresholds) -> list[Subject]:
    """The subjects of T1 (and hogs) at `day`, one for each of the trace's rows given."""
    last = trace.place(day)
    window = slice(last - LOOK_BACK_DAYS, last + 1)
    cells = trace.cells[rows, window]
    levels = walk(cells)
    subjects = []
    for place, row in enumerate(int(row) for row in rows):
        fact = trace.facts[row]
        lines = thresholds.for_product(fact.product_id, fact.market_id)
        readings = _reader(trace, row, last, lines)
        surplus = estimated_surplus(trace, row, last, lines)
        subjects.append(
            Subject(
                product_id=fact.product_id,
                place_kind=fact.place_kind,
                place_id=fact.market_id,
                series_id=fact.series_id if fact.place_kind == PlaceKind.MARKET else None,
                currency=fact.currency,
                simulated=fact.simulated,
                days=trace.days[window],
                cells=cells[place],
                levels=levels[place],
                readings_at=readings,
                tier="T2" if fact.product_id == HOG else "T1",
                data_state=data_state(trace, row, last),
                last_day=_last_day(int(trace.last_priced[row, last])),
                surplus_t=surplus,
                surplus_estimated=surplus is not None,
            )
        )
    return subjects


def data_state(trace: Trace, row: int, place: int) -> str:
    """What is to be said of a series' data on a day: ok, stale, short or off_market."""
    silent = int(trace.days[place] - trace.last_priced[row, place])
    stale = silent > trace.facts[row].stale_after_days
    if trace.off_market[row, place]:
        return "off_market"
    if stale:
        return "stale"
    known = (trace.t1.r, trace.t1.z, trace.t1.g, trace.hog_ratio)
    if not np.isnan(trace.reading[row, place]) and all(math.isnan(grid[row, place]) for grid in known):
        return "short"
    if (trace.cells[row, place - LOOK_BACK_DAYS : place + 1] < 0).all():
        return "short"
    return "ok"


def type_of(readings: Readings, lines: Lines) -> str:
    """glut, stalled or ordinary where the price is low or sales stall; "" elsewhere. Source: mission §3.

    A stock that cannot clear behind a blocked road stalls at any price: what is not traded has none of its own.
    """
    r, v = readings.get("r"), readings.get("v")
    if readings.get("road_blocked") and (readings.get("D") or 0.0) > lines.d_orange:
        return SaleType.STALLED
    if is_stall(readings, lines) or (readings.get("no_bids") and (r is None or r <= lines.r_blue)):
        return SaleType.STALLED
    if r is None or r > lines.r_blue:
        return SaleType.NOT_LOW
    if v is not None and v >= lines.v_glut:
        return SaleType.GLUT
    return SaleType.STALLED if v is not None and v <= lines.v_stalled else SaleType.ORDINARY


def _reader(trace: Trace, row: int, last: int, lines: Lines) -> Callable[[int], dict[str, float | None]]:
    """Reads a series' numbers at a place of the look-back that ends at `last` of the trace."""
    offset = last - LOOK_BACK_DAYS

    def readings_at(place: int) -> dict[str, float | None]:
        column = offset + place
        found = {
            "reading": plain(trace.reading[row, column]),
            "reference": plain(trace.reference[row, column]),
            **{name: plain(getattr(trace.t1, name)[row, column]) for name in ("r", "z", "g", "v", "rho", "stall")},
            "weeks_low": weeks_low(trace.t1.r[row, last - TRACE_DAYS : column + 1], lines),
        }
        if trace.facts[row].product_id == HOG:
            found["hog_ratio"] = plain(trace.hog_ratio[row, column])
            found["hog_weeks"] = hog_weeks(trace.hog_ratio[row, last - TRACE_DAYS : column + 1], lines)
        return found

    return readings_at


def weeks_low(r: Floats, lines: Lines) -> float | None:
    """For how many weekly readings in a row r has lain at or below the worst line that the last one reaches."""
    weekly = r[::-1][::WEEK][:MOST_WEEKS]
    reached = [line for line in (lines.r_red, lines.r_orange, lines.r_yellow, lines.r_blue) if weekly[0] <= line]
    if not reached:
        return None
    above = np.flatnonzero(~(weekly <= reached[0]))
    return float(above[0] if len(above) else len(weekly))


def hog_weeks(ratio: Floats, lines: Lines) -> float:
    """For how many weekly readings in a row the hog/grain ratio has lain below the orange line."""
    weekly = ratio[::-1][::WEEK][:MOST_WEEKS]
    above = np.flatnonzero(~(weekly < lines.hog_orange))
    return float(above[0] if len(above) else len(weekly))


def plain(value: float) -> float | None:
    """A float that is a number, else None."""
    number = float(value)
    return number if math.isfinite(number) else None


def estimated_surplus(trace: Trace, row: int, place: int, lines: Lines) -> float | None:
    """E without reports, in tonnes: what came beyond the season in 28 days of a glut, or was missing in a stall."""
    names = ("r", "v", "stall")
    kind = type_of({name: plain(getattr(trace.t1, name)[row, place]) for name in names}, lines)
    beyond = float(trace.surplus_kg[row, place]) / 1000.0
    if kind == SaleType.STALLED:
        beyond = -beyond
    elif kind != SaleType.GLUT:
        return None
    return beyond if beyond > 0 else None


def _last_day(day: int) -> dt.date | None:
    return EPOCH + dt.timedelta(days=day) if day > NEVER else None
