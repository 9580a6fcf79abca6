"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from sqlalchemy import JSON, BigInteger, Dialect, Float
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
EPOCH_DAY = dt.date(1970, 1, 1)


def epoch_us(instant: dt.datetime) -> int:
    """Microseconds since 1970 UTC; a naive datetime is refused since nobody knows its zone."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone")
    return (instant - EPOCH) // dt.timedelta(microseconds=1)


def instant_of(us: int) -> dt.datetime:
    """The aware UTC instant of `epoch_us`."""
    return EPOCH + dt.timedelta(microseconds=us)


def epoch_day(day: dt.date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH_DAY).days


def day_of(number: int) -> dt.date:
    """The date of `epoch_day`."""
    return EPOCH_DAY + dt.timedelta(days=number)


class Instant(TypeDecorator[dt.datetime]):
    """An aware instant kept as microseconds since 1970 UTC, so that order and equality are those of time."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else epoch_us(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else instant_of(int(value))


class Day(TypeDecorator[dt.date]):
    """A market day kept as days since 1970-01-01: small in keys, and an integer for bulk reads."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.date | None, dialect: Dialect) -> int | None:
        return None if value is None else epoch_day(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dt.date | None:
        return None if value is None else day_of(int(value))


class Number(TypeDecorator[float]):
    """A double in which NaN is NULL: SQLite makes it so by itself, PostgreSQL would keep it and sort it highest."""

    impl = Float(53)
    cache_ok = True

    def process_bind_param(self, value: float | None, dialect: Dialect) -> float | None:
        return None if value is None or math.isnan(value) else value


class Document(TypeDecorator[Any]):
    """A JSON document, JSONB on PostgreSQL; a number that JSON does not have (NaN, infinity) is null in it."""

    impl = JSON().with_variant(JSONB(), "postgresql")
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> Any | None:
        return _json(value)


def _json(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")  # PostgreSQL's text has no NUL
    if isinstance(value, dict):
        return {key: _json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_json(inner) for inner in value]
    return value
