"""Assessments: what a day says of each subject (product, place), with its level, episode and drivers.

Levels are recomputed from none over the 52 weeks before the day, so that a first run and a replay agree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from warning.catalog import Catalog, PlaceKind, Product
from warning.drivers import Driver, Readings, change_reason, drivers_of, easing_driver, state_driver
from warning.forecast_words import NO_FORECAST
from warning.levels import Level, episode_start
from warning.lunar import EPOCH
from warning.subjects import Subject, one_a_subject, price_subjects, type_of
from warning.thresholds import Lines, Thresholds
from warning.trace import Trace

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class LevelChange:
    """A day on which the level of the present episode changed, and why."""

    day: dt.date
    level: Level
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What one business date says of one subject; figures are plain floats, None where unknown, never NaN."""

    business_date: dt.date
    product_id: str
    place_kind: PlaceKind
    place_id: str
    series_id: int | None
    level: Level
    observed_level: Level
    tier: str
    """T1 price and volume, T2 with cost, T3 with stock and sales."""
    type: str
    data_state: str
    """ok, stale, short (too little past), off_market."""
    last_day: dt.date | None
    """The last day with a price, or with a report."""
    readings: Mapping[str, float | None]
    """reading, reference (per kg), r, z, g, v, rho, stall, weeks_low, hog_ratio, hog_weeks; K, S, dS, D,
    over_planting, over_seeding, harvest_in, stock_t, no_bids, road_blocked, lowered where there are reports."""
    drivers: tuple[Driver, ...]
    raised_on: dt.date | None
    """First day of the present episode, as recomputed; None where none is on."""
    changes: tuple[LevelChange, ...]
    """The level changes of the present episode, oldest first."""
    surplus_t: float | None
    surplus_estimated: bool
    simulated: bool
    forecast_level: Level | None = None
    forecast_reason: str = NO_FORECAST
    probability: float | None = None


def assess_markets(
    trace: Trace, day: dt.date, *, products: Mapping[str, Product], thresholds: Thresholds
) -> list[Assessment]:
    """What `day` says of every product of `products` at every market of the trace, unknown ones included.

    Where several kinds of price stand at one market, the wholesale price speaks, else auction, farm gate, cost,
    retail.
    """
    ours = [fact.place_kind == PlaceKind.MARKET and fact.product_id in products for fact in trace.facts]
    speaking = one_a_subject([fact if is_ours else None for fact, is_ours in zip(trace.facts, ours, strict=True)])
    return [
        assessment_of(subject, day, thresholds.for_product(subject.product_id, subject.place_id))
        for subject in price_subjects(trace, day, speaking, thresholds)
    ]


def assessment_of(subject: Subject, day: dt.date, lines: Lines) -> Assessment:
    """The assessment of a subject on the last of its days."""
    last = len(subject.days) - 1
    readings = subject.readings_at(last)
    level = shown_level(subject)
    return Assessment(
        business_date=day,
        product_id=subject.product_id,
        place_kind=subject.place_kind,
        place_id=subject.place_id,
        series_id=subject.series_id,
        level=level,
        observed_level=level,
        tier=subject.tier,
        type=type_of(readings, lines),
        data_state=subject.data_state,
        last_day=subject.last_day,
        readings=readings,
        drivers=_drivers(subject, day, readings, level, lines),
        raised_on=_raised_on(subject),
        changes=_changes(subject, lines),
        surplus_t=subject.surplus_t,
        surplus_estimated=subject.surplus_estimated,
        simulated=subject.simulated,
    )


def shown_level(subject: Subject) -> Level:
    """The walked level; unknown where the data are not there to say that nothing is wrong.

    A stale series keeps its level; but none, kept by absence, would read as calm.
    """
    level = Level(int(subject.levels[-1]))
    silent = bool((subject.cells < 0).all())
    if level == Level.NONE and (silent or subject.data_state != "ok"):
        return Level.UNKNOWN
    return level


def _drivers(subject: Subject, day: dt.date, readings: Readings, level: Level, lines: Lines) -> tuple[Driver, ...]:
    silent = None if subject.last_day is None else (day - subject.last_day).days
    about = [
        state_driver(subject.data_state, silent, level),
        easing_driver(level, Level(int(subject.cells[-1]))),
    ]
    return (*drivers_of(readings, lines, subject.currency), *(one for one in about if one is not None))


def _raised_on(subject: Subject) -> dt.date | None:
    start = episode_start(subject.levels)
    return None if start is None else EPOCH + dt.timedelta(days=int(subject.days[start]))


def _changes(subject: Subject, lines: Lines) -> tuple[LevelChange, ...]:
    """The level changes since the present episode began, its first day included."""
    start = episode_start(subject.levels)
    if start is None:
        return ()
    levels = np.concatenate([[0], subject.levels[start:]])
    found = []
    for step in np.flatnonzero(np.diff(levels)):
        before, after = Level(int(levels[step])), Level(int(levels[step + 1]))
        place = start + int(step)
        reason_zh, reason_en = change_reason(before, after, subject.readings_at(place), lines, subject.currency)
        day = EPOCH + dt.timedelta(days=int(subject.days[place]))
        found.append(LevelChange(day, after, reason_zh, reason_en))
    return tuple(found)


def assess_day(
    trace: Trace, reports: pd.DataFrame | None, day: dt.date, catalog: Catalog, thresholds: Thresholds
) -> list[Assessment]:
    """Everything that `day` says: markets, townships, the district. This is what the daily run calls.

    `trace` should hold the district's columns (`warning.district.district_columns`); `reports` are all township
    reports as of the day with their history, one row a report with the columns of the store's township_report.
    """
    from warning.district import assess_district, assess_townships

    markets = assess_markets(trace, day, products=catalog.products, thresholds=thresholds)
    townships = assess_townships(trace, reports, day, catalog, thresholds)
    return [*markets, *townships, *assess_district(trace, reports, day, catalog, thresholds)]
