"""The global quantile model of prices: where the weekly price will stand, as 10, 50 and 90 % quantiles.

It learns the change of the ln price over the horizon in units of the series' own past changes, so that calm and wild
produce share one model, weighted so that the loss is that of the ln price. A straight line (`models/linear.py`) moves
the three quantiles of the trees together, part of the way to its own. Bands are made honest by `models/conformal.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.base import LEVELS, Floats
from models.boosting import Member, Trees, fit_quantile, value
from models.features.table import FeatureTable, Values
from models.linear import Linear, fit_ridge
from models.outcomes import log_changes
from models.sampling import drawn
from models.study import Study

LEAST_SCALE, USUAL_SCALE, MOST_SCALE = 0.03, 0.15, 0.8
MOST_CHANGE = 1.5
"""Changes beyond this in logs (4.5-fold) are slips more often than prices; they are learned as this."""
LINEAR_SHARE, MOST_SCALED = 0.2, 4.0
"""How far the line moves the quantiles, chosen on 2012 to 2018-05 (docs/skill.md). It learns changes beyond so many of
the series' own swings as this."""

TREES = Trees(max_iter=120, learning_rate=0.07, max_leaf_nodes=20, min_samples_leaf=80, max_features=0.15)


@dataclass(frozen=True, slots=True)
class PriceRecipe:
    """How the quantile trees are grown, and from how many cells at most they and the line learn."""

    most_rows: int = 50_000
    linear_rows: int = 100_000
    trees: Trees = TREES


@dataclass(frozen=True, slots=True, eq=False)
class PriceBands:
    """Fitted quantiles by horizon in weeks, one member a level of `models.base.LEVELS`, and lines by horizon."""

    names: tuple[str, ...]
    members: Mapping[int, tuple[Member, ...]]
    lines: Mapping[int, Linear]

    def changes(self, table: FeatureTable, horizon: int) -> Floats:
        """Quantiles of the change of the ln price over the horizon, cells × 3, never crossing."""
        found = np.stack([value(member, table.values) for member in self.members[horizon]], axis=1)
        found = np.sort(found, axis=1)
        found += LINEAR_SHARE * (self.lines[horizon].value(table.values) - found[:, 1])[:, np.newaxis]
        return np.asarray(found * scale_of(table, horizon)[:, np.newaxis], dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Cells to learn one horizon's changes from: values, changes in units of each series' own swing, and that swing."""

    values: Values
    target: Floats
    scale: Floats


def drawn_changes(study: Study, column: int, horizon: int, most_rows: int, *, draw: int) -> Drawn:
    """At most so many of the cells whose change was over when the week of `column` ended."""
    change = log_changes(study.state.log_price, study.state.priced, horizon)[study.table.rows, study.table.columns]
    told = ~np.isnan(change) & (study.table.columns + horizon <= column)
    share = min(1.0, most_rows / max(int(told.sum()), 1))
    cells = np.flatnonzero(told & drawn(study.words, share, draw=draw))
    some = study.table.take(cells)
    scale = scale_of(some, horizon)
    return Drawn(some.values, np.clip(change[cells], -MOST_CHANGE, MOST_CHANGE) / scale, scale)


def fit_levels(study: Study, column: int, horizon: int, recipe: PriceRecipe) -> tuple[Member, ...]:
    """The three quantiles of one horizon."""
    cells = drawn_changes(study, column, horizon, recipe.most_rows, draw=1_000_000 + horizon)
    return tuple(
        fit_quantile(cells.values, cells.target, level, recipe.trees, seed=place, weight=cells.scale)
        for place, level in enumerate(LEVELS)
    )


def fit_price_line(study: Study, column: int, horizon: int, recipe: PriceRecipe) -> Linear:
    """The line of one horizon's change, from a draw of its own."""
    cells = drawn_changes(study, column, horizon, recipe.linear_rows, draw=2_000_000 + horizon)
    return fit_ridge(cells.values, np.clip(cells.target, -MOST_SCALED, MOST_SCALED), cells.scale)


def scale_of(table: FeatureTable, horizon: int) -> Floats:
    """The series' own swing over the horizon: of past changes over as many weeks, else of weekly ones."""
    span = 2 if horizon <= 2 else 4 if horizon <= 6 else 8
    own = _floats(table.of(f"change_spread{span}")) * np.sqrt(horizon / span)
    weekly = _floats(table.of("swing26")) * np.sqrt(horizon)
    found = np.where(np.isnan(own), weekly, own)
    return np.clip(np.where(np.isnan(found), USUAL_SCALE, found), LEAST_SCALE, MOST_SCALE)


def _floats(values: Values) -> Floats:
    return values.astype(np.float64)
