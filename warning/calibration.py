"""Calibrating the level lines on past readings: how often may each level be reached?

The given lines are starting points; where a product's past spends more weeks at a level than is aimed at, its lines
are moved out to rarer readings of the same signals. Nothing is ever made milder than the given lines.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping

import numpy as np

from warning.indicators.grid import Floats
from warning.levels import Cells, Level, PriceReadings, cell_levels, walk
from warning.thresholds import Lines

AIMS: Mapping[Level, float] = {Level.BLUE: 0.15, Level.YELLOW: 0.07, Level.ORANGE: 0.03, Level.RED: 0.005}
"""Shares of series-weeks at or above each level. Source: mission §4."""
SIGNALS = {
    Level.ORANGE: {"r_orange": "r", "z_orange": "z", "r_red": "r", "z_red": "z", "stall_share": "stall"},
    Level.YELLOW: {"r_yellow": "r", "g_yellow": "g", "rho_yellow": "rho"},
    Level.BLUE: {"r_blue": "r", "z_blue": "z", "g_blue": "g"},
}
"""Which lines decide a level, and the reading that each is a line on; worst level first."""
CONFIRMING = {"r_orange": 3.0, "z_orange": 3.0, "g_yellow": 2.0}
"""A line that only counts together with another one may be reached this much more often."""
STEPS = 10


def calibrate_lines(
    readings: PriceReadings,
    lines: Lines,
    aims: Mapping[Level, float] = AIMS,
    *,
    keep: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """Lines of one product under which its past series (series × days) stay within the aims, where they can.

    From orange to blue, the level's lines are set to the quantile at one common tail share of the readings they are
    lines on (never milder than `lines`), and the share is halved in on until the level is held on at most the aimed
    share of the series-days with a reading. Red then asks for rarer volumes as its second class of evidence.
    `keep` names lines that must not go further out than a value: documented events that have to stay at their level.
    Gives the lines that differ, rounded to two digits. Hysteresis is walked over the whole past at once.
    """
    found, worse_aim, worse_share = lines, aims[Level.RED], 0.0
    for level, signals in SIGNALS.items():
        # where a worse level already spends more than its aim, this one still gets half its own share beyond that
        aim = max(aims[level], worse_share + (aims[level] - worse_aim) / 2)
        if share_at(readings, found, level) > aim:
            low, high = 0.0, 0.5
            for _ in range(STEPS):
                tail = (low + high) / 2
                trial = _at_tail(readings, lines, found, signals, tail, keep or {})
                low, high = (tail, high) if share_at(readings, trial, level) <= aim else (low, tail)
            found = _at_tail(readings, lines, found, signals, low, keep or {})
        worse_aim, worse_share = aims[level], share_at(readings, found, level)
    if share_at(readings, found, Level.RED) > aims[Level.RED]:
        found = _with_rarer_volume(readings, found, aims[Level.RED])
    given, made = dataclasses.asdict(lines), dataclasses.asdict(found)
    return {name: value for name, value in made.items() if value != given[name]}


def _with_rarer_volume(readings: PriceReadings, lines: Lines, aim: float) -> Lines:
    """The lines with the volume that counts as evidence moved out until red is held on at most the aimed share."""
    sizes = np.abs(readings.v[~np.isnan(readings.v)])
    low, high, found = 0.0, 0.5, lines
    for _ in range(STEPS if len(sizes) else 0):
        tail = (low + high) / 2
        size = max(lines.v_evidence, math.ceil(float(np.quantile(sizes, 1 - tail)) * 100) / 100)
        trial = dataclasses.replace(lines, v_evidence=size)
        if share_at(readings, trial, Level.RED) <= aim:
            low, found = tail, trial
        else:
            high = tail
    return found


def share_at(readings: PriceReadings, lines: Lines, level: Level) -> float:
    """Share of the series-days with a reading on which the walked level is at or above `level`; 0 without any."""
    cells = cell_levels(readings, lines)
    known = cells >= 0
    held: Cells = walk(cells)
    return float((held[known] >= level).mean()) if known.any() else 0.0


def _at_tail(
    readings: PriceReadings,
    given: Lines,
    so_far: Lines,
    signals: Mapping[str, str],
    tail: float,
    keep: Mapping[str, float],
) -> Lines:
    """The lines with one level's moved to a tail share, in order with the worse levels set before."""
    changes: dict[str, float] = {}
    for name, signal in signals.items():
        values: Floats = getattr(readings, signal)
        if signal == "stall":
            values = np.where(readings.r > given.stall_r_max, np.nan, values)
        known = values[~np.isnan(values)]
        if not len(known):
            continue
        rare = float(np.quantile(known, min(tail * CONFIRMING.get(name, 1.0), 1.0)))
        line = min(getattr(given, name), max(rare, keep.get(name, -np.inf)))
        changes[name] = math.floor(line * 100 + 1e-9) / 100
    return _ordered(dataclasses.replace(so_far, **changes))


def _ordered(lines: Lines) -> Lines:
    """Lines that do not cross: a milder level's line is at least that of the worse one."""
    r_orange = max(lines.r_orange, lines.r_red)
    r_yellow = max(lines.r_yellow, r_orange)
    return dataclasses.replace(
        lines,
        r_orange=r_orange,
        r_yellow=r_yellow,
        r_blue=max(lines.r_blue, r_yellow),
        z_orange=max(lines.z_orange, lines.z_red),
        z_blue=max(lines.z_blue, lines.z_red),
        stall_share=max(lines.stall_share, 0.01),
    )
