"""Lines of the forecast level: from which probability on it pays to warn, by the cost of past errors.

A missed onset costs `COST_RATIO` times a false alarm; whatever that says, at most a tenth of the quiet weeks may be
alarmed (mission §4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.base import Floats
from models.weekly import Bools

COST_RATIO = 5.0
MOST_POFD = 0.10
LEAST_ONSETS = 20


@dataclass(frozen=True, slots=True)
class ProbabilityLine:
    """Warn from `probability` on; the figures are those of the past forecasts it was chosen on, None without any."""

    probability: float
    onsets: int
    pod: float | None = None
    far: float | None = None
    pofd: float | None = None


def probability_line(probability: Floats, outcome: Bools, *, cost_ratio: float = COST_RATIO) -> ProbabilityLine:
    """The line of least cost: `cost_ratio` × misses + false alarms, with POFD at most `MOST_POFD`.

    With fewer than `LEAST_ONSETS` onsets the line of a true probability, 1 / (1 + cost ratio), is taken.
    """
    onsets = int(outcome.sum())
    quiet = len(outcome) - onsets
    if onsets < LEAST_ONSETS or not quiet:
        return ProbabilityLine(1.0 / (1.0 + cost_ratio), onsets)
    order = np.argsort(-probability, kind="stable")
    hits, false = np.cumsum(outcome[order]), np.cumsum(~outcome[order])
    ranked = probability[order]
    # only where the next probability is lower does a line lie
    ends = np.append(ranked[1:] < ranked[:-1], True) & (false <= MOST_POFD * quiet)
    places = np.flatnonzero(ends)
    if not len(places):
        return ProbabilityLine(float(np.nextafter(ranked[0], 2.0)), onsets, 0.0, None, 0.0)
    cost = cost_ratio * (onsets - hits[places]) + false[places]
    best = int(places[np.argmin(cost)])
    hit, wrong = int(hits[best]), int(false[best])
    return ProbabilityLine(float(ranked[best]), onsets, hit / onsets, wrong / (hit + wrong), wrong / quiet)
