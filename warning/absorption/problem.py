"""All that a plan is made from, as plain values: batches, units, places, quotas, options and shocks.

Two plans of equal problems are equal to the last digit: a stored problem is solved again to reproduce its plan.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from warning.absorption.distance import Place
from warning.absorption.shocks import Shock
from warning.absorption.units import AbsorbingUnit


@dataclass(frozen=True, slots=True)
class Batch:
    """Tonnes of one product that must move: from one township and lot, on hand or harvested on `release`.

    They keep until `expiry` (the last day on which they can be delivered).
    """

    product_id: str
    township_id: str
    """Blank for the district as a whole."""
    lot: str
    release: dt.date
    expiry: dt.date
    tonnes: float
    price_per_kg: float
    """The wholesale price of the day; 0 where none is known."""
    floor_per_kg: float = 0.0
    """Below this, after freight, growers leave it in the field."""
    key: bool = False
    """From a 重点帮扶 village."""
    estimated: bool = False
    level: int = 0
    """Of the alert (1 blue, … 4 red): emergency channels are for yellow and above."""
    blocked: bool = False
    """Logistics are blocked: the channel for epidemic and disaster is open to it."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left of a unit's yearly purchases: tonnes or CNY; None where it is not counted so."""

    unit_id: str
    left_t: float | None = None
    left_cny: float | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """Marketable tonnes of a product, to hold its surplus against.

    As townships report them; where nobody does, what its outlet markets took, of which no season is known.
    """

    product_id: str
    season_t: float
    """Of the lots that are being marketed."""
    year_t: float
    """Of all lots whose harvest begins within a year of each other, these among them."""
    past_years_t: tuple[float, ...] = ()
    """Of the same lots in past years, the newest first; years of which nothing was reported are left out."""
    at_market: bool = False
    """Whether this is what the outlet markets took."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a plan is made; the defaults are the office's usual ones."""

    days: int = 30
    """The span in which deliveries are planned."""
    key_weight: float = 1.5
    """How much more an unsold tonne of a key township weighs in the worst share."""
    worst_share_weight: float = 0.5
    """What the worst township's share is worth, as a share of all goods' value."""
    fairness_k: float | None = None
    """Most by which a township's share of what is placed may differ from its share of the surplus (Orgut et al. 2015).

    0 forces proportion, None sets no bound."""
    channel_share: float | None = None
    """Most of what is placed that one channel may carry, 0 to 1; None sets no bound."""
    freight_per_t_km: float = 0.9
    nearness: float = 2.0
    """How much more than its freight a kilometre counts: near goes first (就地就近) where prices differ little."""
    most_km: float | None = None
    whole_lots: bool = True
    """Keep minimum lots (a mixed-integer programme); False lets any amount be delivered."""
    preference: float = 0.21
    """How much a unit's stated preference raises the worth of a tonne (Feeding America's choice system)."""
    waiting_per_t_day: float = 3.0
    """CNY; of two ways, the earlier."""


USUAL = Options()


@dataclass(frozen=True, slots=True)
class Problem:
    """What one plan is made from. `day` is the day of decision: nothing moves before the next one."""

    day: dt.date
    batches: tuple[Batch, ...]
    units: tuple[AbsorbingUnit, ...]
    places: dict[str, Place] = field(default_factory=dict)
    """By township id."""
    quotas: tuple[Quota, ...] = ()
    options: Options = USUAL
    shocks: tuple[Shock, ...] = ()
    outputs: tuple[Output, ...] = ()
