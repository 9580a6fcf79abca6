"""A second solver of the plan's two stages: an interior-point method over a variable for each batch, unit and day."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from dataclasses import dataclass, replace

import numpy as np
from plan_rules import CATALOG, a_day, days_of, in_all, is_key, kilometres, lost, money, pair_may, pays

from warning.absorption.problem import Batch, Problem
from warning.absorption.units import AbsorbingUnit

HELD = 1e-9
"""Relative: by how much the second stage may place less, here as in the plan."""


def score_per_t(case: Problem, goods: Batch, buyer: AbsorbingUnit) -> float:
    """What the plan values in a tonne sent, but for its waiting."""
    product = CATALOG.products[goods.product_id]
    liked = product.id in buyer.prefers or product.group in buyer.prefers
    income = pays(goods, buyer) * 1000 * (1 - lost(buyer)) * (1 + case.options.preference * liked)
    return income - kilometres(case, goods, buyer) * case.options.freight_per_t_km * case.options.nearness


@dataclass
class Answer:
    """What the second solver says of the two stages."""

    placed: float
    score: float


class Daily:
    """The same programme written day by day: a variable for each batch, unit and day; then what is left, then the worst
    township's share. Solved by an interior-point method in place of the plan's simplex."""

    def __init__(self, case: Problem) -> None:
        self.case = case
        self.batches = [one for one in case.batches if one.tonnes > 0]
        self.cells = [
            (b, u, day)
            for b, goods in enumerate(self.batches)
            for u, buyer in enumerate(case.units)
            if pair_may(case, goods, buyer) and a_day(case, buyer) > 0
            for day in days_of(case, goods, buyer)
        ]
        self.first = len(self.cells)
        self.columns = self.first + len(self.batches) + 1
        self.rows: list[tuple[dict[int, float], float]] = []
        self._write()

    def solve(self) -> Answer:
        """Both stages. Scores are in thousands of CNY inside, so that rows and costs are of a size."""
        if not self.cells:
            return Answer(0.0, -self._worst_weight() * self._worst_if_nothing_moves())
        placing = np.zeros(self.columns)
        placing[: self.first] = -1.0
        placed = -self._solved(placing)
        worth = np.zeros(self.columns)
        worth[: self.first] = [-self._score(cell) / 1000 for cell in range(self.first)]
        worth[-1] = self._worst_weight() / 1000
        held = placed - HELD * max(1.0, placed)
        self.rows.append((dict.fromkeys(range(self.first), -1.0), -held))
        return Answer(placed, -1000 * self._solved(worth))

    def _write(self) -> None:
        case, cells = self.case, self.cells
        for u, buyer in enumerate(case.units):
            mine = [cell for cell, (_, other, _) in enumerate(cells) if other == u]
            for day in {cells[cell][2] for cell in mine}:
                self._at_most([cell for cell in mine if cells[cell][2] == day], a_day(case, buyer))
            self._at_most(mine, in_all(case, buyer))
            price = {cell: pays(self.batches[cells[cell][0]], buyer) for cell in mine}
            if np.isfinite(money(case, buyer)) and mine:
                self.rows.append((price, money(case, buyer) / 1000))
        self._channels()
        self._townships()

    def _at_most(self, mine: list[int], tonnes: float) -> None:
        if mine and np.isfinite(tonnes):
            self.rows.append((dict.fromkeys(mine, 1.0), tonnes))

    def _channels(self) -> None:
        share = self.case.options.channel_share
        if share is None:
            return
        for channel in {one.channel for one in self.case.units}:
            row = {c: (self.case.units[u].channel == channel) - share for c, (_, u, _) in enumerate(self.cells)}
            self.rows.append((row, 0.0))

    def _townships(self) -> None:
        fairness, total = self.case.options.fairness_k, sum(one.tonnes for one in self.batches)
        for township in {one.township_id for one in self.batches}:
            mine = [b for b, one in enumerate(self.batches) if one.township_id == township]
            surplus = sum(self.batches[b].tonnes for b in mine)
            row = {self.first + b: self._weight(b) for b in mine}
            self.rows.append((row | {self.columns - 1: -surplus}, 0.0))
            if fairness is not None:
                for sign in (1, -1):
                    self.rows.append(({
                        cell: sign * ((b in mine) - surplus / total) - fairness
                        for cell, (b, _, _) in enumerate(self.cells)
                    }, 0.0))  # fmt: skip

    def _weight(self, b: int) -> float:
        return self.case.options.key_weight if is_key(self.case, self.batches[b]) else 1.0

    def _score(self, cell: int) -> float:
        b, u, day = self.cells[cell]
        goods, buyer = self.batches[b], self.case.units[u]
        waited = (self._stretch(u, day) - max(goods.release, self.case.day)).days
        return score_per_t(self.case, goods, buyer) - waited * self.case.options.waiting_per_t_day

    @functools.cache  # noqa: B019
    def _stretch(self, u: int, day: dt.date) -> dt.date:
        """The first day back from `day` on which the unit is open to just the same batches."""

        def who(on: dt.date) -> list[int]:
            return [b for b, goods in enumerate(self.batches) if self._spans(goods, u, on)]

        open_days = sorted({cell[2] for cell in self.cells if cell[1] == u})
        back = [one for one in open_days if one <= day]
        same = list(itertools.takewhile(lambda one: self._same(u, one, day, who), reversed(back)))
        return same[-1]

    def _spans(self, goods: Batch, u: int, on: dt.date) -> bool:
        days = self._days(goods, u)
        return bool(days) and days[0] <= on <= days[1]

    def _days(self, goods: Batch, u: int) -> tuple[dt.date, dt.date] | None:
        """First and last day of a batch at a unit, closed days counted."""
        buyer = self.case.units[u]
        if not pair_may(self.case, goods, buyer):
            return None
        always = replace(buyer, closed_weekends=False, closed_in_holidays=False)
        days = days_of(self.case, goods, always)
        return (days[0], days[-1]) if days else None

    def _same(self, u: int, early: dt.date, late: dt.date, who: object) -> bool:
        span = [early + dt.timedelta(days=step) for step in range((late - early).days + 1)]
        assert callable(who)
        return all(who(one) == who(late) for one in span)

    def _worst_weight(self) -> float:
        value = sum(one.tonnes * 1000 * (one.price_per_kg or 1.0) for one in self.batches)
        return self.case.options.worst_share_weight * value

    def _worst_if_nothing_moves(self) -> float:
        left: dict[str, float] = {}
        total: dict[str, float] = {}
        for b, one in enumerate(self.batches):
            left[one.township_id] = left.get(one.township_id, 0.0) + self._weight(b) * one.tonnes
            total[one.township_id] = total.get(one.township_id, 0.0) + one.tonnes
        return max((left[name] / total[name] for name in left), default=0.0)

    def _solved(self, cost: np.ndarray) -> float:
        """The least cost; equations for each batch, then inequalities, then x ≥ 0."""
        import clarabel
        from scipy.sparse import coo_matrix, csc_matrix, identity, vstack

        equal = [
            {c: 1.0 for c, cell in enumerate(self.cells) if cell[0] == b} | {self.first + b: 1.0}
            for b in range(len(self.batches))
        ]
        every = [*equal, *(row for row, _ in self.rows)]
        entries = [(r, c, value) for r, row in enumerate(every) for c, value in row.items()]
        rows, columns, values = (np.array(one) for one in zip(*entries, strict=True))
        matrix = coo_matrix((values, (rows, columns)), shape=(len(every), self.columns))
        stacked = csc_matrix(vstack([matrix, -identity(self.columns)]))
        right = np.array([*(one.tonnes for one in self.batches), *(most for _, most in self.rows),
                          *np.zeros(self.columns)])  # fmt: skip
        cones = [clarabel.ZeroConeT(len(equal)), clarabel.NonnegativeConeT(len(right) - len(equal))]
        settings = clarabel.DefaultSettings()
        settings.verbose = False
        settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-10
        nothing = csc_matrix((self.columns, self.columns))
        answer = clarabel.DefaultSolver(nothing, cost, stacked, right, cones, settings).solve()
        assert str(answer.status) in ("Solved", "AlmostSolved"), answer.status
        return float(answer.obj_val)
