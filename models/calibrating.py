"""Calibration: log-odds shifted so that as many of the last year's spells came as had been said.

Only the level is moved, never the spread: falls come in waves, and a year of them tells how often, hardly how steeply
the odds ought to rise. A slope fitted beside the shift (Platt 1999) followed the last wave and cost more than it
brought (docs/skill.md). Few forecasts move little: `PRIOR_ROWS` that came true exactly as said stand against them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.base import Floats
from models.weekly import Bools

PRIOR_ROWS = 1000.0
"""Forecasts that came true exactly as said, added as a counterweight; chosen on 2012 to 2018-05 (docs/skill.md)."""
STEADY = np.linspace(-6.0, 1.5, 16)
"""Their log-odds."""
MOST_SHIFT = 10.0
LEAST_EVENTS = 20


@dataclass(frozen=True, slots=True)
class Calibration:
    """probability = sigmoid(`shift` + log-odds); `events` past onsets stand behind it."""

    shift: float = 0.0
    events: int = 0

    def probability(self, log_odds: Floats) -> Floats:
        """The calibrated probabilities."""
        return sigmoid(self.shift + log_odds)


def calibrate(log_odds: Floats, outcome: Bools) -> Calibration:
    """The calibration that past forecasts and their outcomes ask for; none with fewer than `LEAST_EVENTS` onsets.

    The likeliest shift makes the expected number of onsets, the counterweight's included, that which came.
    """
    events = int(outcome.sum())
    if events < LEAST_EVENTS or events == len(outcome):
        return Calibration(events=events)
    from scipy.optimize import brentq

    weight = PRIOR_ROWS / len(STEADY)
    came = events + weight * sigmoid(STEADY).sum()

    def over(shift: float) -> float:
        return float(sigmoid(shift + log_odds).sum() + weight * sigmoid(shift + STEADY).sum() - came)

    return Calibration(float(brentq(over, -MOST_SHIFT, MOST_SHIFT, xtol=1e-6)), events)


def sigmoid(log_odds: Floats) -> Floats:
    """The probability of log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))
