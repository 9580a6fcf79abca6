"""The forecast level beside the observed one."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from warning.assess import Assessment
from warning.catalog import PlaceKind
from warning.drivers import Driver
from warning.forecast_level import ForecastWord, SpellChance, with_forecast
from warning.forecast_reasons import forecast_reasons
from warning.levels import Level

CALM = Assessment(
    business_date=dt.date(2026, 11, 22),
    product_id="cabbage",
    place_kind=PlaceKind.MARKET,
    place_id="cn-shuangfu",
    series_id=1,
    level=Level.NONE,
    observed_level=Level.NONE,
    tier="T1",
    type="",
    data_state="ok",
    last_day=dt.date(2026, 11, 22),
    readings={},
    drivers=(Driver("r", 0.95, 0.9, "现价", "price"),),
    raised_on=None,
    changes=(),
    surplus_t=None,
    surplus_estimated=False,
    simulated=False,
)


def chance(line: float, probability: float, *, days: int = 28, warns_from: float = 0.3, speaks: str = "champion"):
    return SpellChance(line, days, probability, warns_from, speaks)


def test_the_highest_colour_that_passes_its_line():
    word = ForecastWord((chance(0.9, 0.6), chance(0.8, 0.4), chance(0.7, 0.1)))
    found = with_forecast(CALM, word)
    assert (found.level, found.forecast_level, found.observed_level) == (Level.YELLOW, Level.YELLOW, Level.NONE)
    assert found.probability == 0.4
    assert "40%" in found.drivers[0].text_zh


def test_the_soonest_horizon_of_the_deepest_line_is_told():
    word = ForecastWord((chance(0.8, 0.5, days=56), chance(0.8, 0.4, days=14), chance(0.9, 0.9, days=7)))
    assert "14" in with_forecast(CALM, word).drivers[0].text_zh


def test_a_forecast_alone_stops_at_orange():
    found = with_forecast(CALM, ForecastWord((chance(0.5, 0.9),)))
    assert found.forecast_level == Level.RED
    assert found.level == Level.ORANGE


def test_an_observed_level_is_never_lowered():
    red = dataclasses.replace(CALM, level=Level.RED, observed_level=Level.RED)
    found = with_forecast(red, ForecastWord((chance(0.9, 0.01),)))
    assert (found.level, found.forecast_level) == (Level.RED, Level.NONE)
    assert found.probability == 0.01


def test_a_baseline_shows_its_chance_and_warns_of_nothing():
    found = with_forecast(CALM, ForecastWord((chance(0.8, 0.9, speaks="baseline"),)))
    assert found.level == Level.NONE
    assert found.probability == 0.9
    assert "baseline" in found.forecast_reason


@pytest.mark.parametrize("word", [None, ForecastWord(())])
def test_without_a_word_nothing_changes(word):
    assert with_forecast(CALM, word) == CALM


def test_unknown_is_not_made_calm_by_a_forecast():
    unknown = dataclasses.replace(CALM, level=Level.UNKNOWN, observed_level=Level.UNKNOWN)
    assert with_forecast(unknown, ForecastWord((chance(0.8, 0.01),))).level == Level.UNKNOWN


def test_three_reasons_at_most_strongest_first_with_their_numbers():
    weights = {"momentum": 0.9, "season_ahead": 1.5, "volume": 0.05, "apart": 0.4, "region": 0.3}
    values = {"momentum": -0.25, "season_ahead": 0.05, "apart": 0.1, "region": -0.1}
    found = forecast_reasons(weights, values, 0.8)
    assert [one.signal for one in found] == ["forecast_season_ahead", "forecast_momentum", "forecast_apart"]
    assert "84%" in found[0].text_zh  # 0.8 × exp(0.05)
    assert "-22%" in found[1].text_en
