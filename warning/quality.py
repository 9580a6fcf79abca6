"""Quality flags of an observation, and the two ways a price can be missing.

The bits are append-only: a value, once shipped, keeps its meaning, since stored rows carry it.
"""

from __future__ import annotations

import enum


class Quality(enum.IntFlag):
    """What is known about the trust an observation deserves; 0 is an unremarkable one."""

    OK = 0
    ISSUE_ASSUMED = 1
    """The source states no issue time: value date plus the feed's usual lag was taken."""
    NOT_COLLECTED = 2
    """Nobody reported a price (Agmarknet `NR`, FEWS NET's NC). Not a zero, and no sign of anything."""
    OFF_MARKET = 4
    """The product was not on the market that day (FEWS NET's NA). Not a zero, but itself a sign."""
    PRICE_TENFOLD = 8
    """The price is about ten times, or a tenth of, what this series had just before: kept, not read."""
    VOLUME_TENFOLD = 16
    """The volume is about ten times, or a tenth of, last month's and last year's: kept, not read."""
    OUTSIDE_PERIOD = 32
    """The value date lies outside the period that the file says it covers."""
    RANGE_ODD = 64
    """The price lies outside its own low–high range."""
    FORWARD_FILLED = 128
    """The source repeats the last price on days without trade."""
    ISSUE_RECEIVED = 256
    """The source states no issue time and the value was known before: the time of receipt was taken."""
    SIMULATED = 512
    """Made by the simulated district; shown as such everywhere."""


UNREADABLE_PRICE = Quality.PRICE_TENFOLD | Quality.NOT_COLLECTED | Quality.OFF_MARKET
UNREADABLE_VOLUME = Quality.VOLUME_TENFOLD
