"""The situation of every series in every week, as a small vector, and what the price did in the eight weeks after.

Built as of an issue week: nothing after it is read, and a week's outcome is told only where it is over by then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from warning.catalog import Market, Product
from warning.errors import InvalidPanel
from warning.indicators.grid import Bools, Floats, Ints
from warning.lunar import EPOCH
from warning.spells import BRIDGED_WEEKS, LINE, spells_of_weeks, weekly_anomaly, weekly_reference

if TYPE_CHECKING:
    import pandas as pd

FEATURES: Final = (
    "anomaly", "momentum_4w", "momentum_8w", "season_8w", "others_low", "season_cos", "season_sin",
)  # fmt: skip
OUTCOME_WEEKS: Final = 8
LABEL_WEEKS: Final = 1
"""Whether a spell begins in a week is told by the week after it."""
_YEAR_DAYS: Final = 365.2425


@dataclass(frozen=True, slots=True)
class CaseSeries:
    """Whose prices a row of the panel holds."""

    product: Product
    market: Market


@dataclass(frozen=True, slots=True)
class Situation:
    """How a product stands at a place: its figures by name, NaN where unknown.

    `anomaly`: ln(price / reference). `momentum_4w`, `momentum_8w`: ln(price / price so many weeks before).
    `season_8w`: ln(reference in eight weeks / reference). `others_low`: share of the product's other markets of the
    country whose price is at most 0.8 of the reference. `season_cos`, `season_sin`: the time of year as an angle.
    """

    product: Product
    market_id: str
    figures: Floats


@dataclass(frozen=True, slots=True)
class PastWeeks:
    """Situations and outcomes of all series up to an issue week, each series × weeks."""

    series: tuple[CaseSeries, ...]
    sundays: Ints
    """Days since 1970; the last is the issue week's."""
    figures: Floats
    """FEATURES × series × weeks."""
    change_4w: Floats
    change_8w: Floats
    """Share by which the price rose in the weeks after; NaN where unknown."""
    spell_after: Ints
    """Weeks until a slow-sales spell began, at most eight; 0 where none did."""
    told: Bools
    """Weeks with a price whose eight weeks after are over and known."""

    def situation(self, row: int) -> Situation:
        """How a series stands in the issue week."""
        one = self.series[row]
        return Situation(one.product, one.market.id, self.figures[:, row, -1])


def past_weeks(price: Floats, sundays: Ints, series: Sequence[CaseSeries], issue: dt.date) -> PastWeeks:
    """Every situation up to the week that ends on the Sunday `issue`, with its outcome where that is over.

    `price` is series × weeks in any unit, NaN unknown; `sundays` are the days that end the weeks, since 1970.
    InvalidPanel where shapes or weeks do not fit. What lies after `issue` changes nothing.
    """
    import pandas as pd

    last = _checked(price, sundays, series, issue)
    weekly = pd.DataFrame(np.where(price[:, : last + 1] > 0, price[:, : last + 1], np.nan).T)
    filled = weekly.ffill(limit=BRIDGED_WEEKS)
    anomaly, log_price = weekly_anomaly(filled), filled.apply(np.log)
    ahead = (weekly_reference(filled, ahead=OUTCOME_WEEKS) / weekly_reference(filled)).apply(np.log)
    angle = 2 * np.pi * sundays[: last + 1] / _YEAR_DAYS
    shape = (len(series), last + 1)
    low, known = _values(anomaly <= np.log(LINE)) > 0, ~np.isnan(_values(anomaly))
    figures = np.stack([
        _values(anomaly),
        _values(log_price - log_price.shift(4)),
        _values(log_price - log_price.shift(8)),
        _values(ahead),
        _others_low(low, known, series),
        np.broadcast_to(np.cos(angle), shape),
        np.broadcast_to(np.sin(angle), shape),
    ])  # fmt: skip
    change_8w = _values(filled.shift(-OUTCOME_WEEKS) / filled - 1)
    over = np.arange(last + 1) + OUTCOME_WEEKS + LABEL_WEEKS <= last
    return PastWeeks(
        series=tuple(series),
        sundays=sundays[: last + 1],
        figures=figures,
        change_4w=_values(filled.shift(-4) / filled - 1),
        change_8w=change_8w,
        spell_after=_spell_after(_values(spells_of_weeks(weekly).onset) > 0),
        told=over & known & ~np.isnan(_values(weekly)) & ~np.isnan(change_8w),
    )


def _checked(price: Floats, sundays: Ints, series: Sequence[CaseSeries], issue: dt.date) -> int:
    """The place of the issue week; InvalidPanel where the panel does not hold it, or is no panel of weeks."""
    if price.shape != (len(series), len(sundays)):
        what = f"price is {price.shape}, for {len(series)} series and {len(sundays)} weeks"
        raise InvalidPanel(what, where="past_weeks", todo="give a row a series and a column a week")
    places = np.flatnonzero(sundays == (issue - EPOCH).days)
    if not len(places) or (np.diff(sundays) != 7).any():
        what = f"the weeks are not consecutive, or {issue} ends none of them"
        raise InvalidPanel(what, where="past_weeks", todo="give every week, by the Sunday that ends it")
    return int(places[0])


def _values(frame: pd.DataFrame) -> Floats:
    """A frame of weeks × series as series × weeks."""
    return np.ascontiguousarray(frame.to_numpy(dtype=np.float64).T)


def _others_low(low: Bools, known: Bools, series: Sequence[CaseSeries]) -> Floats:
    """Share of the other markets of the same product and country that are low, of those known; NaN without any."""
    out = np.full(low.shape, np.nan)
    groups: dict[tuple[str, str], list[int]] = {}
    for row, one in enumerate(series):
        groups.setdefault((one.product.id, one.market.country), []).append(row)
    for rows in groups.values():
        others_low = low[rows].sum(axis=0) - low[rows]
        others = known[rows].sum(axis=0) - known[rows]
        out[rows] = np.where(others > 0, others_low / np.maximum(others, 1), np.nan)
    return out


def _spell_after(onset: Bools) -> Ints:
    """Weeks until the next onset, 1 to 8; 0 where none follows so soon."""
    out = np.zeros(onset.shape, dtype=np.int64)
    for step in range(min(OUTCOME_WEEKS, onset.shape[1] - 1), 0, -1):
        out[:, :-step][onset[:, step:]] = step
    return out
