"""The indicators: wide daily frames in, the same kind out; formula, unit and source stand in each docstring.

- `price`: the weekly reading, the reference price, r
- `anomaly`: z, against the series' own trend and season
- `growth`: g, quarterly and yearly growth against what is usual
- `volume`: v, ρ, the type of a fall, the stall, the estimated surplus
- `cost`: farm-gate price, K, the hog/grain ratio
- `stock`: sold share and its lag, days of supply, over-planting, tonnes to place
- `seasons`, `grid`: the same time in past years; windows along the days

Every function looks back only: what it gives for a day is the same to the last bit whether or not later days exist.
"""

from warning.indicators.anomaly import trend_anomaly
from warning.indicators.growth import growth_anomaly
from warning.indicators.price import price_ratio, reading, reference
from warning.indicators.volume import SaleType, revenue_anomaly, stall_share, volume_anomaly

__all__ = [
    "SaleType",
    "growth_anomaly",
    "price_ratio",
    "reading",
    "reference",
    "revenue_anomaly",
    "stall_share",
    "trend_anomaly",
    "volume_anomaly",
]
