"""Rows of many markets become whole weeks on one grid, whatever order they come in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.market_weeks import MONDAY, MarketWeeks, SeriesPlace, market_weeks
from warning.errors import InvalidPanel

PLACES = (SeriesPlace("a", "onion", "east"), SeriesPlace("b", "potato", "east"))


def grid(rows: list[tuple[int, int, float, float]], places=PLACES, until: int | None = None) -> MarketWeeks:
    """The grid of (series, days after the first Monday, price, volume)."""
    series, day, price, volume = (np.array(column) for column in zip(*rows, strict=True))
    over = None if until is None else until + MONDAY
    return market_weeks(places, series.astype(np.int64), day.astype(np.int64) + MONDAY, price, volume, until=over)


def two_weeks(*rows: tuple[int, int, float, float]) -> MarketWeeks:
    """As `grid`, with prices of the second series on the first Monday and the second Sunday."""
    return grid([*rows, (1, 0, 7.0, 1.0), (1, 13, 7.0, 1.0)])


def test_a_week_runs_from_monday_to_sunday_under_its_sunday():
    weeks = grid([(0, day, float(day + 1), 10.0) for day in range(14)])

    assert weeks.sundays.astype("datetime64[D]").astype(str).tolist() == ["1970-01-11", "1970-01-18"]
    assert weeks.price[0].tolist() == [4.0, 11.0]
    assert weeks.last_price[0].tolist() == [7.0, 14.0]
    assert weeks.volume[0].tolist() == [70.0, 70.0]
    assert weeks.priced_days[0].tolist() == [7.0, 7.0]


def test_a_series_without_a_row_is_unknown_in_every_week():
    weeks = grid([(0, day, 5.0, 10.0) for day in range(7)])

    assert np.isnan(weeks.price[1]).all()
    assert np.isnan(weeks.last_price[1]).all()
    assert np.isnan(weeks.volume[1]).all()
    assert weeks.priced_days[1].tolist() == [0.0]


@pytest.mark.parametrize(("last", "count"), [(12, 1), (13, 2), (19, 2), (20, 3)])
def test_a_week_that_is_not_over_by_the_day_is_kept_out(last, count):
    weeks = grid([(0, day, 5.0, 10.0) for day in range(last + 1)], until=last)

    assert weeks.shape == (2, count)


def test_rows_of_one_day_are_pooled_prices_by_median_and_volumes_by_sum():
    weeks = two_weeks((0, 2, 1.0, 5.0), (0, 5, 2.0, 5.0), (0, 5, 9.0, np.nan), (0, 5, 6.0, 7.0))

    assert weeks.price[0, 0] == 4.0  # of 1, 2, 6, 9
    assert weeks.last_price[0, 0] == 6.0  # of 2, 6, 9
    assert weeks.volume[0, 0] == 17.0
    assert weeks.priced_days[0, 0] == 2.0


@pytest.mark.parametrize("price", [0.0, -3.0, np.inf, -np.inf, np.nan])
def test_a_price_that_is_not_above_zero_does_not_count(price):
    weeks = two_weeks((0, 1, 4.0, 10.0), (0, 3, price, 500.0), (0, 8, price, 500.0))

    assert weeks.price[0, 0] == weeks.last_price[0, 0] == 4.0
    assert weeks.priced_days[0].tolist() == [1.0, 0.0]
    assert weeks.volume[0, 0] == 10.0
    assert np.isnan(weeks.price[0, 1])


@pytest.mark.parametrize("volume", [0.0, -3.0, np.inf, np.nan])
def test_a_volume_that_is_not_above_zero_does_not_count(volume):
    weeks = two_weeks((0, 1, 4.0, volume), (0, 8, 4.0, 10.0), (0, 9, 4.0, volume))

    assert np.isnan(weeks.volume[0, 0])
    assert weeks.volume[0, 1] == 10.0


def test_without_volumes_they_are_unknown():
    weeks = market_weeks(PLACES, np.zeros(7, dtype=np.int64), np.arange(7) + MONDAY, np.full(7, 5.0))

    assert np.isnan(weeks.volume).all()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([(0, 0, np.nan, 1.0), (0, 6, 0.0, 1.0)], "no price above 0"),
        ([(0, 0, 4.0, 1.0), (0, 5, 4.0, 1.0)], "no whole week"),
    ],
)
def test_a_grid_without_a_week_says_so(rows, told):
    with pytest.raises(InvalidPanel, match=told):
        grid(rows, until=5)


def test_without_a_day_the_week_of_the_last_row_counts():
    assert grid([(0, 0, 4.0, 1.0), (0, 9, 4.0, 1.0)]).shape == (2, 2)


def test_a_week_in_which_nothing_was_traded_is_there_and_unknown():
    weeks = grid([(0, 0, 4.0, 1.0)], until=13)

    assert weeks.shape == (2, 2)
    assert np.isnan(weeks.price[0, 1])


def test_no_rows_at_all_say_so():
    nothing = np.empty(0)
    with pytest.raises(InvalidPanel, match="no price above 0"):
        market_weeks((), nothing.astype(np.int64), nothing.astype(np.int64), nothing)


@settings(deadline=None)
@given(order=st.permutations(range(24)))
def test_the_order_of_rows_changes_nothing(order):
    rows = [(number % 2, number * 7 % 21, 1.0 + number % 5, float(number)) for number in range(24)] + [
        (0, 20, 2.0, 1.0)
    ]
    straight, turned = grid(rows), grid([rows[place] for place in (24, *order)])

    for name in ("price", "last_price", "volume", "priced_days"):
        np.testing.assert_array_equal(getattr(straight, name), getattr(turned, name))


def test_until_forgets_the_weeks_after_and_keeps_series_that_had_not_begun():
    weeks = grid([(0, day, 5.0, 10.0) for day in range(21)] + [(1, day, 8.0, 10.0) for day in range(14, 21)])

    known = weeks.until(1)

    assert known.shape == (2, 2)
    assert known.places == weeks.places
    assert np.isnan(known.price[1]).all()
    np.testing.assert_array_equal(known.price[0], weeks.price[0, :2])


def test_codes_number_what_attributes_say_together_in_the_order_they_appear():
    places = [SeriesPlace(number, product, region) for number, (product, region) in enumerate(["xa", "yb", "xb", "xa"])]
    weeks = grid([(0, 6, 5.0, 1.0)], places)

    assert weeks.codes("product").tolist() == [0, 1, 0, 0]
    assert weeks.codes("product", "region").tolist() == [0, 1, 2, 0]


def test_the_frame_has_a_sunday_to_each_row_and_a_series_to_each_column():
    frame = two_weeks((0, 1, 4.0, 10.0)).frame()

    assert frame.index.tolist() == [pd.Timestamp("1970-01-11"), pd.Timestamp("1970-01-18")]
    assert frame.columns.tolist() == [0, 1]
    assert frame[1].tolist() == [7.0, 7.0]
