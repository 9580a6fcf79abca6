"""Series that belong together, and their means: summed series by series, so that an unknown one changes no bit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.base import Floats
from models.weekly import Ints


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Series that belong together: a name, and each series' group number."""

    name: str
    codes: Ints

    def mean(self, values: Floats) -> Floats:
        """Mean of the known values of each group, groups × weeks."""
        known = ~np.isnan(values)
        total, count = (np.zeros((self._size(), values.shape[1])) for _ in range(2))
        np.add.at(total, self.codes, np.where(known, values, 0.0))
        np.add.at(count, self.codes, known)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def others(self, values: Floats) -> Floats:
        """Mean of the known values of the group's other series, series × weeks."""
        known = ~np.isnan(values)
        total, count = (np.zeros((self._size(), values.shape[1])) for _ in range(2))
        np.add.at(total, self.codes, np.where(known, values, 0.0))
        np.add.at(count, self.codes, known)
        total, count = total[self.codes] - np.where(known, values, 0.0), count[self.codes] - known
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def _size(self) -> int:
        return int(self.codes.max(initial=-1)) + 1
