"""How prices and volumes of one product move at all markets: season, festivals, shocks, weeks, events, closed days."""

from __future__ import annotations

import datetime as dt
import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pipelines.demo.almanac import EPOCH, Floats, Ints, Pull, festival_offsets, pulled
from pipelines.demo.events import Event
from pipelines.demo.recipes import MarketRecipe, MonthDay, Recipe

YEARLY_DRIFT: Final = 0.012
"""Log growth of prices a year, like a low CPI."""
WEEKLY_MEMORY: Final = 0.90
"""Lag-one correlation of the weekly shock: half of it is gone after six and a half weeks."""
MARKET_MEMORY: Final = 0.80
CLOSED_FROM_NEW_YEAR: Final = (0, 1, 2)
"""Days from 春节 on which no market trades."""
NOT_REPORTED: Final = 0.006
"""Share of market-days whose figures never arrive."""
WEEKDAY_VOLUME: Final = np.array([-0.04, -0.05, -0.03, 0.0, 0.06, 0.10, -0.04])
SEASON_EDGE_DAYS: Final = 40
CALM_IN_EVENTS: Final = 0.9
"""Share of the ordinary shocks that an event puts aside, so that its depth is the one planned."""
COLUMNS: Final = ("market", "product", "date", "price", "volume", "unit_price", "unit_volume", "kind", "country",
                  "region")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a world and where each stands in week, year and lunar year; days count from 1970-01-01."""

    days: Ints
    weekday: Ints
    day_of_year: Ints
    offsets: dict[str, Ints]

    @classmethod
    def spanning(cls, first: dt.date, last: dt.date) -> Calendar:
        """The calendar from `first` to `last`, both included."""
        days = np.arange((first - EPOCH).days, (last - EPOCH).days + 1, dtype=np.int64)
        index = pd.DatetimeIndex(days.astype("datetime64[D]").astype("datetime64[s]"))
        return cls(
            days,
            index.day_of_week.to_numpy(dtype=np.int64),
            index.day_of_year.to_numpy(dtype=np.int64),
            {name: festival_offsets(days, name) for name in ("春节", "端午", "中秋", "国庆")},
        )

    def closed(self, market: MarketRecipe) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether the market rests, for every day."""
        rests = np.isin(self.offsets["春节"], CLOSED_FROM_NEW_YEAR)
        return rests | (self.weekday == 6) if market.rests_on_sunday else rests


def generator(seed: int, *names: str) -> np.random.Generator:
    """A stream of its own for every name, so that a product's numbers do not depend on which others are there."""
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])


def slow_noise(rng: np.random.Generator, days: int, columns: int, *, deviation: float, memory: float) -> Floats:
    """First-order autoregressive weekly noise, drawn straight between weeks: (days, columns)."""
    weeks = days // 7 + 2
    steps = rng.normal(size=(weeks, columns)) * deviation * np.sqrt(1 - memory**2)
    steps[0] = rng.normal(size=columns) * deviation
    for week in range(1, weeks):
        steps[week] += memory * steps[week - 1]
    day = np.arange(days)
    share = (day % 7)[:, None] / 7
    return np.asarray(steps[day // 7] * (1 - share) + steps[day // 7 + 1] * share)


def day_of_year(day: MonthDay) -> int:
    """Day of a common year, 1 to 365."""
    return dt.date(2001, *day).timetuple().tm_yday


def wave(calendar: Calendar, peak: MonthDay) -> Floats:
    """A yearly wave, 1 at `peak` and -1 half a year away, with a sharper crest than a plain cosine."""
    turn = 2 * np.pi * (calendar.day_of_year - day_of_year(peak)) / 365.25
    return np.asarray((np.cos(turn) + 0.25 * np.cos(2 * turn) - 0.05) / 1.2)


def season_edge(calendar: Calendar, season: tuple[MonthDay, MonthDay] | None) -> Floats:
    """Log volume by nearness to the season's edge: 0 inside, down to -0.9 at the edge, -inf out of season."""
    if season is None:
        return np.zeros(len(calendar.days))
    first, last = (day_of_year(day) for day in season)
    length = (last - first) % 365
    since = (calendar.day_of_year - first) % 365
    to_edge = np.minimum(since, length - since)
    edge = -0.9 * np.clip(1 - to_edge / SEASON_EDGE_DAYS, 0, 1)
    return np.where(since <= length, edge, -np.inf)


def envelope(days: Ints, event: Event) -> Floats:
    """How far an event is under way on each day: 0 outside, up over its ramp, 1, and down again."""
    since = days - (event.first - EPOCH).days
    left = (event.last - EPOCH).days - days
    ramp = event.plan.ramp_days
    return np.asarray(np.clip(np.minimum((since + 1) / ramp, (left + 1) / ramp), 0, 1))


def festivals(calendar: Calendar, pulls: tuple[Pull, ...]) -> tuple[Floats, Floats]:
    """(log price, log volume) that all festivals of a product add."""
    price, volume = np.zeros(len(calendar.days)), np.zeros(len(calendar.days))
    for pull in pulls:
        up, more = pulled(calendar.offsets[pull.festival], pull)
        price, volume = price + up, volume + more
    return price, volume


def under_way(
    calendar: Calendar, recipe: Recipe, markets: tuple[MarketRecipe, ...], events: tuple[Event, ...]
) -> list[tuple[Event, Floats]]:
    """The product's events in order, each with how far it is under way: (days, markets), 0 to 1."""
    found = []
    for event in sorted(events, key=lambda event: event.first):
        here = [float(not event.plan.markets or market.name in event.plan.markets) for market in markets]
        if event.plan.product == recipe.name and any(here):
            found.append((event, envelope(calendar.days, event)[:, None] * np.array([here])))
    return found


def towards_past(values: Floats, extent: Floats) -> Floats:
    """Log shift for each market that brings an event's days onto the mean of the same days of past years.

    With it a planned factor is a factor of what was usual (up to five years, without the extremes of five), whatever
    the slow shocks did then. Zero where the world has no past year.
    """
    rows = np.flatnonzero(extent.max(axis=1) >= 1)
    back = [364 * year for year in range(1, 6) if len(rows) and rows[0] >= 364 * year]
    if not back:
        return np.zeros(values.shape[1])
    past = np.sort(np.stack([values[rows - days] for days in back]), axis=0)
    usual = past[1:4].mean(axis=0) if len(back) == 5 else past.mean(axis=0)
    known = np.isfinite(usual) & np.isfinite(values[rows])
    shift = np.where(known, usual, 0.0) - np.where(known, values[rows], 0.0)
    return np.asarray(shift.sum(axis=0) / np.maximum(known.sum(axis=0), 1))


def traded(
    recipe: Recipe, markets: tuple[MarketRecipe, ...], calendar: Calendar, events: tuple[Event, ...], seed: int
) -> pd.DataFrame:
    """One product's rows at all its markets, in the columns of the tidy panel format.

    Prices in CNY/kg to the fen, volumes in whole kg; closed days, days out of season and lost reports have no row.
    """
    markets = tuple(market for market in markets if not recipe.markets or market.name in recipe.markets)
    rng = generator(seed, recipe.name)
    days, count = len(calendar.days), len(markets)
    own_events = under_way(calendar, recipe, markets, events)
    calm = 1 - CALM_IN_EVENTS * np.max([extent for _, extent in own_events], axis=0, initial=0.0)
    shock = slow_noise(rng, days, 1, deviation=recipe.shock, memory=WEEKLY_MEMORY)
    apart = slow_noise(rng, days, count, deviation=0.15 * recipe.shock + 0.01, memory=MARKET_MEMORY)
    shock = (shock + apart) * calm
    price, volume = _ordinary(recipe, markets, calendar, shock, rng)
    for event, extent in own_events:
        with np.errstate(invalid="ignore"):
            price = price + extent * (np.log(event.plan.price) + towards_past(price, extent))
            volume = volume + extent * (np.log(event.plan.volume) + towards_past(volume, extent))
    there = np.isfinite(volume) & (rng.random((days, count)) >= NOT_REPORTED)
    for column, market in enumerate(markets):
        there[:, column] &= ~calendar.closed(market)
        there[days - market.silent_days :, column] = False
    if recipe.since_months is not None:
        there[: -round(recipe.since_months * 30.44)] = False
    row, column_of = np.nonzero(there)
    return _rows(recipe, [markets[column] for column in column_of], calendar.days[row], price[there], volume[there])


def _ordinary(
    recipe: Recipe, markets: tuple[MarketRecipe, ...], calendar: Calendar, shock: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """(log price, log volume in kg) of a year in which nothing is planned: (days, markets)."""
    days, count = shock.shape
    feast_price, feast_volume = festivals(calendar, recipe.pulls)
    bounty = wave(calendar, recipe.cheap_on)
    drift = YEARLY_DRIFT * np.arange(days) / 365.25
    price = (
        np.log(recipe.price)
        + (drift - recipe.swing * bounty + feast_price)[:, None]
        + np.array([market.basis for market in markets])
        + shock
        + rng.normal(size=(days, count)) * (0.012 + 0.08 * recipe.shock)
    )
    week = WEEKDAY_VOLUME[calendar.weekday]
    volume = (
        np.log(recipe.tonnes * 1000)
        + (recipe.bulk * bounty + feast_volume + week + season_edge(calendar, recipe.season))[:, None]
        + np.log([market.size for market in markets])
        - recipe.elasticity * shock
        + slow_noise(rng, days, count, deviation=0.06, memory=MARKET_MEMORY)
        + rng.normal(size=(days, count)) * 0.10
    )
    return price, volume


def _rows(recipe: Recipe, at: list[MarketRecipe], days: Ints, price: Floats, volume: Floats) -> pd.DataFrame:
    """The tidy rows: one for each market in `at` with its day, log price and log volume."""
    return pd.DataFrame(
        {
            "market": [market.name for market in at],
            "product": recipe.name,
            "date": days.astype("datetime64[D]").astype("datetime64[s]"),
            "price": np.maximum(np.round(np.exp(price), 2), 0.01),
            "volume": np.maximum(np.round(np.exp(volume)), 1.0),
            "unit_price": "CNY/kg",
            "unit_volume": "kg",
            "kind": recipe.kind.value,
            "country": "CN",
            "region": [market.region for market in at],
        },
        columns=list(COLUMNS),
    )
