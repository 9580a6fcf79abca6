"""Gradient boosting (scikit-learn's histogram trees) behind a thin shell: columns that say nothing are left out.

A member is one fit; an ensemble is several, on other draws of the cells, whose log-odds or quantiles are averaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.base import Floats
from models.features.table import Values
from models.weekly import Bools, Ints

MOST_LOG_ODDS = 12.0


@dataclass(frozen=True, slots=True)
class Trees:
    """How the trees are grown; the names are scikit-learn's."""

    max_iter: int
    learning_rate: float
    max_leaf_nodes: int
    min_samples_leaf: int
    l2_regularization: float = 5.0
    max_features: float = 0.3
    max_bins: int = 63


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A fitted estimator and the columns it reads; None where there was nothing to learn, with the constant instead."""

    columns: Ints
    estimator: Any
    constant: float = 0.0


def fit_classifier(values: Values, outcome: Bools, trees: Trees, *, seed: int) -> Member:
    """A member whose `log_odds` are those of the outcome."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    columns = telling_columns(values)
    hits = int(outcome.sum())
    if not len(columns) or hits == 0 or hits == len(outcome):
        return Member(columns, None, usual_log_odds(outcome))
    estimator = HistGradientBoostingClassifier(**_parameters(trees, seed))
    return Member(columns, estimator.fit(values[:, columns], outcome))


def fit_quantile(
    values: Values, target: Floats, level: float, trees: Trees, *, seed: int, weight: Floats | None = None
) -> Member:
    """A member whose `value` is the target's quantile at `level`."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    columns = telling_columns(values)
    if not len(columns) or len(target) < 2 * trees.min_samples_leaf:
        return Member(columns, None, float(np.quantile(target, level)) if len(target) else 0.0)
    estimator = HistGradientBoostingRegressor(loss="quantile", quantile=level, **_parameters(trees, seed))
    return Member(columns, estimator.fit(values[:, columns], target, sample_weight=weight))


def usual_log_odds(outcome: Bools) -> float:
    """The log-odds of the outcome's share, half a hit and half a miss added: finite whatever was seen."""
    share = (int(outcome.sum()) + 0.5) / (len(outcome) + 1.0)
    return float(np.log(share / (1 - share)))


def log_odds(member: Member, values: Values) -> Floats:
    """The member's log-odds for each row, within ±`MOST_LOG_ODDS`."""
    if member.estimator is None or not len(values):
        return np.full(len(values), member.constant)
    raw = np.asarray(member.estimator.decision_function(values[:, member.columns]), dtype=np.float64)
    return np.clip(raw, -MOST_LOG_ODDS, MOST_LOG_ODDS)


def value(member: Member, values: Values) -> Floats:
    """The member's quantile for each row."""
    if member.estimator is None or not len(values):
        return np.full(len(values), member.constant)
    return np.asarray(member.estimator.predict(values[:, member.columns]), dtype=np.float64)


def telling_columns(values: Values) -> Ints:
    """The columns that hold at least two different numbers: the library cannot bin the others."""
    if not len(values):
        return np.empty(0, dtype=np.int64)
    low, high = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
    return np.flatnonzero(low < high)


def _parameters(trees: Trees, seed: int) -> dict[str, Any]:
    names = ("max_iter", "learning_rate", "max_leaf_nodes", "min_samples_leaf", "l2_regularization", "max_features")
    # the default early stopping would hold a tenth of the rows back at random
    fixed = {"max_bins": trees.max_bins, "early_stopping": False, "random_state": seed}
    return {name: getattr(trees, name) for name in names} | fixed
