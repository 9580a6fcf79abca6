"""The probability that knows only the season: how often a spell began in this month, for this product, so far.

It is the least a probability must beat. Whole numbers are summed, so that no order can change a bit.
"""

from __future__ import annotations

import numpy as np

from models.base import Floats
from models.rules import check_sundays
from models.weekly import Bools, Ints
from warning.errors import InvalidPanel

PRIOR_WEEKS = 52
"""A share that stands on so many issue weeks, a series' year, counts as much as the one it is drawn towards."""


def climatology(onset: Bools, eligible: Bools, sundays: Ints, product: Ints, *, horizon: int) -> Floats:
    """The share of past issue weeks of the product and calendar month after which a spell began within `horizon` weeks.

    `onset` and `eligible` are series × weeks, `product` a code to each series. An issue week counts where it is
    eligible, from `horizon` + 1 weeks later on: an onset shows in the week after it. The share is drawn towards that of
    the product in all months, and this towards that of all products, each by a weight of 52 issue weeks: a
    probability, NaN only where no outcome is known yet. `eligible` itself must be told by then.
    """
    _check(onset, eligible, sundays, product, horizon)
    count, known_after = onset.shape[1], horizon + 1
    out = np.full(onset.shape, np.nan)
    if not onset.size or count <= known_after:
        return out
    codes, place = np.unique(product, return_inverse=True)
    # whole numbers: their sums are the same in any order
    rows, hits = (_by_product(flags, place, len(codes)) for flags in (eligible, eligible & _within(onset, horizon)))
    month = sundays.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    now = np.arange(known_after, count)
    upto = now - known_after
    every_hit, every_row = (np.cumsum(flags.sum(axis=0))[upto] for flags in (hits, rows))
    overall = np.where(every_row > 0, every_hit / np.maximum(every_row, 1), np.nan)
    of_product = _shrunk(np.cumsum(hits, axis=1)[:, upto], np.cumsum(rows, axis=1)[:, upto], overall)
    share = np.empty_like(of_product)
    for some in np.unique(month[now]):
        at, same = month[now] == some, month == some
        past_hits, past_rows = (np.cumsum(np.where(same, flags, 0), axis=1)[:, upto[at]] for flags in (hits, rows))
        share[:, at] = _shrunk(past_hits, past_rows, of_product[:, at])
    out[:, known_after:] = share[place]
    return out


def _within(onset: Bools, horizon: int) -> Bools:
    """Whether a spell begins in one of the next `horizon` weeks; read only where these are over."""
    found = np.zeros_like(onset)
    for step in range(1, min(horizon, onset.shape[1] - 1) + 1):
        found[:, :-step] |= onset[:, step:]
    return found


def _by_product(flags: Bools, place: Ints, products: int) -> Ints:
    """How many series of each product have the flag: products × weeks."""
    count = np.zeros((products, flags.shape[1]), dtype=np.int64)
    np.add.at(count, place, flags)
    return count


def _shrunk(hits: Ints, rows: Ints, towards: Floats) -> Floats:
    found: Floats = (hits + PRIOR_WEEKS * towards) / (rows + PRIOR_WEEKS)
    return found


def _check(onset: Bools, eligible: Bools, sundays: Ints, product: Ints, horizon: int) -> None:
    if onset.ndim != 2 or onset.shape != eligible.shape or product.shape != onset.shape[:1]:
        raise InvalidPanel(
            f"onsets of shape {onset.shape}, eligible weeks of {eligible.shape}, products of {product.shape}",
            where="onset",
            todo="give onsets and eligible weeks as series × weeks, and a product to each series",
        )
    check_sundays(sundays, onset.shape[1])
    if horizon < 1:
        raise InvalidPanel(f"a horizon of {horizon} weeks", where="horizon", todo="ask for one week or more")
