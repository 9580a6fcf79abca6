"""Calibration moves what was said towards what came true, and leaves alone what was honest or too rare to judge."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calibrating import LEAST_EVENTS, MOST_SHIFT, Calibration, calibrate, sigmoid

DRAW = np.random.default_rng(3)
LOG_ODDS = DRAW.normal(-2.5, 1.3, 20_000)
OUTCOME = DRAW.random(len(LOG_ODDS)) < sigmoid(LOG_ODDS)


def test_honest_forecasts_stay_as_they_are():
    found = calibrate(LOG_ODDS, OUTCOME)

    assert found.shift == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("shift", [-1.0, 1.0])
def test_forecasts_that_say_too_much_or_too_little_are_shifted_to_the_truth(shift):
    said, came = np.tile(LOG_ODDS + shift, 5), np.tile(OUTCOME, 5)
    found = calibrate(said, came)

    assert abs(sigmoid(said).mean() - came.mean()) > 0.04
    assert found.probability(said).mean() == pytest.approx(came.mean(), abs=0.006)


def test_the_bins_of_a_shifted_forecast_come_true_after_calibration():
    said = LOG_ODDS + 0.7
    probability = calibrate(said, OUTCOME).probability(said)
    parts = np.array_split(np.argsort(probability), 10)

    for part in parts:
        assert probability[part].mean() == pytest.approx(OUTCOME[part].mean(), abs=0.035)


def test_the_spread_of_forecasts_is_left_alone():
    found = calibrate(2 * LOG_ODDS, OUTCOME)
    probability = found.probability(2 * LOG_ODDS)

    assert np.log(probability / (1 - probability)) - found.shift == pytest.approx(2 * LOG_ODDS, abs=1e-6)


@pytest.mark.parametrize("events", [0, 1, LEAST_EVENTS - 1])
def test_too_few_events_change_nothing(events):
    outcome = np.arange(len(LOG_ODDS)) < events

    assert calibrate(LOG_ODDS, outcome) == Calibration(0.0, events)


def test_no_forecasts_or_only_events_change_nothing():
    assert calibrate(np.empty(0), np.empty(0, dtype=bool)) == Calibration()
    assert calibrate(np.zeros(50), np.ones(50, dtype=bool)) == Calibration(events=50)


def test_a_few_dozen_events_move_less_than_many():
    said = LOG_ODDS + 1.5
    few = calibrate(said[:400], OUTCOME[:400])
    many = calibrate(said, OUTCOME)

    assert OUTCOME[:400].sum() >= LEAST_EVENTS
    assert many.shift < few.shift < 0


@settings(deadline=None)
@given(
    log_odds=st.lists(st.floats(-12, 12), min_size=LEAST_EVENTS, max_size=60),
    seed=st.integers(0, 2**20),
)
def test_whatever_came_the_order_stays_and_probabilities_are_probabilities(log_odds, seed):
    said = np.sort(np.array(log_odds * 2))
    outcome = np.random.default_rng(seed).random(len(said)) < 0.5
    found = calibrate(said, outcome)
    probability = found.probability(said)

    assert abs(found.shift) <= MOST_SHIFT
    assert ((probability >= 0) & (probability <= 1)).all()
    assert (np.diff(probability) >= 0).all()
