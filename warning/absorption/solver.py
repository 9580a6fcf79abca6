"""HiGHS behind two calls: set a programme up, and solve it again from where it stands.

One thread, so that equal programmes give equal answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from warning.errors import InvalidPlan
from warning.indicators.grid import Floats, Ints

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix

NODES = 5_000
"""For one solve of a programme with whole numbers, which always has a solution to begin with: a limit that is the same
on every machine, so that a stored problem gives its plan again. Others end by themselves."""
LARGE, MANY = 30_000, 0.05
"""A programme of more columns, of which more than this share are new, is solved by an interior point (and from there to
a vertex): faster by far than the simplex method, which is for few new columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Values of the columns given, duals of the rows (zero of a mixed-integer programme), and the cost."""

    values: Floats
    duals: Floats
    cost: float
    bound: float
    """No solution costs less."""


class Solver:
    """One programme in HiGHS. Columns may be added; bounds and costs changed; it starts from its last basis."""

    def __init__(self, matrix: csc_matrix, row_lower: Floats, row_upper: Floats, upper: Floats, cost: Floats) -> None:
        import highspy

        self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self._highs.silent()
        for name, value in (("threads", 1), ("random_seed", 0), ("mip_max_nodes", NODES)):
            self._highs.setOptionValue(name, value)
        programme = highspy.HighsLp()
        programme.num_col_, programme.num_row_ = matrix.shape[1], matrix.shape[0]
        programme.col_cost_, programme.col_lower_ = cost, np.zeros(len(cost))
        programme.col_upper_ = upper
        programme.row_lower_, programme.row_upper_ = row_lower, row_upper
        programme.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        programme.a_matrix_.start_ = matrix.indptr.astype(np.int32)
        programme.a_matrix_.index_ = matrix.indices.astype(np.int32)
        programme.a_matrix_.value_ = matrix.data
        self._highs.passModel(programme)
        self._new = len(cost)
        self._mixed = False

    def solve(self) -> Solution:
        """Solve as it stands. Raises InvalidPlan where HiGHS finds no solution (it says why)."""
        self._choose()
        self._highs.run()
        status = self._highs.modelStatusToString(self._highs.getModelStatus())
        info, found = self._highs.getInfo(), self._highs.getSolution()
        if not found.value_valid or status not in ("Optimal", "Solution limit reached"):
            raise InvalidPlan(f"the programme has no solution: {status}", where="plan", todo="relax its bounds")
        duals = np.array(found.row_dual) if found.dual_valid else np.zeros(self._highs.getNumRow())
        bound = (
            info.mip_dual_bound
            if np.isfinite(info.mip_dual_bound) and not found.dual_valid
            else float(info.objective_function_value)
        )
        return Solution(np.array(found.col_value), duals, float(info.objective_function_value), float(bound))

    def _choose(self) -> None:
        columns = self._highs.getNumCol()
        afresh = not self._mixed and columns > LARGE and self._new > MANY * columns
        if afresh:
            self._highs.clearSolver()
        self._highs.setOptionValue("solver", "ipm" if afresh else "choose")
        self._new = 0

    def costs(self, cost: Floats) -> None:
        """Change every column's cost."""
        self._highs.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)

    def bound_row(self, row: int, lower: float, upper: float) -> None:
        """Change one row's bounds."""
        self._highs.changeRowBounds(row, lower, upper)

    def add(self, matrix: csc_matrix, cost: Floats, upper: Floats) -> None:
        """Add columns."""
        count = matrix.shape[1]
        self._new += count
        self._highs.addCols(
            count, cost, np.zeros(count), upper, matrix.nnz,
            matrix.indptr[:-1].astype(np.int32), matrix.indices.astype(np.int32), matrix.data,
        )  # fmt: skip

    def whole(self, columns: Ints, gap: float) -> None:
        """Let these columns be whole numbers, within a relative gap."""
        import highspy

        self._mixed = True
        kinds = np.full(len(columns), highspy.HighsVarType.kInteger)
        self._highs.changeColsIntegrality(len(columns), columns.astype(np.int32), kinds)
        self._highs.setOptionValue("mip_rel_gap", gap)

    def start_from(self, values: Floats) -> None:
        """A solution to begin with, of a mixed-integer programme."""
        import highspy

        solution: Any = highspy.HighsSolution()
        solution.col_value = list(values)
        self._highs.setSolution(solution)
