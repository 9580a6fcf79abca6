"""The newest messages as an Atom feed: a reader is led from each entry to its CAP message. Source: RFC 4287."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree

from warning.levels import Level
from warning.messages.cap import MEDIA_TYPE as CAP
from warning.messages.cap import SENDER_NAME, SHANGHAI, headline
from warning.messages.notice import Notice, identifier, plain

NAMESPACE: Final = "http://www.w3.org/2005/Atom"
MEDIA_TYPE: Final = "application/atom+xml"
TAG: Final = "tag:changxiao,2026:"
EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def atom_feed(notices: Sequence[Notice], *, base: str, own: str) -> bytes:
    """The feed of these notices, newest first, as UTF-8 XML.

    `base` is the address of the service without a slash at its end, `own` that of the feed itself.
    """
    feed = ElementTree.Element("feed", {"xmlns": NAMESPACE, "xml:lang": "zh-CN"})
    _add(feed, "id", f"{TAG}alerts")
    _add(feed, "title", f"{SENDER_NAME[0]} · {SENDER_NAME[1]}")
    _add(feed, "updated", _instant(max((one.at for one in notices), default=EPOCH)))
    author = ElementTree.SubElement(feed, "author")
    _add(author, "name", SENDER_NAME[0])
    ElementTree.SubElement(feed, "link", rel="self", type=MEDIA_TYPE, href=plain(own))
    for notice in notices:
        _entry(feed, notice, base)
    content: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def cap_path(notice: Notice) -> str:
    """Where a notice's CAP message lies on the service."""
    from urllib.parse import quote

    return f"/v1/alerts/{quote(notice.alert_id, safe='')}/cap.xml?event={notice.sequence}"


def _entry(feed: ElementTree.Element, notice: Notice, base: str) -> None:
    entry = ElementTree.SubElement(feed, "entry")
    _add(entry, "id", f"{TAG}{identifier(notice.alert_id, notice.sequence)}")
    _add(entry, "title", f"{headline(notice, 0)} · {headline(notice, 1)}")
    _add(entry, "updated", _instant(notice.at))
    _add(entry, "published", _instant(notice.at))
    ElementTree.SubElement(entry, "link", rel="alternate", type=CAP, href=plain(base + cap_path(notice)))
    level = Level(notice.level)
    ElementTree.SubElement(entry, "category", term=level.key, label=level.name_zh)
    zh = "；".join(filter(None, (notice.reason[0], *(one[0] for one in notice.why))))
    en = "; ".join(filter(None, (notice.reason[1], *(one[1] for one in notice.why))))
    _add(entry, "summary", f"{zh}\n{en}".strip() or headline(notice, 0))


def _instant(at: dt.datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = plain(text)
