"""Where the alerts of a day lie: townships as cells of a schematic map, markets as points, by their worst level."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from api.dashboard.township_cells import Frame, Position, cells, frame_of, geojson
from api.dashboard.words import Wording
from api.directory import Reference
from api.schemas.levels import level_word
from warning.catalog import PlaceKind
from warning.store.alerts import AlertPlace, alert_places
from warning.store.engine import Session

MARGIN = 0.05
"""Degrees about the outermost townships."""
ROUND_ABOUT = 0.2
"""Of the district's width and height: markets farther out stand on the edge of that, with their distance."""
COUNTRY = "CN"
"""The district's: markets elsewhere are not drawn."""
Alerts = Mapping[tuple[str, str], list[AlertPlace]]


def places_chart(
    session: Session, reference: Reference, day: dt.date, known: dt.datetime, wording: Wording
) -> dict[str, Any]:
    """The map as GeoJSON, its cells with level and where each leads, the markets by level, worst first."""
    from warning.store.township_places import places_as_of

    found = places_as_of(session, known)
    sited: dict[Position, list[str]] = {}
    for name, place in found.items():
        if place.latitude is not None and place.longitude is not None:
            sited.setdefault((place.longitude, place.latitude), []).append(name)
    if not sited:
        return {"kind": "places", "areas": [], "markets": [], "empty": wording("no_places")}
    worst: dict[tuple[str, str], list[AlertPlace]] = {}
    for one in alert_places(session, day):  # worst first
        worst.setdefault((one.place_kind, one.place_id), []).append(one)
    frame = frame_of(list(sited), MARGIN)
    around = frame.wider(ROUND_ABOUT)
    areas = [_area(names, worst, reference, day, wording) for names in sited.values()]
    return {
        "kind": "places",
        "map": geojson([one["name"] for one in areas], cells(list(sited), frame)),
        "areas": areas,
        "markets": _markets(around, worst, reference, day, wording),
        "bounds": [[around.west, around.north], [around.east, around.south]],
        "aspect": round(math.cos(math.radians(frame.centre[1])), 4),
        "levels": {str(number): wording.level(level_word(number)) for number in range(5)},
        "colours": {str(number): wording.colour(level_word(number)) for number in range(1, 5)},
        "market": wording("kind_market"),
    }  # fmt: skip


def _area(names: list[str], worst: Alerts, reference: Reference, day: dt.date, wording: Wording) -> dict[str, Any]:
    """The township (or those at one position) with its worst level and what is under warning there."""
    here = [one for name in names for one in worst.get((PlaceKind.TOWNSHIP, name), [])]
    title = " · ".join(wording.pick(*reference.place_name(PlaceKind.TOWNSHIP, name)) for name in names)
    return _told(title, here, reference, day, wording)


def _markets(
    around: Frame, worst: Alerts, reference: Reference, day: dt.date, wording: Wording
) -> list[dict[str, Any]]:
    found = []
    for market in reference.catalog.markets.values():
        if market.country != COUNTRY or market.latitude is None or market.longitude is None:
            continue
        position = market.longitude, market.latitude
        drawn = around.drawn_in(position)
        title = wording.pick(*reference.place_name(PlaceKind.MARKET, market.id))
        if math.dist(drawn, position) > 10**-3:
            title = f"{title} {_km(around.centre, position)} km"
        told = _told(title, worst.get((PlaceKind.MARKET, market.id), []), reference, day, wording)
        found.append(told | {"position": drawn})
    return sorted(found, key=lambda one: (-one["level"], one["name"]))


def _told(
    title: str, here: Iterable[AlertPlace], reference: Reference, day: dt.date, wording: Wording
) -> dict[str, Any]:
    alarming = sorted((one for one in here if one.level > 0), key=lambda one: -one.level)
    told = [
        f"{wording.colour(level_word(one.level))} {wording.pick(*reference.product_name(one.product_id))}"
        for one in alarming
    ]
    return {
        "name": title,
        "level": alarming[0].level if alarming else 0,
        "text": "\n".join([title, *told]),
        "href": f"/alerts/{quote(alarming[0].alert_id)}?lang={wording.lang}&as_of={day}" if alarming else None,
    }


def _km(one: Position, other: Position) -> int:
    """By road, as plans estimate it."""
    from warning.absorption.distance import road_km

    return round(float(road_km([(one[1], one[0])], [(other[1], other[0])])[0, 0]))
