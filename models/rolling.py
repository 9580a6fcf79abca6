"""Forecasts as they would have been made: refitted as the issue week moves, each on what was known before it.

Refits fall on fixed weeks of the calendar (every `refit_weeks`-th since 1970), so that neither where a backtest begins
nor where the panel ends moves them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from models.base import Floats
from models.fitting import Fitted, Plan, fit
from models.market_weeks import WEEK_DAYS
from models.study import Study
from models.weekly import Ints


@dataclass(frozen=True, slots=True)
class Fold:
    """A fit on what was known when the week of column `known` ended, which speaks from `first` to `last`."""

    known: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Rolled:
    """Uncalibrated forecasts of the study's cells, NaN where no fold spoke.

    `log_odds`: by line and horizon; `changes`: by horizon, quantiles of the change of the ln price, cells × 3.
    """

    log_odds: Mapping[tuple[float, int], Floats]
    changes: Mapping[int, Floats]

    @property
    def lines(self) -> list[float]:
        """The lines that were forecast, in order."""
        return sorted({line for line, _ in self.log_odds})

    def odds_at(self, line: float) -> dict[int, Floats]:
        """Log-odds at one line by horizon."""
        return {weeks: odds for (own, weeks), odds in self.log_odds.items() if own == line}


def folds(study: Study, first: int, last: int, *, refit_weeks: int) -> list[Fold]:
    """The folds that speak from column `first` to `last`; one begins at each refit week."""
    numbers = study.weeks.sundays // WEEK_DAYS
    begins = [column for column in range(first, last + 1) if numbers[column] % refit_weeks == 0]
    # the fit before the first refit week is that of the refit week before, so that it is the same for any start
    before = int(first - numbers[first] % refit_weeks) if first <= last else first
    if not begins or begins[0] != first:
        begins = [first, *begins]
    ends = [*(begin - 1 for begin in begins[1:]), last]
    knowns = [max(before, 1) - 1, *(begin - 1 for begin in begins[1:])]
    return [Fold(known, begin, end) for known, begin, end in zip(knowns, begins, ends, strict=True)]


def review_folds(first: int, last: int, *, warm_up: int, year: int = 52) -> list[Fold]:
    """One fold a year from column `first` to `last`; the first begins the `warm_up` weeks earlier.

    A fit of two years ago says nearly what one of last year says (docs/skill.md), and each costs minutes.
    """
    begins = [min(max(first - warm_up, 1), first), *range(first + year, last + 1, year)]
    ends = [*(one - 1 for one in begins[1:]), last]
    return [Fold(max(one - 1, 0), one, end) for one, end in zip(begins, ends, strict=True)]


def roll(study: Study, spoken: list[Fold], plan: Plan, lines: tuple[float, ...]) -> Iterator[tuple[Fold, Rolled]]:
    """After each fold, all forecasts made so far (the same arrays, filled on)."""
    count = len(study.table)
    log_odds = {(line, weeks): np.full(count, np.nan) for line in lines for weeks in plan.risk_weeks}
    changes = {weeks: np.full((count, 3), np.nan) for weeks in plan.price_weeks}
    for fold in spoken:
        fitted = fit(study, fold.known, plan)
        cells = study.cells(fold.first, fold.last)
        for line in lines:
            speak_risk(study, fitted, cells, line, log_odds)
        table = study.table.take(cells)
        for weeks in plan.price_weeks:
            changes[weeks][cells] = fitted.prices.changes(table, weeks)
        yield fold, Rolled(log_odds, changes)


def speak_risk(
    study: Study, fitted: Fitted, cells: Ints, line: float, log_odds: Mapping[tuple[float, int], Floats]
) -> None:
    """The ensemble's log-odds at some cells, put in their place."""
    values = study.lined.at(line, cells)
    for (at, weeks), found in log_odds.items():
        if at == line:
            found[cells] = fitted.risk.log_odds(values, weeks)
