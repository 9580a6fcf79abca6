"""What is released to speak: fitted models with their calibration and correction, and what they say of a week.

A probability is given for each line that the series is clear of; below a line a spell is on already, and the observed
level says so. Probabilities never cross: a deeper line or a shorter horizon is never likelier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.base import Floats
from models.calibrating import Calibration
from models.conformal import Correction
from models.fitting import Fitted
from models.outcomes import spells_at
from models.price_bands import scale_of
from models.study import Study
from models.weekly import Bools, Ints

OWN_YEARS, SHORT_YEARS = 3.0, 2.0
"""Years of prices with which a series speaks for itself, and with which it has a reference of its own at all."""
GRADES = ("borrowed", "short", "own")


@dataclass(frozen=True, slots=True, eq=False)
class Speaker:
    """Fitted models, calibrations by line and horizon (weeks), corrections by horizon."""

    fitted: Fitted
    calibrations: Mapping[tuple[float, int], Calibration]
    corrections: Mapping[int, Correction]


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """What is said at one week: `rows` are the series that have a price then.

    `probability`: by line and horizon, NaN where the series is not clear of the line. `prices`: by horizon, rows × 3.
    `grade`: 0 borrowed, 1 short, 2 own.
    """

    rows: Ints
    cells: Ints
    probability: Mapping[tuple[float, int], Floats]
    prices: Mapping[int, Floats]
    grade: Ints


def speak(speaker: Speaker, study: Study, column: int) -> Spoken:
    """The speaker's word on the week of `column`, whose study has its cells."""
    cells = study.cells(column, column)
    table = study.table.take(cells)
    rows = table.rows
    raw: dict[tuple[float, int], Floats] = {}
    clear: dict[float, Bools] = {}
    for line in sorted({line for line, _ in speaker.calibrations}):
        values = study.lined.at(line, cells)
        clear[line] = clear_of(study, line, rows, column)
        for at, weeks in speaker.calibrations:
            if at == line:
                odds = speaker.fitted.risk.log_odds(values, weeks)
                raw[line, weeks] = speaker.calibrations[line, weeks].probability(odds)
    price = study.state.log_price[rows, column]
    prices = {}
    for weeks, correction in speaker.corrections.items():
        changes = correction.corrected(speaker.fitted.prices.changes(table, weeks), scale_of(table, weeks))
        prices[weeks] = np.exp(price[:, np.newaxis] + changes)
    return Spoken(rows, cells, uncrossed(raw, clear), prices, grades(study, rows, column))


def clear_of(study: Study, line: float, rows: Ints, column: int) -> Bools:
    """Whether the series are clear of a line: by the label, or by the anomaly where the reference is borrowed."""
    spells = spells_at(study.weeks.until(column), line)
    anomaly = study.state.anomaly[rows, column]
    borrowed = ~spells.known[rows, column] & (anomaly > np.log(line))
    found: Bools = spells.clear[rows, column] | borrowed
    return found


def uncrossed(raw: Mapping[tuple[float, int], Floats], clear: Mapping[float, Bools]) -> dict[tuple[float, int], Floats]:
    """The probabilities with deeper lines and shorter horizons held at or below the others; NaN where not clear."""
    lines = sorted(clear)
    horizons = sorted({weeks for _, weeks in raw})
    found: dict[tuple[float, int], Floats] = {}
    for place, weeks in enumerate(horizons):
        least = np.zeros(len(next(iter(clear.values()))))
        for line in lines:
            least = np.where(clear[line], np.maximum(least, raw[line, weeks]), least)
            if place:
                least = np.maximum(least, np.nan_to_num(found[line, horizons[place - 1]]))
            found[line, weeks] = np.where(clear[line], least, np.nan)
    return found


def grades(study: Study, rows: Ints, column: int) -> Ints:
    """How much of its own past stands behind each series: 2 own, 1 short, 0 borrowed from its group."""
    own = ~np.isnan(study.state.own_anomaly[rows, column])
    years = study.table.of("years")[study.cells(column, column)].astype(np.float64)
    return np.where(own & (years >= OWN_YEARS), 2, np.where(own, 1, 0)).astype(np.int64)


def names_of(speaker: Speaker) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The features that the speaker reads: another version's may be others."""
    return speaker.fitted.risk.names, speaker.fitted.prices.names
