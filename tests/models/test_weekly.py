"""Days become whole weeks, and nothing of an unfinished week is read."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from models.weekly import weekly_panel
from warning.errors import InvalidPanel

ISSUE = dt.date(2020, 12, 30)  # a Wednesday
SUNDAY = dt.date(2020, 12, 27)


def weekly_prices(weeks: int, values: np.ndarray | None = None, *, column: str = "a") -> pd.DataFrame:
    """One price on each Wednesday of the last `weeks` whole weeks before ISSUE."""
    days = pd.date_range(end="2020-12-23", periods=weeks, freq="7D")
    prices = 10 + np.sin(np.arange(weeks)) if values is None else values
    return pd.DataFrame({column: prices}, index=days)


def test_a_week_is_the_median_of_monday_to_sunday_under_its_sunday():
    days = pd.date_range("2020-12-14", "2020-12-27")
    frame = pd.DataFrame({"a": [1.0, 2, 9, 4, 5, 6, 7, 10, 20, 30, 40, np.nan, np.nan, np.nan]}, index=days)

    panel = weekly_panel(frame, SUNDAY)

    assert panel.last_sunday == SUNDAY
    assert panel.prices[0].tolist() == [5.0, 25.0]
    assert panel.weeks().astype("datetime64[D]").astype(str).tolist() == ["2020-12-20", "2020-12-27"]


def test_the_week_that_the_issue_day_cuts_is_not_read():
    days = pd.date_range("2020-12-14", "2020-12-30")
    frame = pd.DataFrame({"a": np.arange(1.0, 18.0)}, index=days)

    assert weekly_panel(frame, dt.date(2020, 12, 26)).last_sunday == dt.date(2020, 12, 20)
    assert weekly_panel(frame, ISSUE).prices[0].tolist() == [4.0, 11.0]


def test_missing_days_in_the_index_are_missing_prices():
    frame = weekly_prices(110)
    every_day = frame.reindex(pd.date_range(frame.index[0], frame.index[-1]))

    np.testing.assert_array_equal(weekly_panel(frame, ISSUE).prices, weekly_panel(every_day, ISSUE).prices)


def test_two_missing_weeks_are_bridged_and_longer_holes_interpolated_for_the_filter_only():
    values = np.full(120, 8.0)
    values[60:] = 2.0
    values[[20, 21]] = np.nan
    values[56:60] = np.nan

    weeks = weekly_panel(weekly_prices(120, values), ISSUE).series(0)

    assert weeks.known[[20, 21, 56, 57]].all()
    assert not weeks.known[[58, 59]].any()
    assert not weeks.traded[[20, 56]].any()
    np.testing.assert_allclose(np.exp(weeks.logs[55:61]), [8, 8, 8, 8 * 4 ** (-1 / 3), 8 * 4 ** (-2 / 3), 2])


def test_a_series_begins_with_its_first_price_and_the_last_is_carried():
    values = 5 + np.arange(120) % 3.0
    values[:10] = np.nan
    values[-3:] = np.nan

    weeks = weekly_panel(weekly_prices(120, values), ISSUE).series(0)

    assert len(weeks.logs) == 113 - 3  # the frame's first weeks without a price are not of the series
    np.testing.assert_allclose(np.exp(weeks.logs[-4:]), values[116])
    assert weeks.known[-3:].tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("reason", "spoil"),
    [
        ("short", lambda v: np.where(np.arange(120) < 17, np.nan, v)),
        ("short", lambda v: np.full(120, np.nan)),
        ("stale", lambda v: np.where(np.arange(120) >= 116, np.nan, v)),
        ("gappy", lambda v: np.where((np.arange(120) > 0) & (np.arange(120) < 60), np.nan, v)),
        ("constant", lambda v: np.full(120, 7.5)),
    ],
)
def test_a_series_that_cannot_be_forecast_has_a_named_reason(reason, spoil):
    values = 10 + np.sin(np.arange(120))
    frame = weekly_prices(120, values, column="good")
    frame["bad"] = spoil(values)

    panel = weekly_panel(frame, ISSUE)

    assert panel.rows() == [0]
    assert panel.refusals[1].code == reason
    assert panel.refusals[1].text


def test_the_edges_of_the_conditions_are_good_enough():
    values = 10 + np.sin(np.arange(104))
    values[-3:] = np.nan

    assert weekly_panel(weekly_prices(104, values), ISSUE).refusals == {}


def test_an_empty_frame_has_no_series_and_no_rows_only_refusals():
    no_days = pd.DataFrame({"a": pd.Series([], dtype=float)}, index=pd.DatetimeIndex([]))

    assert weekly_panel(no_days, ISSUE).refusals[0].code == "short"
    assert weekly_panel(weekly_prices(110)[[]], ISSUE).rows() == []


@pytest.mark.parametrize("price", [0.0, -3.0, np.inf])
def test_an_impossible_price_names_its_column_and_day(price):
    frame = weekly_prices(110).assign(odd=9.0)
    frame.loc[frame.index[50], "odd"] = price

    with pytest.raises(InvalidPanel, match=rf"'odd' has the price {price} on {frame.index[50].date()}"):
        weekly_panel(frame, ISSUE)


def test_what_stands_after_the_issue_day_is_not_even_checked():
    frame = weekly_prices(110)
    frame.loc[pd.Timestamp("2021-03-01"), "a"] = -1.0

    assert weekly_panel(frame, ISSUE).last_sunday == SUNDAY


def test_a_column_of_words_is_named():
    with pytest.raises(InvalidPanel, match="column 'grade'"):
        weekly_panel(weekly_prices(110).assign(grade="A"), ISSUE)


def test_a_column_that_stands_twice_is_named():
    frame = pd.concat([weekly_prices(110), weekly_prices(110)], axis=1)

    with pytest.raises(InvalidPanel, match="column 'a' stands twice"):
        weekly_panel(frame, ISSUE)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda frame: frame.reset_index(drop=True), "RangeIndex"),
        (lambda frame: frame.tz_localize("Asia/Shanghai"), "Asia/Shanghai"),
        (lambda frame: frame.iloc[::-1], "do not ascend"),
        (lambda frame: pd.concat([frame, frame.iloc[[-1]]]), "stands twice: 2020-12-23"),
    ],
)
def test_an_index_that_is_not_of_days_is_named(spoil, message):
    with pytest.raises(InvalidPanel, match=message):
        weekly_panel(spoil(weekly_prices(110)), ISSUE)


def test_nullable_numbers_are_numbers():
    frame = weekly_prices(110, np.where(np.arange(110) % 5 == 0, np.nan, 3.0 + np.arange(110)))

    nullable = weekly_panel(frame.astype("Float64"), ISSUE)

    np.testing.assert_array_equal(nullable.prices, weekly_panel(frame, ISSUE).prices)
