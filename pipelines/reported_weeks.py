"""Township reports beside the weekly grid: what the models may read of them, as each Sunday knew it.

A version counts from the day on which it became known, until the lot's next; one that corrects an older report after
a newer one was in says nothing of the present. The readings are the district's own (`warning.township`), given to the
series of the markets that the catalog names as the product's outlets.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pipelines.knowledge import KNOWN_AT, SHANGHAI, known_at
from warning.catalog import Catalog
from warning.lunar import EPOCH
from warning.planting import SEEDLING_HISTORY
from warning.store.reports import report_versions
from warning.township import SEASON_HOLD_DAYS, evidence_of, lots_of

if TYPE_CHECKING:
    import pandas as pd

    from models.base import Floats
    from models.market_weeks import MarketWeeks
    from warning.store.engine import Store

LEAST_WEEKS = 52
"""With fewer weeks of reports, that there are any would tell a model which year it is."""


def with_reports(store: Store, catalog: Catalog, weeks: MarketWeeks, day: dt.date, *, since: int = 0) -> MarketWeeks:
    """The grid with the reports that `day` knew; readings before column `since` are left unknown."""
    first = EPOCH + dt.timedelta(days=int(weeks.sundays[since]))
    versions = report_versions(store, as_of=known_at(day), first_day=first - SEEDLING_HISTORY)
    if versions.empty:
        return weeks
    by_product = product_readings(as_they_came(versions), catalog, weeks.sundays[since:])
    blank = np.full(weeks.shape, np.nan)
    found: dict[str, Floats] = defaultdict(blank.copy)
    for row, place in enumerate(weeks.places):
        product = catalog.products.get(place.product)
        if product is not None and place.market in product.outlet_markets:
            for name, values in by_product.get(place.product, {}).items():
                found[name][row, since:] = values
    return replace(weeks, reported=dict(found))


def learnable(weeks: MarketWeeks) -> MarketWeeks:
    """The grid for a fit: without reports where fewer than `LEAST_WEEKS` weeks have any."""
    told = [~np.isnan(values).all(axis=0) for values in weeks.reported.values()]
    enough = bool(told) and int(np.logical_or.reduce(told).sum()) >= LEAST_WEEKS
    return weeks if enough else replace(weeks, reported={})


def as_they_came(versions: pd.DataFrame) -> pd.DataFrame:
    """Versions as reports of the business date that first knew them; those of an older day than a known one left out.

    `versions` are in the order in which they became known.
    """
    import pandas as pd

    lot = ["township_id", "product_id", "lot"]
    day = pd.to_datetime(versions["day"])
    newest = day.groupby([versions[name].fillna("") for name in lot]).cummax()
    local = pd.to_datetime(versions["issued_at"], utc=True).dt.tz_convert(SHANGHAI).dt.tz_localize(None)
    # a business date is known at KNOWN_AT of the next day
    since_known = local - pd.Timedelta(days=1, hours=KNOWN_AT.hour, minutes=KNOWN_AT.minute)
    known = np.maximum(since_known.dt.ceil("D"), day)
    return versions.assign(day=known)[(day == newest).to_numpy()]


def product_readings(reports: pd.DataFrame, catalog: Catalog, sundays: np.ndarray) -> Mapping[str, dict[str, Floats]]:
    """By product and name (`models.features.reported.READINGS`), the reading of each Sunday; NaN where unknown."""
    from models.features.reported import READINGS

    lots = lots_of(reports, int(sundays[0]) - SEASON_HOLD_DAYS, int(sundays[-1]))
    groups: dict[str, list[int]] = defaultdict(list)
    for place, product in enumerate(lots.product):
        groups[product].append(place)
    if not groups:
        return {}
    evidence = evidence_of(lots, list(groups.values()), catalog.products, {})
    at = sundays - int(lots.days[0])
    return {
        product: {name: getattr(evidence, name)[place][at] for name in READINGS} for place, product in enumerate(groups)
    }
