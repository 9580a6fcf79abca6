"""Price units taken apart, and the country that a currency speaks for."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from warning.errors import UnknownUnit

COUNTRY_OF: Final = {
    "CNY": "CN",
    "INR": "IN",
    "TWD": "TW",
    "KRW": "KR",
    "JPY": "JP",
    "HKD": "HK",
    "MOP": "MO",
    "VND": "VN",
    "THB": "TH",
    "MYR": "MY",
    "IDR": "ID",
    "PHP": "PH",
    "RUB": "RU",
    "KZT": "KZ",
    "GBP": "GB",
}
"""ISO 4217 to ISO 3166-1 where the currency is one country's; of the euro or the dollar it cannot be said."""
_NOTE: Final = re.compile(r"\s*[(（].*$", re.DOTALL)


@cache
def price_parts(text: str) -> tuple[str, str]:
    """(currency, unit) of `元/斤`, `INR/quintal`, `CNY/kg (retail)`; a bare unit has the currency "".

    A unit that no table knows comes back as it stands, so that the ingest refuses it with its reason.
    """
    from warning.names import split_price_unit

    bare = without_note(text)
    if not re.search(r"[/每／]", bare):
        return "", bare
    try:
        return split_price_unit(bare)
    except UnknownUnit:
        return "", bare


def without_note(text: str) -> str:
    """A unit without the remark in brackets behind it: `kg (net retail sales)` is kg."""
    return _NOTE.sub("", text).strip()
