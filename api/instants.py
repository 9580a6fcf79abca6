"""Days and instants at the edge: RFC 3339 with +08:00 going out; dates and aware instants coming in."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

SHANGHAI = ZoneInfo("Asia/Shanghai")
JUDGED_AT = dt.time(7, 30)
"""Asia/Shanghai, the day after: when a business date counts as known."""
FIRST, LAST = dt.date(1900, 1, 1), dt.date(2200, 12, 31)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
LOST_PLUS = re.compile(r"(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?) (\d\d:\d\d)$")


def at_shanghai(instant: dt.datetime) -> str:
    """RFC 3339 with +08:00, to the second."""
    return instant.astimezone(SHANGHAI).isoformat(timespec="seconds")


def known_at(day: dt.date) -> dt.datetime:
    """When a business date counts as known: the next day, 07:30 in Shanghai."""
    return dt.datetime.combine(day + dt.timedelta(days=1), JUDGED_AT, SHANGHAI)


def parse_day(value: object) -> dt.date | None:
    """A date as 2018-12-02 between 1900 and 2200; ValueError says what it should look like."""
    if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        return value
    if isinstance(value, str) and DATE.fullmatch(value) and value.isascii():
        day = dt.date.fromisoformat(value)
        if FIRST <= day <= LAST:
            return day
    raise ValueError("a date is written 2018-12-02, from 1900 to 2200")


def parse_moment(value: object) -> dt.datetime | None:
    """An aware instant, or a date standing for the instant at which it was known."""
    if value is None or isinstance(value, dt.datetime):
        return value
    text = LOST_PLUS.sub(r"\1+\2", value) if isinstance(value, str) else ""  # a "+" in an address arrives as a space
    if DATE.fullmatch(text):
        return known_at(parse_day(text) or FIRST)
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(HOW) from None
    if instant.tzinfo is None or not FIRST <= instant.date() <= LAST:
        raise ValueError(HOW)
    return instant


HOW = "an instant is written 2018-12-03T07:30:00+08:00 with its zone, from 1900 to 2200; a date means its next 07:30"

Instant = Annotated[
    dt.datetime,
    PlainSerializer(at_shanghai, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""An instant going out."""
Day = Annotated[dt.date, BeforeValidator(parse_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A date, in either direction."""
Moment = Annotated[dt.datetime, BeforeValidator(parse_moment), WithJsonSchema({"type": "string", "minLength": 10})]
"""An instant or a date coming in."""
