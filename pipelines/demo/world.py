"""The world itself: one call makes every frame, and the frames become files that the real feeds read."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

import pandas as pd

from pipelines.demo.buyers import buyers
from pipelines.demo.events import Event, planned
from pipelines.demo.recipes import LIANGPING, MARKETS, PRODUCTS, MarketRecipe, Recipe
from pipelines.demo.township_books import reports
from pipelines.demo.trade import COLUMNS, Calendar, traded
from pipelines.demo.workbook import township_workbook
from warning.errors import UnknownName

SEED: Final = 78
PANEL_FILE: Final = "simulated-panel.parquet"
REPORTS_FILE: Final = "simulated-township-reports.xlsx"

_Named = TypeVar("_Named", Recipe, MarketRecipe)


@dataclass(frozen=True, slots=True)
class World:
    """A simulated district up to its last day: what was traded, reported and planned."""

    last_day: dt.date
    panel: pd.DataFrame
    """Tidy rows: market, product, date, price (CNY/kg), volume (kg), unit_price, unit_volume, kind, country, region."""
    reports: pd.DataFrame
    """Weekly township reports of the last 60 weeks (`township_books.reports`)."""
    events: tuple[Event, ...]
    """What goes wrong and why; `event_table` shows it."""
    buyers: pd.DataFrame
    closures: tuple[tuple[str, str, dt.date], ...]
    """(market, region, day) on which the market was closed."""

    def panel_parquet(self) -> bytes:
        """The panel as the bytes of a parquet file in the tidy panel format."""
        sink = io.BytesIO()
        self.panel.to_parquet(sink, index=False, compression="zstd")
        return sink.getvalue()

    def files(self) -> list[tuple[str, str, bytes]]:
        """What to ingest, in order: (feed id, file name, bytes). The names say that it is simulated."""
        return [
            ("panel", PANEL_FILE, self.panel_parquet()),
            ("township", REPORTS_FILE, township_workbook(self.reports, self.last_day)),
        ]


def build_world(
    last_day: dt.date,
    *,
    years: int = 7,
    seed: int = SEED,
    products: Iterable[str] | None = None,
    markets: Iterable[str] | None = None,
) -> World:
    """Make the district of `years` years that end on `last_day`; the same arguments give the same world.

    `products` and `markets` are names out of `recipes.py` and make a smaller world; a product's rows do not depend
    on which others are there. Raises UnknownName for a name that no recipe has.
    """
    chosen = _chosen(PRODUCTS, products)
    places = _chosen(MARKETS, markets)
    calendar = Calendar.spanning(last_day - dt.timedelta(round(365.25 * years)), last_day)
    events = tuple(event for event in planned(last_day) if event.plan.product in {recipe.name for recipe in chosen})
    panel = pd.concat([traded(recipe, places, calendar, events, seed) for recipe in chosen], ignore_index=True)
    panel = panel.astype({name: "category" for name in COLUMNS if name not in ("date", "price", "volume")})
    named = {place.name for place in places}
    return World(
        last_day=last_day,
        panel=panel,
        reports=reports(
            last_day,
            events,
            panel,
            products=frozenset(recipe.name for recipe in chosen),
            market=LIANGPING if LIANGPING in named else places[0].name,
            seed=seed,
        ),
        events=events,
        buyers=buyers(),
        closures=_closures(places, calendar),
    )


def _chosen(known: tuple[_Named, ...], names: Iterable[str] | None) -> tuple[_Named, ...]:
    """The recipes of these names, in the table's order."""
    if names is None:
        return known
    wanted = set(names)
    unknown = wanted - {one.name for one in known}
    if unknown or not wanted:
        raise UnknownName(
            f"the simulated district has no {', '.join(sorted(unknown)) or 'empty list of names'}",
            where="pipelines/demo/recipes.py",
            todo="use the names that stand there",
            candidates=tuple(one.name for one in known),
        )
    return tuple(one for one in known if one.name in wanted)


def _closures(markets: tuple[MarketRecipe, ...], calendar: Calendar) -> tuple[tuple[str, str, dt.date], ...]:
    """Every closed day of every market."""
    days = [day.date() for day in pd.to_datetime(calendar.days, unit="D")]
    return tuple(
        (market.name, market.region, day)
        for market in markets
        for day, closed in zip(days, calendar.closed(market), strict=True)
        if closed
    )
