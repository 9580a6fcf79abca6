"""Which documented glut a week at a market belongs to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from warning.catalog import DocumentedGlut, Market
from warning.reference.spelling import plain

REACH: Final = dt.timedelta(weeks=8)
"""A case may lie so long before the first day written of, or after the last."""


def documented(
    events: Iterable[DocumentedGlut], product_id: str, market: Market, day: dt.date
) -> DocumentedGlut | None:
    """The documented glut (or near-miss) of the product there and then; the nearest in time of several.

    A market is meant where one of the event's words is in its name, region, id or synonyms, or where the event is of
    the whole country.
    """
    met = [
        event
        for event in documented_there(events, product_id, market)
        if event.start_day - REACH <= day <= event.end_day + REACH
    ]
    return min(met, key=lambda event: (_away(event, day), event.id), default=None)


def documented_there(events: Iterable[DocumentedGlut], product_id: str, market: Market) -> tuple[DocumentedGlut, ...]:
    """The documented gluts (and near-misses) of the product at the market, at any time."""
    return tuple(
        event
        for event in events
        if event.product_id == product_id and event.country == market.country and is_there(event, market)
    )


def is_there(event: DocumentedGlut, market: Market) -> bool:
    """Whether the event's words name the market or its region, or it is of the whole country."""
    names = [plain(name) for name in (market.name, market.name_zh, market.region, market.id, *market.synonyms)]
    return not event.places or any(plain(word) in name for word in event.places for name in names)


def _away(event: DocumentedGlut, day: dt.date) -> dt.timedelta:
    """How far the day lies from the event's days; nothing within them."""
    return max(event.start_day - day, day - event.end_day, dt.timedelta(0))
