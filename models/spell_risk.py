"""Spell risk: the probability that a slow-sales spell begins within so many weeks, at any line.

One ensemble a horizon speaks for every line: each cell is learned from at several lines, most often at those that are
asked for, so that the rare deep falls learn from the common shallow ones. Its log-odds are averaged over members of
trees that saw other draws of the cells, and mixed with those of a straight line (`models/linear.py`). What comes out is
calibrated afterwards (`models/calibrating.py`). Where few spells have been seen, what is known from elsewhere speaks
too (`models/prior.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.base import Floats
from models.boosting import Member, Trees, fit_classifier, log_odds
from models.features.at_line import Lined
from models.features.table import Values
from models.linear import Linear, fit_logistic
from models.market_weeks import MarketWeeks
from models.outcomes import Spells, spells_at
from models.prior import own_share, shipped
from models.sampling import Words, drawn
from models.weekly import Bools, Ints

LINES = (0.9, 0.8, 0.7, 0.5)
"""The lines of the four levels (mission §4)."""
YELLOW = 0.8
RISK_WEEKS = (1, 2, 4, 8)
"""7, 14, 28 and 56 days."""

TREES = Trees(150, 0.05, max_leaf_nodes=15, min_samples_leaf=60, l2_regularization=20.0, max_features=0.2)


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
    members: int = 4
    most_rows: int = 110_000
    trees: Trees = TREES


LINEAR_SHARE = 0.3
"""The line's say beside the trees', chosen among 0, 0.15, 0.3 and 0.5 on 2012 to 2018-05 (docs/skill.md)."""
LINEAR_FROM_WEEKS = 4
"""Nearer, where thresholds decide, the line adds nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Ensemble:
    """What speaks at one horizon: members of trees with one voice each, and from four weeks on a line."""

    trees: tuple[Member, ...]
    linear: Linear | None = None

    def log_odds(self, values: Values) -> Floats:
        """Log-odds for rows of `Lined.at` values: the trees' mean, and the line's."""
        total = np.zeros(len(values))
        for member in self.trees:
            total = total + log_odds(member, values)
        found = total / len(self.trees)
        return found if self.linear is None else found + LINEAR_SHARE * (self.linear.value(values) - found)


@dataclass(frozen=True, slots=True, eq=False)
class SpellRisk:
    """Ensembles by horizon in weeks, and the names of the columns that they read."""

    names: tuple[str, ...]
    ensembles: Mapping[int, Ensemble]
    typical: Floats
    """Each column's usual value: against it a series' reasons are told (`models/reasons.py`)."""
    own_share: float = 1.0
    """The ensembles' say beside the prior's (`models/prior.py`)."""

    def log_odds(self, values: Values, horizon: int) -> Floats:
        """The horizon's log-odds for rows of `Lined.at` values."""
        own = self.ensembles[horizon].log_odds(values)
        if self.own_share >= 1:
            return own
        before = shipped().log_odds(self.names, values, horizon)
        return self.own_share * own + (1 - self.own_share) * before


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What the ensembles learn from: cells with their features, and the spells of the grid as known then."""

    lined: Lined
    words: Words
    spells: Mapping[float, Spells]

    @property
    def own_share(self) -> float:
        """The say of what is learned here, by the spells seen at the yellow line."""
        return own_share(int(self.spells[YELLOW].onset.sum()))

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


def drawn_rows(lesson: Lesson, horizon: int, recipe: RiskRecipe, number: int) -> tuple[Values, Bools]:
    """(values, outcomes) of one member's draw of the told cells; the same whatever else there is."""
    told = {line: lesson.told(line, horizon) for line, _ in recipe.draws}
    expected = sum(part * len(told[line][0]) for line, part in recipe.draws)
    share = min(1.0, recipe.most_rows / max(expected, 1.0))
    values, outcomes = [], []
    for place, (line, part) in enumerate(recipe.draws):
        cells, outcome = told[line]
        some = drawn(lesson.words[cells], part * share, draw=(horizon * 64 + place) * 64 + number)
        values.append(lesson.lined.at(line, cells[some]))
        outcomes.append(outcome[some])
    return np.concatenate(values), np.concatenate(outcomes)


def fit_member(lesson: Lesson, horizon: int, recipe: RiskRecipe, number: int) -> Member:
    """One member of trees."""
    values, outcome = drawn_rows(lesson, horizon, recipe, number)
    return fit_classifier(values, outcome, recipe.trees, seed=number)


def fit_line(lesson: Lesson, horizon: int, recipe: RiskRecipe) -> Linear | None:
    """The line of a horizon, from a draw of its own; None where it has no say."""
    if horizon < LINEAR_FROM_WEEKS:
        return None
    return fit_logistic(*drawn_rows(lesson, horizon, recipe, recipe.members))
