"""What would have been said of a subject on past days, by the knowledge of each day; nothing is written."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pipelines.knowledge import gather, reports_known, stretches
from warning.assess import Assessment, assess_day
from warning.catalog import DISTRICT_ID, Catalog
from warning.store.engine import Store
from warning.thresholds import Thresholds

if TYPE_CHECKING:
    import pandas as pd

READINGS = ("r", "z", "v", "rho", "K", "D", "dS")


def replayed(
    store: Store,
    catalog: Catalog,
    thresholds: Thresholds,
    product_id: str,
    first: dt.date,
    last: dt.date,
    *,
    place_id: str = DISTRICT_ID,
) -> pd.DataFrame:
    """One row a day on which the subject was judged: day, level (-1 to 4), readings, surplus_t, why_zh, why_en.

    Each day knows what was known at 07:30 the next morning, and no more.
    """
    import pandas as pd

    rows = []
    for start, stop in stretches(store, first, last):
        knowledge = gather(store, catalog, thresholds, start, stop)
        for number in range((stop - start).days + 1):
            day = start + dt.timedelta(days=number)
            found = assess_day(knowledge.trace, reports_known(store, day), day, catalog, thresholds)
            rows += [_row(one) for one in found if (one.product_id, one.place_id) == (product_id, place_id)]
    columns = ["day", "level", *READINGS, "surplus_t", "why_zh", "why_en"]
    return pd.DataFrame(rows, columns=columns).assign(day=lambda frame: pd.to_datetime(frame["day"]))


def _row(one: Assessment) -> dict[str, object]:
    readings = {name: one.readings.get(name) for name in READINGS}
    why = one.drivers[0] if one.drivers else None
    return {
        "day": one.business_date, "level": int(one.level), **readings, "surplus_t": one.surplus_t,
        "why_zh": why.text_zh if why else "", "why_en": why.text_en if why else "",
    }  # fmt: skip
