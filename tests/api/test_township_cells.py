"""The schematic map: cells that fill the frame, each the land nearest to its own seat; far positions on the edge."""

from __future__ import annotations

import itertools
import math
import random

import pytest

from api.dashboard.township_cells import Frame, cells, frame_of, geojson

DRAW = random.Random(7)
SEATS = [(round(107.5 + DRAW.random() / 2, 3), round(30.4 + DRAW.random() / 2, 3)) for _ in range(33)]


def area(ring):
    """Positive where the ring runs counter-clockwise."""
    return sum(west * north - east * south for (west, south), (east, north) in itertools.pairwise(ring)) / 2


@pytest.mark.parametrize("count", [1, 2, 3, 33])
def test_the_cells_fill_the_frame_and_do_not_overlap(count):
    frame = frame_of(SEATS[:count], 0.05)
    rings = cells(SEATS[:count], frame)
    assert all(ring[0] == ring[-1] and area(ring) > 0 for ring in rings)
    whole = (frame.east - frame.west) * (frame.north - frame.south)
    assert sum(map(area, rings)) == pytest.approx(whole, rel=1e-3)


def test_each_corner_of_a_cell_is_as_near_to_no_other_seat():
    rings = cells(SEATS, frame_of(SEATS, 0.05))
    for seat, ring in zip(SEATS, rings, strict=True):
        for corner in ring:
            assert math.dist(corner, seat) <= min(math.dist(corner, other) for other in SEATS) + 1e-3


def test_a_far_position_is_drawn_where_its_line_leaves_the_frame():
    frame = Frame(0.0, 0.0, 10.0, 4.0)
    assert frame.drawn_in((1.0, 3.5)) == (1.0, 3.5)
    assert frame.drawn_in((25.0, 2.0)) == (10.0, 2.0)
    assert frame.drawn_in((6.0, 12.0)) == (5.2, 4.0)


def test_the_map_is_geojson():
    told = geojson(["屏锦镇"], [[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)]])
    (feature,) = told["features"]
    assert (told["type"], feature["geometry"]["type"]) == ("FeatureCollection", "Polygon")
    assert feature["properties"] == {"name": "屏锦镇"}
