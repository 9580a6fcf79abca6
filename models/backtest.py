"""The backtest: what the models would have said on each Sunday of a stretch, in the protocol's format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.corrections import calibrated, corrected
from models.fitting import Plan
from models.market_weeks import MarketWeeks
from models.rolling import Fold, Rolled, folds, roll
from models.spell_risk import LINES, RiskRecipe
from models.study import Study, study
from models.weekly import Ints
from warning.errors import InvalidPanel

if TYPE_CHECKING:
    import pandas as pd

PROTOCOL_LINE = 0.8
WARM_UP_WEEKS = 104
"""Forecasts of two years before the first issue date, for calibration and bands; never given out."""
REFIT_WEEKS = 26
EPOCH = dt.date(1970, 1, 1)
Told = Callable[[int, int], None]
"""Called with (folds done, folds in all)."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The issue dates asked for, and the horizons in weeks."""

    since: dt.date
    until: dt.date | None
    horizons: tuple[int, ...]


def backtest(weeks: MarketWeeks, stretch: Stretch, *, tell: Told | None = None) -> pd.DataFrame:
    """Predictions for every series and Sunday of the stretch that has a price: see `prediction_frame`.

    The models are refitted each half year on what was known, their probabilities calibrated and their bands corrected
    each four weeks by their own past. InvalidPanel where the panel has no week in the stretch.
    """
    first, last = columns_of(weeks, stretch)
    plan = Plan(risk_weeks=stretch.horizons, price_weeks=stretch.horizons, risk=RiskRecipe())
    prepared = study(weeks, plan.lines)
    rolled = rolled_through(prepared, first, last, plan, (PROTOCOL_LINE,), tell=tell)
    cells = prepared.cells(first, last)
    probability = calibrated(prepared, rolled.odds_at(PROTOCOL_LINE), PROTOCOL_LINE, first, last)
    parts = []
    for horizon in stretch.horizons:
        quantiles = corrected(prepared, rolled.changes[horizon], horizon, first, last)
        parts.append(prediction_frame(prepared, cells, horizon, probability[horizon][cells], np.exp(quantiles[cells])))
    return _together(parts)


def rolled_through(
    prepared: Study, first: int, last: int, plan: Plan, lines: tuple[float, ...] = LINES, *, tell: Told | None = None
) -> Rolled:
    """Forecasts from the warm-up before column `first` to `last`, refitted as it goes."""
    begin = max(first - WARM_UP_WEEKS, 1)
    early = folds(prepared, begin, first - 1, refit_weeks=2 * REFIT_WEEKS) if begin < first else []
    spoken = [*early, *folds(prepared, first, last, refit_weeks=REFIT_WEEKS)]
    return rolled_over(prepared, spoken, plan, lines, tell=tell)


def rolled_over(
    prepared: Study, spoken: list[Fold], plan: Plan, lines: tuple[float, ...] = LINES, *, tell: Told | None = None
) -> Rolled:
    """Forecasts of some folds; `tell` hears of each that is done."""
    rolled = Rolled({}, {})
    for done, (_, latest) in enumerate(roll(prepared, spoken, plan, lines), start=1):
        rolled = latest
        if tell:
            tell(done, len(spoken))
    return rolled


def columns_of(weeks: MarketWeeks, stretch: Stretch) -> tuple[int, int]:
    """(first, last) columns of the stretch's Sundays."""
    since, until = (stretch.since - EPOCH).days, (stretch.until - EPOCH).days if stretch.until else None
    inside = weeks.sundays >= since
    if until is not None:
        inside &= weeks.sundays <= until
    columns = np.flatnonzero(inside)
    if not len(columns):
        ends = EPOCH + dt.timedelta(days=int(weeks.sundays[-1]))
        raise InvalidPanel(
            f"no whole week from {stretch.since} to {stretch.until or 'the end'}; the panel's last ends on {ends}",
            where="since, until",
            todo="ask for issue dates within the panel",
        )
    return int(columns[0]), int(columns[-1])


def prediction_frame(prepared: Study, cells: Ints, horizon: int, probability: Any, prices: Any) -> pd.DataFrame:
    """The protocol's columns: key, market, product, region, issue_date, horizon_weeks, probability, price_q10/50/90."""
    import pandas as pd

    places = prepared.weeks.places
    rows, columns = prepared.table.rows[cells], prepared.table.columns[cells]
    words = {name: np.array([getattr(place, name) for place in places], dtype=object) for name in NAMES}
    frame = pd.DataFrame({name: values[rows] for name, values in words.items()})
    frame["issue_date"] = prepared.weeks.sundays[columns].astype("datetime64[D]").astype("datetime64[s]")
    frame["horizon_weeks"] = horizon
    frame["probability"] = probability
    for place, name in enumerate(("price_q10", "price_q50", "price_q90")):
        frame[name] = prices[:, place]
    return frame


NAMES = ("product", "region", "market")


def _together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    order = ["product", "region", "market", "issue_date", "horizon_weeks"]
    return pd.concat(parts, ignore_index=True).sort_values(order, ignore_index=True)
