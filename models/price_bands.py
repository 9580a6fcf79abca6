"""The global quantile model of prices: where the weekly price will stand, as 10, 50 and 90 % quantiles.

It learns the change of the ln price over the horizon in units of the series' own past changes, so that calm and wild
produce share one model, weighted so that the loss is that of the ln price. Bands are made honest by
`models/conformal.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.base import LEVELS, Floats
from models.boosting import Member, Trees, fit_quantile, value
from models.features.state import State
from models.features.table import FeatureTable, Values
from models.outcomes import log_changes
from models.sampling import Words, drawn

LEAST_SCALE, USUAL_SCALE, MOST_SCALE = 0.03, 0.15, 0.8
MOST_CHANGE = 1.5
"""Changes beyond this in logs (4.5-fold) are slips more often than prices; they are learned as this."""

TREES = Trees(max_iter=120, learning_rate=0.07, max_leaf_nodes=20, min_samples_leaf=80, max_features=0.15)


@dataclass(frozen=True, slots=True)
class PriceRecipe:
    """How the quantile trees are grown, and how many cells at most they learn from."""

    most_rows: int = 50_000
    trees: Trees = TREES


@dataclass(frozen=True, slots=True, eq=False)
class PriceBands:
    """Fitted quantiles by horizon in weeks, one member a level of `models.base.LEVELS`."""

    names: tuple[str, ...]
    members: Mapping[int, tuple[Member, ...]]

    def changes(self, table: FeatureTable, horizon: int) -> Floats:
        """Quantiles of the change of the ln price over the horizon, cells × 3, never crossing."""
        found = np.stack([value(member, table.values) for member in self.members[horizon]], axis=1)
        found = np.sort(found, axis=1) * scale_of(table, horizon)[:, np.newaxis]
        return np.asarray(found, dtype=np.float64)


def fit_price_bands(
    state: State,
    table: FeatureTable,
    words: Words,
    column: int,
    horizons: Sequence[int],
    recipe: PriceRecipe | None = None,
) -> PriceBands:
    """Quantiles for each horizon from the changes that were over when the week of `column` ended."""
    recipe = recipe or PriceRecipe()
    members = {horizon: fit_levels(state, table, words, column, horizon, recipe) for horizon in horizons}
    return PriceBands(table.names, members)


def fit_levels(
    state: State, table: FeatureTable, words: Words, column: int, horizon: int, recipe: PriceRecipe
) -> tuple[Member, ...]:
    """The three quantiles of one horizon."""
    change = log_changes(state.log_price, state.priced, horizon)[table.rows, table.columns]
    told = ~np.isnan(change) & (table.columns + horizon <= column)
    share = min(1.0, recipe.most_rows / max(int(told.sum()), 1))
    cells = np.flatnonzero(told & drawn(words, share, draw=1_000_000 + horizon))
    some = table.take(cells)
    scale = scale_of(some, horizon)
    target = np.clip(change[cells], -MOST_CHANGE, MOST_CHANGE) / scale
    return tuple(
        fit_quantile(some.values, target, level, recipe.trees, seed=place, weight=scale)
        for place, level in enumerate(LEVELS)
    )


def scale_of(table: FeatureTable, horizon: int) -> Floats:
    """The series' own swing over the horizon: of past changes over as many weeks, else of weekly ones."""
    span = 2 if horizon <= 2 else 4 if horizon <= 6 else 8
    own = _floats(table.of(f"change_spread{span}")) * np.sqrt(horizon / span)
    weekly = _floats(table.of("swing26")) * np.sqrt(horizon)
    found = np.where(np.isnan(own), weekly, own)
    return np.clip(np.where(np.isnan(found), USUAL_SCALE, found), LEAST_SCALE, MOST_SCALE)


def _floats(values: Values) -> Floats:
    return values.astype(np.float64)
