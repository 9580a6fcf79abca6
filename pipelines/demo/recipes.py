"""What the simulated district trades and where: one line a product, one line a market, all numbers invented.

Names are written as the sources write them, in Chinese; the ingest matches them to the catalog.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipelines.demo.almanac import Pull
from warning.catalog import PriceKind

MonthDay = tuple[int, int]

SPRING_VEGETABLE: Final = Pull("春节", 0.16, 0.30, price_after=-0.04, volume_after=-0.55)
SPRING_MEAT: Final = Pull("春节", 0.08, 0.45, before_days=25, price_after=-0.03, volume_after=-0.50)
SPRING_GIFT: Final = Pull("春节", 0.12, 0.60, before_days=25, price_after=-0.08, volume_after=-0.60)
MOON_GIFT: Final = Pull("中秋", 0.10, 0.35, before_days=14)
DRAGON_BOAT: Final = Pull("端午", 0.03, 0.12, before_days=7, after_days=4)
NATIONAL: Final = Pull("国庆", 0.03, 0.15, before_days=7, after_days=6, volume_after=-0.08)
DAILY: Final = (SPRING_VEGETABLE, DRAGON_BOAT, NATIONAL)
MEAT: Final = (SPRING_MEAT, DRAGON_BOAT, Pull("中秋", 0.02, 0.12, before_days=7), NATIONAL)
FRUIT: Final = (SPRING_GIFT, MOON_GIFT)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one product's price and volume behave in an ordinary year."""

    name: str
    price: float
    """CNY per kg in the middle of the year, at the start of the world."""
    tonnes: float
    """Tonnes a day at a market of size 1 in the middle of its season."""
    swing: float
    """Log amplitude of the yearly price season."""
    cheap_on: MonthDay
    """The day of the year with the most produce and the lowest price."""
    bulk: float = 0.3
    """Log amplitude of the yearly volume season."""
    season: tuple[MonthDay, MonthDay] | None = None
    """On the market only from this day to that; None: all the year."""
    shock: float = 0.15
    """Standard deviation of the log price's slow district-wide shocks."""
    pulls: tuple[Pull, ...] = DAILY
    elasticity: float = 0.5
    """Log volume gained when a shock lowers the log price by one."""
    kind: PriceKind = PriceKind.WHOLESALE
    since_months: int | None = None
    """Months of history before the last day, for a product newly collected."""
    markets: tuple[str, ...] = ()
    """Where it is traded; empty: everywhere."""


@dataclass(frozen=True, slots=True)
class MarketRecipe:
    """A market's size, price basis and rest day."""

    name: str
    region: str
    size: float
    basis: float = 0.0
    """Log price against the district's mean."""
    rests_on_sunday: bool = False
    silent_days: int = 0
    """Days before the last one since which its feed has brought nothing."""


LIANGPING: Final = "梁平农产品市场"
SHUANGFU: Final = "重庆双福国际农贸城"
WANZHOU: Final = "万州农产品市场"
DIANJIANG: Final = "垫江农产品市场"
DAZHOU: Final = "达州农产品市场"
KAIZHOU: Final = "开州农产品市场"
ZHONGXIAN: Final = "忠县农产品市场"

MARKETS: Final = (
    MarketRecipe(LIANGPING, "重庆", 1.0, -0.06),
    MarketRecipe(SHUANGFU, "重庆", 9.0, 0.04),
    MarketRecipe(WANZHOU, "重庆", 2.6, 0.01),
    MarketRecipe(DIANJIANG, "重庆", 0.9, -0.04, rests_on_sunday=True),
    MarketRecipe(DAZHOU, "四川", 2.2, 0.0),
    MarketRecipe(KAIZHOU, "重庆", 1.2, 0.03, silent_days=21),
    MarketRecipe(ZHONGXIAN, "重庆", 0.8, -0.02, rests_on_sunday=True),
)

_PIGS: Final = (LIANGPING, WANZHOU, DIANJIANG)

PRODUCTS: Final = (
    Recipe("梁平柚", 3.4, 16, 0.16, (11, 5), 0.5, ((9, 10), (3, 5)), 0.12, FRUIT),
    Recipe("柑橘", 3.8, 14, 0.20, (12, 10), 0.5, ((10, 10), (4, 30)), 0.12, FRUIT),
    Recipe("脐橙", 4.6, 12, 0.15, (1, 10), 0.4, ((11, 10), (4, 25)), 0.12, FRUIT),
    Recipe("血橙", 5.2, 6, 0.15, (3, 5), 0.4, ((1, 15), (5, 5)), 0.12, FRUIT),
    Recipe("青菜头", 1.3, 20, 0.25, (2, 15), 0.5, ((11, 20), (4, 5)), 0.13),
    Recipe("莲花白", 1.9, 18, 0.22, (12, 20), 0.2),
    Recipe("萝卜", 1.7, 15, 0.22, (12, 25), 0.25),
    Recipe("大白菜", 1.6, 17, 0.25, (12, 5), 0.25, shock=0.17),
    Recipe("土豆", 2.8, 22, 0.15, (6, 5), 0.2, shock=0.14),
    Recipe("番茄", 4.6, 14, 0.30, (7, 5), 0.25, shock=0.16),
    Recipe("黄瓜", 4.0, 12, 0.32, (6, 20), 0.25, shock=0.16),
    Recipe("莲藕", 6.4, 8, 0.20, (10, 20), 0.3, shock=0.10),
    Recipe("竹笋", 7.5, 5, 0.22, (3, 25), 0.4, ((2, 10), (5, 25)), 0.12),
    Recipe("草莓", 22.0, 3, 0.30, (3, 20), 0.4, ((11, 25), (5, 5)), 0.12, FRUIT),
    Recipe("羊肚菌", 96.0, 0.4, 0.10, (3, 1), 0.2, shock=0.10, since_months=14, markets=(LIANGPING, SHUANGFU, WANZHOU)),
    Recipe("生猪", 18.4, 60, 0.05, (5, 1), 0.08, None, 0.035, MEAT, 0.3, PriceKind.FARM_GATE, markets=_PIGS),
    Recipe("玉米", 2.56, 40, 0.03, (10, 20), 0.1, None, 0.02, (), 0.3, markets=_PIGS),
    Recipe("猪肉", 25.0, 24, 0.05, (5, 1), 0.08, None, 0.04, MEAT, 0.4),
    Recipe("大米", 5.2, 30, 0.02, (10, 1), 0.05, None, 0.015, (SPRING_MEAT,), 0.3),
    Recipe("草鱼", 14.6, 9, 0.06, (12, 1), 0.1, None, 0.04, MEAT, 0.4),
    Recipe("鲫鱼", 18.2, 5, 0.06, (12, 1), 0.1, None, 0.04, MEAT, 0.4),
    Recipe("鸡蛋", 9.4, 10, 0.07, (4, 10), 0.05, None, 0.05, MEAT, 0.4),
)
