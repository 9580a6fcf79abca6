"""What the board shows, gathered from the store: a day's episodes, its counts, the state of its data."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from api.dashboard.channel_lines import ChannelLine, first_channels
from api.dashboard.signals import speaks
from api.dashboard.words import Wording
from api.directory import Reference
from api.schemas.alerts import AlertItem, alert_item
from api.schemas.levels import WORDS, level_word
from api.schemas.runs import RunItem, run_fields
from warning.catalog import PlaceKind
from warning.store import ledger
from warning.store.alerts import AlertEvent, AlertOnDay, AlertPlace, alert_places, alerts_on, events_of
from warning.store.engine import Session
from warning.store.risk import (
    Subjects,
    any_simulated,
    judged_around,
    level_counts,
    stale_count,
    worst_first,
)

CANDIDATES = 4
"""So many of a product's places at its worst level are asked whether their numbers of the day speak."""
EPISODES = 60
"""Products shown one below another; the rest is in the table of alerts."""
LISTED = 40
"""Places of an episode listed one by one; the rest is counted and stands in the JSON."""
HOME = frozenset({"CN", "TW"})
"""Where market names say where they are."""
ROSE = ("raised", "escalated", "reopened")


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """Another place of an episode, in brief."""

    alert: str
    name: str
    raised_at: dt.date


@dataclass(frozen=True, slots=True)
class Others:
    """The other places of an episode at one level."""

    level: str
    count: int
    listed: dict[str, list[PlaceLine]]
    """By region; those that need none under ""."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A product under warning: its worst place, and the others rolled up below."""

    worst: AlertItem
    place: str
    rise: AlertEvent | None
    """What last raised the level, where the day's own numbers do not tell it."""
    others: tuple[Others, ...]
    channels: tuple[ChannelLine, ...]

    @property
    def places(self) -> int:
        """How many other places there are."""
        return sum(each.count for each in self.others)

    @property
    def unlisted(self) -> int:
        """So many of them are not listed one by one."""
        return self.places - sum(len(places) for each in self.others for places in each.listed.values())


@dataclass(frozen=True, slots=True)
class DayOnBoard:
    """One business date as the board shows it."""

    run: RunItem
    counts: dict[str, int]
    changes: dict[str, int]
    """By level, against the judged date before; empty where there is none."""
    episodes: tuple[Episode, ...]
    unshown: int
    """So many more products are under warning."""
    fading: int
    stale: int
    simulated: bool
    earlier: dt.date | None
    later: dt.date | None


def day_on_board(session: Session, reference: Reference, day: dt.date, wording: Wording) -> DayOnBoard:
    """Everything the board says of a judged business date."""
    run = ledger.daily_run(session, day)
    places = alert_places(session, day)
    earlier, later = judged_around(session, day)
    counts = _counts(session, day)
    before = _counts(session, earlier) if earlier else counts
    episodes, unshown = _episodes(session, reference, day, [place for place in places if place.level > 0], wording)
    return DayOnBoard(
        run=RunItem(**run_fields(run)),
        counts=counts,
        changes={word: count - before[word] for word, count in counts.items()} if earlier else {},
        episodes=episodes,
        unshown=unshown,
        fading=sum(place.level == 0 for place in places),
        stale=stale_count(session, day),
        simulated=any_simulated(session, day),
        earlier=earlier,
        later=later,
    )


def place_in_words(reference: Reference, kind: str, place_id: str, wording: Wording) -> str:
    """A place's name; a market abroad with its region, which few here would know."""
    name = wording.pick(*reference.place_name(kind, place_id))
    region = _region(reference, kind, place_id)
    if not region:
        return name
    return f"{name}（{region}）" if wording.lang == "zh" else f"{name}, {region}"


def _region(reference: Reference, kind: str, place_id: str) -> str:
    market = reference.catalog.markets.get(place_id) if kind == PlaceKind.MARKET else None
    if market is None or market.country in HOME:
        return ""
    return market.region.title() if market.region.isupper() else market.region


def last_rise(session: Session, item: AlertItem) -> AlertEvent | None:
    """The event that last raised the alert, where no driver of the day tells a number that passed its line."""
    if any(speaks(driver.signal) for driver in item.drivers):
        return None
    rises = [event for event in events_of(session, item.id, item.business_date) if event.kind in ROSE]
    return rises[-1] if rises else None


def _counts(session: Session, day: dt.date) -> dict[str, int]:
    found = level_counts(session, day)
    return {word: found.get(number, 0) for number, word in sorted(WORDS.items(), reverse=True)}


def _episodes(
    session: Session, reference: Reference, day: dt.date, places: list[AlertPlace], wording: Wording
) -> tuple[tuple[Episode, ...], int]:
    """(the first products, worst first; how many more there are)."""
    by_product: dict[str, list[AlertPlace]] = {}
    for place in places:  # worst first, and so are the products and the places of each
        by_product.setdefault(place.product_id, []).append(place)
    unshown = max(0, len(by_product) - EPISODES)
    by_product = dict(list(by_product.items())[:EPISODES])
    telling = _telling(session, day, by_product)
    episodes = []
    for product, group in by_product.items():
        worst = alert_item(telling[product], reference)
        others = [place for place in group if place.alert_id != worst.id]
        episodes.append(
            Episode(
                worst=worst,
                place=place_in_words(reference, worst.place.kind, worst.place.id, wording),
                rise=last_rise(session, worst),
                others=_others(others, reference, wording),
                channels=first_channels(worst, reference.catalog, day, wording),
            )
        )
    return tuple(episodes), unshown


def _telling(session: Session, day: dt.date, by_product: dict[str, list[AlertPlace]]) -> dict[str, AlertOnDay]:
    """Of each product's first places at its worst level, the first whose numbers of the day speak.

    A place that is only kept at its level says less of what is wrong; where all are, the first stands.
    """
    telling = {each.judgement.product_id: each for each in _found(session, day, list(by_product.values()), 0, 1)}
    mute = [by_product[product] for product, chosen in telling.items() if not _speaks(chosen)]
    for each in reversed(_found(session, day, mute, 1, CANDIDATES)):
        if _speaks(each):
            telling[each.judgement.product_id] = each
    return telling


def _found(
    session: Session, day: dt.date, groups: list[list[AlertPlace]], first: int, end: int
) -> tuple[AlertOnDay, ...]:
    """The places from `first` to before `end` of every group, those at its worst level, in full."""
    ids = [place.alert_id for group in groups for place in group[first:end] if place.level == group[0].level]
    if not ids:
        return ()
    return tuple(alerts_on(session, day, Subjects(), among=ids, order=worst_first("board"), limit=len(ids)).items)


def _speaks(found: AlertOnDay) -> bool:
    return any(speaks(str(driver.get("signal", ""))) for driver in found.judgement.drivers)


def _others(places: list[AlertPlace], reference: Reference, wording: Wording) -> tuple[Others, ...]:
    counts = Counter(place.level for place in places)
    listed: dict[int, dict[str, list[PlaceLine]]] = {level: {} for level in counts}
    for place in places[:LISTED]:
        name = wording.pick(*reference.place_name(place.place_kind, place.place_id))
        region = _region(reference, place.place_kind, place.place_id)
        listed[place.level].setdefault(region, []).append(PlaceLine(place.alert_id, name, place.raised_at))
    return tuple(Others(level_word(level), count, listed[level]) for level, count in counts.items())
