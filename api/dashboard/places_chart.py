"""Where the alerts of a day lie: townships where the register puts them, by their worst level and tonnes to place."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any
from urllib.parse import quote

from api.dashboard.words import Wording
from api.directory import Reference
from api.schemas.levels import level_word
from warning.catalog import PlaceKind
from warning.store.alerts import AlertPlace, alert_places
from warning.store.engine import Session

MARGIN = 0.05
"""Degrees about the outermost points."""
SMALLEST, LARGEST = 8, 26


def places_chart(
    session: Session, reference: Reference, day: dt.date, known: dt.datetime, wording: Wording
) -> dict[str, Any]:
    """The points by level, worst first, with where each leads; townships without an alert are points, too."""
    from warning.store.township_places import places_as_of

    places = {name: place for name, place in places_as_of(session, known).items() if place.latitude is not None}
    worst: dict[str, list[AlertPlace]] = {}
    for one in alert_places(session, day):  # worst first
        if one.place_kind == PlaceKind.TOWNSHIP:
            worst.setdefault(one.place_id, []).append(one)
    groups: dict[int, list[dict[str, Any]]] = {}
    for name, place in places.items():
        here = worst.get(name, [])
        level = max((one.level for one in here), default=0)
        groups.setdefault(level, []).append(_point(name, place, here, reference, day, wording))
    north = [one["latitude"] for points in groups.values() for one in points]
    east = [one["longitude"] for points in groups.values() for one in points]
    return {
        "kind": "places",
        "groups": [
            {"name": wording.level(level_word(level)), "level": level_word(level), "symbol": "circle", "points": points}
            for level, points in sorted(groups.items(), reverse=True)
        ],
        "south": min(north, default=0) - MARGIN, "north": max(north, default=0) + MARGIN,
        "west": min(east, default=0) - MARGIN, "east": max(east, default=0) + MARGIN,
        "empty": wording("no_places"),
    }  # fmt: skip


def _point(
    name: str, place: Any, here: list[AlertPlace], reference: Reference, day: dt.date, wording: Wording
) -> dict[str, Any]:
    title = wording.pick(*reference.place_name(PlaceKind.TOWNSHIP, name))
    told = [
        f"{wording.colour(level_word(one.level))} {wording.pick(*reference.product_name(one.product_id))}"
        for one in here
        if one.level > 0
    ]
    return {
        "latitude": place.latitude, "longitude": place.longitude, "name": title,
        "text": "\n".join([title, *told]),
        "href": f"/alerts/{quote(here[0].alert_id)}?lang={wording.lang}&as_of={day}" if told else None,
        "size": min(LARGEST, SMALLEST + 5 * math.sqrt(len(told))),
    }  # fmt: skip
