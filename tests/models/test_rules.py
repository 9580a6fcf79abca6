"""Rules know what a person would: they look at nothing later, and speak only where the past allows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import rules
from models.rules import anomaly_rule, miews_triggers, mirrored_alps, mirrored_ifpa
from warning.errors import InvalidPanel
from warning.indicators import growth_anomaly, trend_anomaly
from warning.spells import spell_weeks

NAN = float("nan")
FIRST_SUNDAY = 16075
"""2014-01-05, in days from 1970-01-01."""
DATED = [mirrored_alps, mirrored_ifpa]
EVERY = [anomaly_rule, miews_triggers, *DATED]


def sundays_of(price):
    return FIRST_SUNDAY + 7 * np.arange(price.shape[1])


def scored(rule, price, **more):
    return rule(price, sundays_of(price), **more) if rule in DATED else rule(price)


def tens(weeks=300):
    return np.full((1, weeks), 10.0)


def lively(seed, series=3, weeks=300, gaps=0.1):
    draw = np.random.default_rng(seed)
    season = 0.3 * np.sin(2 * np.pi * np.arange(weeks) / 52.18 + draw.uniform(0, 6, (series, 1)))
    price = 10 * np.exp(season + np.cumsum(draw.normal(0, 0.05, (series, weeks)), axis=1))
    price[draw.random(price.shape) < gaps] = NAN
    return price


def test_a_price_a_fifth_below_its_season_scores_a_fifth():
    price = tens()
    price[0, 200] = 8.0

    score = anomaly_rule(price)[0]

    assert score[199] == 0
    assert score[200] == pytest.approx(-np.log(0.8))
    # smoothed over three weeks, the dear week raises nothing but next year's reference about it
    assert score[252] == pytest.approx(np.log((20 + 28 / 3) / 30))
    # two past years are known a year and a day after the second's smoothed week, not before
    assert np.isnan(score[:104]).all()
    assert not np.isnan(score[105:]).any()


def test_the_anomaly_is_the_labels():
    price = lively(1)
    index = pd.date_range("2014-01-05", periods=300, freq="W-SUN")
    label = spell_weeks(pd.DataFrame(price.T, index=index)).anomaly.to_numpy().T

    score = anomaly_rule(price)

    known = ~np.isnan(label)
    assert known.sum() > 400
    assert np.array_equal(score[known], -label[known])


def test_a_gap_of_up_to_two_weeks_is_bridged():
    price = tens()
    price[0, 200] = 8.0
    price[0, 201:205] = NAN

    assert np.isnan(anomaly_rule(price)[0, 200:206]).tolist() == [False, False, False, True, True, False]
    assert anomaly_rule(price)[0, 202] == pytest.approx(-np.log(0.8))


def test_a_bridged_week_is_read_against_the_fit_and_not_fitted():
    price = lively(8, series=1, gaps=0)
    price[0, 250:255] = NAN
    shorter = price.copy()
    shorter[0, 250:252] = price[0, 249]

    score, filled = scored(mirrored_alps, price)[0], scored(mirrored_alps, shorter)[0]

    assert np.isnan(score[250:255]).tolist() == [False, False, True, True, True]
    assert score[250] == filled[250]
    assert score[251] != filled[251]


def test_glut_triggers_are_counted():
    price = tens()
    price[0, 200:204] = [10.1, 9.9, 5.0, 4.0]

    assert miews_triggers(price)[0, 199:204].tolist() == [0.0, 0.0, 1.0, 2.0, 2.0]


def test_half_of_last_year_counts_without_and_beside_the_mean():
    price = tens()
    price[0, 148] = 30.0
    price[0, 200] = 15.0
    # the mean of three years is at most (10 + 10 + 50/3) / 3 = 12.2, and 15 is half of 30
    assert miews_triggers(price)[0, 200] == 1.0
    price[0, 200] = 15.1
    assert miews_triggers(price)[0, 200] == 0.0


def test_triggers_need_a_past():
    score = miews_triggers(tens())[0]
    assert np.isnan(score[:52]).all()
    # one year is past: last year's price can be told
    assert (score[52:] == 0).all()
    price = tens()
    price[0, 60] = 5.0
    assert miews_triggers(price)[0, 60] == 1.0
    price[0, 200:] = NAN
    assert np.isnan(miews_triggers(price)[0, 202:]).all()


def test_the_robust_deviation_is_worked_out_from_the_weeks_before():
    price = lively(2, series=1, weeks=220, gaps=0.15)
    at = 210
    price[0, at] = 4.0
    days = sundays_of(price)
    angle = 2 * np.pi * days / 365.25
    design = np.stack(
        [np.ones(220), days / 1000, np.cos(angle), np.sin(angle), np.cos(2 * angle), np.sin(2 * angle)], axis=1
    )
    logs = np.log(price[0])
    before = np.flatnonzero(~np.isnan(logs[:at]))
    beta = np.linalg.lstsq(design[before], logs[before], rcond=None)[0]
    residual = logs[before] - design[before] @ beta
    spread = np.median(np.abs(residual - np.median(residual)))
    expected = -(logs[at] - design[at] @ beta) / (1.4826 * spread)

    assert expected > 1
    assert scored(mirrored_alps, price)[0, at] == pytest.approx(expected, rel=1e-6)


def test_the_robust_deviation_is_the_indicators():
    price = lively(3, series=1, weeks=260, gaps=0)
    daily = pd.Series(np.repeat(price[0], 7), index=pd.date_range("2013-12-30", periods=260 * 7, freq="D"))

    score = scored(mirrored_alps, price)[0]

    assert np.isnan(score[:156]).all()
    assert not np.isnan(score[156:]).any()
    assert np.allclose(score, -trend_anomaly(daily).to_numpy()[6::7], equal_nan=True)


def test_growth_is_the_indicators_on_months_of_weekly_prices():
    price = lively(4, series=1, weeks=400)
    daily = pd.Series(np.repeat(price[0], 7), index=pd.date_range("2013-12-30", periods=400 * 7, freq="D"))

    score = scored(mirrored_ifpa, price)[0]

    # a year of growth, and three past years of it
    assert np.isnan(score[:208]).all()
    assert np.count_nonzero(~np.isnan(score[214:])) > 150
    assert np.array_equal(score, -growth_anomaly(daily).to_numpy()[6::7], equal_nan=True)


@pytest.mark.parametrize("rule", [anomaly_rule, mirrored_alps, mirrored_ifpa, miews_triggers])
def test_a_falling_price_alarms(rule):
    price = lively(5, weeks=400, gaps=0)
    fallen = price.copy()
    fallen[:, 390:] *= 0.4

    assert (scored(rule, fallen)[:, 395] > scored(rule, price)[:, 395]).all()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), cut=st.integers(0, 330), gaps=st.floats(0, 0.5))
def test_what_a_rule_says_of_a_week_does_not_depend_on_later_weeks(seed, cut, gaps):
    price = lively(seed, weeks=330, gaps=gaps)
    later = price.copy()
    later[:, 330 - cut :] *= 3
    for rule in EVERY:
        whole = scored(rule, price)[:, : 330 - cut]
        assert np.array_equal(whole, scored(rule, price[:, : 330 - cut]), equal_nan=True), rule.__name__
        assert np.array_equal(whole, scored(rule, later)[:, : 330 - cut], equal_nan=True), rule.__name__


@pytest.mark.parametrize("rule", EVERY)
def test_a_series_has_the_same_score_in_any_company(rule, monkeypatch):
    price = lively(6, series=5)
    whole = scored(rule, price)
    monkeypatch.setattr(rules, "SERIES_AT_ONCE", 2)

    assert np.count_nonzero(~np.isnan(whole)) > 100
    assert np.array_equal(whole, scored(rule, price), equal_nan=True)
    assert np.array_equal(whole[3:4], scored(rule, price[3:4]), equal_nan=True)


@pytest.mark.parametrize("rule", DATED)
@pytest.mark.parametrize("since", [0, 230, 299, 300, 1000])
def test_weeks_that_are_not_asked_for_are_not_told(rule, since):
    price = lively(7)
    whole, part = scored(rule, price), scored(rule, price, since=since)

    assert np.isnan(part[:, :since]).all()
    assert np.array_equal(part[:, since:], whole[:, since:], equal_nan=True)


@pytest.mark.parametrize("rule", EVERY)
@pytest.mark.parametrize("shape", [(0, 60), (2, 0), (2, 1), (2, 60)])
def test_without_a_past_a_rule_is_silent(rule, shape):
    score = scored(rule, np.full(shape, NAN))

    assert score.shape == shape
    assert np.isnan(score).all()


@pytest.mark.parametrize("rule", EVERY)
@pytest.mark.parametrize("wrong", [0.0, -1.0, np.inf])
def test_what_is_no_price_is_refused(rule, wrong):
    price = tens()
    price[0, 7] = wrong
    with pytest.raises(InvalidPanel, match="of series 0 in week 7"):
        scored(rule, price)


@pytest.mark.parametrize("rule", DATED)
def test_weeks_are_consecutive_sundays(rule):
    price = tens(20)
    for wrong in (sundays_of(price) + 1, sundays_of(price)[:-1], sundays_of(price) * 2):
        with pytest.raises(InvalidPanel, match="consecutive Sundays"):
            rule(price, wrong)
    with pytest.raises(InvalidPanel, match="first column is -3"):
        rule(price, sundays_of(price), since=-3)
    with pytest.raises(InvalidPanel, match="shape"):
        rule(price[0], sundays_of(price))
