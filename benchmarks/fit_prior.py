"""Fit what is known of falls before a panel has told any (`models/prior.py`), and write models/prior.csv.

    python benchmarks/fit_prior.py --panel PANEL --until 2014-06-01 --out models/prior.csv

What is shipped was fitted on wholesale prices of India (AGMARKNET, 2006 to 2014-05: onion, potato, tomato, masur
dal and mustard oil; 1,668 series in all), on nothing later, so that what is judged since then was not seen. A logistic
regression a horizon over cells read at nine lines, as the trees read them; no penalty to speak of, since there are
hundreds of thousands of cells and sixteen features.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from models.backtest import EPOCH
from models.prior import FEATURES, INTERCEPT
from models.spell_risk import RiskRecipe, drawn_rows, lesson
from models.study import study
from models.tidy_panel import weeks_of_panel

HORIZONS = (1, 2, 4, 8, 12)
OUTER = 0.005
"""Share of the cells beyond either end of a feature's range."""


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--panel", required=True)
    parser.add_argument("--until", type=dt.date.fromisoformat, required=True)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    recipe = RiskRecipe()
    weeks = weeks_of_panel(pd.read_parquet(asked.panel))
    prepared = study(weeks, [line for line, _ in recipe.draws])
    known = int(np.flatnonzero(weeks.sundays < (asked.until - EPOCH).days)[-1])
    told = lesson(weeks.until(known), prepared.lined, prepared.words, recipe)
    places = [told.lined.names.index(name) for name in FEATURES]
    drawn = {horizon: drawn_rows(told, horizon, recipe, 0) for horizon in HORIZONS}
    every = np.concatenate([values[:, places] for values, _ in drawn.values()]).astype(np.float64)
    least, usual, most = np.nanquantile(every, [OUTER, 0.5, 1 - OUTER], axis=0)
    spread = np.nanstd(every, axis=0)
    columns = {horizon: _coefficients(values[:, places], outcome, least, usual, most, spread)
               for horizon, (values, outcome) in drawn.items()}  # fmt: skip
    with asked.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["feature", "least", "usual", "most", *HORIZONS])
        writer.writerow([INTERCEPT, "", "", "", *(f"{columns[horizon][0]:.4f}" for horizon in HORIZONS)])
        for number, name in enumerate(FEATURES):
            bounds = [f"{one[number]:.4f}" for one in (least, usual, most)]
            writer.writerow([name, *bounds, *(f"{columns[horizon][number + 1]:.4f}" for horizon in HORIZONS)])


def _coefficients(values: np.ndarray, outcome: np.ndarray, least: np.ndarray, usual: np.ndarray, most: np.ndarray,
                  spread: np.ndarray) -> np.ndarray:  # fmt: skip
    """(intercept, slopes) on the features' own scale."""
    chosen = np.where(np.isnan(values), usual, np.clip(values, least, most))
    fitted = LogisticRegression(max_iter=1000).fit((chosen - usual) / spread, outcome)
    slopes = fitted.coef_[0] / spread
    return np.concatenate([[fitted.intercept_[0] - slopes @ usual], slopes])


if __name__ == "__main__":
    main()
