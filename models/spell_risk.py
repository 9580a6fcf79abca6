"""Spell risk: the probability that a slow-sales spell begins within so many weeks, at any line.

One ensemble a horizon speaks for every line: each cell is learned from at several lines, most often at those that are
asked for, so that the rare deep falls learn from the common shallow ones. Its log-odds are averaged over members that
saw other draws of the cells. What comes out is calibrated afterwards (`models/calibrating.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.base import Floats
from models.boosting import Member, Trees, fit_classifier, log_odds
from models.features.at_line import Lined
from models.features.state import State
from models.features.table import Values
from models.market_weeks import MarketWeeks
from models.outcomes import Spells, spells_at
from models.sampling import Words, drawn
from models.weekly import Bools, Ints

LINES = (0.9, 0.8, 0.7, 0.5)
"""The lines of the four levels (mission §4)."""
RISK_WEEKS = (1, 2, 4, 8)
"""7, 14, 28 and 56 days."""

TREES = Trees(max_iter=150, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=80)


@dataclass(frozen=True, slots=True)
class RiskRecipe:
    """How the ensembles are made: the share of cells drawn at each line, and how trees are grown."""

    draws: tuple[tuple[float, float], ...] = (
        (1.1, 0.25),
        (1.0, 0.35),
        (0.9, 0.55),
        (0.85, 0.6),
        (0.8, 0.9),
        (0.75, 0.6),
        (0.7, 0.55),
        (0.6, 0.35),
        (0.5, 0.35),
    )
    members: int = 3
    most_rows: int = 160_000
    trees: Trees = TREES


@dataclass(frozen=True, slots=True, eq=False)
class SpellRisk:
    """Fitted ensembles by horizon in weeks."""

    names: tuple[str, ...]
    members: Mapping[int, tuple[Member, ...]]

    def log_odds(self, values: Values, horizon: int) -> Floats:
        """Mean log-odds of the ensemble for rows of `at_line` values."""
        total = np.zeros(len(values))
        for member in self.members[horizon]:
            total = total + log_odds(member, values)
        return total / len(self.members[horizon])


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What the ensembles learn from: cells with their features, and the spells of the grid as known then."""

    lined: Lined
    words: Words
    spells: Mapping[float, Spells]

    def told(self, line: float, horizon: int) -> tuple[Ints, Bools]:
        """(the cells whose outcome is told, the outcome)."""
        spells, table = self.spells[line], self.lined.table
        inside = np.flatnonzero(table.columns < spells.onset.shape[1])
        at = table.rows[inside], table.columns[inside]
        told = spells.told(horizon)[at]
        return inside[told], spells.within(horizon)[at][told]


def lesson(weeks: MarketWeeks, lined: Lined, words: Words, recipe: RiskRecipe) -> Lesson:
    """The lesson of what `weeks` knew; `lined` may hold later cells, which are not told yet and not read."""
    return Lesson(lined, words, {line: spells_at(weeks, line) for line, _ in recipe.draws})


def fit_members(lesson: Lesson, horizon: int, recipe: RiskRecipe) -> tuple[Member, ...]:
    """The ensemble of a horizon; the same bits whatever else than the told cells there is."""
    told = {line: lesson.told(line, horizon) for line, _ in recipe.draws}
    expected = sum(part * len(told[line][0]) for line, part in recipe.draws)
    share = min(1.0, recipe.most_rows / max(expected, 1.0))
    found = []
    for number in range(recipe.members):
        values, outcomes = [], []
        for place, (line, part) in enumerate(recipe.draws):
            cells, outcome = told[line]
            some = drawn(lesson.words[cells], part * share, draw=(horizon * 64 + place) * 64 + number)
            values.append(lesson.lined.at(line, cells[some]))
            outcomes.append(outcome[some])
        found.append(fit_classifier(np.concatenate(values), np.concatenate(outcomes), recipe.trees, seed=number))
    return tuple(found)


def fit_spell_risk(
    weeks: MarketWeeks,
    lined: Lined,
    words: Words,
    horizons: Sequence[int] = RISK_WEEKS,
    recipe: RiskRecipe | None = None,
) -> SpellRisk:
    """Ensembles for each horizon (weeks) from what `weeks` knew."""
    recipe = recipe or RiskRecipe()
    known = lesson(weeks, lined, words, recipe)
    return SpellRisk(lined.names, {horizon: fit_members(known, horizon, recipe) for horizon in horizons})


def learnable(state: State) -> tuple[Ints, Ints]:
    """(rows, columns) of the cells with a known anomaly, series by series."""
    rows, columns = np.nonzero(~np.isnan(state.anomaly))
    return rows.astype(np.int64), columns.astype(np.int64)
