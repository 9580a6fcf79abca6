"""Cost: the price that reaches the farm gate, K, and the hog/grain ratio."""

from __future__ import annotations

import numpy as np

from warning.indicators.grid import Floats


def farm_gate_price(
    wholesale: Floats, collect: Floats, pack: Floats, load: Floats, freight: Floats, fee: Floats
) -> Floats:
    """Farm-gate price per kg: wholesale less collecting, packing, loading, freight and market fee, all per kg.

    Fees that are unknown count as nothing; NaN where the wholesale price is. It may be negative: then the harvest
    does not pay its own way to market. Source: mission §3.
    """
    fees = sum(np.where(np.isnan(cost), 0.0, cost) for cost in (collect, pack, load, freight, fee))
    return np.asarray(wholesale - fees)


def cost_ratio(farm_gate: Floats, cost: Floats) -> Floats:
    """K: farm-gate price / production cost, without unit; NaN where the cost is unknown or not positive.

    Source: mission §3 (kin: Korea's price of origin rule, Taiwan's 95 % of direct cost).
    """
    return farm_gate / np.where(cost > 0, cost, np.nan)


def hog_grain_ratio(hog: Floats, maize: Floats) -> Floats:
    """Live hog price over maize price per kg (猪粮比); 6 is where raising a pig breaks even.

    Source: the hog plan of 2021 (完善政府猪肉储备调节机制做好猪肉市场保供稳价工作预案).
    """
    return hog / np.where(maize > 0, maize, np.nan)
