"""A small neural network (scikit-learn's perceptron) beside the trees: it errs elsewhere, so their mean is better.

Values are ranked among those learned from and read as normal deviates, an unknown one as the median: prices have tails
that would drown the rest. Only plain numbers are kept of a fit: the quantiles of each column, weights and biases.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.base import Floats
from models.boosting import MOST_LOG_ODDS, telling_columns
from models.features.table import Values
from models.weekly import Bools, Ints

MOST_DEVIATIONS = 3.0
QUANTILES = 200
ROWS_AT_ONCE = 1024
"""Rows that stay in the cache together; what is computed does not depend on it."""


@dataclass(frozen=True, slots=True)
class Layers:
    """How the network is built and trained; all names but `passes` are scikit-learn's."""

    hidden: tuple[int, ...] = (64,)
    alpha: float = 0.3
    learning_rate_init: float = 1e-3
    batch_size: int = 1024
    passes: int = 8


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A fitted network: the columns it reads, their quantiles, and each layer's weights and biases."""

    columns: Ints
    quantiles: Floats
    """Columns × `QUANTILES`, from the least to the most."""
    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]


def fit_network(values: Values, outcome: Bools, layers: Layers, *, seed: int) -> Network | None:
    """A network whose `log_odds` are those of the outcome; None where there is nothing to learn."""
    columns = telling_columns(values)
    if not len(columns) or outcome.all() or not outcome.any() or len(outcome) < layers.batch_size:
        return None
    from sklearn.neural_network import MLPClassifier

    read = values[:, columns].astype(np.float64)
    quantiles = np.nanquantile(read, np.linspace(0.0, 1.0, QUANTILES), axis=0).T
    estimator = MLPClassifier(
        hidden_layer_sizes=layers.hidden,
        alpha=layers.alpha,
        learning_rate_init=layers.learning_rate_init,
        batch_size=layers.batch_size,
        random_state=seed,
    )
    deviates = _deviates(read, quantiles)
    # few passes are meant: they are the regularisation, and `fit` would call them too few
    for _ in range(layers.passes):
        estimator.partial_fit(deviates, outcome, classes=(False, True))
    return Network(columns, quantiles, tuple(estimator.coefs_), tuple(estimator.intercepts_))


def network_log_odds(network: Network, values: Values) -> Floats:
    """The network's log-odds for each row, the same to the last bit whatever other rows there are."""
    out = np.empty(len(values))
    for start in range(0, len(values), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        read = values[part][:, network.columns].astype(np.float64)
        signal = _deviates(read, network.quantiles)
        for place, (weights, biases) in enumerate(zip(network.weights, network.biases, strict=True)):
            if place:
                signal = np.maximum(signal, 0.0)
            signal = _layer(signal, weights) + biases
        out[part] = signal[:, 0]
    return np.clip(out, -MOST_LOG_ODDS, MOST_LOG_ODDS)


def _layer(signal: Floats, weights: Floats) -> Floats:
    """signal @ weights, input by input: a matrix product's last bit varies with the number of its rows."""
    total = np.zeros((len(signal), weights.shape[1]))
    for place, weight in enumerate(weights):
        total += signal[:, place, np.newaxis] * weight
    return total


def _deviates(values: Floats, quantiles: Floats) -> Floats:
    """Each value's rank among the quantiles as a normal deviate; 0 where it is unknown."""
    from scipy.special import ndtri

    levels = np.linspace(0.0, 1.0, quantiles.shape[1])
    out = np.zeros(values.shape)
    for place, edges in enumerate(quantiles):
        column = values[:, place]
        # a value that many share stands in the middle of its ranks: read from below and from above
        below = np.interp(column, edges, levels)
        above = -np.interp(-column, -edges[::-1], -levels[::-1])
        with np.errstate(invalid="ignore"):
            out[:, place] = np.clip(ndtri((below + above) / 2), -MOST_DEVIATIONS, MOST_DEVIATIONS)
    return np.asarray(np.nan_to_num(out, nan=0.0))
