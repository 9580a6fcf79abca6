"""What the board shows, gathered from the store: a day's episodes, its counts, the state of its data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from api.dashboard.words import Wording
from api.directory import Reference
from api.schemas.alerts import AlertItem, alert_item
from api.schemas.levels import WORDS, level_word
from api.schemas.runs import RunItem, run_fields
from warning.catalog import Catalog
from warning.store import ledger
from warning.store.alerts import AlertPlace, alert_places, alerts_on
from warning.store.engine import Session
from warning.store.risk import (
    Subjects,
    any_simulated,
    judged_around,
    level_counts,
    stale_count,
    worst_first,
)

CHANNELS = 2
LISTED = 30
"""Places of an episode listed one by one; the rest is counted and stands in the JSON."""


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """A channel as a person reads it."""

    name: str
    clause: str
    lead: str
    partners: str
    start: str
    why: str


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """Another place of an episode, in brief."""

    alert: str
    level: str
    name: str
    raised_at: dt.date


@dataclass(frozen=True, slots=True)
class Episode:
    """A product under warning: its worst place, and the others rolled up below."""

    worst: AlertItem
    others: tuple[PlaceLine, ...]
    unlisted: int
    """So many more places are not listed one by one."""
    channels: tuple[ChannelLine, ...]


@dataclass(frozen=True, slots=True)
class DayOnBoard:
    """One business date as the board shows it."""

    run: RunItem
    counts: dict[str, int]
    episodes: tuple[Episode, ...]
    fading: int
    stale: int
    simulated: bool
    earlier: dt.date | None
    later: dt.date | None


def day_on_board(session: Session, reference: Reference, day: dt.date, wording: Wording) -> DayOnBoard:
    """Everything the board says of a judged business date."""
    run = ledger.daily_run(session, day)
    places = alert_places(session, day)
    counts = level_counts(session, day)
    earlier, later = judged_around(session, day)
    return DayOnBoard(
        run=RunItem(**run_fields(run)),
        counts={word: counts.get(number, 0) for number, word in sorted(WORDS.items(), reverse=True)},
        episodes=_episodes(session, reference, day, [place for place in places if place.level > 0], wording),
        fading=sum(place.level == 0 for place in places),
        stale=stale_count(session, day),
        simulated=any_simulated(session, day),
        earlier=earlier,
        later=later,
    )


def channel_lines(
    documents: Iterable[dict[str, Any]], catalog: Catalog, day: dt.date, wording: Wording
) -> tuple[ChannelLine, ...]:
    """An assessment's channel documents with the names that people know, departments as they were named then."""
    return tuple(_channel_line(document, catalog, day, wording) for document in documents)


def _episodes(
    session: Session, reference: Reference, day: dt.date, places: list[AlertPlace], wording: Wording
) -> tuple[Episode, ...]:
    by_product: dict[str, list[AlertPlace]] = {}
    for place in places:  # worst first, and so are the products and the places of each
        by_product.setdefault(place.product_id, []).append(place)
    worst = [group[0].alert_id for group in by_product.values()]
    found = alerts_on(session, day, Subjects(), among=worst, order=worst_first("board"), limit=max(len(worst), 1))
    items = [alert_item(each, reference) for each in found.items]
    return tuple(_episode(item, by_product[item.product][1:], reference, day, wording) for item in items)


def _episode(
    worst: AlertItem, others: list[AlertPlace], reference: Reference, day: dt.date, wording: Wording
) -> Episode:
    lines = tuple(
        PlaceLine(
            place.alert_id,
            level_word(place.level),
            wording.pick(*reference.place_name(place.place_kind, place.place_id)),
            place.raised_at,
        )
        for place in others[:LISTED]
    )
    channels = channel_lines(worst.channels[:CHANNELS], reference.catalog, day, wording)
    return Episode(worst, lines, max(len(others) - LISTED, 0), channels)


def _channel_line(document: dict[str, Any], catalog: Catalog, day: dt.date, wording: Wording) -> ChannelLine:
    channel = catalog.channels.get(str(document.get("channel", "")))
    start = document.get("start_days") or ()
    known = asdict(channel) if channel else {"name_zh": str(document.get("channel", ""))}
    why = wording.pick(str(document.get("why_zh", "")), str(document.get("why_en", "")))
    caution = wording.pick(str(document.get("caution_zh", "")), str(document.get("caution_en", "")))
    return ChannelLine(
        name=_named(document, wording) or _named(known, wording),
        clause=str(document.get("clause", "")),
        lead=_department(document.get("lead"), catalog, day, wording),
        partners="、".join(_department(each, catalog, day, wording) for each in document.get("with") or ()),
        start="–".join(str(part) for part in start) if isinstance(start, list | tuple) else str(start),
        why="；".join(part for part in (why, caution) if part),
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
