"""Road distances between places, estimated from coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from warning.indicators.grid import Floats

EARTH_KM: Final = 6371.0
ROAD_FACTOR: Final = 1.35
"""Road over straight line in hill country; a first estimate, to be replaced by the district's own distances."""
WITHIN_KM: Final = 6.0
"""Inside one township."""
UNKNOWN_KM: Final = 35.0
"""Where coordinates are missing: farther than most of a district, so that the known and near go first."""


@dataclass(frozen=True, slots=True)
class Place:
    """A township's place: degrees, None where nobody has said; `key` for a 重点帮扶 township."""

    latitude: float | None = None
    longitude: float | None = None
    key: bool = False


Spots = list[tuple[float | None, float | None]]
"""(latitude, longitude) in degrees; None or NaN where nobody has said."""


def straight_km(origins: Spots, ends: Spots) -> Floats:
    """Kilometres along the great circle, origins × ends (haversine); NaN where either place is unknown."""
    here, there = _radians(origins), _radians(ends)
    step = (here[:, None, :] - there[None, :, :]) / 2
    chord = np.sin(step[..., 0]) ** 2 + np.cos(here[:, None, 0]) * np.cos(there[None, :, 0]) * np.sin(step[..., 1]) ** 2
    found: Floats = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
    return found


def road_km(origins: Spots, ends: Spots) -> Floats:
    """Estimated road kilometres, origins × ends; `UNKNOWN_KM` where either place is unknown.

    Great-circle distance times `ROAD_FACTOR`, at least `WITHIN_KM`.
    """
    found = straight_km(origins, ends) * ROAD_FACTOR
    return np.where(np.isnan(found), UNKNOWN_KM, np.maximum(found, WITHIN_KM))


def _radians(places: Spots) -> Floats:
    degrees = np.array([[np.nan if one is None else one for one in place] for place in places], dtype=np.float64)
    return np.radians(degrees.reshape(len(places), 2))
