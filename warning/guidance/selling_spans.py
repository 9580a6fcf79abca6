"""A schedule in few lines: neighbouring weeks of sales put together until as many spans are left as a page can hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from warning.guidance.marketing_advice import SellingWeek


@dataclass(frozen=True, slots=True)
class SellingSpan:
    """Sales from `first` to `last`: tonnes in all, and mean prices (CNY per kg) weighted by what is sold."""

    first: dt.date
    last: dt.date
    weeks: int
    """Weeks with sales: those between without any do not count."""
    tonnes: float
    price_low: float
    price_middle: float
    price_high: float


def selling_spans(weeks: Sequence[SellingWeek], most: int) -> tuple[SellingSpan, ...]:
    """At most `most` spans: those whose weekly tonnes are most alike are put together first, the earlier of equals."""
    spans = [
        SellingSpan(one.first, one.last, 1, one.tonnes, one.price_low, one.price_middle, one.price_high)
        for one in weeks
    ]
    while len(spans) > max(1, most):
        gaps = [abs(one.tonnes / one.weeks - two.tonnes / two.weeks) for one, two in pairwise(spans)]
        at = gaps.index(min(gaps))
        spans[at : at + 2] = [_joined(spans[at], spans[at + 1])]
    return tuple(spans)


def _joined(one: SellingSpan, two: SellingSpan) -> SellingSpan:
    tonnes = one.tonnes + two.tonnes
    low, middle, high = (
        (getattr(one, name) * one.tonnes + getattr(two, name) * two.tonnes) / tonnes
        for name in ("price_low", "price_middle", "price_high")
    )
    return SellingSpan(one.first, two.last, one.weeks + two.weeks, tonnes, low, middle, high)
