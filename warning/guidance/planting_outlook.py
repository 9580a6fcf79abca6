"""What not to plant more of: the harvest to come against what the usual market and the channels can take of it."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from warning.absorption.units import AbsorbingUnit
from warning.catalog import Catalog, Product
from warning.guidance.channel_room import weekly_room
from warning.guidance.coming_harvest import ComingHarvest
from warning.guidance.planting_words import nothing_words, outlook_words, over_words, unknown_words
from warning.guidance.price_forecast import WEEK
from warning.guidance.weekly_balance import by_week, unsold
from warning.indicators.stock import over_planting
from warning.planting import Light, PlantingLight, planting_light
from warning.thresholds import Lines

AHEAD_DAYS: Final = 90
"""Harvests that begin later are not looked at yet."""
SMALL_T: Final = 0.05


@dataclass(frozen=True, slots=True)
class TownshipHarvest:
    """One township's part: tonnes to come, what a normal year brings, its part of the tonnes over."""

    township_id: str
    tonnes: float
    usual_t: float | None
    over_t: float | None


@dataclass(frozen=True, slots=True)
class PlantingOutlook:
    """A product's harvest over its window against what can be taken of it; tonnes are metric.

    `harvest_t` is what falls within the window, `usual_t` what the usual market takes in it, `channels_t` what the
    register's units can take besides, `over_t` what would stay unsold while it keeps; None where it is not known.
    """

    product_id: str
    day: dt.date
    first: dt.date | None
    last: dt.date | None
    harvest_t: float
    usual_t: float | None
    channels_t: float
    over_t: float | None
    light: PlantingLight | None
    townships: tuple[TownshipHarvest, ...]
    unknown: tuple[str, ...]
    """Townships with a harvest to come of which nothing tells the tonnes."""
    text_zh: str
    text_en: str
    simulated: bool


def planting_outlook(
    day: dt.date,
    product: Product,
    harvests: Sequence[ComingHarvest],
    units: Sequence[AbsorbingUnit],
    catalog: Catalog,
    lines: Lines,
    *,
    rivals: Collection[Product] = (),
) -> PlantingOutlook:
    """The outlook of the harvests that begin in the 90 days after `day`; older lots still harvested then count too.

    The light is the worst of planted area, seedlings (both against normal) and tonnes over what can be taken.
    """
    coming = [one for one in harvests if not one.begun and (one.first - day).days <= AHEAD_DAYS]
    if not coming:
        return PlantingOutlook(product.id, day, None, None, 0.0, None, 0.0, None, None, (), (), *nothing_words(), False)
    first, last = min(one.first for one in coming), max(one.last for one in coming)
    weeks = math.ceil(((last - first).days + 1) / WEEK)
    within = [one for one in harvests if one.first <= last and one.last >= first]
    known = [one for one in within if one.tonnes is not None]
    harvest = by_week([(one, one.tonnes) for one in known], first, weeks)
    channels = weekly_room(product, units, first, weeks, catalog, rivals=rivals)
    usual: float | None = None
    over: float | None = None
    if known and all(one.usual_t is not None for one in known):
        market = by_week([(one, one.usual_t) for one in known], first, weeks)
        usual, over = float(market.sum()), unsold(harvest, market + channels, product.shelf_life_days)
    light = _light(coming, over, (usual or 0.0) + float(channels.sum()), lines)
    found = (float(harvest.sum()), usual, float(channels.sum()), over)
    unknown = tuple(sorted({one.township_id for one in within if one.tonnes is None}))
    words = outlook_words(first, last, *found, light) if known else unknown_words(first, last)
    return PlantingOutlook(
        product.id, day, first, last, *found, light, _townships(known, over), unknown, *words,
        any(one.simulated for one in within),
    )  # fmt: skip


def _light(coming: Sequence[ComingHarvest], over: float | None, takes: float, lines: Lines) -> PlantingLight | None:
    area = [(one.planted_mu, one.normal_mu) for one in coming]
    young = [(one.seedlings, one.usual_seedlings) for one in coming]
    grown = planting_light(lines, over_area=_share(area), over_seedlings=_share(young))
    return max((one for one in (grown, _by_tonnes(over, takes, lines)) if one), key=lambda one: one.light, default=None)


def _share(pairs: Sequence[tuple[float | None, float | None]]) -> float:
    """Share above normal over the lots of which both are known; NaN where none is."""
    both = [(now, normal) for now, normal in pairs if now is not None and normal is not None]
    now, normal = (np.array([sum(one[place] for one in both)]) for place in (0, 1))
    return float(over_planting(now, normal)[0])


def _by_tonnes(over: float | None, takes: float, lines: Lines) -> PlantingLight | None:
    if over is None or (takes <= 0 and over <= SMALL_T):
        return None
    share = over / takes if takes > 0 else 1.0
    light = Light.RED if share >= lines.over_planting_red else Light(int(share >= lines.over_planting))
    line = lines.over_planting_red if light == Light.RED else lines.over_planting
    return PlantingLight(light, "tonnes", share, line, *over_words(share, line, light))


def _townships(known: Sequence[ComingHarvest], over: float | None) -> tuple[TownshipHarvest, ...]:
    """Each township's part: the tonnes over fall to those that grow more than usual, else to all by their tonnes."""
    names = sorted({one.township_id for one in known})
    tonnes = {name: sum(one.tonnes or 0.0 for one in known if one.township_id == name) for name in names}
    usual: dict[str, float | None] = dict.fromkeys(names)
    for name in names:
        own = [one.usual_t for one in known if one.township_id == name]
        usual[name] = None if None in own else sum(one or 0.0 for one in own)
    more = {name: max(0.0, tonnes[name] - (tonnes[name] if (one := usual[name]) is None else one)) for name in names}
    weight = more if sum(more.values()) > SMALL_T else tonnes
    whole = sum(weight.values())
    return tuple(
        TownshipHarvest(
            name, tonnes[name], usual[name], None if over is None else over * weight[name] / whole if whole else 0.0
        )
        for name in names
    )
