from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warning.levels import (
    Level,
    PriceReadings,
    cell_levels,
    episode_start,
    hog_cells,
    two_of_three,
    walk,
)
from warning.thresholds import load_thresholds

LINES = load_thresholds().lines
DAYS = 15


def readings(days=DAYS, **values) -> PriceReadings:
    """One series whose readings are the same on all days, or given day by day."""
    names = [field.name for field in dataclasses.fields(PriceReadings)]
    return PriceReadings(
        **{name: np.broadcast_to(np.asarray(values.get(name, np.nan), dtype=float), (1, days)).copy() for name in names}
    )


def cell(**values) -> Level:
    second = values.pop("second", None)
    found = cell_levels(readings(**values), LINES, second=None if second is None else np.full((1, DAYS), second))
    return Level(int(found[0, -1]))


@pytest.mark.parametrize(
    ("values", "level"),
    [
        ({"r": 0.95, "z": 0.0, "g": 0.0}, Level.NONE),
        ({"r": 0.90, "z": 0.0, "g": 0.0}, Level.BLUE),
        ({"r": 1.20, "z": -1.0, "g": 0.0}, Level.BLUE),
        ({"r": 1.20, "z": 0.0, "g": -0.5}, Level.BLUE),
        ({"r": 0.80, "z": 0.0, "g": 0.0}, Level.BLUE),
        ({"r": 0.80, "z": 0.0, "g": -0.5}, Level.YELLOW),
        ({"r": 0.90, "rho": -0.35, "z": 0.0}, Level.YELLOW),
        ({"r": 0.95, "rho": -0.9, "z": 0.0}, Level.NONE),
        ({"r": 0.70, "z": -1.4, "g": -0.6}, Level.YELLOW),
        ({"r": 0.70, "z": -1.5}, Level.ORANGE),
        ({"r": 0.70}, Level.ORANGE),
        ({"r": 0.50, "z": 0.0}, Level.ORANGE),
        ({"r": 0.95, "z": -2.5}, Level.ORANGE),
        ({"r": 0.50, "z": -3.0, "rho": -2.0, "v": 0.1}, Level.ORANGE),
        ({"r": 0.50, "z": 0.0, "v": 0.22}, Level.RED),
        ({"r": 0.50, "z": 0.0, "v": -0.22}, Level.RED),
        ({"r": 0.70, "z": -2.5, "v": 0.3}, Level.RED),
        ({"r": 0.75, "z": -2.5, "v": 0.3}, Level.ORANGE),
        ({"r": 0.45, "z": 0.0, "second": True}, Level.RED),
        ({"r": 0.45, "z": 0.0, "second": False}, Level.ORANGE),
        ({"r": 1.0, "z": 0.0, "stall": 0.125}, Level.ORANGE),
        ({"stall": 0.125}, Level.ORANGE),
        ({"r": 1.6, "z": 0.0, "stall": 0.3}, Level.NONE),
        ({"stall": 0.9}, Level.UNKNOWN),
        ({}, Level.UNKNOWN),
    ],
)
def test_each_cell_of_price_and_volume(values, level):
    assert cell(**values) == level


def test_garlic_2018_at_seventy_percent_is_orange_without_a_fit_and_yellow_where_the_fit_denies_it():
    assert cell(r=0.70, g=-0.8) == Level.ORANGE
    assert cell(r=0.70, g=-0.8, z=-0.9) == Level.YELLOW


def test_a_line_on_r_needs_two_of_three_weekly_readings():
    r = np.full(DAYS, 1.0)
    r[-1] = 0.85
    assert cell(r=r, z=0.0) == Level.NONE
    r[-8] = 0.85
    assert cell(r=r, z=0.0) == Level.BLUE
    r[-1], r[-15] = 1.0, 0.85
    assert cell(r=r, z=0.0) == Level.BLUE


def test_two_of_three_counts_weeks_not_days():
    flags = np.zeros((1, 15), dtype=bool)
    flags[0, [13, 12, 11, 10]] = True
    assert not two_of_three(flags)[0, -1]
    flags[0, [0, 7]] = True
    assert two_of_three(flags)[0, -1]


def test_volume_must_lie_to_the_same_side_twice_to_be_evidence():
    v = np.zeros(DAYS)
    v[-1], v[-8] = 0.5, -0.5
    assert cell(r=0.45, v=v) == Level.ORANGE
    v[-8] = 0.5
    assert cell(r=0.45, v=v) == Level.RED


number = st.floats(-4, 4) | st.just(float("nan"))
ratio = st.floats(0.05, 3) | st.just(float("nan"))


@settings(max_examples=200, deadline=None)
@given(
    r=st.lists(ratio, min_size=3, max_size=3),
    z=number,
    g=number,
    v=number,
    rho=number,
    stall=ratio,
    fall=st.floats(0, 1.5),
)
def test_a_lower_price_never_lowers_the_cell(r, z, g, v, rho, stall, fall):
    weekly = np.full(DAYS, np.nan)
    weekly[[0, 7, 14]] = r
    before = cell(r=weekly, z=z, g=g, v=v, rho=rho, stall=stall)
    weekly[14] *= np.exp(-fall)
    after = cell(r=weekly, z=z - fall, g=g - fall, v=v, rho=rho - fall, stall=stall)
    assert after >= before


def levels_of(*cells) -> list[int]:
    return walk(np.array([cells], dtype=np.int8))[0].tolist()


def test_a_level_rises_at_once_and_skips_levels():
    assert levels_of(0, 3, 4, 2) == [0, 3, 4, 4]


def test_a_level_falls_by_one_after_three_better_weekly_readings():
    levels = levels_of(3, *[0] * 60)
    assert levels[14] == 3
    assert levels[15] == 2
    assert levels[29] == 2
    assert levels[30] == 1
    assert levels[45] == 0


def test_a_day_as_bad_as_the_level_a_week_ago_keeps_it():
    cells = [3] + [0] * 30
    cells[8] = 3
    assert levels_of(*cells)[15] == 3
    assert levels_of(*cells)[16] == 2


def test_silence_never_eases():
    assert levels_of(3, *[-1] * 300) == [3] * 301


def test_a_missing_weekly_reading_is_not_a_better_one():
    cells = [3] + [0] * 14 + [-1] + [0] * 20
    assert levels_of(*cells)[15] == 3
    assert levels_of(*cells)[16] == 2


def test_the_walk_is_the_same_whatever_comes_later():
    cells = np.random.default_rng(3).integers(-1, 5, size=(20, 120)).astype(np.int8)
    assert np.array_equal(walk(cells)[:, :77], walk(cells[:, :77]))


def test_an_episode_ends_after_four_weeks_at_none_and_not_before():
    assert episode_start(np.array([0, 1, 1] + [0] * 27)) == 1
    assert episode_start(np.array([0, 1, 1] + [0] * 28)) is None
    assert episode_start(np.array([1] + [0] * 28 + [2])) == 29
    assert episode_start(np.array([1] + [0] * 27 + [2])) == 0


def test_hogs_go_by_the_ratio():
    def cell_of(*weekly):
        ratio = np.full((1, 15), np.nan)
        ratio[0, [0, 7, 14]] = weekly
        return Level(int(hog_cells(ratio, LINES)[0, -1]))

    assert cell_of(7, 7, 6.0) == Level.NONE
    assert cell_of(7, 7, 5.9) == Level.YELLOW
    assert cell_of(5.5, 5.9, 5.9) == Level.ORANGE
    assert cell_of(7, 7, 4.9) == Level.RED
    assert cell_of(5, 5, float("nan")) == Level.UNKNOWN


def test_the_words_of_a_level():
    assert [level.name_zh for level in Level] == ["未知", "无", "蓝", "黄", "橙", "红"]
    assert Level.UNKNOWN.key == "unknown"
    assert Level.RED.key == "red"
