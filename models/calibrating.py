"""Calibration: log-odds moved so that what was said in the last years with 30 % came true in 30 % of cases.

A straight line in log-odds (Platt 1999), fitted by scikit-learn on forecasts that were made before their outcome was
known. Few past events draw it towards leaving the forecasts as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.base import Floats
from models.weekly import Bools

PRIOR_ROWS = 300.0
"""Forecasts that came true exactly as said, added as a counterweight."""
STEADY = np.linspace(-6.0, 1.5, 16)
LEAST_SLOPE, MOST_SLOPE = 0.5, 1.5
LEAST_EVENTS = 20


@dataclass(frozen=True, slots=True)
class Calibration:
    """probability = sigmoid(`intercept` + `slope` × log-odds); `events` past onsets stand behind it."""

    intercept: float = 0.0
    slope: float = 1.0
    events: int = 0

    def probability(self, log_odds: Floats) -> Floats:
        """The calibrated probabilities."""
        return sigmoid(self.intercept + self.slope * log_odds)


def calibrate(log_odds: Floats, outcome: Bools) -> Calibration:
    """The calibration that past forecasts and their outcomes ask for; none with fewer than `LEAST_EVENTS` onsets."""
    events = int(outcome.sum())
    if events < LEAST_EVENTS or events == len(outcome):
        return Calibration(events=events)
    from sklearn.linear_model import LogisticRegression

    weight = PRIOR_ROWS / len(STEADY)
    truth = sigmoid(STEADY)
    features = np.concatenate([log_odds, STEADY, STEADY])[:, np.newaxis]
    happened = np.concatenate([outcome, np.ones(len(STEADY), bool), np.zeros(len(STEADY), bool)])
    weights = np.concatenate([np.ones(len(outcome)), weight * truth, weight * (1 - truth)])
    fitted = LogisticRegression(C=1e6, max_iter=200).fit(features, happened, sample_weight=weights)
    slope = float(np.clip(fitted.coef_[0, 0], LEAST_SLOPE, MOST_SLOPE))
    return Calibration(float(fitted.intercept_[0]), slope, events)


def sigmoid(log_odds: Floats) -> Floats:
    """The probability of log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))
