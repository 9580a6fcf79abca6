"""The panel as a tidy frame, for people who explore: names in place of numbers, one row a series and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from warning.errors import NotFound
from warning.store.known import stored_series
from warning.store.panel_reader import read_panel
from warning.store.types import epoch_day

if TYPE_CHECKING:
    import pandas as pd

    from warning.store.engine import Store


def panel(
    store: Store,
    *,
    as_of: dt.datetime,
    products: Collection[str] = (),
    markets: Collection[str] = (),
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> pd.DataFrame:
    """Prices and volumes as they were known at `as_of`, of the products and markets named (none: all).

    Columns: day (datetime64), series, product, market, kind, price_per_kg (in `currency`), volume_kg, currency,
    simulated; by series and day. NotFound where no such series is held.
    """
    import pandas as pd

    wanted = [
        one
        for one in stored_series(store)
        if (not products or one.product_id in products) and (not markets or one.market_id in markets)
    ]
    if not wanted:
        asked = ", ".join([*products, *markets]) or "anything"
        raise NotFound(f"the store holds no series of {asked}", where="panel", todo="changxiao demo, or ingest a feed")
    found = read_panel(
        store,
        as_of=as_of,
        series_ids=np.array([one.id for one in wanted], dtype=np.int64),
        first_day=epoch_day(since) if since else None,
        last_day=epoch_day(until) if until else None,
    )
    place = {one.id: number for number, one in enumerate(wanted)}
    at = np.array([place[int(number)] for number in found.series_id], dtype=np.int64)

    def column(name: str) -> np.ndarray:
        return np.array([getattr(one, name) for one in wanted], dtype=object)[at]

    return pd.DataFrame(
        {
            "day": found.day.astype("datetime64[D]"),
            "series": column("key"),
            "product": column("product_id"),
            "market": column("market_id"),
            "kind": column("kind"),
            "price_per_kg": found.price,
            "volume_kg": found.volume,
            "currency": column("currency"),
            "simulated": column("simulated").astype(bool),
        }
    )
