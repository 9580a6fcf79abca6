"""What goes wrong in the simulated district: one table, so that a reader can check every alert against its cause."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipelines.demo.recipes import SHUANGFU, WANZHOU, MonthDay


@dataclass(frozen=True, slots=True)
class Yearly:
    """The `nth` latest time (1 is the latest) that the span from `first` to `last` was over by the last day."""

    nth: int
    first: MonthDay
    last: MonthDay

    def dates(self, last_day: dt.date) -> tuple[dt.date, dt.date]:
        """First and last day; a span whose end lies earlier in the year than its start ends in the next year."""
        year = last_day.year if dt.date(last_day.year, *self.last) <= last_day else last_day.year - 1
        year -= self.nth - 1
        return dt.date(year - (self.last < self.first), *self.first), dt.date(year, *self.last)


@dataclass(frozen=True, slots=True)
class Running:
    """A span that is under way on the last day, `before` days after it began, and would last `after` more."""

    before: int
    after: int

    def dates(self, last_day: dt.date) -> tuple[dt.date, dt.date]:
        """First and last day; the last lies in the future."""
        return last_day - dt.timedelta(self.before), last_day + dt.timedelta(self.after)


@dataclass(frozen=True, slots=True)
class Plan:
    """One planned event, before the last day is known. Factors are of what would be usual."""

    id: str
    product: str
    when: Yearly | Running
    kind: str
    """glut, stall, blocked, overplanting, hog_ratio, near_miss."""
    level: str
    """The level it is meant to reach: none, blue, yellow, orange or red."""
    price: float
    volume: float
    cause_zh: str
    cause_en: str
    markets: tuple[str, ...] = ()
    """Where trade feels it; empty: at all markets."""
    townships: tuple[str, ...] = ()
    """Where growers feel it; empty: in all townships that grow it."""
    ramp_days: int = 14
    sales: float = 1.0
    """Factor on what the townships sell a day."""
    area: float = 1.0
    """Planted area by the normal area."""
    no_bids: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """A planned event with its days."""

    plan: Plan
    first: dt.date
    last: dt.date

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


EVENTS: Final = (
    Plan("cabbage-red", "莲花白", Running(52, 30), "glut", "red", 0.44, 1.50,
         "面积扩大，天气偏暖集中上市，外地菜同期到货，客商压价",
         "more area, all ripe at once, while other regions ship too",
         ramp_days=21, sales=0.45, no_bids=True),
    Plan("radish-orange", "萝卜", Running(45, 20), "glut", "orange", 0.63, 1.10,
         "外省冬储萝卜低价到货", "cheap stored radish arrives from other provinces"),
    Plan("chinese-cabbage-yellow", "大白菜", Running(40, 20), "glut", "yellow", 0.76, 1.20,
         "上市提前，批发走货放缓", "harvest came early and trade slowed"),
    Plan("potato-blue", "土豆", Running(36, 25), "glut", "blue", 0.86, 1.04,
         "库存薯出库，价格小幅回落", "stores are being emptied and prices slip"),
    Plan("lotus-blocked", "莲藕", Running(16, 4), "blocked", "orange", 1.0, 0.92,
         "山体滑坡，三个乡镇出山公路中断，采挖藕运不出去", "a landslide cut the road out of three townships",
         townships=("曲水镇", "安胜镇", "铁门乡"), ramp_days=1, sales=0.12, no_bids=True),
    Plan("pomelo-red", "梁平柚", Yearly(2, (10, 10), (12, 20)), "glut", "red", 0.45, 1.45,
         "大年丰产，外地蜜柚低价抢市，电商订单减少", "a heavy-crop year, cheap pomelo elsewhere, fewer orders",
         sales=0.6, no_bids=True),
    Plan("blood-orange-red", "血橙", Yearly(1, (2, 25), (4, 20)), "glut", "red", 0.42, 1.30,
         "新果园集中投产，收购商未到，留树果过熟", "young orchards came into bearing, buyers stayed away",
         sales=0.5, no_bids=True),
    Plan("navel-stall", "脐橙", Yearly(2, (12, 1), (1, 10)), "stall", "orange", 1.0, 0.25,
         "冰雪封路，外地客商不到，价格未动而出货骤减",
         "ice on the roads kept buyers away: trade fell, the quoted price did not",
         ramp_days=2, sales=0.25),
    Plan("mustard-overplanting", "青菜头", Yearly(1, (2, 1), (3, 20)), "overplanting", "yellow", 0.75, 1.28,
         "上年价好，订单外种植增加近两成，加工厂收购限量", "a fifth more area than the factories had ordered",
         sales=0.93, area=1.19),
    Plan("hog-ratio-red", "生猪", Yearly(2, (2, 20), (7, 10)), "hog_ratio", "red", 0.67, 1.08,
         "能繁母猪存栏过高，猪粮比价跌破5:1", "too many sows: the hog to grain ratio fell below 5", ramp_days=35),
    Plan("pork-with-hogs", "猪肉", Yearly(2, (2, 20), (7, 10)), "glut", "yellow", 0.78, 1.06,
         "生猪供应过剩传导", "follows the glut of hogs", ramp_days=35),
    Plan("potato-orange", "土豆", Yearly(2, (5, 10), (7, 15)), "glut", "orange", 0.66, 1.40,
         "春薯丰产，与外地新薯同期上市", "a large spring crop met new potatoes from elsewhere"),
    Plan("tomato-orange", "番茄", Yearly(1, (6, 10), (8, 5)), "glut", "orange", 0.62, 1.35,
         "高山番茄与平坝番茄同期上市", "hill and valley tomatoes came at the same time"),
    Plan("cucumber-wanzhou", "黄瓜", Yearly(1, (5, 20), (7, 5)), "glut", "orange", 0.60, 1.30,
         "万州市场短时到货过多", "too much arrived at one market", markets=(WANZHOU,)),
    Plan("carp-blue", "鲫鱼", Yearly(1, (8, 10), (10, 15)), "glut", "blue", 0.86, 1.12,
         "高温提前出塘", "heat made the growers empty their ponds early"),
    Plan("bamboo-yellow", "竹笋", Yearly(1, (3, 15), (5, 5)), "glut", "yellow", 0.76, 1.25,
         "春雨充足，出笋集中", "good rain brought all the shoots at once", sales=0.94),
    Plan("citrus-blue", "柑橘", Yearly(2, (12, 10), (2, 10)), "glut", "blue", 0.86, 1.15,
         "产量略增，销区消费平淡", "a somewhat larger crop and a dull market", sales=0.95),
    Plan("strawberry-cheap-but-selling", "草莓", Yearly(1, (2, 25), (4, 10)), "near_miss", "yellow", 0.66, 1.45,
         "降价但走货快、仍有盈利：不应判为滞销", "a third cheaper, yet sold out daily and still profitable", sales=1.0),
    Plan("cabbage-eight-percent", "莲花白", Yearly(2, (4, 5), (5, 25)), "near_miss", "none", 0.93, 1.06,
         "正常季节回落，略大于常年", "the usual seasonal fall, a little deeper"),
    Plan("tomato-rumour", "番茄", Yearly(1, (3, 10), (3, 15)), "near_miss", "none", 0.62, 0.90,
         "网络谣言，六天后恢复", "a rumour that lasted six days", ramp_days=1),
    Plan("lotus-storm", "莲藕", Yearly(2, (9, 3), (9, 7)), "near_miss", "none", 1.0, 0.40,
         "暴雨停市五天，未满七个交易日", "five days of storm, short of the seven that make a stall", ramp_days=1),
    Plan("radish-shuangfu", "萝卜", Yearly(2, (1, 5), (1, 28)), "near_miss", "none", 0.80, 1.15,
         "仅双福一地短期到货多", "a short surplus at one market only", markets=(SHUANGFU,), ramp_days=7),
)  # fmt: skip
"""Every planned event of the last three years and of the last day."""


def planned(last_day: dt.date) -> tuple[Event, ...]:
    """The events with their days, for a world that ends on `last_day`."""
    return tuple(Event(plan, *plan.when.dates(last_day)) for plan in EVENTS)


def event_table(events: tuple[Event, ...]) -> pd.DataFrame:
    """One row an event: id, product, places, first, last, kind, level, price, volume, cause_zh, cause_en."""
    return pd.DataFrame(
        {
            "id": [event.plan.id for event in events],
            "product": [event.plan.product for event in events],
            "places": ["、".join(event.plan.markets + event.plan.townships) or "全区" for event in events],
            "first": [event.first for event in events],
            "last": [event.last for event in events],
            "kind": [event.plan.kind for event in events],
            "level": [event.plan.level for event in events],
            "price": [event.plan.price for event in events],
            "volume": [event.plan.volume for event in events],
            "cause_zh": [event.plan.cause_zh for event in events],
            "cause_en": [event.plan.cause_en for event in events],
        }
    )
