"""Ridge regression, logistic and plain, on all features: what a straight line sees, beside the trees.

Falls come in few waves, and trees can learn a wave by heart; a line cannot. Each column is clipped to the range in
which nearly all of it lay when it was learned, and put to that range's scale; one that is unknown counts as usual.
Ridge penalty, so that columns that say the same share the weight (Hoerl and Kennard 1970).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from models.base import Floats
from models.boosting import telling_columns, usual_log_odds
from models.features.table import Values
from models.weekly import Bools, Ints

INVERSE_PENALTY: Final = 0.003
"""scikit-learn's C; on 2014 to 2018 0.0003 said less, 0.03 less at two weeks and 0.002 more beyond (docs/skill.md)."""
OUTSIDE: Final = 1.0
"""Per cent at each end of a column that are clipped."""
SCALED: Final = 4.0
"""The width of a column's range after scaling: that of a normal variable's middle 95 %."""
RANGED_ROWS: Final = 20_000
"""Rows at most from which the ranges are taken."""
MOST_STEPS, TOLERANCE = 300, 1e-3
PENALTY: Final = 3000.0
"""scikit-learn's alpha of the plain regression; 300 said less on 2014 to 2018."""


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """A number linear in some columns: ranges, usual values and slopes, one each a column."""

    columns: Ints
    least: Floats
    most: Floats
    usual: Floats
    slopes: Floats
    intercept: float

    def value(self, values: Values) -> Floats:
        """The number for each row: log-odds of a logistic line, else the target itself."""
        total = np.full(len(values), self.intercept)
        # column by column: a matrix product's bits depend on how many rows there are
        for place, column in enumerate(self.columns):
            total += self.slopes[place] * self.filled(values[:, column], place)
        return total

    def filled(self, column: Values, place: int) -> Floats:
        """One column within its range, the usual value where it is unknown."""
        known = np.clip(column.astype(np.float64), self.least[place], self.most[place])
        return np.where(np.isnan(column), self.usual[place], known)

    def scaled(self, values: Values) -> Floats:
        """Rows as they are learned from: usual values at 0, ranges of the same width."""
        out, scale = np.empty((len(values), len(self.columns))), self.scale
        for place, column in enumerate(self.columns):
            out[:, place] = (self.filled(values[:, column], place) - self.usual[place]) / scale[place]
        return out

    @property
    def scale(self) -> Floats:
        """What a column is divided by when it is learned from."""
        width = self.most - self.least
        return np.where(width > 0, width, 1.0) / SCALED

    def with_slopes(self, scaled_slopes: Floats, intercept: float) -> Linear:
        """The line that these slopes of the scaled columns make."""
        slopes = scaled_slopes / self.scale
        return replace(self, slopes=slopes, intercept=float(intercept - (slopes * self.usual).sum()))


def fit_logistic(values: Values, outcome: Bools) -> Linear:
    """The line of an outcome's log-odds; a constant where there is nothing to learn."""
    from sklearn.linear_model import LogisticRegression

    hits = int(outcome.sum())
    flat = _flat(values)
    if not len(flat.columns) or hits == 0 or hits == len(outcome):
        return _constant(usual_log_odds(outcome))
    found = LogisticRegression(C=INVERSE_PENALTY, max_iter=MOST_STEPS, tol=TOLERANCE).fit(flat.scaled(values), outcome)
    return flat.with_slopes(found.coef_[0], float(found.intercept_[0]))


def fit_ridge(values: Values, target: Floats, weight: Floats) -> Linear:
    """The line of a number, least squares weighted row by row; a constant where there is nothing to learn."""
    from sklearn.linear_model import Ridge

    flat = _flat(values)
    if not len(flat.columns):
        return _constant(float(np.average(target, weights=weight)) if len(target) else 0.0)
    found = Ridge(alpha=PENALTY).fit(flat.scaled(values), target, sample_weight=weight)
    return flat.with_slopes(found.coef_, float(found.intercept_))


def _constant(value: float) -> Linear:
    nothing = np.zeros(0)
    return Linear(np.zeros(0, dtype=np.int64), nothing, nothing, nothing, nothing, value)


def _flat(values: Values) -> Linear:
    """A line without slope over the columns that tell something, with their ranges."""
    columns = telling_columns(values)
    if not len(columns):
        return _constant(0.0)
    some = values[:: -(-len(values) // RANGED_ROWS), columns].astype(np.float64)
    ranged = ~np.isnan(some).all(axis=0)
    columns, some = columns[ranged], some[:, ranged]
    least, usual, most = np.nanpercentile(some, [OUTSIDE, 50.0, 100.0 - OUTSIDE], axis=0)
    return Linear(columns, least, most, usual, np.zeros(len(columns)), 0.0)
