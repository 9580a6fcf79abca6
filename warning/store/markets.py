"""Markets in the store: those that feeds registered, and the days on which markets were closed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from warning.catalog import Market
from warning.store.tables import ClosureRow, MarketRow


def registered_markets(session: Session) -> dict[str, Market]:
    """The markets that feeds registered, by id."""
    return {
        row.id: Market(
            id=row.id,
            name=row.name,
            name_zh="",
            country=row.country,
            region=row.region,
            currency=row.currency,
            timezone=row.timezone,
            latitude=row.latitude,
            longitude=row.longitude,
            lunar=row.country in {"CN", "TW", "KR", "VN"},
            source=f"feed:{row.feed}",
        )
        for row in session.scalars(select(MarketRow))
    }


def register_markets(session: Session, markets: Iterable[Market], *, feed: str, at: dt.datetime) -> None:
    """Add markets that a feed met for the first time."""
    for market in markets:
        session.add(
            MarketRow(
                id=market.id,
                name=market.name,
                country=market.country,
                region=market.region,
                currency=market.currency,
                timezone=market.timezone,
                latitude=market.latitude,
                longitude=market.longitude,
                feed=feed,
                since=at,
            )
        )


def close_markets(session: Session, closures: Collection[tuple[str, dt.date]], snapshot_id: int) -> None:
    """Note (market id, day) pairs on which the source says that the market was closed."""
    if not closures:
        return
    held = {(row.market_id, row.day) for row in session.execute(select(ClosureRow.market_id, ClosureRow.day))}
    for market_id, day in sorted(set(closures) - held):
        session.add(ClosureRow(market_id=market_id, day=day, snapshot_id=snapshot_id))


def closures(session: Session) -> dict[str, Collection[dt.date]]:
    """Closed days by market."""
    closed: dict[str, set[dt.date]] = defaultdict(set)
    for market_id, day in session.execute(select(ClosureRow.market_id, ClosureRow.day)):
        closed[market_id].add(day)
    return dict(closed)
