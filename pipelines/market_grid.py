"""The store's panel as the weekly grid that the models over all series read."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipelines.knowledge import known_at, series_facts
from warning.catalog import Catalog, Market
from warning.store.known import stored_series
from warning.store.markets import registered_markets
from warning.store.observations import read_panel
from warning.store.types import epoch_day
from warning.trace import SeriesFacts

if TYPE_CHECKING:
    import pandas as pd

    from models.market_weeks import MarketWeeks, SeriesPlace
    from warning.panel import Panel
    from warning.store.engine import Store


def stored_weeks(store: Store, catalog: Catalog, day: dt.date) -> MarketWeeks:
    """The weekly grid of every judged series as the business date `day` knew it.

    InvalidPanel where there is no whole week of prices.
    """
    with store.session() as session:
        registered = registered_markets(session)
    facts = series_facts(stored_series(store), catalog, registered)
    panel = read_panel(store, as_of=known_at(day), last_day=epoch_day(day))
    return weeks_of(panel, facts, {**registered, **catalog.markets}, day)


def weeks_of(panel: Panel, facts: Sequence[SeriesFacts], markets: Mapping[str, Market], day: dt.date) -> MarketWeeks:
    """The weekly grid, up to the last week that is over on `day`, of the rows that belong to the facts' series."""
    from models.market_weeks import market_weeks

    ordered = sorted((fact for fact in facts if fact.series_id >= 0), key=lambda fact: fact.key)
    ids = np.array([fact.series_id for fact in ordered], dtype=np.int64)
    by_id = np.argsort(ids)
    place = np.searchsorted(ids, panel.series_id, sorter=by_id)
    place = by_id[np.minimum(place, max(len(ids) - 1, 0))] if len(ids) else place
    ours = ids[place] == panel.series_id if len(ids) else np.zeros(len(panel), dtype=bool)
    places = [place_of(fact, markets.get(fact.market_id)) for fact in ordered]
    return market_weeks(
        places, place[ours], panel.day[ours], panel.price[ours], panel.volume[ours], until=epoch_day(day)
    )


def weeks_of_frames(
    price: pd.DataFrame,
    volume: pd.DataFrame,
    facts: Sequence[SeriesFacts],
    markets: Mapping[str, Market],
    day: dt.date,
) -> MarketWeeks:
    """The weekly grid, up to the last week that is over on `day`, of wide daily frames, a column to each fact.

    The district's own columns are left out.
    """
    from models.market_weeks import market_weeks

    columns = sorted((one for one, fact in enumerate(facts) if fact.series_id >= 0), key=lambda one: facts[one].key)
    prices, volumes = price.to_numpy()[:, columns], volume.to_numpy()[:, columns]
    at, series = np.nonzero(~np.isnan(prices))
    days = price.index.to_numpy().astype("datetime64[D]").astype(np.int64)[at]
    places = [place_of(facts[one], markets.get(facts[one].market_id)) for one in columns]
    return market_weeks(
        places, series.astype(np.int64), days, prices[at, series], volumes[at, series], until=epoch_day(day)
    )


def place_of(fact: SeriesFacts, market: Market | None) -> SeriesPlace:
    """What a series is of and where; its key is the number of the series, under which its word is stored."""
    from models.market_weeks import SeriesPlace

    latitude, longitude = (None, None) if market is None else (market.latitude, market.longitude)
    return SeriesPlace(
        key=fact.series_id,
        product=fact.product_id,
        region="" if market is None else market.region,
        market=fact.market_id,
        country="" if market is None else market.country,
        latitude=math.nan if latitude is None else latitude,
        longitude=math.nan if longitude is None else longitude,
    )
