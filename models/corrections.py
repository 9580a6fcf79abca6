"""Rolled forecasts made honest as they would have been: each four weeks' by those whose outcome was known by then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from models.base import Floats
from models.calibrating import Calibration, calibrate
from models.conformal import Correction, correction
from models.market_weeks import WEEK_DAYS
from models.outcomes import log_changes, spells_at
from models.price_bands import scale_of
from models.study import Study
from models.weekly import Ints

BLOCK_WEEKS = 4
CALIBRATION_WEEKS = 52
"""A year: every season once, and no older wave of falls than the last. Chosen on 2014 to 2018 (docs/skill.md)."""
HALF_LIFE_WEEKS = 52.0
"""After which a past price error weighs half; a plain year left eight weeks' bands too narrow (docs/skill.md)."""


def blocks(study: Study, first: int, last: int) -> Iterator[tuple[int, int]]:
    """(first, last) columns of each four weeks between two columns; they begin on fixed weeks of the calendar."""
    numbers = study.weeks.sundays // WEEK_DAYS
    start = first
    for column in range(first + 1, last + 2):
        if column > last or numbers[column] % BLOCK_WEEKS == 0:
            yield start, column - 1
            start = column


def known_at(study: Study, start: int) -> int:
    """The last column that was known when the four weeks of column `start` began: the week before them."""
    return int(start - (study.weeks.sundays[start] // WEEK_DAYS) % BLOCK_WEEKS) - 1


def past_calibrations(study: Study, log_odds: Mapping[int, Floats], line: float, known: int) -> dict[int, Calibration]:
    """The calibration of each horizon's forecasts at a line by the outcomes told when the week of `known` ended."""
    if known < 0:
        return dict.fromkeys(log_odds, Calibration())
    spells = spells_at(study.weeks.until(known), line)
    cells = study.cells(known - CALIBRATION_WEEKS + 1, known)
    found = {}
    for weeks, odds in log_odds.items():
        told = cells[~np.isnan(odds[cells]) & study.at(spells.told(weeks), cells)]
        found[weeks] = calibrate(odds[told], study.at(spells.within(weeks), told))
    return found


def calibrated(study: Study, log_odds: Mapping[int, Floats], line: float, first: int, last: int) -> dict[int, Floats]:
    """Probabilities by horizon of the cells of the weeks from `first` to `last`, NaN elsewhere."""
    out = {weeks: np.full(len(odds), np.nan) for weeks, odds in log_odds.items()}
    for start, stop in blocks(study, first, last):
        cells = study.cells(start, stop)
        found = past_calibrations(study, log_odds, line, known_at(study, start))
        for weeks, odds in log_odds.items():
            out[weeks][cells] = found[weeks].probability(odds[cells])
    return out


@dataclass(frozen=True, slots=True, eq=False)
class PastChanges:
    """Forecasts of one horizon's change beside what came: of all cells with both, in the order of their weeks."""

    horizon: int
    columns: Ints
    actual: Floats
    changes: Floats
    scale: Floats

    def correction(self, known: int) -> Correction:
        """The correction of price bands by the prices known when the week of `known` ended."""
        count = int(np.searchsorted(self.columns, known - self.horizon, side="right"))
        weight = 0.5 ** ((known - self.horizon - self.columns[:count]) / HALF_LIFE_WEEKS)
        return correction(self.actual[:count], self.changes[:count], self.scale[:count], weight)


def past_changes(study: Study, changes: Floats, weeks: int) -> PastChanges:
    """What was forecast and what came."""
    actual = actual_changes(study, weeks)
    cells = np.flatnonzero(~np.isnan(actual) & ~np.isnan(changes[:, 0]))
    cells = cells[np.argsort(study.table.columns[cells], kind="stable")]
    scale = scale_of(study.table, weeks)
    return PastChanges(weeks, study.table.columns[cells], actual[cells], changes[cells], scale[cells])


def corrected(study: Study, changes: Floats, weeks: int, first: int, last: int) -> Floats:
    """Quantiles of the ln price (cells × 3) of the weeks from `first` to `last`, NaN elsewhere."""
    out = np.full(changes.shape, np.nan)
    past = past_changes(study, changes, weeks)
    scale = scale_of(study.table, weeks)
    price = study.state.log_price[study.table.rows, study.table.columns]
    for start, stop in blocks(study, first, last):
        cells = study.cells(start, stop)
        found = past.correction(known_at(study, start))
        out[cells] = price[cells, np.newaxis] + found.corrected(changes[cells], scale[cells])
    return out


def actual_changes(study: Study, weeks: int) -> Floats:
    """What the ln price did over the next `weeks` weeks, of each cell; NaN where that is not told."""
    change = log_changes(study.state.log_price, study.state.priced, weeks)
    return np.asarray(change[study.table.rows, study.table.columns])
