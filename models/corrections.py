"""Rolled forecasts made honest as they would have been: each quarter's by those whose outcome was known by then."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.base import Floats
from models.calibrating import Calibration, calibrate
from models.conformal import Correction, correction
from models.market_weeks import WEEK_DAYS
from models.outcomes import log_changes, spells_at
from models.price_bands import scale_of
from models.study import Study
from models.weekly import Ints

BLOCK_WEEKS = 13
CALIBRATION_WEEKS = 52
"""A year: every season once, and no older wave of falls than the last. Chosen on 2014 to 2018 (docs/skill.md)."""
CORRECTION_WEEKS = 52


def blocks(study: Study, first: int, last: int) -> Iterator[tuple[int, int]]:
    """(first, last) columns of each quarter between two columns; quarters begin on fixed weeks of the calendar."""
    numbers = study.weeks.sundays // WEEK_DAYS
    start = first
    for column in range(first + 1, last + 2):
        if column > last or numbers[column] % BLOCK_WEEKS == 0:
            yield start, column - 1
            start = column


def known_at(study: Study, start: int) -> int:
    """The last column that was known when the quarter of column `start` began: the week before that quarter."""
    return int(start - (study.weeks.sundays[start] // WEEK_DAYS) % BLOCK_WEEKS) - 1


def past_calibration(study: Study, log_odds: Floats, line: float, weeks: int, known: int) -> Calibration:
    """The calibration of forecasts at a line and horizon by the outcomes told when the week of `known` ended."""
    if known < 0:
        return Calibration()
    spells = spells_at(study.weeks.until(known), line)
    cells = _spoken(study, log_odds, known, CALIBRATION_WEEKS)
    told = cells[study.at(spells.told(weeks), cells)]
    return calibrate(log_odds[told], study.at(spells.within(weeks), told))


def past_correction(study: Study, changes: Floats, weeks: int, known: int) -> Correction:
    """The correction of price bands by the prices known when the week of `known` ended."""
    if known < 0:
        return Correction()
    cells = _spoken(study, changes[:, 0], known - weeks, CORRECTION_WEEKS)
    actual = actual_changes(study, weeks)[cells]
    cells, actual = cells[~np.isnan(actual)], actual[~np.isnan(actual)]
    return correction(actual, changes[cells], scale_of(study.table.take(cells), weeks))


def calibrated(study: Study, log_odds: Floats, line: float, weeks: int, first: int, last: int) -> Floats:
    """Probabilities of the cells of the weeks from `first` to `last`, NaN elsewhere."""
    out = np.full(len(log_odds), np.nan)
    for start, stop in blocks(study, first, last):
        cells = study.cells(start, stop)
        found = past_calibration(study, log_odds, line, weeks, known_at(study, start))
        out[cells] = found.probability(log_odds[cells])
    return out


def corrected(study: Study, changes: Floats, weeks: int, first: int, last: int) -> Floats:
    """Quantiles of the ln price (cells × 3) of the weeks from `first` to `last`, NaN elsewhere."""
    out = np.full(changes.shape, np.nan)
    for start, stop in blocks(study, first, last):
        cells = study.cells(start, stop)
        table = study.table.take(cells)
        found = past_correction(study, changes, weeks, known_at(study, start))
        price = study.state.log_price[table.rows, table.columns]
        out[cells] = price[:, np.newaxis] + found.corrected(changes[cells], scale_of(table, weeks))
    return out


def actual_changes(study: Study, weeks: int) -> Floats:
    """What the ln price did over the next `weeks` weeks, of each cell; NaN where that is not told."""
    change = log_changes(study.state.log_price, study.state.priced, weeks)
    return np.asarray(change[study.table.rows, study.table.columns])


def _spoken(study: Study, values: Floats, last: int, weeks: int) -> Ints:
    """Cells of the `weeks` weeks up to column `last` for which a forecast was made."""
    cells = study.cells(last - weeks + 1, last)
    return cells[~np.isnan(values[cells])]
