"""The linear programme of sales: most expected revenue less storage, then the worst-off township as well as can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from warning.absorption.solver import Solver
from warning.guidance.selling_ways import KG, Ways, evenly
from warning.guidance.usual_market import UsualMarket
from warning.indicators.grid import Floats, Ints

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix, csr_matrix

EARLY: Final = 1e-6
"""Share of the mean price that a week's waiting costs besides: of equal schedules the earlier."""
SLACK: Final = 1e-6
FEN: Final = 0.01
"""CNY: goods worth less are not measured; a ratio to them would be beyond what the solver can hold."""
MOST_RATIO: Final = 100.0
"""Beyond it nobody fares badly; it keeps the second programme bounded."""


def best_sales(ways: Ways, market: UsualMarket, price: Floats) -> Floats:
    """Tonnes by way that bring most under the expected price of each week (CNY per kg).

    Columns: ways, then each week's pieces of revenue. Rows: lots, weeks (what is sold is in pieces), ends of weeks
    (what is stored). Since revenue is concave in a week's tonnes, the pieces fill in their order.
    """
    from scipy.sparse import csc_matrix, hstack, vstack

    week, width, brings = _pieces(ways, market, price)
    nothing = csc_matrix((len(ways.lot_t), len(week)))
    left, right = _week_rows(ways), -_rows(week, np.ones(len(week)), ways.weeks)
    stores, room = _store_rows(ways, market)
    matrix = vstack([
        hstack([_lot_rows(ways), nothing]), hstack([left, right]),
        hstack([stores, csc_matrix((stores.shape[0], len(week)))]),
    ]).tocsc()  # fmt: skip
    lower = np.concatenate([np.full(len(ways.lot_t), -np.inf), np.zeros(ways.weeks), np.full(len(room), -np.inf)])
    upper = np.concatenate([ways.lot_t, np.zeros(ways.weeks), room])
    wait = EARLY * KG * float(price.mean()) * (ways.week - ways.since)
    limit = np.concatenate([ways.lot_t[ways.lot], width])
    cost = np.concatenate([ways.cost + wait, -brings])
    return _trim(ways, Solver(matrix, lower, upper, limit, cost).solve().values[: len(ways.lot)])


def evened(ways: Ways, market: UsualMarket, price: Floats, best: Floats) -> Floats:
    """The same weekly totals, divided so that the worst-off grower's ratio of proceeds to worth is highest.

    A grower's worth is what its goods would bring in even parts at the forecast price, so that one whose goods do
    not keep is not measured by weeks that it cannot reach.
    """
    from scipy.sparse import csc_matrix, hstack, vstack

    total = ways.sold(best).sum(axis=0)
    share = market.price_share(total + market.others(ways.weeks))
    value = (KG * price * share)[ways.week] * ways.kept - ways.cost
    reference = ways.by_grower(evenly(ways, market) * ways.kept * (KG * price)[ways.week])
    counted = np.flatnonzero(reference > FEN)
    if len(counted) < 2:
        return best
    worth = np.where(reference > FEN, reference, 1.0)
    mine = _rows(ways.grower, value / worth[ways.grower], ways.growers).tocsr()[counted]
    stores, room = _store_rows(ways, market)
    known: csr_matrix = vstack([_lot_rows(ways), _week_rows(ways), stores, csc_matrix(ways.cost), mine]).tocsr()
    ratio = np.zeros((known.shape[0], 1))
    ratio[-len(counted) :, 0] = -1.0
    least, most = total * (1 - SLACK), total * (1 + SLACK)
    spent = float(ways.cost @ best) * (1 + SLACK) + SLACK
    free = np.full(len(ways.lot_t), -np.inf)
    lower = np.concatenate([free, least, np.full(len(room) + 1, -np.inf), np.full(len(counted), -SLACK)])
    upper = np.concatenate([ways.lot_t, most, room, [spent], np.full(len(counted), np.inf)])
    cost = np.append(np.zeros(len(ways.lot)), -1.0)
    limit = np.append(ways.lot_t[ways.lot], MOST_RATIO)
    solver = Solver(hstack([known, csc_matrix(ratio)]).tocsc(), lower, upper, limit, cost)
    return _trim(ways, solver.solve().values[:-1])


def _pieces(ways: Ways, market: UsualMarket, price: Floats) -> tuple[Ints, Floats, Floats]:
    """(week, width in tonnes, CNY per tonne) of every piece of revenue."""
    most = np.minimum(market.room(ways.weeks), ways.lot_t.sum())
    others = market.others(ways.weeks)
    found = [market.pieces(float(others[week]), float(most[week])) for week in range(ways.weeks)]
    week = np.repeat(np.arange(ways.weeks), [len(width) for width, _ in found])
    slope = np.concatenate([slope for _, slope in found])
    return week, np.concatenate([width for width, _ in found]), KG * price[week] * slope


def _rows(row: Ints, value: Floats, count: int) -> csc_matrix:
    from scipy.sparse import csc_matrix

    return csc_matrix((value, (row, np.arange(len(row)))), shape=(count, len(row)))


def _lot_rows(ways: Ways) -> csc_matrix:
    return _rows(ways.lot, np.ones(len(ways.lot)), len(ways.lot_t))


def _week_rows(ways: Ways) -> csc_matrix:
    return _rows(ways.week, ways.kept, ways.weeks)


def _store_rows(ways: Ways, market: UsualMarket) -> tuple[csc_matrix, Floats]:
    """(what lies in store at each week's end, its room); none where no room is known."""
    from scipy.sparse import csc_matrix

    ends = range(ways.weeks - 1) if market.storage_t is not None else range(0)
    rows = np.array([ways.stored(end) for end in ends]).reshape(len(ends), len(ways.lot))
    return csc_matrix(rows), np.full(len(ends), market.storage_t or 0.0)


def _trim(ways: Ways, taken: Floats) -> Floats:
    """What the solver's tolerance leaves below 0 or above a lot, taken off."""
    taken = np.maximum(taken, 0.0)
    total = np.bincount(ways.lot, weights=taken, minlength=len(ways.lot_t))
    share = np.where(total > ways.lot_t, ways.lot_t / np.where(total > 0, total, 1.0), 1.0)
    return np.asarray(taken * share[ways.lot], dtype=np.float64)
