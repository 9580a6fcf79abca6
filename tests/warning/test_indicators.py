from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warning.errors import InvalidPanel, InvalidReference
from warning.indicators import (
    growth_anomaly,
    price_ratio,
    reading,
    reference,
    revenue_anomaly,
    stall_share,
    trend_anomaly,
    volume_anomaly,
)
from warning.indicators.cost import cost_ratio, farm_gate_price, hog_grain_ratio
from warning.indicators.grid import trailing_sum
from warning.indicators.seasons import xun_number, years_before
from warning.indicators.stock import (
    days_left,
    harvest_between,
    over_planting,
    sales_lag,
    sold_share,
    supply_ratio,
    tonnes_to_place,
)
from warning.lunar import nearest_festival, spring_festival

NAN = float("nan")


def daily(values, start="2012-01-01", name="price"):
    index = pd.date_range(start, periods=len(values), freq="D")
    return pd.Series(np.asarray(values, dtype=float), index=index, name=name)


def steady(days, level=10.0, start="2012-01-01"):
    return daily(np.full(days, level), start)


def test_a_reading_is_the_median_of_the_week_and_needs_two_prices():
    price = daily([NAN, 4.0, NAN, 8.0, NAN, NAN, 100.0, NAN, NAN, NAN, NAN, NAN, NAN, NAN])
    found = reading(price)
    assert np.isnan(found.iloc[2])
    assert found.iloc[3] == 6.0
    assert found.iloc[6] == 8.0
    assert found.iloc[9] == 54.0
    assert np.isnan(found.iloc[10])


def test_the_reference_needs_three_past_years():
    price = steady(365 * 5)
    found = reference(price)
    assert np.isnan(found.loc["2014-06-15"])
    assert found.loc["2015-06-15"] == 10.0


def test_the_reference_is_the_mean_of_three_xun_without_the_extremes_of_five_years():
    price = daily(np.full(365 * 7, NAN))
    for year, level in zip(range(2012, 2017), (10.0, 20.0, 30.0, 40.0, 1000.0), strict=True):
        price.loc[f"{year}-06-01" : f"{year}-06-10"] = level
        price.loc[f"{year}-06-11" : f"{year}-06-20"] = level
        price.loc[f"{year}-06-21" : f"{year}-06-30"] = level + 3
    assert reference(price).loc["2017-06-15"] == pytest.approx((20 + 30 + 40) / 3 + 1)
    assert reference(price).loc["2016-06-15"] == pytest.approx((10 + 20 + 30 + 40) / 4 + 1)


def test_the_ratio_of_a_halved_price_is_a_half():
    price = steady(365 * 5)
    price.iloc[-14:] = 5.0
    assert price_ratio(price).iloc[-1] == 0.5


def test_inflation_does_not_make_a_price_dear():
    cpi = daily(1.05 ** (np.arange(365 * 6) / 365))
    price = cpi * 10
    plain, deflated = price_ratio(price), price_ratio(price, deflator=cpi)
    assert deflated.iloc[-1] == pytest.approx(1.0, abs=0.01)
    assert plain.iloc[-1] > 1.08


def test_references_around_the_spring_festival_go_by_lunar_offset():
    price = steady(365 * 8)
    for year in range(2012, 2020):
        festival = pd.Timestamp(spring_festival(year))
        price.loc[festival - pd.Timedelta(days=20) : festival - pd.Timedelta(days=1)] = 20.0
    before = pd.Timestamp(spring_festival(2018)) - pd.Timedelta(days=10)
    assert reference(price, lunar=True).loc[before] == pytest.approx((20 + 20 + 10) / 3, abs=3.4)
    assert reference(price, lunar=True).loc[before] > reference(price).loc[before]
    summer = pd.Timestamp("2018-07-01")
    assert reference(price, lunar=True).loc[summer] == reference(price).loc[summer]


def test_the_spring_festival_of_known_years():
    assert spring_festival(2026) == dt.date(2026, 2, 17)
    assert spring_festival(2100) == dt.date(2100, 2, 9)
    day = np.array([(dt.date(2020, 1, 20) - dt.date(1970, 1, 1)).days])
    offset, year = nearest_festival(day)
    assert (offset[0], year[0]) == (-5, 2020)
    with pytest.raises(InvalidReference):
        spring_festival(1900)


def seasonal_price(years, noise=0.05, seed=1):
    days = np.arange(int(365.25 * years))
    season = 0.3 * np.cos(2 * np.pi * days / 365.25) + 0.1 * np.sin(4 * np.pi * days / 365.25)
    walk = np.random.default_rng(seed).normal(0, noise, len(days))
    return daily(np.exp(2 + 0.0001 * days + season + walk))


def test_z_is_what_a_plain_regression_gives():
    price = seasonal_price(5)
    price.iloc[-7:] *= 0.6
    day = price.index[-1]
    weekly = price.resample("W-SUN").median()
    weekly = weekly[weekly.index <= day - pd.Timedelta(days=7)]
    numbers = (weekly.index - pd.Timestamp("1970-01-01")).days.to_numpy()

    def design(days):
        angle = 2 * np.pi * days / 365.25
        waves = [np.cos(angle), np.sin(angle), np.cos(2 * angle), np.sin(2 * angle)]
        return np.column_stack([np.ones(len(days)), days / 3652.5, *waves])

    beta, *_ = np.linalg.lstsq(design(numbers), np.log(weekly.to_numpy()), rcond=None)
    residual = np.log(weekly.to_numpy()) - design(numbers) @ beta
    mad = np.median(np.abs(residual - np.median(residual)))
    today = np.array([(day - pd.Timestamp("1970-01-01")).days])
    expected = (np.log(price.iloc[-7:].median()) - (design(today) @ beta)[0]) / (1.4826 * mad)
    assert trend_anomaly(price).iloc[-1] == pytest.approx(expected, rel=1e-6)
    assert expected < -2.5


def test_z_needs_three_years_seven_tenths_of_them_and_a_recent_week():
    price = seasonal_price(4)
    found = trend_anomaly(price)
    assert np.isnan(found.iloc[: 155 * 7]).all()
    assert found.iloc[160 * 7 :].notna().all()
    monday_weeks = (np.arange(len(price)) + price.index[0].day_of_week) // 7
    sparse = price.where(monday_weeks % 3 > 0)
    assert trend_anomaly(sparse).isna().all()
    silent = price.copy()
    silent.iloc[-7 * 40 : -7] = NAN
    assert np.isnan(trend_anomaly(silent).iloc[-1])


def test_a_price_that_never_moves_has_neither_z_nor_g():
    price = steady(365 * 7)
    price.iloc[-7:] = 9.9
    assert trend_anomaly(price).isna().all()
    assert growth_anomaly(price).isna().all()


def test_g_falls_with_the_price_and_needs_three_past_years_of_growth():
    price = seasonal_price(7)
    price.iloc[-60:] *= 0.5
    found = growth_anomaly(price)
    assert found.iloc[-1] < -1
    assert np.isnan(found.iloc[: 365 * 4]).all()


def test_v_is_the_log_of_ten_days_over_their_season():
    volume = steady(365 * 5, 100.0)
    volume.iloc[-10:] = 150.0
    assert volume_anomaly(volume).iloc[-1] == pytest.approx(np.log(1.5))
    volume.iloc[-10:] = 0.0
    assert volume_anomaly(volume).iloc[-1] == pytest.approx(np.log(0.01))
    volume.iloc[-10:-2] = NAN
    assert np.isnan(volume_anomaly(volume).iloc[-1])


def test_revenue_falls_with_either():
    price, volume = steady(365 * 5), steady(365 * 5, 100.0)
    price.iloc[-10:], volume.iloc[-10:] = 5.0, 80.0
    assert revenue_anomaly(price, volume).iloc[-1] == pytest.approx(np.log(0.4))


def test_a_stall_is_a_week_of_market_days_below_half_the_season():
    volume = steady(365 * 5, 100.0)
    volume.iloc[-7:] = 12.5
    assert stall_share(volume).iloc[-1] == pytest.approx(0.125)
    volume.iloc[-3] = 60.0
    assert stall_share(volume).iloc[-1] == pytest.approx(0.6)


def test_closed_and_unknown_days_neither_count_nor_break_a_stall():
    volume = steady(365 * 5, 100.0).to_frame()
    volume.iloc[-9:] = 10.0
    volume.iloc[-4] = 90.0
    open_days = volume.notna()
    assert stall_share(volume, market_day=open_days).iloc[-1, 0] == pytest.approx(0.9)
    open_days.iloc[-4] = False
    assert stall_share(volume, market_day=open_days).iloc[-1, 0] == pytest.approx(0.1)
    volume.iloc[-4] = NAN
    assert stall_share(volume).iloc[-1, 0] == pytest.approx(0.1)


def test_the_days_around_the_spring_festival_and_out_of_season_are_no_stall():
    volume = steady(365 * 6, 100.0)
    festival = pd.Timestamp(spring_festival(2017))
    volume.loc[festival - pd.Timedelta(days=7) : festival + pd.Timedelta(days=7)] = 5.0
    last = festival + pd.Timedelta(days=7)
    assert stall_share(volume).loc[last] == pytest.approx(0.05)
    assert np.isnan(stall_share(volume, lunar=True).loc[last])
    winter = volume.where(volume.index.month >= 11, 0.5)
    assert np.isnan(stall_share(winter).loc["2017-07-15"])


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), cut=st.integers(1, 900), gaps=st.floats(0, 0.6))
def test_what_an_indicator_says_of_a_day_does_not_depend_on_later_days(seed, cut, gaps):
    generator = np.random.default_rng(seed)
    price = seasonal_price(6, 0.2, seed).to_frame()
    price[generator.random(price.shape) < gaps] = NAN
    volume = price * generator.uniform(0.2, 2, price.shape)
    early = slice(0, len(price) - cut)
    for compute in (reading, reference, price_ratio, trend_anomaly, growth_anomaly, volume_anomaly, stall_share):
        whole = compute(volume if compute in (volume_anomaly, stall_share) else price)
        part = compute((volume if compute in (volume_anomaly, stall_share) else price).iloc[early])
        assert np.array_equal(whole.iloc[early].to_numpy(), part.to_numpy(), equal_nan=True), compute.__name__


def test_empty_days_before_the_first_change_nothing():
    price = seasonal_price(6)
    longer = price.reindex(pd.date_range(price.index[0] - pd.Timedelta(days=33), price.index[-1]))
    for compute in (price_ratio, trend_anomaly, growth_anomaly, volume_anomaly):
        assert np.array_equal(compute(longer).iloc[33:].to_numpy(), compute(price).to_numpy(), equal_nan=True)


def test_a_frame_gives_what_its_columns_give():
    frame = pd.DataFrame({"a": seasonal_price(6, seed=1), "b": seasonal_price(6, seed=2)})
    for compute in (price_ratio, trend_anomaly, growth_anomaly, volume_anomaly, stall_share):
        pd.testing.assert_series_equal(compute(frame)["b"], compute(frame["b"]), check_names=False)


def test_a_frame_with_gaps_in_its_days_is_refused():
    with pytest.raises(InvalidPanel, match="not consecutive"):
        reading(steady(30).drop(pd.Timestamp("2012-01-10")))


def test_trailing_sums_are_plain_sums():
    values = np.random.default_rng(0).random((3, 80))
    for width in (1, 7, 10, 28, 30):
        expected = pd.DataFrame(values.T).rolling(width, min_periods=1).sum().to_numpy().T
        assert np.allclose(trailing_sum(values, width), expected)


def test_xun_and_past_years():
    days = np.array(["2024-02-10", "2024-02-11", "2024-02-29", "2024-03-01"], dtype="datetime64[D]").astype(np.int64)
    assert np.diff(xun_number(days)).tolist() == [1, 1, 1]
    earlier = years_before(days, 1).astype("datetime64[D]").astype(str).tolist()
    assert earlier == ["2023-02-10", "2023-02-11", "2023-02-28", "2023-03-01"]


def test_haikou_wax_gourd_2014_sold_at_a_quarter_of_its_cost():
    gate = farm_gate_price(*(np.array([value]) for value in (0.60, 0.10, 0.05, 0.05, 0.15, NAN)))
    assert gate[0] == pytest.approx(0.25)
    assert cost_ratio(gate, np.array([1.0]))[0] == pytest.approx(0.25)
    assert np.isnan(cost_ratio(gate, np.array([0.0]))[0])
    assert hog_grain_ratio(np.array([12.0]), np.array([2.4]))[0] == pytest.approx(5.0)


def test_stock_and_sales():
    assert sold_share(np.array([50.0]), np.array([100.0]))[0] == 0.5
    assert sales_lag(np.array([0.5]), np.array([0.8]))[0] == pytest.approx(30)
    assert days_left(np.array([20.0]), np.array([NAN]))[0] == 20
    assert days_left(np.array([20.0]), np.array([-3.0]))[0] == 1
    ratio = supply_ratio(np.array([100.0, 100.0, 0.0, NAN]), np.array([5.0, 0.0, 0.0, 5.0]), np.full(4, 10.0))
    assert ratio[:3].tolist() == [2.0, 99.0, 0.0]
    assert np.isnan(ratio[3])
    assert tonnes_to_place(np.array([50.0]), np.array([30.0]), np.array([60.0]), np.array([NAN]))[0] == 20
    assert over_planting(np.array([110.0]), np.array([100.0]))[0] == pytest.approx(0.1)


def test_what_is_not_harvested_yet_comes_evenly_over_the_days_that_are_left():
    weeks = np.array([101, 108, 115])
    under_way = harvest_between(140.0, 51.0, 114.0, 100, weeks, weeks + 6)
    assert under_way.tolist() == [70.0, 70.0, 0.0]
    to_begin = harvest_between(140.0, 108.0, 121.0, 100, weeks, weeks + 6)
    assert to_begin.tolist() == [0.0, 70.0, 70.0]


@pytest.mark.parametrize(
    ("begin", "end", "to_come"),
    [(51.0, 100.0, 5.0), (NAN, 110.0, 5.0), (51.0, NAN, 5.0), (51.0, 110.0, NAN), (120.0, 110.0, 5.0)],
)
def test_a_harvest_that_is_over_or_not_known_brings_nothing(begin, end, to_come):
    assert harvest_between(to_come, begin, end, 100, np.array([101.0]), np.array([128.0])).tolist() == [0.0]
