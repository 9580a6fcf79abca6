"""Planting lights: too much planted or seeded, told 60 to 90 days before it comes to market.

Green, yellow, red, by planted area against the normal one, by seedlings against the same 旬 (ten days) of past
years, or by seedlings against a country's own line. Kin: Taiwan's lights of seedlings sold (大宗蔬菜供苗預警).
"""

from __future__ import annotations

import datetime as dt
import enum
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from warning.catalog import SeedlingLine
from warning.indicators.grid import Floats
from warning.indicators.seasons import XUN_A_YEAR, YEARS_BACK, mean_of_years, xun_number
from warning.thresholds import Lines

if TYPE_CHECKING:
    import pandas as pd

SEEDLING_HISTORY: Final = dt.timedelta(days=366 * (YEARS_BACK + 1))
"""Reports so far back tell how many seedlings are usual."""
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class Light(enum.IntEnum):
    """A planting light."""

    GREEN = 0
    YELLOW = 1
    RED = 2

    @property
    def name_zh(self) -> str:
        """The Chinese word people read."""
        return ("绿灯", "黄灯", "红灯")[self]

    @property
    def key(self) -> str:
        """The stable word of the interface."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class PlantingLight:
    """A light with its ground: `basis` is area, seedlings (against past years) or seedling_line."""

    light: Light
    basis: str
    value: float
    """Share above normal (0.1 is ten per cent too much); for a seedling line, seedlings."""
    line: float
    """The line reached, or the first one not reached."""
    text_zh: str
    text_en: str


def planting_light(
    lines: Lines,
    *,
    over_area: float | None = None,
    over_seedlings: float | None = None,
    seedlings: float | None = None,
    seedling_line: SeedlingLine | None = None,
) -> PlantingLight | None:
    """The worst light of what is known; None where nothing is.

    `over_area` and `over_seedlings` are shares above normal (see `warning.indicators.stock.over_planting`);
    `seedlings` are those of one 旬, which only a `seedling_line` gives a meaning. Source: mission §3, lead.
    """
    found = [
        _by_share("area", over_area, lines),
        _by_share("seedlings", over_seedlings, lines),
        None if seedling_line is None else _by_line(seedlings, seedling_line),
    ]
    return max((one for one in found if one is not None), key=lambda one: one.light, default=None)


def _by_share(basis: str, over: float | None, lines: Lines) -> PlantingLight | None:
    if over is None or not math.isfinite(over):
        return None
    light, line = _light(over, lines.over_planting, lines.over_planting_red)
    what_zh, what_en = _WHAT[basis]
    side_zh, side_en = ("多", "above") if over >= 0 else ("少", "below")
    share = f"{abs(over) * 100:.0f}%"
    text_zh = f"{what_zh}{side_zh} {share}（{_line_name(light)[0]} {line * 100:.0f}%）：{light.name_zh}"
    text_en = f"{what_en} {share} {side_en} normal ({_line_name(light)[1]} {line * 100:.0f}%): {light.key} light"
    return PlantingLight(light, basis, over, line, text_zh, text_en)


def _by_line(seedlings: float | None, own: SeedlingLine) -> PlantingLight | None:
    if seedlings is None or not math.isfinite(seedlings):
        return None
    light, line = _light(seedlings, own.yellow, own.red)
    zh, en = _line_name(light)
    text_zh = f"本旬供苗 {seedlings / 1e4:.1f} 万株（{zh} {line / 1e4:g} 万株）：{light.name_zh}"
    text_en = f"{seedlings / 1e6:.2f} M seedlings in ten days ({en} {line / 1e6:g} M): {light.key} light"
    return PlantingLight(light, "seedling_line", seedlings, line, text_zh, text_en)


_WHAT: Final = {
    "area": ("种植面积比常年", "planted area is"),
    "seedlings": ("育苗数比往年同旬", "seedlings of these ten days are"),
}


def _light(value: float, yellow: float, red: float) -> tuple[Light, float]:
    """(the light, the line reached or the first one not reached)."""
    if value >= red:
        return Light.RED, red
    return (Light.YELLOW if value >= yellow else Light.GREEN), yellow


def _line_name(light: Light) -> tuple[str, str]:
    return ("红灯线", "red line") if light == Light.RED else ("黄灯线", "yellow line")


def usual_seedlings(reports: pd.DataFrame) -> Floats:
    """What was reported of the same lot at that 旬 ±1 of the past years, one figure a report; NaN where unknown.

    `reports` has one row a report with township_id, product_id, lot, day and seedlings, as the store keeps them; rows
    of the past years must be among them. The mean is over 3 to 5 past years, without the extremes when there are 5;
    the last report of a 旬 counts. A lot that is named after its year (2026春甘蓝) is compared with its forerunners.
    """
    import pandas as pd

    given = pd.to_numeric(reports["seedlings"].astype(object), errors="coerce")
    seedlings = given.to_numpy(dtype=np.float64, na_value=np.nan)
    day = pd.to_datetime(reports["day"]).to_numpy().astype("datetime64[D]").astype(np.int64)
    xun = xun_number(day)
    lots = [_YEAR.sub("", lot) for lot in reports["lot"].fillna("").astype(str)]
    keys = list(zip(reports["product_id"], reports["township_id"], lots, strict=True))
    latest: dict[tuple[str, str, str], dict[int, float]] = {}
    for place in np.argsort(day, kind="stable"):
        if not np.isnan(seedlings[place]):
            latest.setdefault(keys[place], {})[int(xun[place])] = float(seedlings[place])
    past = np.full((YEARS_BACK, len(keys)), np.nan)
    for place in np.flatnonzero(~np.isnan(seedlings)):
        told = latest[keys[place]]
        for back in range(1, YEARS_BACK + 1):
            centre = int(xun[place]) - XUN_A_YEAR * back
            near = [told[one] for one in (centre - 1, centre, centre + 1) if one in told]
            if near:
                past[back - 1, place] = sum(near) / len(near)
    return mean_of_years(past)
