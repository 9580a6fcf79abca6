"""What is known of falls before a panel has told any: a few coefficients that hold for any market.

Where few spells have been seen, what was learned elsewhere speaks in place of the panel's own trees, and gives way to
them as spells are seen (`own_share`). Log-odds are linear in sixteen features of the price alone, each clipped to the
range in which it was learned; one that is not known counts as usual. Horizons between the learned ones are read off
the line between them. The coefficients stand in prior.csv; `benchmarks/fit_prior.py` fits them and says on what.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from models.base import Floats
from models.features.table import Values
from models.linear import Linear

FEATURES = (
    "anomaly", "anomaly_mean13", "momentum1", "momentum4", "momentum13", "ahead_least2", "ahead_least4",
    "ahead_least8", "change_spread4", "nearness2", "nearness4", "nearness8", "low_share52", "low_share104", "line",
    "year_on_year",
)  # fmt: skip
ENOUGH_ONSETS = 30.0
"""Spells seen at which the panel's own trees have half the say."""
INTERCEPT = "intercept"


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """Ranges and usual values of the features, and coefficients by horizon: horizons × (intercept, features)."""

    least: Floats
    most: Floats
    usual: Floats
    horizons: Floats
    """In weeks, ascending."""
    coefficients: Floats

    def log_odds(self, names: Sequence[str], values: Values, horizon: int) -> Floats:
        """The log-odds for rows of values whose columns are `names` (`Lined.at`)."""
        place = {name: number for number, name in enumerate(names)}
        columns = np.array([place[name] for name in FEATURES], dtype=np.int64)
        at = np.log2(self.horizons)
        weight = np.array([np.interp(np.log2(horizon), at, column) for column in self.coefficients.T])
        line = Linear(columns, self.least, self.most, self.usual, weight[1:], float(weight[0]))
        return line.value(values)


def own_share(onsets: int) -> float:
    """The say of what a panel has taught itself, by the spells it has seen; the rest is the prior's."""
    return onsets / (onsets + ENOUGH_ONSETS)


@cache
def shipped() -> Prior:
    """The prior of prior.csv."""
    with (files("models") / "prior.csv").open(encoding="utf-8") as file:
        rows = {row["feature"]: row for row in csv.DictReader(file)}
    horizons = sorted(int(name) for name in rows[INTERCEPT] if name.isdigit())

    def column(name: str, *features: str) -> list[float]:
        return [float(rows[feature][name]) for feature in features]

    return Prior(
        np.array(column("least", *FEATURES)),
        np.array(column("most", *FEATURES)),
        np.array(column("usual", *FEATURES)),
        np.array(horizons, dtype=np.float64),
        np.array([column(str(weeks), INTERCEPT, *FEATURES) for weeks in horizons]),
    )
