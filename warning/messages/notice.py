"""One event of one alert, with all that a message says of it, in plain values."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Final

TOLD: Final = ("raised", "escalated", "eased", "ended", "reopened", "resolved")
"""Kinds of event that are worth a message; remarks and assignments stay in the house."""
Pair = tuple[str, str]
"""Chinese and English."""
_UNFIT = re.compile(r"[\s,<&]")
_CONTROL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was sent of the same alert before."""

    sequence: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened to an alert, and how it stood then."""

    alert_id: str
    sequence: int
    """The event's number within its alert, from 1."""
    kind: str
    at: dt.datetime
    level: int
    """-1 (unknown) to 4 (red)."""
    product: Pair
    place: Pair
    geocode: str
    """GB/T 2260 and GB/T 10114 code of the district or township; blank for a market."""
    onset: dt.date
    simulated: bool
    reason: Pair = ("", "")
    why: tuple[Pair, ...] = ()
    """The drivers with their numbers, strongest first."""
    channels: tuple[Pair, ...] = ()
    """What to do first, with clause and lead."""
    tier: str = ""
    type: str = ""
    surplus_t: float | None = None
    surplus_estimated: bool = False
    probability: float | None = None
    false_alarm: bool = False
    before: tuple[Sent, ...] = field(default=())
    """The messages of the alert before this one, oldest first."""


def identifier(alert_id: str, sequence: int) -> str:
    """The message's identifier, without spaces, commas, `<` and `&`, which CAP forbids."""
    return _UNFIT.sub("_", plain(f"{alert_id}.{sequence}"))


def plain(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return _CONTROL.sub("", text)
