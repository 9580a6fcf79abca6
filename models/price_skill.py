"""How well price quantiles foretold prices, beside what anyone can say: the last price, and last year's change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.bands import pinball
from models.base import Floats
from models.skill import document_of
from warning.errors import InvalidPanel


@dataclass(frozen=True, slots=True)
class PriceSkill:
    """The skill of price quantiles at one horizon; all but `rows` are None where no row could be judged.

    `pinball`: the mean loss of the three quantiles, in logs; `pinball_naive`: that of the last price with the series'
    own past changes about it. `wape`: sum of absolute errors over the sum of prices, of our median, of the last price
    and of last year's change. `coverage_80`: the share of prices within our band, edges included.
    """

    rows: int
    pinball: float | None = None
    pinball_naive: float | None = None
    wape: float | None = None
    wape_last_price: float | None = None
    wape_last_year_change: float | None = None
    coverage_80: float | None = None

    def to_document(self) -> dict[str, Any]:
        """The figures for JSON, rounded."""
        return document_of(self)


def price_skill(
    actual: Floats,
    q10: Floats,
    q50: Floats,
    q90: Floats,
    *,
    naive_q10: Floats,
    naive_q90: Floats,
    last_price: Floats,
    last_year_change: Floats,
) -> PriceSkill:
    """The skill of our quantiles, a value to each row, all in one unit; the naive median is the last price.

    Rows count where the actual price and all the naive forecasts are known (not NaN); there a quantile of ours that
    is missing is the last price. InvalidPanel where the arrays do not fit or a price is not above zero.
    Source: the protocol of evaluation (score.py).
    """
    naive = {
        "actual": actual,
        "naive_q10": naive_q10,
        "naive_q90": naive_q90,
        "last_price": last_price,
        "last_year_change": last_year_change,
    }
    ours = {"q10": q10, "q50": q50, "q90": q90}
    for name, prices in (naive | ours).items():
        _check(name, prices, actual)
    judged = np.asarray(~np.isnan(np.stack(list(naive.values()))).any(axis=0))
    if not judged.any():
        return PriceSkill(0)
    actual, naive_low, naive_high, last, change = (prices[judged] for prices in naive.values())
    low, middle, high = (np.where(np.isnan(prices[judged]), last, prices[judged]) for prices in ours.values())

    def wape(forecast: Floats) -> float:
        return float(np.abs(actual - forecast).sum() / actual.sum())

    def loss(*quantiles: Floats) -> float:
        return float(pinball(np.log(actual), np.log(np.stack(quantiles))).mean())

    return PriceSkill(
        rows=len(actual),
        pinball=loss(low, middle, high),
        pinball_naive=loss(naive_low, last, naive_high),
        wape=wape(middle),
        wape_last_price=wape(last),
        wape_last_year_change=wape(change),
        coverage_80=float(np.mean((low <= actual) & (actual <= high))),
    )


def _check(name: str, prices: Floats, actual: Floats) -> None:
    if prices.ndim != 1 or prices.shape != actual.shape:
        raise InvalidPanel(
            f"{name} of shape {prices.shape} beside {actual.shape} prices", where=name, todo="give a value to each row"
        )
    wrong = (prices <= 0) | np.isinf(prices)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InvalidPanel(
            f"{name} has the price {prices[row]} in row {row}", where=name, todo="give prices above zero, or NaN"
        )
