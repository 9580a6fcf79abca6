"""Checking rows as a table (pandera): what a value may not be, each with its own reason."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from warning.quality import Quality

if TYPE_CHECKING:
    import pandera.pandas as pa

REASONS: Final = {
    "bad_date": "the value date is missing or before 1950",
    "future_date": "the value date lies after the day of receipt",
    "negative_price": "a price below zero",
    "zero_price": "a price of zero: say that there was none, not that it was nothing",
    "endless_number": "a number too large to be one",
    "negative_volume": "a volume below zero",
    "empty_row": "neither price nor volume, and no reason given",
}
"""Stable words for rejected rows, in the order in which they are looked for."""
EARLIEST: Final = np.datetime64("1950-01-01")
LARGEST: Final = 1e12
EXPLAINED: Final = int(Quality.NOT_COLLECTED | Quality.OFF_MARKET)


def failures(rows: pd.DataFrame, today: dt.date) -> dict[str, np.ndarray]:
    """For each reason that occurs, the positions of the rows it holds for; a row has one reason, the first."""
    import pandera.errors

    table = rows.assign(_has=rows["price"].notna() | rows["volume"].notna() | ((rows["flags"] & EXPLAINED) != 0))
    table = table.reset_index(drop=True)
    try:
        _schema(today).validate(table, lazy=True)
    except pandera.errors.SchemaErrors as error:
        return _first_reason(error.failure_cases)
    return {}


def _first_reason(cases: pd.DataFrame) -> dict[str, np.ndarray]:
    taken: set[int] = set()
    found = {}
    for reason in REASONS:
        at = {int(index) for index in cases.loc[cases["check"] == reason, "index"].dropna()} - taken
        if at:
            taken |= at
            found[reason] = np.array(sorted(at))
    return found


@functools.lru_cache(maxsize=4)
def _schema(today: dt.date) -> pa.DataFrameSchema:
    import pandera.pandas as pa

    latest = np.datetime64(today)

    def check(reason: str, rule: Callable[[pd.Series[Any]], Any]) -> pa.Check:
        return pa.Check(rule, name=reason, error=reason, ignore_na=reason != "bad_date")

    amounts = [check("endless_number", lambda values: values.abs() < LARGEST)]
    side = pa.Column(float, nullable=True, checks=[check("negative_price", lambda values: ~(values < 0)), *amounts])
    return pa.DataFrameSchema(
        {
            "date": pa.Column(
                nullable=True,
                checks=[
                    check("bad_date", lambda dates: dates >= EARLIEST),
                    check("future_date", lambda dates: ~(dates > latest)),
                ],
            ),
            "price": pa.Column(
                float,
                nullable=True,
                checks=[
                    check("negative_price", lambda values: ~(values < 0)),
                    check("zero_price", lambda values: values != 0),
                    *amounts,
                ],
            ),
            "price_low": side,
            "price_high": side,
            "volume": pa.Column(
                float, nullable=True, checks=[check("negative_volume", lambda values: ~(values < 0)), *amounts]
            ),
            "_has": pa.Column(bool, checks=[check("empty_row", lambda there: there)]),
        }
    )
