"""A surplus that passes a line is said to, by product and with the share; one below is not."""

from __future__ import annotations

import datetime as dt

import pytest

from warning.absorption.problem import Batch, Output
from warning.absorption.sanity_lines import lines_passed
from warning.reference import load_catalog

CATALOG = load_catalog()
DAY = dt.date(2026, 3, 2)


def said(tonnes, **output):
    batches = tuple(Batch("cabbage", "500155104", str(lot), DAY, DAY, tonnes / 2, 1.0) for lot in range(2))
    return [zh for zh, _ in lines_passed(batches, (Output("cabbage", **output),), CATALOG)]


@pytest.mark.parametrize(
    ("tonnes", "words"),
    [
        (4.0, []),
        (6.0, ["全年上市量的 6%"]),
        (30.0, ["当季产量的 60%", "全年上市量的 30%"]),
    ],
)
def test_shares_are_of_all_lots_together(tonnes, words):
    found = said(tonnes, season_t=50.0, year_t=100.0)
    assert len(found) == len(words)
    assert all(line.startswith("莲花白：") and word in line for line, word in zip(found, words, strict=True))


@pytest.mark.parametrize(("year", "words"), [(100.0, []), (112.0, ["1σ"]), (125.0, ["2σ"])])
def test_an_output_far_above_past_years_is_told_in_sigmas(year, words):
    found = said(1.0, season_t=50.0, year_t=year, past_years_t=(90.0, 100.0, 110.0, 95.0, 105.0))
    assert [word in line for line, word in zip(found, words, strict=True)] == [True] * len(words)


def test_too_few_years_or_no_output_say_nothing():
    assert said(1.0, season_t=0.0, year_t=0.0) == []
    assert said(1.0, season_t=50.0, year_t=900.0, past_years_t=(90.0, 100.0, 110.0, 95.0)) == []


def test_what_markets_took_is_not_called_output():
    (line,) = said(1.0, season_t=0.0, year_t=125.0, past_years_t=(90.0, 100.0, 110.0, 95.0, 105.0), at_market=True)
    assert "市场上市量高出历年" in line
