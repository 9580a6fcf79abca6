"""What the growers of a township have of one product: ready now, to be harvested week by week, and how it keeps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from warning.errors import InvalidPlan


@dataclass(frozen=True, slots=True)
class Grower:
    """The growers of one township (or one cooperative) with one product. Tonnes are metric, money CNY."""

    township_id: str
    product_id: str
    ready_t: float
    shelf_life_days: int
    """Days from harvest to unsaleable under the storage they use."""
    harvest_t: tuple[float, ...] = ()
    """Tonnes to come in each week, the coming one first; weeks not given bring none."""
    ready_keeps_days: int | None = None
    """Days that what is ready still keeps; None: the whole shelf life."""
    loss_a_week: float = 0.0
    """Share of what is stored that is lost in a week."""
    storage_cost_t_week: float = 0.0
    """CNY for a tonne stored a week."""
    selling_cost_per_kg: float = 0.0
    """Picking, packing, freight and fees between field and the forecast's market."""
    expired_t: float = 0.0
    """Tonnes past their shelf life: counted in nothing else, and told."""
    road_blocked: bool = False
    """A lot of theirs is reported as cut off."""
    no_bids: bool = False
    """Nobody bid for most of what they have ready."""
    simulated: bool = False

    @property
    def total_t(self) -> float:
        """All there is and all to come."""
        return self.ready_t + sum(self.harvest_t)

    @property
    def keeps_days(self) -> int:
        """Days that what is ready keeps, never more than the shelf life."""
        given = self.shelf_life_days if self.ready_keeps_days is None else self.ready_keeps_days
        return min(given, self.shelf_life_days)


def check_growers(growers: Sequence[Grower]) -> None:
    """Raise InvalidPlan where there are none, they grow different things, or a number is none that can be."""
    products = sorted({grower.product_id for grower in growers})
    if len(products) != 1:
        raise InvalidPlan(
            f"one product at a time, got {', '.join(products) or 'no grower'}",
            where="growers",
            todo="ask for each product by itself",
        )
    for grower in growers:
        for name, value in _numbers(grower):
            if not (math.isfinite(value) and value >= 0):
                raise InvalidPlan(f"{name} is {value}", where=grower.township_id, todo="give a number from 0 up")
        if grower.loss_a_week >= 1:
            raise InvalidPlan(
                f"loss_a_week is {grower.loss_a_week}",
                where=grower.township_id,
                todo="give a share below 1 (0.05 is 5 %)",
            )


def _numbers(grower: Grower) -> list[tuple[str, float]]:
    names = ("ready_t", "shelf_life_days", "keeps_days", "loss_a_week", "storage_cost_t_week", "selling_cost_per_kg",
             "expired_t")  # fmt: skip
    return [(name, getattr(grower, name)) for name in names] + [("harvest_t", one) for one in grower.harvest_t]
