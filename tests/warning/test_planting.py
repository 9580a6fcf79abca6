"""Planting lights: by area, by seedlings against past years, by a country's own line; and what they say in a day."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest

from warning.indicators.stock import over_planting
from warning.levels import Level
from warning.planting import Light, planting_light, usual_seedlings
from warning.reference import load_catalog
from warning.thresholds import load_thresholds
from warning.tiers import stock_cells
from warning.township import evidence_of, lots_of

LINES = load_thresholds().lines
CATALOG = load_catalog()
TAIWAN = CATALOG.seedling_lines["cabbage", "TW"]
EPOCH = dt.date(1970, 1, 1)
TODAY = dt.date(2025, 9, 25)


@pytest.mark.parametrize(
    ("over", "light"), [(-0.2, Light.GREEN), (0.09, Light.GREEN), (0.10, Light.YELLOW), (0.15, Light.RED)]
)
def test_the_light_by_area(over, light):
    found = planting_light(LINES, over_area=over)
    assert (found.light, found.basis) == (light, "area")
    assert light.name_zh in found.text_zh
    assert light.key in found.text_en


@pytest.mark.parametrize(
    ("seedlings", "light"),
    [
        (3.2e6, Light.GREEN),
        (4_182_600, Light.YELLOW),  # late September 2024
        (5_843_000, Light.RED),  # early October 2024
        (5_871_800, Light.RED),  # late September 2025
        (7_860_000, Light.RED),  # mid November 2021: purple there
    ],
)
def test_taiwans_lights_of_cabbage_seedlings(seedlings, light):
    assert planting_light(LINES, seedlings=seedlings, seedling_line=TAIWAN).light == light


def test_taiwans_red_of_october_2025_is_seen_by_its_line_where_the_past_years_hide_it():
    """Late September 2025: 9 % above three years of which the last was red itself; prices fell in January 2026."""
    usual = 5_871_800 / 1.09
    over = float(over_planting(np.array([5_871_800.0]), np.array([usual]))[0])
    assert planting_light(LINES, over_seedlings=over).light == Light.GREEN
    found = planting_light(LINES, over_seedlings=over, seedlings=5_871_800, seedling_line=TAIWAN)
    assert (found.light, found.basis, found.line) == (Light.RED, "seedling_line", 5.4e6)
    assert found.text_zh == "本旬供苗 587.2 万株（红灯线 540 万株）：红灯"
    assert found.text_en == "5.87 M seedlings in ten days (red line 5.4 M): red light"


def test_nothing_known_is_no_light_and_no_green_one():
    assert planting_light(LINES) is None
    assert planting_light(LINES, over_area=float("nan")) is None
    assert planting_light(LINES, seedlings=9e6) is None, "without a line a number says nothing"


def test_the_worse_light_speaks():
    found = planting_light(LINES, over_area=0.02, over_seedlings=0.12)
    assert (found.light, found.basis) == (Light.YELLOW, "seedlings")
    assert found.text_zh == "育苗数比往年同旬多 12%（黄灯线 10%）：黄灯"


def seedlings_of(figures: dict[dt.date, float | None], **more) -> pd.DataFrame:
    """One lot's reports by day; a lot is named after its year."""
    return pd.DataFrame(
        [
            {"township_id": "500155104", "product_id": "cabbage", "lot": f"{day.year}冬甘蓝", "day": day}
            | {"seedlings": number, "simulated": False}
            | more
            for day, number in figures.items()
        ]
    )


def years(*numbers: float | None) -> dict[dt.date, float | None]:
    """The same 旬 of the years up to 2025, the present one last; the day moves about within it."""
    first = 2025 - len(numbers) + 1
    return {dt.date(first + step, 9, 22 + step % 3): number for step, number in enumerate(numbers)}


def test_seedlings_are_compared_with_the_same_ten_days_of_three_to_five_past_years():
    assert usual_seedlings(seedlings_of(years(100.0, 110.0, 120.0, 130.0)))[-1] == pytest.approx(110)
    assert np.isnan(usual_seedlings(seedlings_of(years(100.0, 110.0, 130.0)))[-1]), "two past years are too few"
    five = usual_seedlings(seedlings_of(years(100.0, 110.0, 120.0, 900.0, 1.0, 130.0)))
    assert five[-1] == pytest.approx(110), "of five the extremes do not count"
    assert np.isnan(usual_seedlings(seedlings_of(years(100.0, 110.0, 120.0, None)))[-1])


def test_another_time_of_year_another_lot_or_township_is_no_comparison():
    past = years(100.0, 110.0, 120.0, 130.0)
    now = seedlings_of({TODAY: 130.0})
    for changes in ({"lot": "春甘蓝"}, {"township_id": "500155105"}, {"product_id": "radish"}):
        other = seedlings_of(past).iloc[:-1].assign(**changes)
        assert np.isnan(usual_seedlings(pd.concat([other, now]))[-1])
    spring = {day.replace(month=4): number for day, number in past.items()}
    assert np.isnan(usual_seedlings(pd.concat([seedlings_of(spring), now]))[-1])


def test_what_is_usual_does_not_look_ahead():
    reports = seedlings_of(years(100.0, 110.0, 120.0, 130.0, 140.0, 150.0, 160.0))
    whole = usual_seedlings(reports)
    for length in range(1, len(reports)):
        assert np.array_equal(usual_seedlings(reports.iloc[:length]), whole[:length], equal_nan=True)


def evidence(reports: pd.DataFrame, groups=((0,),)):
    last = (TODAY - EPOCH).days
    return evidence_of(lots_of(reports, last - 30, last), groups, CATALOG.products, {})


def test_seedlings_feed_the_cell_of_over_planting_with_the_days_until_harvest():
    reports = seedlings_of(years(100.0, 110.0, 120.0, 132.0), harvest_from=TODAY + dt.timedelta(days=75))
    found = evidence(reports)
    assert found.seeded[0, -1] == pytest.approx(0.2)
    assert found.harvest_in[0, -1] == 75
    assert np.isnan(found.over[0, -1])
    assert stock_cells(found, LINES)[0, -1] == Level.YELLOW
    assert stock_cells(evidence(reports.assign(seedlings=[100.0, 110.0, 120.0, 115.0])), LINES)[0, -1] == Level.NONE


def test_a_harvest_that_has_begun_is_not_to_come():
    begun = seedlings_of({TODAY: 1.0}, harvest_from=TODAY, harvest_to=TODAY + dt.timedelta(days=40))
    assert np.isnan(evidence(begun).harvest_in[0, -1])


def test_a_lot_without_a_normal_area_does_not_count_as_over_planted():
    known = seedlings_of({TODAY: None}, planted_area_mu=100.0, normal_area_mu=100.0)
    unknown = known.assign(lot="2025秋甘蓝", normal_area_mu=None)
    found = evidence(pd.concat([known, unknown]), groups=((0, 1),))
    assert found.over[0, -1] == pytest.approx(0.0)


def test_the_red_line_is_not_below_the_yellow_one():
    assert LINES.over_planting <= LINES.over_planting_red
    changed = dataclasses.replace(LINES, over_planting=0.2, over_planting_red=0.3)
    assert planting_light(changed, over_area=0.15).light == Light.GREEN
