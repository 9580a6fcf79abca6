"""A schematic map: around each position the land that is nearer to it than to any other, within a frame.

These are no administrative borders (which are not kept here); they show which township lies beside which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Position = tuple[float, float]
"""Longitude, latitude in degrees."""
DIGITS = 4
"""Of a degree: about ten metres."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The edges of a map in degrees."""

    west: float
    south: float
    east: float
    north: float

    def wider(self, share: float) -> Frame:
        """The frame with its sides moved out by a share of its width and height."""
        across, up = share * (self.east - self.west), share * (self.north - self.south)
        return Frame(self.west - across, self.south - up, self.east + across, self.north + up)

    @property
    def centre(self) -> Position:
        """The middle."""
        return (self.west + self.east) / 2, (self.south + self.north) / 2

    def drawn_in(self, position: Position) -> Position:
        """The position, or where the line to it from the centre leaves the frame."""
        centre = self.centre
        away = position[0] - centre[0], position[1] - centre[1]
        half = (self.east - self.west) / 2, (self.north - self.south) / 2
        beyond = max(abs(away[0]) / half[0], abs(away[1]) / half[1], 1.0)
        return round(centre[0] + away[0] / beyond, DIGITS), round(centre[1] + away[1] / beyond, DIGITS)


def frame_of(positions: Sequence[Position], margin: float) -> Frame:
    """The frame about some positions, `margin` degrees away from the outermost."""
    east, north = zip(*positions, strict=True)
    return Frame(min(east) - margin, min(north) - margin, max(east) + margin, max(north) + margin)


def cells(positions: Sequence[Position], frame: Frame) -> list[list[Position]]:
    """The closed ring of each position's cell; positions differ and lie within the frame.

    Each position is mirrored at the four edges, so that every cell ends there (Thiessen polygons of the bounded set).
    """
    import numpy as np
    from scipy.spatial import Voronoi

    points = np.asarray(positions, dtype=np.float64)
    mirrored = [points]
    for axis, edge in ((0, frame.west), (0, frame.east), (1, frame.south), (1, frame.north)):
        other = points.copy()
        other[:, axis] = 2 * edge - other[:, axis]
        mirrored.append(other)
    found = Voronoi(np.concatenate(mirrored))
    rings = [found.vertices[found.regions[found.point_region[place]]] for place in range(len(points))]
    return [_closed(ring) for ring in rings]


def geojson(names: Sequence[str], rings: Sequence[Sequence[Position]]) -> dict[str, Any]:
    """Named polygons as GeoJSON (RFC 7946)."""
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
            for name, ring in zip(names, rings, strict=True)
        ],
    }


def _closed(ring: Any) -> list[Position]:
    """Counter-clockwise, the first position again at the end."""
    found = [(round(float(east), DIGITS), round(float(north), DIGITS)) for east, north in ring]
    pairs = zip(found, [*found[1:], found[0]], strict=True)
    if sum(one[0] * other[1] - other[0] * one[1] for one, other in pairs) < 0:
        found.reverse()
    return [*found, found[0]]
