"""When a message is due: at once or with the digest, not in quiet hours; and again after a failure."""

from __future__ import annotations

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from warning.subscriptions.subscription import Subscription

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
GAPS: Final = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
"""Between one try and the next; the last again and again."""
GIVEN_UP: Final = dt.timedelta(days=3)
"""A message that could not be delivered for so long is let go, and said to be."""


def due_at(one: Subscription, at: dt.datetime) -> dt.datetime:
    """When an event of that instant is to be told."""
    due = at if not one.digest_at else _next(at, one.digest_at)
    return _after_quiet(one, due)


def next_try(tries: int, now: dt.datetime) -> dt.datetime:
    """When a message that failed for the `tries`-th time is tried again."""
    return now + GAPS[min(max(tries, 1), len(GAPS)) - 1]


def _next(at: dt.datetime, clock: str) -> dt.datetime:
    """The next time that the clock in Shanghai shows this."""
    local = at.astimezone(SHANGHAI)
    found = dt.datetime.combine(local.date(), dt.time.fromisoformat(clock), SHANGHAI)
    return found if found >= local else found + dt.timedelta(days=1)


def _after_quiet(one: Subscription, at: dt.datetime) -> dt.datetime:
    """The end of the quiet hours that an instant lies in; the instant itself outside of them."""
    if not one.quiet_from:
        return at
    clock = at.astimezone(SHANGHAI).time()
    begin, end = dt.time.fromisoformat(one.quiet_from), dt.time.fromisoformat(one.quiet_to)
    inside = begin <= clock < end if begin < end else clock >= begin or clock < end
    return _next(at, one.quiet_to) if inside else at
