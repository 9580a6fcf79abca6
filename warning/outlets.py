"""The district's own price: that of its outlet markets together, as a series beside theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from warning.catalog import DISTRICT_ID, Catalog, PlaceKind
from warning.indicators.grid import Floats, grid_of, trailing_sum
from warning.subjects import KINDS
from warning.trace import SeriesFacts

if TYPE_CHECKING:
    import pandas as pd

WEIGHT_DAYS = 28
"""A market weighs by the mean volume of its last four weeks: a day without arrivals does not change the mixture."""


def district_columns(
    price: pd.DataFrame,
    volume: pd.DataFrame,
    facts: Sequence[SeriesFacts],
    catalog: Catalog,
    *,
    district_id: str = DISTRICT_ID,
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[SeriesFacts, ...]]:
    """The frames and facts with a column more for each product that has outlet markets.

    Its price is the median of the outlet markets' prices of the day, weighted by volume (equally where no volume is
    known), its volume their sum. Only series of one kind of price and one currency are put together: wholesale
    where there is any. Give the result to `trace_panel`.
    """
    import pandas as pd

    prices, volumes = grid_of(price), grid_of(volume)
    added: list[SeriesFacts] = []
    columns: list[tuple[Floats, Floats]] = []
    for product_id, rows in sorted(_outlets(facts, catalog).items()):
        members = [facts[row] for row in rows]
        added.append(_district_facts(product_id, members, district_id))
        columns.append((_weighted_median(prices.values[rows], volumes.values[rows]), _known_sum(volumes.values[rows])))
    frames = []
    for frame, place in ((price, 0), (volume, 1)):
        extra = {len(facts) + number: pair[place] for number, pair in enumerate(columns)}
        own = frame.set_axis(range(len(facts)), axis=1)
        frames.append(pd.concat([own, pd.DataFrame(extra, index=frame.index)], axis=1) if extra else own)
    return frames[0], frames[1], (*facts, *added)


def _outlets(facts: Sequence[SeriesFacts], catalog: Catalog) -> dict[str, list[int]]:
    """The places of each product's outlet series, of the best kind of price and the currency that most of them have."""
    found: dict[str, list[int]] = {}
    for place, fact in enumerate(facts):
        product = catalog.products.get(fact.product_id)
        if product and fact.place_kind == PlaceKind.MARKET and fact.market_id in product.outlet_markets:
            found.setdefault(fact.product_id, []).append(place)
    return {product: _alike(facts, rows) for product, rows in found.items()}


def _alike(facts: Sequence[SeriesFacts], rows: list[int]) -> list[int]:
    """Those series that can be put together: one kind, one currency, one series a market."""
    known = [facts[row].kind for row in rows]
    kind = next((kind for kind in KINDS if kind in known), known[0])
    rows = [row for row in rows if facts[row].kind == kind]
    coins = [facts[row].currency for row in rows]
    coin = max(sorted(set(coins)), key=coins.count)
    shortest: dict[str, int] = {}
    for row in sorted((row for row in rows if facts[row].currency == coin), key=lambda row: len(facts[row].key)):
        shortest.setdefault(facts[row].market_id, row)
    return sorted(shortest.values())


def _district_facts(product_id: str, members: Sequence[SeriesFacts], district_id: str) -> SeriesFacts:
    return SeriesFacts(
        series_id=-1,
        key=f"{product_id}@{district_id}:{members[0].kind}",
        product_id=product_id,
        market_id=district_id,
        kind=members[0].kind,
        lunar=any(fact.lunar for fact in members),
        volume_matches_price=all(fact.volume_matches_price for fact in members),
        stale_after_days=min(fact.stale_after_days for fact in members),
        simulated=any(fact.simulated for fact in members),
        currency=members[0].currency,
        place_kind=PlaceKind.DISTRICT,
    )


def _weighted_median(prices: Floats, volumes: Floats) -> Floats:
    """The day's median over markets (markets × days), each weighted by its mean volume of the last four weeks."""
    known = ~np.isnan(volumes)
    count = trailing_sum(known.astype(np.float64), WEIGHT_DAYS)
    total = trailing_sum(np.where(known, volumes, 0.0), WEIGHT_DAYS)
    weight = np.where(~np.isnan(prices) & (count > 0), total / np.maximum(count, 1), 0.0)
    weight = np.where(weight.sum(axis=0) > 0, weight, (~np.isnan(prices)).astype(np.float64))
    order = np.argsort(prices, axis=0)  # NaN goes last, with weight 0
    ranked, weight = np.take_along_axis(prices, order, axis=0), np.take_along_axis(weight, order, axis=0)
    reached = np.cumsum(weight, axis=0)
    half = reached[-1] / 2
    low = (reached >= half * (1 - 1e-12)).argmax(axis=0)
    high = (reached > half * (1 + 1e-12)).argmax(axis=0)
    days = np.arange(prices.shape[1])
    return np.where(reached[-1] > 0, (ranked[low, days] + ranked[high, days]) / 2, np.nan)


def _known_sum(volumes: Floats) -> Floats:
    known = ~np.isnan(volumes)
    return np.where(known.any(axis=0), np.where(known, volumes, 0.0).sum(axis=0), np.nan)
