"""Small made-up panels of many markets for tests of the models over all series, and fits small enough for a test."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pandas as pd

from models.boosting import Trees
from models.fitting import Plan
from models.market_weeks import MarketWeeks
from models.price_bands import PriceRecipe
from models.spell_risk import RiskRecipe
from models.tidy_panel import weeks_of_panel

FIRST_DAY = "2012-01-02"  # a Monday
LAST_DAY = "2018-07-15"  # a Sunday
MARKETS = ("north", "hill", "port", "ford")
SPOTS = {"north": (31.2, 108.4), "hill": (30.7, 107.8), "port": (30.9, 108.9), "ford": (29.6, 106.5)}
"""Latitude and longitude of each market."""

FEW_TREES = Trees(max_iter=6, learning_rate=0.2, max_leaf_nodes=6, min_samples_leaf=20, max_bins=8)
SMALL_RISK = RiskRecipe(
    draws=((0.9, 0.6), (0.8, 0.9), (0.7, 0.5)),
    members=2,
    most_rows=2_000,
    trees=FEW_TREES,
)
SMALL_PRICES = PriceRecipe(most_rows=1_000, trees=FEW_TREES)


def small_plan(**asked: Any) -> Plan:
    """A plan for the horizons asked for that fits in a second; put in the place of `models.backtest.Plan`."""
    return Plan(**(asked | {"risk": SMALL_RISK, "prices": SMALL_PRICES, "at_once": 1}))


def daily_series(seed: int, *, first: str = FIRST_DAY, last: str = LAST_DAY, share: float = 0.7) -> pd.DataFrame:
    """Date, price and volume of one series: a season, gluts that wear off within two months, days without a price."""
    draw = np.random.default_rng(seed)
    days = pd.date_range(first, last)
    season = 0.25 * np.sin(2 * np.pi * np.asarray(days.day_of_year) / 365.25 + seed)
    swing = [0.0]
    for shock in draw.normal(0, 0.15, len(days) // 7 + 1):
        swing.append(0.85 * swing[-1] + shock)
    logs = season + np.repeat(swing, 7)[: len(days)] + draw.normal(0, 0.02, len(days))
    frame = pd.DataFrame({"date": days, "price": (10 * np.exp(logs)).round(2)})
    frame["volume"] = (1_000 * np.exp(draw.normal(0, 0.3, len(days)) - logs)).round()
    kept = draw.random(len(days)) < share
    kept[-1] = True
    return frame[kept]


@functools.cache
def glut_panel() -> pd.DataFrame:
    """Twelve series over six and a half years: three products, two regions of two markets; do not write into it.

    Some begin later, one ends early, each has a month without a price.
    """
    parts = []
    for number in range(12):
        frame = daily_series(number)
        if number in (4, 9):
            frame = frame[frame["date"] > "2013-10-01"]
        if number == 7:
            frame = frame[frame["date"] < "2017-11-01"]
        hole = pd.Timestamp("2014-03-01") + pd.Timedelta(days=50 * number)
        frame = frame[~frame["date"].between(hole, hole + pd.Timedelta(days=30))]
        market = number // 3
        parts.append(
            frame.assign(market=MARKETS[market], region=("east", "west")[market // 2], product=f"crop{number % 3}")
        )
        parts[-1][["lat", "lon"]] = SPOTS[MARKETS[market]]
    return pd.concat(parts, ignore_index=True)


def until(panel: pd.DataFrame, day: str) -> pd.DataFrame:
    """The panel as it was when `day` was over."""
    return panel[panel["date"] <= day].reset_index(drop=True)


def newcomers(day: str) -> pd.DataFrame:
    """Series that begin after `day`, sorted before, among and after those of `glut_panel`, one of a new product."""
    first = str((pd.Timestamp(day) + pd.Timedelta(days=8)).date())
    names = (("crop0", "east", "aaa"), ("crop1", "west", "fold"), ("crop2", "west", "zzz"), ("crop00", "new", "north"))
    parts = [
        daily_series(50 + number, first=first).assign(
            product=product, region=region, market=market, lat=30.6, lon=108.0 + number
        )
        for number, (product, region, market) in enumerate(names)
    ]
    return pd.concat(parts, ignore_index=True)


@functools.cache
def glut_weeks() -> MarketWeeks:
    """The weekly grid of `glut_panel`."""
    return weeks_of_panel(glut_panel())
