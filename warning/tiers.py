"""The cells of cost (T2) and of stock and sales (T3), and how the tiers come together."""

from __future__ import annotations

import numpy as np

from warning.indicators.grid import Bools
from warning.levels import Cells, Level
from warning.thresholds import Lines
from warning.township import Evidence


def cost_cells(evidence: Evidence, t1: Cells, lines: Lines) -> Cells:
    """Cells of cost (T2): by K; red also needs price and volume at orange, where they are known."""
    k = evidence.k
    cells = _stepped(
        [
            (Level.BLUE, k <= lines.k_blue),
            (Level.YELLOW, k <= lines.k_yellow),
            (Level.ORANGE, k <= lines.k_orange),
            (Level.RED, (k <= lines.k_red) & ((t1 >= Level.ORANGE) | (t1 == Level.UNKNOWN))),
        ]
    )
    cells[np.isnan(k)] = Level.UNKNOWN
    return cells


def stock_cells(evidence: Evidence, lines: Lines) -> Cells:
    """Cells of stock and sales (T3): by the lag of the sold share, the days of supply and over-planting.

    Over-planting goes by area or by seedlings, whichever tells more.
    """
    lag, supply = evidence.lag, evidence.supply
    over = np.fmax(evidence.over, evidence.seeded)
    cells = _stepped(
        [
            (Level.BLUE, (lag >= lines.lag_blue) | (supply >= lines.d_blue)),
            (Level.YELLOW, (lag >= lines.lag_yellow) | (supply >= lines.d_yellow) | (over >= lines.over_planting)),
            (Level.ORANGE, (lag >= lines.lag_orange) | (supply > lines.d_orange)),
            (Level.RED, (supply > lines.d_red) | ((lag >= lines.lag_red) & (evidence.k < lines.k_red_stock))),
        ]
    )
    cells[np.isnan(lag) & np.isnan(supply) & np.isnan(over)] = Level.UNKNOWN
    return cells


def second_class(evidence: Evidence, lines: Lines) -> Bools:
    """Where another class of evidence than price and volume stands: no bids, cost, stock, sales."""
    found: Bools = (evidence.no_bids > 0) | (evidence.k <= lines.k_orange)
    return found | (evidence.supply > lines.d_orange) | (evidence.lag >= lines.lag_orange)


def combined_cells(t1: Cells, t2: Cells, t3: Cells, evidence: Evidence) -> tuple[Cells, Bools]:
    """(cells of all tiers, where reports lowered price and volume by one).

    The highest tier's cell counts, but where stock, sales and cost are reported and all normal, and nobody says
    that bids are missing, price and volume count for one level less (海南 2017: −35 %, volume up, still profitable).
    What was planted is no such report: it says nothing of how the harvest sells.
    """
    worst = np.maximum(t2, t3)
    told = ~(np.isnan(evidence.k) & np.isnan(evidence.lag) & np.isnan(evidence.supply))
    lowered: Bools = (worst == Level.NONE) & told & ~(evidence.no_bids > 0) & ~(evidence.blocked > 0)
    lowered &= t1 > Level.NONE
    cells = np.maximum(np.where(lowered, t1 - 1, t1), worst).astype(np.int8)
    return cells, lowered


def _stepped(steps: list[tuple[Level, Bools]]) -> Cells:
    cells = np.zeros(steps[0][1].shape, dtype=np.int8)
    for level, met in steps:
        cells[met] = level
    return cells
