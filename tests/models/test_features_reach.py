"""Lags and trailing windows read a week and those before it, and what is unknown stays unknown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from models.features.reach import lagged, trailing_least, trailing_mean, trailing_spread, weeks_since

NAN = np.nan
SOME = np.array([[1.0, 2.0, NAN, 4.0, 8.0]])

grids = arrays.arrays(
    np.float64, (2, 30), elements=st.one_of(st.floats(-3, 3, width=32), st.just(NAN)), fill=st.nothing()
)


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        (0, [1, 2, NAN, 4, 8]),
        (1, [NAN, 1, 2, NAN, 4]),
        (4, [NAN, NAN, NAN, NAN, 1]),
        (5, [NAN] * 5),
        (-2, [NAN, 4, 8, NAN, NAN]),
    ],
)
def test_a_lag_is_the_value_of_so_many_weeks_before(weeks, expected):
    np.testing.assert_array_equal(lagged(SOME, weeks), [expected])


def test_a_mean_is_of_the_known_values_of_the_window():
    np.testing.assert_array_equal(trailing_mean(SOME, 2), [[1, 1.5, 2, 4, 6]])
    np.testing.assert_array_equal(trailing_mean(SOME, 3, least=2), [[NAN, 1.5, 1.5, 3, 6]])
    np.testing.assert_array_equal(trailing_mean(SOME, 100), [[1, 1.5, 1.5, 7 / 3, 3.75]])


def test_the_spread_is_that_of_the_known_values_and_never_below_zero():
    np.testing.assert_allclose(trailing_spread(SOME, 3, least=2), [[NAN, 0.5, 0.5, 1, 2]])
    assert (trailing_spread(np.full((1, 40), 0.1), 8)[0, 7:] < 1e-6).all()


def test_the_least_is_that_of_the_known_values():
    np.testing.assert_array_equal(trailing_least(np.array([[3.0, 1, NAN, 5, 4, 6]]), 3), [[3, 1, 1, 1, 4, 4]])


def test_weeks_since_an_event_count_from_the_last_one():
    event = np.array([[False, True, False, False, True, False]])

    assert weeks_since(event, most=99.0).tolist() == [[99, 0, 1, 2, 0, 1]]
    assert weeks_since(event, most=1.0).tolist() == [[1, 0, 1, 1, 0, 1]]


@settings(deadline=None)
@given(values=grids, weeks=st.integers(1, 40), cut=st.integers(1, 29))
def test_later_weeks_change_nothing(values, weeks, cut):
    for look in (trailing_mean, trailing_least, lambda v, w: trailing_spread(v, w, least=2), lagged):
        np.testing.assert_array_equal(look(values, weeks)[:, :cut], look(values[:, :cut], weeks))


@settings(deadline=None)
@given(values=grids, weeks=st.integers(1, 40))
def test_windows_are_those_counted_one_by_one(values, weeks):
    least, mean = trailing_least(values, weeks), trailing_mean(values, weeks)
    for row, column in np.ndindex(values.shape):
        window = values[row, max(0, column - weeks + 1) : column + 1]
        known = window[~np.isnan(window)]
        if len(known):
            assert least[row, column] == known.min()
            assert mean[row, column] == pytest.approx(known.mean(), abs=1e-9)
        else:
            assert np.isnan([least[row, column], mean[row, column]]).all()
