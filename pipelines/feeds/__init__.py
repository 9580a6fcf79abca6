"""Every feed, in one explicit table: to add one, copy `example.py` and put it here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pipelines.feeds import (
    agmarknet,
    china_supermarket,
    eastmoney_index,
    example,
    farm_daily,
    hog_maize,
    index200,
    jiangnan,
    korea_arrivals,
    mapping,
    moa_pagelist,
    panel,
    taiwan_export,
    taiwan_json,
    township,
    xinfadi,
)
from pipelines.feeds.base import Feed

FEEDS: Final[Mapping[str, Feed]] = MappingProxyType(
    {
        module.FEED.id: module.FEED
        for module in (
            township,
            mapping,
            panel,
            agmarknet,
            taiwan_export,
            taiwan_json,
            korea_arrivals,
            china_supermarket,
            xinfadi,
            moa_pagelist,
            farm_daily,
            index200,
            eastmoney_index,
            jiangnan,
            hog_maize,
            example,
        )
    }
)


def feed_named(feed_id: str) -> Feed:
    """The feed of that id; UnknownName with those that exist otherwise."""
    from warning.errors import UnknownName

    if feed_id not in FEEDS:
        raise UnknownName(
            f"there is no feed {feed_id!r}",
            todo="see `changxiao feeds`",
            candidates=tuple(sorted(FEEDS)),
        )
    return FEEDS[feed_id]
