"""A tidy panel (one row a market, product and day) as a weekly grid: the gate that names what is wrong with a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.base import Floats
from models.market_weeks import MarketWeeks, SeriesPlace, market_weeks
from models.weekly import Ints
from warning.errors import InvalidPanel

if TYPE_CHECKING:
    import pandas as pd

NEEDED = ("market", "product", "date", "price")
OWN = ("product", "region", "market")
"""What makes a series, in the order of its key; region where the panel has it."""


def weeks_of_panel(panel: pd.DataFrame) -> MarketWeeks:
    """The weekly grid of a tidy panel: market, product, date, price; volume, region, country, lat, lon where there are.

    Rows of one series and day (varieties, duplicates) are pooled; rows without a readable price do not count. Series
    are sorted by key. InvalidPanel names the column that is missing or of the wrong type, with the first row at fault.
    """
    import pandas as pd

    _check_columns(panel)
    days = _days(panel["date"])
    price = _numbers(panel, "price")
    volume = _numbers(panel, "volume") if "volume" in panel else None
    own = [name for name in OWN if name in panel]
    texts = {name: _texts(panel[name], name) for name in own}
    keys = pd.Series(texts[own[0]])
    for name in own[1:]:
        keys = keys + "|" + pd.Series(texts[name])
    codes, order = pd.factorize(keys, sort=True)
    first = np.zeros(len(order), dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    places = _places(panel, texts, order, first)
    return market_weeks(places, codes.astype(np.int64), days, price, volume)


def _places(panel: pd.DataFrame, texts: dict[str, np.ndarray], keys: pd.Index, first: Ints) -> list[SeriesPlace]:
    """The place of each series, from its first row; coordinates are those of the market wherever they stand."""
    words = {name: texts[name][first] for name in texts}
    country = _texts(panel["country"], "country")[first] if "country" in panel else np.full(len(first), "")
    spots = {name: _numbers(panel, name)[first] for name in ("lat", "lon") if name in panel}
    nowhere = np.full(len(first), np.nan)
    latitude, longitude = spots.get("lat", nowhere), spots.get("lon", nowhere)
    return [
        SeriesPlace(
            key=str(keys[number]),
            product=str(words["product"][number]),
            region=str(words["region"][number]) if "region" in words else "",
            market=str(words["market"][number]),
            country=str(country[number]),
            latitude=float(latitude[number]),
            longitude=float(longitude[number]),
        )
        for number in range(len(first))
    ]


def _check_columns(panel: pd.DataFrame) -> None:
    missing = [name for name in NEEDED if name not in panel]
    if missing:
        raise InvalidPanel(
            f"the panel has no column {', '.join(missing)}",
            where=f"columns {', '.join(map(str, panel.columns[:20]))}",
            todo=f"give {', '.join(NEEDED)}, and volume, region, country, lat, lon where there are",
        )
    if panel.empty:
        raise InvalidPanel("the panel has no rows", where="rows", todo="give at least one price")


def _texts(column: pd.Series, name: str) -> np.ndarray:
    """A column of names as strings; a missing one is an error, but for region and country, where it is empty text."""
    missing = column.isna().to_numpy()
    if missing.any() and name not in ("region", "country"):
        row = int(np.argmax(missing))
        raise InvalidPanel(
            f"{name} is missing in {int(missing.sum())} rows", where=f"{name}, row {row}", todo="name it"
        )
    # a missing value stays one as text, and would leave the series without a key
    return np.where(missing, "", column.astype(str).to_numpy(dtype=object))


def _days(column: pd.Series) -> Ints:
    """Days from 1970-01-01; InvalidPanel where one cannot be read as a date."""
    import pandas as pd

    if column.dtype.kind in "ifub":
        raise InvalidPanel(
            f"date is of {column.dtype}, not of dates", where="date", todo="give dates, or text as YYYY-MM-DD"
        )
    try:
        read = pd.to_datetime(column, errors="coerce")
    except ValueError as error:
        raise InvalidPanel(
            f"date cannot be read: {error}", where="date", todo="give market days without a time zone"
        ) from error
    wrong = read.isna().to_numpy()
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InvalidPanel(
            f"date cannot be read in {int(wrong.sum())} rows, first {column.iloc[row]!r}",
            where=f"date, row {row}",
            todo="give dates, or text as YYYY-MM-DD",
        )
    if read.dt.tz is not None:
        read = read.dt.tz_localize(None)
    return np.asarray(read.to_numpy().astype("datetime64[D]").astype(np.int64))


def _numbers(panel: pd.DataFrame, name: str) -> Floats:
    """A column as floats; InvalidPanel where it holds text that is no number."""
    import pandas as pd

    column = panel[name]
    if column.dtype.kind in "fiu":
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    read = pd.to_numeric(column, errors="coerce")
    wrong = (read.isna() & column.notna()).to_numpy()
    if wrong.any() or column.dtype.kind in "Mmb":
        row = int(np.argmax(wrong))
        raise InvalidPanel(
            f"{name} is of {column.dtype}, not of numbers, first {column.iloc[row]!r}",
            where=f"{name}, row {row}",
            todo="convert it to numbers, NaN where there is none",
        )
    return read.to_numpy(dtype=np.float64, na_value=np.nan)
