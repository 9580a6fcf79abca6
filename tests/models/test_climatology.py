"""The share of the season is drawn from outcomes that were known, and from them only."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.climatology import PRIOR_WEEKS, climatology
from warning.errors import InvalidPanel

FIRST_SUNDAY = 16075
"""2014-01-05, in days from 1970-01-01."""


def sundays(weeks):
    return FIRST_SUNDAY + 7 * np.arange(weeks)


def drawn(seed, series=5, weeks=150):
    draw = np.random.default_rng(seed)
    return draw.random((series, weeks)) < 0.1, draw.random((series, weeks)) < 0.7, draw.integers(4, 7, series)


def by_hand(onset, eligible, days, product, horizon):
    """The same, a cell at a time."""
    count = onset.shape[1]
    months = [(dt.date(1970, 1, 1) + dt.timedelta(days=int(day))).month for day in days]
    found = np.full(onset.shape, np.nan)
    known = [
        (week, row, bool(onset[row, week + 1 : week + horizon + 1].any()))
        for row, week in np.argwhere(eligible).tolist()
    ]
    for now in range(count):
        past = [(week, row, hit) for week, row, hit in known if week + horizon + 1 <= now]
        if not past:
            continue
        overall = sum(hit for _, _, hit in past) / len(past)
        for row in range(len(onset)):
            same = [(week, hit) for week, other, hit in past if product[other] == product[row]]
            share = (sum(hit for _, hit in same) + PRIOR_WEEKS * overall) / (len(same) + PRIOR_WEEKS)
            hits = [hit for week, hit in same if months[week] == months[now]]
            found[row, now] = (sum(hits) + PRIOR_WEEKS * share) / (len(hits) + PRIOR_WEEKS)
    return found


def test_an_outcome_counts_from_the_week_after_its_horizon():
    onset, eligible = np.zeros((1, 12), dtype=bool), np.zeros((1, 12), dtype=bool)
    eligible[0, 3] = True
    onset[0, 5] = True

    share = climatology(onset, eligible, sundays(12), np.array([7]), horizon=2)[0]

    # a spell that begins in week 5 shows in week 6, which is 3 + 2 + 1
    assert np.isnan(share[:6]).all()
    assert share[6:] == pytest.approx(1.0)
    onset[0, 5:7] = [False, True]
    assert climatology(onset, eligible, sundays(12), np.array([7]), horizon=2)[0, 6:] == pytest.approx(0.0)


def test_a_product_with_a_season_shows_it():
    weeks = 52 * 8
    days = sundays(weeks)
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12
    eligible = np.ones((20, weeks), dtype=bool)
    onset = np.zeros((20, weeks), dtype=bool)
    onset[:10, month == 5] = True

    share = climatology(onset, eligible, days, np.repeat([1, 2], 10), horizon=1)

    june, december = np.flatnonzero(month == 5)[-2], np.flatnonzero(month == 11)[-2]
    # after three of four weeks of June, or four of five, another week of it follows
    assert 0.6 < share[0, june] < 0.8
    assert share[0, december] < 0.03
    # the other product never had one; it is hardly drawn to the first
    assert share[15, june] < 0.01
    assert np.array_equal(share[0], share[9], equal_nan=True)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), horizon=st.integers(1, 8))
def test_it_is_what_counting_one_by_one_gives(seed, horizon):
    onset, eligible, product = drawn(seed, weeks=90)

    found = climatology(onset, eligible, sundays(90), product, horizon=horizon)

    assert np.allclose(found, by_hand(onset, eligible, sundays(90), product, horizon), equal_nan=True)
    assert np.nanmin(found) >= 0
    assert np.nanmax(found) <= 1


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), cut=st.integers(0, 150), horizon=st.integers(1, 8))
def test_what_it_says_of_a_week_does_not_depend_on_later_weeks(seed, cut, horizon):
    onset, eligible, product = drawn(seed)
    kept = 150 - cut
    whole = climatology(onset, eligible, sundays(150), product, horizon=horizon)[:, :kept]
    part = climatology(onset[:, :kept], eligible[:, :kept], sundays(kept), product, horizon=horizon)
    assert np.array_equal(whole, part, equal_nan=True)

    # nor on what is not yet known in the last week: its own onset, and issue weeks whose horizon has not passed
    onset[:, kept - 1 :] ^= True
    eligible[:, max(kept - horizon - 1, 0) :] ^= True
    again = climatology(onset, eligible, sundays(150), product, horizon=horizon)[:, :kept]
    assert np.array_equal(whole, again, equal_nan=True)


@pytest.mark.parametrize("shape", [(0, 30), (2, 0), (2, 5)])
def test_without_a_past_nothing_is_told(shape):
    every = np.ones(shape, dtype=bool)

    found = climatology(every, every, sundays(shape[1]), np.arange(shape[0]), horizon=4)

    assert found.shape == shape
    assert np.isnan(found).all()


def test_without_an_eligible_week_nothing_is_told():
    onset = np.ones((2, 40), dtype=bool)

    assert np.isnan(climatology(onset, ~onset, sundays(40), np.array([1, 1]), horizon=4)).all()


def test_arrays_that_do_not_fit_are_refused():
    onset = np.ones((2, 40), dtype=bool)
    with pytest.raises(InvalidPanel, match="shape"):
        climatology(onset, onset[:, :-1], sundays(40), np.array([1, 1]), horizon=4)
    with pytest.raises(InvalidPanel, match="products of"):
        climatology(onset, onset, sundays(40), np.array([1]), horizon=4)
    with pytest.raises(InvalidPanel, match="Sundays"):
        climatology(onset, onset, sundays(40) + 2, np.array([1, 1]), horizon=4)
    with pytest.raises(InvalidPanel, match="horizon of 0"):
        climatology(onset, onset, sundays(40), np.array([1, 1]), horizon=0)
