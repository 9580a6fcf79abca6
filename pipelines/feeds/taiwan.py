"""What the two Taiwanese feeds share: ROC dates, market names, and what zeros mean."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from typing import Final

from pipelines.feeds.answer import LineRefused, number_of
from pipelines.feeds.sheets import Cell
from warning.quality import Quality

CLOSED: Final = "休市"
"""Stands where a product's name belongs on a day on which the market is closed."""
CURRENCY: Final = "TWD"
_ROC_DAY: Final = re.compile(r"(\d{2,4})[/.-](\d{1,2})[/.-](\d{1,2})")
_FIRST_GREGORIAN: Final = 1912
"""The year that is ROC 1: a smaller number counts from it."""
_YEARS: Final = range(1990, 2100)


def roc_day(value: object) -> dt.date:
    """The day written as 113/01/05, 113.01.05 or 2024-01-05; LineRefused `bad_date` for anything else."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    match = _ROC_DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise LineRefused("bad_date", f"{str(value)[:50]!r} is no day of the ROC calendar (113/01/05)")
    year, month, day = (int(part) for part in match.groups())
    year += 0 if year >= _FIRST_GREGORIAN else _FIRST_GREGORIAN - 1
    try:
        found = dt.date(year, month, day)
    except ValueError as error:
        raise LineRefused("bad_date", f"{value!r}: {error}") from None
    if year not in _YEARS:
        raise LineRefused("bad_date", f"{value!r} would be in the year {year}")
    return found


def market_name(value: object) -> str:
    """The market without its number and inner padding: `338 桃　農` is 桃農; LineRefused where there is none."""
    name = re.sub(r"^\d{2,4}\s+", "", str(value if value is not None else "").strip())
    name = "".join(name.split())
    if not name:
        raise LineRefused("no_market", "the market's name is empty")
    return name


def quoted(*, low: Cell | None, high: Cell | None, average: Cell | None, volume: Cell | None) -> dict[str, float]:
    """The numbers of one line as row columns, and the flags that their zeros mean.

    - price 0 with a volume: it was sold and the price was not noted (imported goods in 屏東): NaN, NOT_COLLECTED;
    - price 0 and volume 0: it was on the list and nothing changed hands: both NaN, OFF_MARKET;
    - a price with volume 0: kept as stated.

    LineRefused: `no_price`, `bad_price`, `bad_volume`, `negative_price`, `negative_volume`.
    """
    price, amount = _number(average, "平均價", "price"), _number(volume, "交易量", "volume")
    cheapest, dearest = _number(low, "下價", "price"), _number(high, "上價", "price")
    if math.isnan(price) and math.isnan(amount):
        raise LineRefused("no_price", "neither price nor volume is stated")
    for number, reason in ((price, "price"), (cheapest, "price"), (dearest, "price"), (amount, "volume")):
        if number < 0:
            raise LineRefused(f"negative_{reason}", f"{reason} {number:g} is below zero")
    flags = Quality.OK
    if not price > 0:
        flags = Quality.NOT_COLLECTED if amount > 0 else Quality.OFF_MARKET
        price = cheapest = dearest = math.nan
        amount = amount if amount > 0 else math.nan
    return {"price": price, "price_low": cheapest, "price_high": dearest, "volume": amount, "flags": int(flags)}


def units(row: Mapping[str, float], price_unit: str, volume_unit: str) -> dict[str, object]:
    """The currency and unit columns that go with what `quoted` found stated."""
    priced, sold = not math.isnan(row["price"]), not math.isnan(row["volume"])
    return {
        "currency": CURRENCY if priced else "",
        "price_unit": price_unit if priced else "",
        "volume_unit": volume_unit if sold else "",
    }


def _number(value: Cell | None, name: str, kind: str) -> float:
    if isinstance(value, str):
        value = value.replace(",", "")
    return number_of(value, f"{name} ({kind})")
