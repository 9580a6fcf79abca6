"""A subscription: whose it is, what it wants to hear of, where that goes, and when."""

from __future__ import annotations

import datetime as dt
import enum
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from warning.errors import InvalidEntry

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_MAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
SECRET_PREFIX: Final = "whsec_"
MOST_COOL_HOURS: Final = 24 * 14
LONGEST_TARGET: Final = 500
BLUE, RED = 1, 4
"""Levels by number; `warning.levels` itself is heavy to load."""


class Way(enum.StrEnum):
    """How a message goes."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    """Standard Webhooks: signed JSON."""
    WECOM = "wecom"
    """企业微信群机器人."""
    DINGTALK = "dingtalk"
    """钉钉群机器人."""
    FEISHU = "feishu"
    """飞书群机器人."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Which events are wanted; an empty tuple means all."""

    products: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    """Product groups, such as citrus."""
    place_kinds: tuple[str, ...] = ()
    """district, township, market."""
    places: tuple[str, ...] = ()
    level: int = 1
    """The least level, 1 blue to 4 red; what eases or ends is told where it had been reached."""
    tiers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    """raised, escalated, eased, ended, reopened, resolved."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription; `digest_at` and quiet hours are of the clock in Shanghai, HH:MM."""

    id: str
    name: str
    way: Way
    target: str
    """An address of mail or of HTTP."""
    rule: Rule = field(default_factory=Rule)
    secret: str = ""
    """Signs webhooks and robots' messages; never shown again."""
    digest_at: str = ""
    """Once a day at this time; blank: at once."""
    quiet_from: str = ""
    quiet_to: str = ""
    cool_hours: int = 0
    """So long an alert is not told of again, unless it gets worse."""
    active: bool = True
    why_not: str = ""
    """Why it is not active."""
    created_at: dt.datetime | None = None
    created_by: str = ""
    seen: int = 0
    """The number of the last event that was looked at."""


def check_subscription(one: Subscription) -> None:
    """InvalidEntry naming the first thing that is wrong, with what to write instead."""
    if not one.name.strip():
        raise InvalidEntry("the subscription has no name", where="name", todo="say what it is for")
    _check_target(one)
    for name in ("digest_at", "quiet_from", "quiet_to"):
        value = getattr(one, name)
        if value and not _CLOCK.fullmatch(value):
            raise InvalidEntry(f"{value!r} is no time of day", where=name, todo="write HH:MM, such as 07:45")
    if bool(one.quiet_from) != bool(one.quiet_to) or (one.quiet_from and one.quiet_from == one.quiet_to):
        raise InvalidEntry(
            "quiet hours need a beginning and another end", where="quiet_from", todo="give both, or none"
        )
    if not 0 <= one.cool_hours <= MOST_COOL_HOURS:
        raise InvalidEntry(
            f"{one.cool_hours} hours are no cool-down", where="cool_hours", todo=f"use 0 to {MOST_COOL_HOURS}"
        )
    if not BLUE <= one.rule.level <= RED:
        raise InvalidEntry(f"{one.rule.level} is no level", where="level", todo="use blue, yellow, orange or red")
    if one.way == Way.WEBHOOK and not one.secret.startswith(SECRET_PREFIX):
        raise InvalidEntry(
            "a webhook's secret is not of Standard Webhooks",
            where="secret",
            todo=f"leave it out, or begin it {SECRET_PREFIX}",
        )


def _check_target(one: Subscription) -> None:
    if one.way == Way.EMAIL:
        if len(one.target) > LONGEST_TARGET or not _MAIL.fullmatch(one.target):
            raise InvalidEntry(f"{one.target!r} is no address of mail", where="target", todo="write name@example.org")
        return
    try:
        parts = urlsplit(one.target)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    sound = parts.scheme in ("http", "https") and parts.hostname and parts.username is None and port != 0
    if not sound or len(one.target) > LONGEST_TARGET or any(letter.isspace() for letter in one.target):
        raise InvalidEntry(f"{one.target!r} is no address of HTTP", where="target", todo="write https://host/path")
