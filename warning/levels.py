"""The four levels, the cells of price and volume (T1), and the walk through them with its hysteresis."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from warning.indicators.grid import Bools, Floats
from warning.thresholds import Lines

Cells = NDArray[np.int8]
"""Levels as numbers, series × days; -1 where there is no reading."""

WEEK = 7
LOOK_BACK_DAYS = 364
"""A day's level is walked from none over this many days before it."""
TRACE_DAYS = LOOK_BACK_DAYS + 2 * WEEK
"""Readings are needed this many days before the day judged: the first cell looks back two weeks."""
QUIET_DAYS = 28
"""Days at none that end an episode."""


class Level(enum.IntEnum):
    """内部预警等级: the internal grade; the law's scope does not cover gluts."""

    UNKNOWN = -1
    NONE = 0
    BLUE = 1
    YELLOW = 2
    ORANGE = 3
    RED = 4

    @property
    def key(self) -> str:
        """The stable word of the interface."""
        return self.name.lower()

    @property
    def name_zh(self) -> str:
        """The Chinese word people read."""
        return {-1: "未知", 0: "无", 1: "蓝", 2: "黄", 3: "橙", 4: "红"}[int(self)]


@dataclass(frozen=True, slots=True)
class PriceReadings:
    """Readings of T1, each series × days, NaN unknown."""

    r: Floats
    z: Floats
    g: Floats
    v: Floats
    rho: Floats
    stall: Floats
    """Share of the season's volume that the best of the last 7 market days reached."""


def two_of_three(flags: Bools) -> Bools:
    """Whether two of the three flags at D, D−7 and D−14 are set; days before the first count as not set."""
    count = flags.astype(np.int8)
    for lag in (WEEK, 2 * WEEK):
        count[:, lag:] += flags[:, : flags.shape[1] - lag] if flags.shape[1] > lag else 0
    found: Bools = count >= 2
    return found


def cell_levels(readings: PriceReadings, lines: Lines, *, second: Bools | None = None) -> Cells:
    """The highest level whose cell of price and volume (T1) is met, series × days; -1 without any reading.

    `second` says where another class of evidence than price and volume stands (no bids, cost, stock, a field
    report); without it only the volume can lift a cell from orange to red. Lines are inclusive. Source: mission §4.
    """
    r, z, g, rho = readings.r, readings.z, readings.g, readings.rho
    with np.errstate(invalid="ignore"):
        low = two_of_three(r <= lines.r_orange)
        blue = two_of_three(r <= lines.r_blue) | (z <= lines.z_blue) | (g <= lines.g_blue)
        yellow = two_of_three(r <= lines.r_yellow) & (g <= lines.g_yellow)
        yellow |= two_of_three(rho <= lines.rho_yellow) & (r <= lines.r_blue)
        orange = low & ((z <= lines.z_orange) | np.isnan(z))
        orange |= (r <= lines.r_red) | (z <= lines.z_red) | stalled(readings, lines)
        red = (r <= lines.r_red) | ((z <= lines.z_red) & (r <= lines.r_orange))
        red &= volume_evidence(readings.v, lines) if second is None else volume_evidence(readings.v, lines) | second
    cells = np.full(r.shape, Level.NONE, dtype=np.int8)
    for level, met in ((Level.BLUE, blue), (Level.YELLOW, yellow), (Level.ORANGE, orange), (Level.RED, red)):
        cells[met] = level
    silent = np.isnan(r) & np.isnan(z) & np.isnan(g) & np.isnan(rho) & ~(cells == Level.ORANGE)
    cells[silent] = Level.UNKNOWN
    return cells


def stalled(readings: PriceReadings, lines: Lines) -> Bools:
    """Where sales stall: a week of market days far below the season's volume, while goods are not dear for want."""
    with np.errstate(invalid="ignore"):
        found: Bools = (readings.stall <= lines.stall_share) & ~(readings.r > lines.stall_r_max)
    return found


def volume_evidence(v: Floats, lines: Lines) -> Bools:
    """Where the volume lies beyond its season to the same side at two of D, D−7 and D−14."""
    with np.errstate(invalid="ignore"):
        return two_of_three(v >= lines.v_evidence) | two_of_three(v <= -lines.v_evidence)


def hog_cells(ratio: Floats, lines: Lines) -> Cells:
    """Cells of hogs, by the hog/grain ratio alone: below 6 yellow, for three weeks orange, below 5 red."""
    with np.errstate(invalid="ignore"):
        weeks = three_of_three(ratio < lines.hog_orange)
        cells = np.where(ratio < lines.hog_red, Level.RED, np.where(weeks, Level.ORANGE, Level.NONE))
        cells = np.maximum(cells, np.where(ratio < lines.hog_yellow, Level.YELLOW, Level.NONE))
    return np.where(np.isnan(ratio), Level.UNKNOWN, cells).astype(np.int8)


def three_of_three(flags: Bools) -> Bools:
    """Whether the flags at D, D−7 and D−14 are all set."""
    out = np.zeros(flags.shape, dtype=np.bool_)
    if flags.shape[1] > 2 * WEEK:
        out[:, 2 * WEEK :] = flags[:, 2 * WEEK :] & flags[:, WEEK:-WEEK] & flags[:, : -2 * WEEK]
    return out


def walk(cells: Cells) -> Cells:
    """Levels day by day through the cells (series × days), starting from none.

    Up at once to the cell's level. Down one level when the readings at D, D−7 and D−14 are all better than the
    present level and all later than the last change. A day without a reading is neither better nor worse: the
    level stays. Source: mission §4, hysteresis.
    """
    count, days = cells.shape
    levels = np.zeros((count, days), dtype=np.int8)
    level = np.zeros(count, dtype=np.int8)
    changed = np.full(count, -1)
    for day in range(days):
        cell = cells[:, day]
        up = cell > level
        level = np.where(up, cell, level)
        changed[up] = day
        if day > 2 * WEEK and level.any():
            down = (changed < day - 2 * WEEK) & (level > Level.NONE)
            for lag in (0, WEEK, 2 * WEEK):
                reading = cells[:, day - lag]
                down &= (reading >= 0) & (reading < level)
            level = np.where(down, level - 1, level).astype(np.int8)
            changed[down] = day
        levels[:, day] = level
    return levels


def episode_start(levels: Cells) -> int | None:
    """Where the present episode of one series begins: the place of its first day at blue or above.

    An episode ends after 28 days at none in a row. None where no episode is on at the last day.
    """
    raised = np.flatnonzero(levels > Level.NONE)
    if not len(raised) or len(levels) - 1 - raised[-1] >= QUIET_DAYS:
        return None
    breaks = np.flatnonzero(np.diff(raised) > QUIET_DAYS)
    return int(raised[breaks[-1] + 1] if len(breaks) else raised[0])
