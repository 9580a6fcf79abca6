"""Making a subscription of what a person wrote: words checked one by one, a webhook given its secret."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection, Sequence
from typing import Final

from warning.catalog import PlaceKind
from warning.errors import InvalidEntry
from warning.levels import Level
from warning.messages.notice import TOLD
from warning.subscriptions.subscription import SECRET_PREFIX, Rule, Subscription, Way

TIERS: Final = ("T1", "T2", "T3")
LEVELS: Final = {level.key: int(level) for level in (Level.BLUE, Level.YELLOW, Level.ORANGE, Level.RED)}
SECRET_BYTES: Final = 32


def rule_of(
    *,
    products: Sequence[str] = (),
    groups: Sequence[str] = (),
    known_groups: Collection[str] = (),
    places: Sequence[str] = (),
    place_kinds: Sequence[str] = (),
    level: str = "blue",
    tiers: Sequence[str] = (),
    kinds: Sequence[str] = (),
) -> Rule:
    """The rule; InvalidEntry names the first word that means nothing."""
    _known("group", groups, known_groups)
    _known("place_kind", place_kinds, [kind.value for kind in PlaceKind])
    _known("level", [level], LEVELS)
    _known("tier", tiers, TIERS)
    _known("kind", kinds, TOLD)
    return Rule(tuple(products), tuple(groups), tuple(place_kinds), tuple(places), LEVELS[level], tuple(tiers),
                tuple(kinds))  # fmt: skip


def made(
    name: str,
    way: str,
    target: str,
    rule: Rule,
    *,
    secret: str = "",
    digest_at: str = "",
    quiet_from: str = "",
    quiet_to: str = "",
    cool_hours: int = 0,
) -> Subscription:
    """The subscription, not kept yet; a webhook without a secret is given one."""
    _known("way", [way], [one.value for one in Way])
    if way == Way.WEBHOOK and not secret:
        secret = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    return Subscription("", name.strip(), Way(way), target.strip(), rule, secret, digest_at, quiet_from, quiet_to,
                        cool_hours)  # fmt: skip


def _known(what: str, asked: Sequence[str], known: Collection[str]) -> None:
    for one in asked:
        if one not in known:
            raise InvalidEntry(f"there is no {what} {one!r}", where=what, todo=f"use {', '.join(sorted(known))}")
