"""Conformal correction: bands widened or narrowed until they would have held their level on the forecasts just past.

Conformalised quantile regression (Romano, Patterson and Candès 2019), each edge for itself, in units of the series'
own swing, on past forecasts whose outcome is known. Prices drift, so that old errors say less: each forecast may weigh
what it is worth (Barber, Candès, Ramdas and Tibshirani 2023).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.base import LEVELS, Floats

LEAST_FORECASTS = 200


@dataclass(frozen=True, slots=True)
class Correction:
    """How far the lower and the upper edge are moved outwards, in units of the scale; negative moves inwards."""

    low: float = 0.0
    high: float = 0.0
    forecasts: int = 0

    def corrected(self, quantiles: Floats, scale: Floats) -> Floats:
        """Quantiles (rows × 3) with the edges moved; the median stays between them."""
        low = np.minimum(quantiles[:, 0] - self.low * scale, quantiles[:, 1])
        high = np.maximum(quantiles[:, 2] + self.high * scale, quantiles[:, 1])
        return np.stack([low, quantiles[:, 1], high], axis=1)


def correction(actual: Floats, quantiles: Floats, scale: Floats, weight: Floats) -> Correction:
    """The correction under which the edges hold on these past forecasts, the one to come weighing 1 beside them.

    None with fewer than `LEAST_FORECASTS`. `actual` and `quantiles` (rows × 3) are in logs.
    """
    count = len(actual)
    if count < LEAST_FORECASTS:
        return Correction(forecasts=count)
    whole = float(weight.sum())
    inside = min(1.0, (1 - LEVELS[0]) * (whole + 1) / whole)
    low, high = (
        np.quantile(beyond / scale, inside, weights=weight, method="inverted_cdf")
        for beyond in (quantiles[:, 0] - actual, actual - quantiles[:, 2])
    )
    return Correction(float(low), float(high), count)
