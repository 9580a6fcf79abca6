"""The trace: every reading and cell of price and volume, for all series, over the days that a run looks back on.

Everything in it looks back only: the value at a day is the same, to the last bit, whether or not the frames go on
after it. Give every run the series' whole history from the same first day, so that runs agree with replays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from warning.catalog import PlaceKind
from warning.errors import InvalidPanel
from warning.indicators.anomaly import anomaly_grid
from warning.indicators.cost import hog_grain_ratio
from warning.indicators.grid import Bools, Floats, Grid, Ints, grid_of, trailing_sum
from warning.indicators.growth import growth_grid
from warning.indicators.price import reading_grid, reference_grid
from warning.indicators.seasons import past_years
from warning.indicators.volume import market_days, stall_grid, surplus_grid, volume_grid
from warning.levels import TRACE_DAYS, Cells, PriceReadings, cell_levels, hog_cells
from warning.lunar import EPOCH
from warning.thresholds import Lines, Thresholds

if TYPE_CHECKING:
    import pandas as pd

HOG, MAIZE = "hog", "maize"
NEVER = -10_000_000
"""A day before all data, where there is no last one."""
BLOCK = 192
"""Series worked on at once: a dozen years of daily values of a block stay within a processor's cache and memory."""
ABSENT_DAYS = 15
"""Days on each side of a past year's day in which a price shows that the product was on the market then."""


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """What the trace must know of a series; its place among the facts is its column in the frames."""

    series_id: int
    key: str
    product_id: str
    market_id: str
    """The id of the place: a market's, or the district's."""
    kind: str
    lunar: bool
    volume_matches_price: bool
    stale_after_days: int
    simulated: bool
    currency: str = "CNY"
    place_kind: PlaceKind = PlaceKind.MARKET


@dataclass(frozen=True, slots=True)
class Trace:
    """Readings and cells, each series × days; `days` count from 1970-01-01 and end with the last day judged."""

    facts: tuple[SeriesFacts, ...]
    days: Ints
    reading: Floats
    """Median price of the week, per kg."""
    reference: Floats
    """Seasonal price, per kg."""
    t1: PriceReadings
    hog_ratio: Floats
    """Hog over maize price; NaN for other products."""
    surplus_kg: Floats
    """Volume of 28 days less its season; negative where less came than usual."""
    last_priced: Ints
    """The last day with a price, or a day before all data."""
    off_market: Bools
    """The product is not on the market: declared so, or absent now and at this time in past years."""
    cells: Cells

    def place(self, day: dt.date) -> int:
        """The column of a day; InvalidPanel where the trace does not reach a year before it."""
        place = (day - EPOCH).days - int(self.days[0])
        if not TRACE_DAYS <= place < len(self.days):
            raise InvalidPanel(
                f"the trace cannot judge {day}: it covers {self.day(0)} to {self.day(len(self.days) - 1)}",
                where="trace",
                todo=f"trace from {TRACE_DAYS} days before the first day judged",
            )
        return place

    def day(self, place: int) -> dt.date:
        """The day of a column."""
        return EPOCH + dt.timedelta(days=int(self.days[place]))


def trace_panel(
    price: pd.DataFrame,
    volume: pd.DataFrame,
    facts: Sequence[SeriesFacts],
    *,
    first: dt.date,
    last: dt.date,
    thresholds: Thresholds,
    closures: Mapping[str, Collection[dt.date]] | None = None,
    deflator: pd.DataFrame | None = None,
    off_market: pd.DataFrame | None = None,
) -> Trace:
    """All readings and cells for judging the days from `first` to `last`.

    `price` (per kg) and `volume` (kg) are daily, with a column for each of `facts`, in that order, and hold as much
    history as there is. `closures`: days on which a market was closed. `deflator`: a consumer price index of the same
    shape. `off_market`: of the same shape, true where the source says that the product was not on the market.
    """
    prices, volumes = _checked_grids(price, volume, facts, first, last)
    since = (first - EPOCH).days - TRACE_DAYS - int(prices.days[0])
    prices, volumes = _from_day(prices, since), _from_day(volumes, since)
    since = max(since, 0)
    trading = _trading(prices, volumes, facts, closures or {})
    cpi = None if deflator is None else grid_of(deflator).values[:, -prices.values.shape[1] :]
    declared = None if off_market is None else _declared(off_market, prices, since)
    parts = [_block(prices, volumes, facts, rows, since, trading, cpi, thresholds) for rows in _blocks(len(facts))]
    found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    t1 = PriceReadings(**{name: found[name] for name in ("r", "z", "g", "v", "rho", "stall")})
    ratio = _hog_ratios(facts, found["reading"])
    off = found["absent"].astype(np.bool_)
    off = off if declared is None else off | declared
    return Trace(
        facts=tuple(facts),
        days=prices.days[since:],
        reading=found["reading"],
        reference=found["reference"],
        t1=t1,
        hog_ratio=ratio,
        surplus_kg=found["surplus_kg"],
        last_priced=found["last_priced"].astype(np.int64),
        off_market=off,
        cells=trace_cells(facts, t1, ratio, thresholds, off),
    )


def trace_cells(
    facts: Sequence[SeriesFacts], t1: PriceReadings, ratio: Floats, thresholds: Thresholds, off_market: Bools
) -> Cells:
    """The cells of every series by its product's lines; hogs by the hog/grain ratio alone.

    A day off the market without a reading counts as none: when the season is over there is nothing left to sell,
    and a warning eases week by week instead of standing until the next harvest.
    """
    cells = np.full(t1.r.shape, -1, dtype=np.int8)
    for lines, rows in rows_by_lines(facts, thresholds):
        cells[rows] = cell_levels(readings_of(t1, rows), lines)
    hogs = np.flatnonzero([fact.product_id == HOG for fact in facts])
    if len(hogs):
        cells[hogs] = hog_cells(ratio[hogs], thresholds.for_product(HOG))
    cells[off_market & (cells < 0)] = 0
    return cells


def rows_by_lines(facts: Sequence[SeriesFacts], thresholds: Thresholds) -> Iterator[tuple[Lines, Ints]]:
    """The places of series that share their lines."""
    groups: dict[Lines, list[int]] = {}
    for place, fact in enumerate(facts):
        groups.setdefault(thresholds.for_product(fact.product_id, fact.market_id), []).append(place)
    for lines, places in groups.items():
        yield lines, np.array(places, dtype=np.int64)


def readings_of(t1: PriceReadings, rows: Ints) -> PriceReadings:
    """The readings of some series."""
    return PriceReadings(t1.r[rows], t1.z[rows], t1.g[rows], t1.v[rows], t1.rho[rows], t1.stall[rows])


def _checked_grids(
    price: pd.DataFrame, volume: pd.DataFrame, facts: Sequence[SeriesFacts], first: dt.date, last: dt.date
) -> tuple[Grid, Grid]:
    """The two grids up to `last`."""
    prices, volumes = grid_of(price), grid_of(volume)
    if prices.values.shape != (len(facts), len(prices.days)) or volumes.values.shape != prices.values.shape:
        raise InvalidPanel(
            f"price is {price.shape}, volume {volume.shape}, for {len(facts)} series",
            where="trace_panel",
            todo="give both frames a column for each of the facts, over the same days",
        )
    end = (last - EPOCH).days
    if first > last or not len(prices.days) or end > prices.days[-1]:
        raise InvalidPanel(
            f"the frames do not reach {last}", where="trace_panel", todo="read the panel up to the last day judged"
        )
    length = end - int(prices.days[0]) + 1
    return Grid(prices.values[:, :length], prices.days[:length]), Grid(volumes.values[:, :length], prices.days[:length])


def _from_day(grid: Grid, since: int) -> Grid:
    """The grid with unknown days put before it where the trace begins earlier than the frame."""
    if since >= 0:
        return grid
    days = np.arange(grid.days[0] + since, grid.days[-1] + 1)
    return Grid(np.pad(grid.values, ((0, 0), (-since, 0)), constant_values=np.nan), days)


def _trading(
    prices: Grid, volumes: Grid, facts: Sequence[SeriesFacts], closures: Mapping[str, Collection[dt.date]]
) -> Bools:
    """Series × days: the series' market traded something and was not closed."""
    numbers: dict[str, int] = {}
    market = np.array([numbers.setdefault(fact.market_id, len(numbers)) for fact in facts], dtype=np.int64)
    closed = np.zeros((len(numbers), len(prices.days)), dtype=np.bool_)
    for market_id, days in closures.items():
        if market_id in numbers:
            places = np.array([(day - EPOCH).days for day in days], dtype=np.int64) - int(prices.days[0])
            closed[numbers[market_id], places[(places >= 0) & (places < closed.shape[1])]] = True
    return market_days(~np.isnan(prices.values) | (volumes.values > 0), market, closed)


def _declared(off_market: pd.DataFrame, prices: Grid, since: int) -> Bools:
    """Series × days from `since`: the last thing the source said in a week is that the product is not there."""
    flags = grid_of(off_market.astype(np.float64)).values[:, : prices.values.shape[1]]
    flags = np.pad(flags, ((0, 0), (prices.values.shape[1] - flags.shape[1], 0)))
    declared: Bools = trailing_sum(flags, 7)[:, since:] > 0
    priced: Bools = trailing_sum((~np.isnan(prices.values)).astype(np.float64), 7)[:, since:] > 0
    return declared & ~priced


def _blocks(count: int) -> Iterator[slice]:
    for start in range(0, max(count, 1), BLOCK):
        yield slice(start, min(start + BLOCK, count))


def _block(
    prices: Grid,
    volumes: Grid,
    facts: Sequence[SeriesFacts],
    rows: slice,
    since: int,
    trading: Bools,
    cpi: Floats | None,
    thresholds: Thresholds,
) -> dict[str, np.ndarray]:
    """All readings of a block of series, by name."""
    price, volume, members = prices.take(rows), volumes.take(rows), facts[rows]
    lunar = np.array([fact.lunar for fact in members], dtype=np.bool_)
    matched = np.array([fact.volume_matches_price for fact in members], dtype=np.bool_)[:, np.newaxis]
    revenue = Grid(price.values * volume.values, price.days)
    reading = reading_grid(price.values, since)
    reference = reference_grid(price, since, lunar, None if cpi is None else cpi[rows])
    return {
        "reading": reading,
        "reference": reference,
        "r": reading / reference,
        "z": anomaly_grid(price, reading, since),
        "g": np.where(np.isnan(reading), np.nan, growth_grid(price, since)),
        "v": np.where(matched, volume_grid(volume, since, lunar), np.nan),
        "rho": np.where(matched & ~np.isnan(reading), volume_grid(revenue, since, lunar), np.nan),
        "stall": _stalls(volume, members, since, lunar, trading[rows], thresholds),
        "surplus_kg": np.where(matched, surplus_grid(volume, since, lunar), np.nan),
        "last_priced": _last_priced(price, since),
        "absent": _absent(price, since, lunar),
    }


def _stalls(
    volume: Grid, members: Sequence[SeriesFacts], since: int, lunar: Bools, trading: Bools, thresholds: Thresholds
) -> Floats:
    out = np.full((len(members), len(volume.days) - since), np.nan)
    for lines, rows in rows_by_lines(members, thresholds):
        days, share = int(lines.stall_days), lines.stall_season_share
        out[rows] = stall_grid(volume.take(rows), since, lunar[rows], trading[rows], days=days, season_share=share)
    return out


def _last_priced(price: Grid, since: int) -> Ints:
    known = ~np.isnan(price.values)
    found = np.maximum.accumulate(np.where(known, price.days, np.int64(NEVER)), axis=1)
    return np.ascontiguousarray(found[:, since:])


def _absent(price: Grid, since: int, lunar: Bools) -> Bools:
    """No price for two weeks, and none at this time of year in the past years known (at least two)."""
    known = ~np.isnan(price.values)
    around = trailing_sum(known.astype(np.float64), 2 * ABSENT_DAYS + 1)
    alive = np.maximum.accumulate(known, axis=1)
    before = past_years(np.where(alive, around, np.nan), price.days, since, lunar, ahead=ABSENT_DAYS)
    never = (np.nan_to_num(before).sum(axis=0) == 0) & ((~np.isnan(before)).sum(axis=0) >= 2)
    quiet: Bools = (trailing_sum(known.astype(np.float64), ABSENT_DAYS)[:, since:] == 0) & never
    return quiet


def _hog_ratios(facts: Sequence[SeriesFacts], reading: Floats) -> Floats:
    """Hog over maize of the same market, else of the same country; NaN for other products."""
    ratio = np.full(reading.shape, np.nan)
    maize = [place for place, fact in enumerate(facts) if fact.product_id == MAIZE]
    for place, fact in enumerate(facts):
        if fact.product_id != HOG or not maize:
            continue
        partners = sorted(maize, key=lambda other: _distance(fact, facts[other]))
        if _distance(fact, facts[partners[0]])[0] < 2:
            ratio[place] = hog_grain_ratio(reading[place], reading[partners[0]])
    return ratio


def _distance(hog: SeriesFacts, maize: SeriesFacts) -> tuple[int, str]:
    """0 in the same place, 1 in the same country (the first part of a market's id) and currency, else 2."""
    if hog.market_id == maize.market_id:
        return 0, maize.key
    country = hog.market_id.split("-")[0] == maize.market_id.split("-")[0] or hog.place_kind != maize.place_kind
    return (1 if country and hog.currency == maize.currency else 2), maize.key
