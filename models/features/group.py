"""Series that belong together, and their means: summed series by series, so that an unknown one changes no bit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.base import Floats
from models.weekly import Bools, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Series that belong together: a name, and each series' group number."""

    name: str
    codes: Ints

    def mean(self, values: Floats) -> Floats:
        """Mean of the known values of each group, groups × weeks."""
        total, count, _ = self._sums(values)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def others(self, values: Floats) -> Floats:
        """Mean of the known values of the group's other series, series × weeks."""
        total, count, known = self._sums(values)
        total, count = total[self.codes] - np.where(known, values, 0.0), count[self.codes] - known
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def _sums(self, values: Floats) -> tuple[Floats, Floats, Bools]:
        """(sum and number of the known values of each group, groups × weeks; which are known)."""
        from scipy.sparse import csr_array

        known = ~np.isnan(values)
        number = np.arange(len(self.codes))
        # a sparse product adds row after row, as they come: a dense one does not
        members = csr_array((np.ones(len(number)), (self.codes, number)), shape=(self._size(), len(number)))
        return members @ np.where(known, values, 0.0), members @ known.astype(np.float64), known

    def _size(self) -> int:
        return int(self.codes.max(initial=-1)) + 1
