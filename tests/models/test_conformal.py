"""Corrected bands hold their level on new forecasts that err as the past ones did."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.conformal import LEAST_FORECASTS, Correction, correction

COUNT = 4_000


def forecasts(seed: int, *, half: float, shift: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(actual, quantiles, scale) of normal errors in units of the scale; `half` is half the band in those units."""
    draw = np.random.default_rng(seed)
    scale = draw.uniform(0.05, 0.5, COUNT)
    middle = draw.normal(2, 1, COUNT)
    actual = middle + shift * scale + scale * draw.normal(0, 1, COUNT)
    return actual, np.stack([middle - half * scale, middle, middle + half * scale], axis=1), scale


def evenly(actual: np.ndarray, quantiles: np.ndarray, scale: np.ndarray) -> Correction:
    """The correction where all forecasts weigh the same."""
    return correction(actual, quantiles, scale, np.ones(len(actual)))


def held(actual: np.ndarray, quantiles: np.ndarray) -> tuple[float, float]:
    """The shares of actual values below the lower edge and above the upper one."""
    return float((actual < quantiles[:, 0]).mean()), float((actual > quantiles[:, 2]).mean())


@pytest.mark.parametrize(("half", "shift"), [(0.4, 0.0), (1.2816, 0.0), (3.0, 0.0), (0.8, 0.5), (0.8, -0.5)])
def test_the_corrected_band_leaves_a_tenth_on_each_side(half, shift):
    found = evenly(*forecasts(1, half=half, shift=shift))
    actual, quantiles, scale = forecasts(2, half=half, shift=shift)

    below, above = held(actual, found.corrected(quantiles, scale))

    assert below == pytest.approx(0.1, abs=0.02)
    assert above == pytest.approx(0.1, abs=0.02)


def test_an_honest_band_stays_nearly_as_it_is():
    found = evenly(*forecasts(1, half=1.2816))

    assert found.low == pytest.approx(0, abs=0.08)
    assert found.high == pytest.approx(0, abs=0.08)
    assert found.forecasts == COUNT


def test_a_band_too_narrow_is_widened_and_one_too_wide_narrowed():
    assert evenly(*forecasts(1, half=0.4)).low > 0.5
    assert evenly(*forecasts(1, half=3.0)).low < -1


def test_what_weighs_little_says_little():
    parts = [forecasts(1, half=0.4), forecasts(2, half=3.0)]
    both = [np.concatenate(pair) for pair in zip(*parts, strict=True)]
    weight = np.repeat([1.0, 1e-6], COUNT)

    found = correction(*both, weight)

    assert found.low == pytest.approx(evenly(*parts[0]).low, abs=0.01)
    assert found.high == pytest.approx(evenly(*parts[0]).high, abs=0.01)


def test_where_all_weighs_little_the_forecast_to_come_widens_the_band():
    past = forecasts(1, half=0.4)

    assert correction(*past, np.full(COUNT, 20 / COUNT)).low > evenly(*past).low + 0.1


def test_few_forecasts_change_nothing():
    actual, quantiles, scale = (part[: LEAST_FORECASTS - 1] for part in forecasts(1, half=0.1))
    found = evenly(actual, quantiles, scale)

    assert found == Correction(forecasts=LEAST_FORECASTS - 1)
    np.testing.assert_array_equal(found.corrected(quantiles, scale), quantiles)


def test_no_forecasts_change_nothing():
    assert evenly(np.empty(0), np.empty((0, 3)), np.empty(0)) == Correction()


def test_the_middle_is_never_moved():
    actual, quantiles, scale = forecasts(1, half=0.4)

    np.testing.assert_array_equal(evenly(actual, quantiles, scale).corrected(quantiles, scale)[:, 1], quantiles[:, 1])


@settings(deadline=None)
@given(
    low=st.floats(-9, 9),
    high=st.floats(-9, 9),
    rows=st.lists(st.tuples(st.floats(-5, 5), st.floats(0, 3), st.floats(0, 3), st.floats(0.03, 0.8)), min_size=1),
)
def test_edges_never_cross_the_middle_however_far_they_are_moved(low, high, rows):
    middle, down, up, scale = np.array(rows).T
    found = Correction(low, high, 500).corrected(np.stack([middle - down, middle, middle + up], axis=1), scale)

    assert (np.diff(found, axis=1) >= 0).all()
