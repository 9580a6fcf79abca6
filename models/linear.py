"""Logistic regression on all features: what a straight line sees, beside the trees.

Falls come in few waves, and trees can learn a wave by heart; a line cannot. Each column is clipped to the range in
which nearly all of it lay when it was learned, and put to that range's scale; one that is unknown counts as usual.
Ridge penalty, so that columns that say the same share the weight (Hoerl and Kennard 1970).
"""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Log-odds linear in some columns: ranges, usual values and slopes, one each a column."""

    columns: Ints
    least: Floats
    most: Floats
    usual: Floats
    slopes: Floats
    intercept: float

    def log_odds(self, values: Values) -> Floats:
        """The log-odds for each row."""
        total = np.full(len(values), self.intercept)
        # column by column: a matrix product's bits depend on how many rows there are
        for place, column in enumerate(self.columns):
            total += self.slopes[place] * self.filled(values[:, column], place)
        return total

    def filled(self, column: Values, place: int) -> Floats:
        """One column within its range, the usual value where it is unknown."""
        known = np.clip(column.astype(np.float64), self.least[place], self.most[place])
        return np.where(np.isnan(column), self.usual[place], known)


def fit_linear(values: Values, outcome: Bools) -> Linear:
    """The line of the outcome; a constant where there is nothing to learn."""
    from sklearn.linear_model import LogisticRegression

    columns = telling_columns(values)
    hits = int(outcome.sum())
    nothing = np.zeros(0)
    if not len(columns) or hits == 0 or hits == len(outcome):
        return Linear(columns[:0], nothing, nothing, nothing, nothing, usual_log_odds(outcome))
    some = values[:: -(-len(values) // RANGED_ROWS), columns].astype(np.float64)
    ranged = ~np.isnan(some).all(axis=0)
    columns, some = columns[ranged], some[:, ranged]
    least, usual, most = np.nanpercentile(some, [OUTSIDE, 50.0, 100.0 - OUTSIDE], axis=0)
    flat = Linear(columns, least, most, usual, np.zeros(len(columns)), 0.0)
    scale = np.where(most > least, most - least, 1.0) / SCALED
    scaled = np.empty((len(values), len(columns)))
    for place, column in enumerate(columns):
        scaled[:, place] = (flat.filled(values[:, column], place) - usual[place]) / scale[place]
    found = LogisticRegression(C=INVERSE_PENALTY, max_iter=MOST_STEPS, tol=TOLERANCE).fit(scaled, outcome)
    slopes = found.coef_[0] / scale
    return Linear(columns, least, most, usual, slopes, float(found.intercept_[0] - (slopes * usual).sum()))
