"""Which townships grow what, when each lot is harvested, and what it costs: all numbers invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipelines.demo.recipes import MonthDay


@dataclass(frozen=True, slots=True)
class Lot:
    """One planting of a product in a year: its harvest window and its share of the year's output."""

    name: str
    first: MonthDay
    last: MonthDay
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Costs:
    """CNY per kg: growing it, then collecting, packing, loading, freight and market fee up to the wholesale market."""

    growing: float
    collect: float
    pack: float
    load: float
    freight: float
    fee: float

    @property
    def to_market(self) -> float:
        """Everything between the farm gate and the wholesale price."""
        return self.collect + self.pack + self.load + self.freight + self.fee


@dataclass(frozen=True, slots=True)
class Growing:
    """A product's townships with their yearly marketable tonnes, its lots and costs."""

    product: str
    tonnes: dict[str, float]
    lots: tuple[Lot, ...]
    costs: Costs
    shelf_life_days: float
    tonnes_per_mu: float
    stored_share: float = 0.0
    """Share of the output that is usually put into store."""
    seedlings_per_mu: float | None = None
    outlet: str = "批发商收购"


GROWING: Final = (
    Growing("梁平柚",
            {"合兴街道": 5200, "梁山街道": 3100, "屏锦镇": 2600, "礼让镇": 2400, "云龙镇": 1900, "荫平镇": 1500},
            (Lot("当年柚", (10, 1), (12, 15)),), Costs(0.90, 0.10, 0.22, 0.06, 0.24, 0.08), 90, 1.6, 0.12,
            outlet="批发商收购、电商"),
    Growing("柑橘", {"星桥镇": 1800, "回龙镇": 1500, "虎城镇": 1300, "蟠龙镇": 900},
            (Lot("当年柑橘", (11, 5), (1, 25)),), Costs(1.10, 0.12, 0.20, 0.06, 0.26, 0.08), 40, 1.5, 0.08),
    Growing("脐橙", {"回龙镇": 1400, "碧山镇": 1100, "石安镇": 800},
            (Lot("当年脐橙", (11, 25), (2, 20)),), Costs(1.30, 0.12, 0.24, 0.06, 0.30, 0.10), 50, 1.5, 0.08),
    Growing("血橙", {"石安镇": 700, "柏家镇": 600},
            (Lot("当年血橙", (2, 1), (4, 5)),), Costs(1.40, 0.14, 0.26, 0.06, 0.30, 0.10), 40, 1.3, 0.05),
    Growing("青菜头", {"新盛镇": 4200, "福禄镇": 3600, "明达镇": 2900, "袁驿镇": 2500, "仁贤街道": 1800},
            (Lot("当年青菜头", (1, 5), (3, 15)),), Costs(0.34, 0.05, 0.02, 0.03, 0.07, 0.02), 12, 2.4, 0.0, 6000,
            outlet="榨菜企业订单"),
    Growing("莲花白", {"礼让镇": 3000, "云龙镇": 2400, "屏锦镇": 2100, "聚奎镇": 1700, "和林镇": 1300},
            (Lot("春甘蓝", (3, 25), (7, 5), 0.30), Lot("夏秋甘蓝", (6, 20), (10, 25), 0.25),
             Lot("冬甘蓝", (10, 10), (4, 10), 0.45)),
            Costs(0.52, 0.08, 0.10, 0.04, 0.16, 0.06), 20, 3.0, 0.05, 3200),
    Growing("莲藕", {"曲水镇": 900, "安胜镇": 800, "铁门乡": 500, "大观镇": 900, "龙门镇": 700, "文化镇": 600},
            (Lot("早藕", (6, 5), (9, 20), 0.35), Lot("晚藕", (9, 10), (5, 25), 0.65)),
            Costs(2.10, 0.20, 0.20, 0.08, 0.30, 0.12), 20, 1.8, 0.0),
    Growing("竹笋", {"竹山镇": 700, "蟠龙镇": 500, "柏家镇": 450, "龙胜乡": 300},
            (Lot("春笋", (2, 20), (5, 10)),), Costs(2.40, 0.30, 0.25, 0.08, 0.35, 0.12), 5, 0.6, 0.0,
            outlet="加工企业、批发商收购"),
    Growing("草莓", {"金带街道": 260, "双桂街道": 220, "仁贤街道": 160},
            (Lot("大棚草莓", (12, 5), (4, 25)),), Costs(4.4, 0.6, 1.2, 0.2, 0.8, 0.3), 3, 1.2, 0.0, 7000,
            outlet="采摘、商超"),
    Growing("草鱼", {"七星镇": 620, "复平镇": 540, "大观镇": 480, "紫照镇": 300},
            (Lot("上半年", (1, 1), (6, 20)), Lot("下半年", (6, 25), (12, 20))),
            Costs(6.4, 0.25, 0.10, 0.10, 0.55, 0.15), 6, 0.8, 0.0),
)  # fmt: skip
