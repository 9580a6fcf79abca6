"""Fitting everything that speaks over all series, on what was known at one week: risk by horizon, prices by horizon."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from models.features.at_line import LINE_NAMES
from models.price_bands import PriceBands, PriceRecipe, fit_levels, fit_price_line
from models.reasons import typical
from models.spell_risk import Ensemble, RiskRecipe, SpellRisk, fit_line, fit_member, lesson
from models.study import Study


@dataclass(frozen=True, slots=True)
class Plan:
    """What is fitted: horizons in weeks of risk and prices, how each is made, and how many fits run at once.

    Each fit runs on one thread, so that its sums, and with them its bits, do not depend on the machine's cores.
    """

    risk_weeks: tuple[int, ...]
    price_weeks: tuple[int, ...]
    risk: RiskRecipe = field(default_factory=RiskRecipe)
    prices: PriceRecipe = field(default_factory=PriceRecipe)
    at_once: int = 2

    @property
    def lines(self) -> tuple[float, ...]:
        """The lines that are learned from."""
        return tuple(line for line, _ in self.risk.draws)


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The fitted models and the column whose week was the last they knew."""

    column: int
    risk: SpellRisk
    prices: PriceBands


def fit(study: Study, column: int, plan: Plan) -> Fitted:
    """Everything fitted on what was known when the week of `column` ended."""
    known = lesson(study.weeks.until(column), study.lined, study.words, plan.risk)
    voices = [(weeks, number) for weeks in plan.risk_weeks for number in range(plan.risk.members)]
    tasks = [partial(fit_member, known, weeks, plan.risk, number) for weeks, number in voices]
    lines = [partial(fit_line, known, weeks, plan.risk) for weeks in plan.risk_weeks]
    levels = [partial(fit_levels, study, column, weeks, plan.prices) for weeks in plan.price_weeks]
    price_lines = [partial(fit_price_line, study, column, weeks, plan.prices) for weeks in plan.price_weeks]
    groups = (tasks, lines, levels, price_lines)
    found = iter(run_each([task for group in groups for task in group], plan.at_once))
    members, lined, banded, straight = ([next(found) for _ in group] for group in groups)
    ensembles = {
        weeks: Ensemble(tuple(one for (at, _), one in zip(voices, members, strict=True) if at == weeks), line)
        for weeks, line in zip(plan.risk_weeks, lined, strict=True)
    }
    bands, straights = (dict(zip(plan.price_weeks, each, strict=True)) for each in (banded, straight))
    risk = SpellRisk((*study.table.names, *LINE_NAMES), ensembles, typical(study, column), known.own_share)
    return Fitted(column, risk, PriceBands(study.table.names, bands, straights))


def run_each(tasks: Sequence[partial[Any]], at_once: int) -> list[Any]:
    """The results of tasks run side by side, each on one thread of its own."""
    from threadpoolctl import threadpool_limits

    # the linear algebra's limit is the process's: the task that ends first would lift it for those still running
    with threadpool_limits(limits=1), ThreadPoolExecutor(max_workers=at_once) as pool:
        return list(pool.map(_on_one_thread, tasks))


def _on_one_thread(task: partial[Any]) -> Any:
    from threadpoolctl import threadpool_limits

    # that of OpenMP is each thread's own
    with threadpool_limits(limits=1):
        return task()
