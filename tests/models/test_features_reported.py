"""Township reports as features: what was said last, how it moved in four weeks, unknown where nothing was."""

from __future__ import annotations

import dataclasses

import numpy as np
from market_panels import glut_weeks

from models.features.reported import READINGS, reported
from models.features.state import state_of
from models.reasons import kinds_of

WEEKS = glut_weeks()


def test_a_grid_without_reports_has_them_all_unknown():
    told = dict(reported(state_of(WEEKS)))

    assert {f"reported_{name}" for name in READINGS} <= set(told)
    assert all(np.isnan(values).all() for values in told.values())


def test_the_last_reading_and_its_move_over_four_weeks_are_told():
    supply = np.full(WEEKS.shape, np.nan)
    supply[2, -10:] = np.arange(10.0) * 50
    told = dict(reported(state_of(dataclasses.replace(WEEKS, reported={"supply": supply}))))

    assert told["reported_supply"][2, -10:].tolist() == [0, 50, 100, 100, 100, 100, 100, 100, 100, 100]  # held at 100
    assert told["reported_supply_change"][2, -1] == 200
    assert np.isnan(told["reported_supply"][0]).all()
    assert np.isnan(told["reported_lag_change"]).all()


def test_a_grid_cut_off_keeps_the_reports_of_its_weeks():
    grid = dataclasses.replace(WEEKS, reported={"k": np.zeros(WEEKS.shape)})

    assert grid.until(40).reported["k"].shape == (WEEKS.shape[0], 41)


def test_reports_are_a_kind_of_reason_of_their_own():
    assert set(kinds_of(("reported_k", "reported_supply_change", "region_dearness"))) == {"reported", "apart"}
