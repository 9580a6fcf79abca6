"""Fitting everything that speaks over all series, on what was known at one week: risk by horizon, prices by horizon."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from models.features.at_line import LINE_NAMES
from models.price_bands import PriceBands, PriceRecipe, fit_levels
from models.spell_risk import RiskRecipe, SpellRisk, fit_members, lesson
from models.study import Study

Result = TypeVar("Result")


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
    names = study.table.names
    risk = [partial(fit_members, known, horizon, plan.risk) for horizon in plan.risk_weeks]
    prices = [
        partial(fit_levels, study.state, study.table, study.words, column, horizon, plan.prices)
        for horizon in plan.price_weeks
    ]
    members = run_each([*risk, *prices], plan.at_once)
    found = dict(zip(plan.risk_weeks, members[: len(risk)], strict=True))
    bands = dict(zip(plan.price_weeks, members[len(risk) :], strict=True))
    return Fitted(column, SpellRisk((*names, *LINE_NAMES), found), PriceBands(names, bands))


def run_each(tasks: Sequence[partial[Result]], at_once: int) -> list[Result]:
    """The results of tasks run side by side, each on one thread of its own."""
    with ThreadPoolExecutor(max_workers=at_once) as pool:
        return list(pool.map(_on_one_thread, tasks))


def _on_one_thread(task: partial[Result]) -> Result:
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        return task()
