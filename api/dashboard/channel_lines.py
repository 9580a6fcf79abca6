"""Channels as a person reads them: what to do, who leads, with whom, how soon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from api.dashboard.words import Wording
from api.schemas.alerts import AlertItem
from warning.catalog import Catalog

FIRST = 2
"""So many channels stand on the board; the alert's page has them all."""
EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """A channel as a person reads it."""

    name: str
    clause: str
    lead: str
    partners: str
    start: str
    why: str


def channel_lines(
    documents: Iterable[dict[str, Any]], catalog: Catalog, day: dt.date, wording: Wording
) -> tuple[ChannelLine, ...]:
    """An assessment's channel documents with the names that people know, departments as they were named then."""
    return tuple(_channel_line(document, catalog, day, wording) for document in documents)


def first_channels(item: AlertItem, catalog: Catalog, day: dt.date, wording: Wording) -> tuple[ChannelLine, ...]:
    """What to do first: below yellow the emergency channels are only to be prepared, and stand back."""
    documents = item.channels
    if item.level == "blue":
        documents = sorted(documents, key=lambda document: document.get("role") == EMERGENCY)
    return channel_lines(documents[:FIRST], catalog, day, wording)


def _channel_line(document: dict[str, Any], catalog: Catalog, day: dt.date, wording: Wording) -> ChannelLine:
    channel = catalog.channels.get(str(document.get("channel", "")))
    start = document.get("start_days") or ()
    known = asdict(channel) if channel else {"name_zh": str(document.get("channel", ""))}
    why = wording.pick(str(document.get("why_zh", "")), str(document.get("why_en", "")))
    caution = wording.pick(str(document.get("caution_zh", "")), str(document.get("caution_en", "")))
    partners = [_department(each, catalog, day, wording) for each in document.get("with") or ()]
    return ChannelLine(
        name=_named(document, wording) or _named(known, wording),
        clause=str(document.get("clause", "")),
        lead=_department(document.get("lead"), catalog, day, wording),
        partners=wording.pick("、", "; ").join(partners),
        start="–".join(str(part) for part in start) if isinstance(start, list | tuple) else str(start),
        why=wording.pick("；", "; ").join(part for part in (why, caution) if part),
    )


def _department(found: Any, catalog: Catalog, day: dt.date, wording: Wording) -> str:
    if isinstance(found, dict):
        return _named(found, wording)
    if str(found) in catalog.departments:
        department = catalog.department_on(str(found), day)
        return wording.pick(department.name_zh, department.name_en)
    return str(found or "")


def _named(document: dict[str, Any], wording: Wording) -> str:
    return wording.pick(str(document.get("name_zh", "")), str(document.get("name_en", "")))
