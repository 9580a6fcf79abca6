"""Small simulated districts for tests that need plausible data: the demo's world with fewer products and markets."""

from __future__ import annotations

import datetime as dt
import functools

from pipelines.demo.recipes import DIANJIANG, LIANGPING, SHUANGFU
from pipelines.demo.world import World, build_world

LAST_DAY = dt.date(2026, 11, 23)
CABBAGE, POMELO, NAVEL, CARP = "莲花白", "梁平柚", "脐橙", "草鱼"


@functools.cache
def small_world(last_day: dt.date = LAST_DAY) -> World:
    """Four products at three markets over five years; shared between tests, so do not write into its frames.

    Cabbage is in a red glut on the last day, pomelo had one in the autumn two years ago, navel oranges stalled in
    December two years ago (a quarter of the usual volume at the usual price), and grass carp stays calm.
    """
    return build_world(
        last_day, years=5, products=(CABBAGE, POMELO, NAVEL, CARP), markets=(LIANGPING, SHUANGFU, DIANJIANG)
    )


@functools.cache
def whole_world(last_day: dt.date = LAST_DAY) -> World:
    """The demo's own world: every product and market over seven years."""
    return build_world(last_day)
