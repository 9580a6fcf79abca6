"""What townships have reported of the product: cost, sales, stock and planting, where its markets are their outlets.

The figures are the district's (`warning.township.Evidence`), as each Sunday knew them; unknown for every series of a
panel without reports, so that the models learn of them only where there are any.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.features.own_price import Named
from models.features.reach import lagged
from models.features.state import State

READINGS = ("k", "lag", "supply", "over", "seeded", "no_bids", "blocked")
"""Names of `warning.township.Evidence` that are read."""
MOST = 100.0
SINCE_WEEKS = 4


def reported(state: State) -> Iterator[Named]:
    """The readings as reported last, and the change of sales lag and days of supply over four weeks."""
    unknown = np.full(state.weeks.shape, np.nan)
    found = state.weeks.reported
    for name in READINGS:
        yield f"reported_{name}", np.clip(found.get(name, unknown), -MOST, MOST)
    for name in ("lag", "supply"):
        now = found.get(name, unknown)
        yield f"reported_{name}_change", now - lagged(now, SINCE_WEEKS) if name in found else unknown
