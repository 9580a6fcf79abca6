"""What a country says of a market that a feed registers there: its currency and its clock."""

from __future__ import annotations

from typing import Final

from pipelines.feeds.currency import COUNTRY_OF

CURRENCY_OF: Final = {country: currency for currency, country in COUNTRY_OF.items()}
"""ISO 3166-1 to ISO 4217."""
TIMEZONE_OF: Final = {
    "CN": "Asia/Shanghai",
    "IN": "Asia/Kolkata",
    "TW": "Asia/Taipei",
    "KR": "Asia/Seoul",
    "JP": "Asia/Tokyo",
    "HK": "Asia/Hong_Kong",
    "MO": "Asia/Macau",
    "VN": "Asia/Ho_Chi_Minh",
    "TH": "Asia/Bangkok",
    "MY": "Asia/Kuala_Lumpur",
    "ID": "Asia/Jakarta",
    "PH": "Asia/Manila",
    "GB": "Europe/London",
}
"""IANA zone of the capital, where the country keeps one time or most of it does; others take the feed's."""
