"""Units that could take a surplus, by channel of the plan: all of them invented, and marked so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

KEEPS: Final = "citrus,梁平柚,vegetable_head,vegetable_root"
VEGETABLES: Final = "vegetable_leaf,vegetable_head,vegetable_root,vegetable_fruit"


@dataclass(frozen=True, slots=True)
class Buyer:
    """One unit: what it is, where it stands, how many it feeds and how much it can take a day."""

    name: str
    channel: int
    """Number of the absorption channel, 1 to 13."""
    kind: str
    township: str
    tonnes_per_day: float
    diners: int = 0
    storage_t: float = 0.0
    groups: str = ""
    """Product groups or names, separated by commas; empty: any."""


BUYERS: Final = (
    Buyer("模拟第一中学食堂", 1, "school", "梁山街道", 1.1, 4200, groups=f"{VEGETABLES},citrus,meat"),
    Buyer("模拟第二中学食堂", 1, "school", "双桂街道", 0.9, 3600, groups=f"{VEGETABLES},citrus,meat"),
    Buyer("模拟职业学校食堂", 1, "school", "双桂街道", 1.3, 5200, groups=f"{VEGETABLES},citrus,meat"),
    Buyer("模拟屏锦中心校食堂", 1, "school", "屏锦镇", 0.5, 2100, groups=f"{VEGETABLES},citrus"),
    Buyer("模拟袁驿中心校食堂", 1, "school", "袁驿镇", 0.4, 1600, groups=f"{VEGETABLES},citrus"),
    Buyer("模拟曲水中心校食堂", 1, "school", "曲水镇", 0.3, 1100, groups=VEGETABLES),
    Buyer("模拟安胜中心校食堂", 1, "school", "安胜镇", 0.3, 1000, groups=VEGETABLES),
    Buyer("模拟铁门中心校食堂", 1, "school", "铁门乡", 0.2, 700, groups=VEGETABLES),
    Buyer("模拟区机关食堂", 1, "office", "梁山街道", 0.5, 1900, groups=f"{VEGETABLES},citrus,meat,fish"),
    Buyer("模拟人民医院食堂", 1, "hospital", "双桂街道", 0.7, 2400, groups=f"{VEGETABLES},citrus,fish"),
    Buyer("模拟中医医院食堂", 1, "hospital", "梁山街道", 0.4, 1300, groups=f"{VEGETABLES},citrus,fish"),
    Buyer("模拟对口区机关采购点", 1, "office", "梁山街道", 2.0, 8000),
    Buyer("模拟预算采购预留专户", 2, "reserve", "梁山街道", 1.5),
    Buyer("模拟总工会福利采购", 2, "union", "梁山街道", 2.5, groups="citrus,梁平柚,grain"),
    Buyer("模拟电子厂食堂", 3, "factory", "双桂街道", 0.9, 3800),
    Buyer("模拟陶瓷厂食堂", 3, "factory", "屏锦镇", 0.4, 1500),
    Buyer("模拟果汁饮料公司", 3, "industry", "双桂街道", 12.0, groups="citrus,梁平柚,草莓"),
    Buyer("模拟城北冷库", 4, "cold_store", "梁山街道", 80.0, storage_t=3200, groups=KEEPS),
    Buyer("模拟礼让产地冷库", 4, "cold_store", "礼让镇", 30.0, storage_t=900, groups=KEEPS),
    Buyer("模拟云龙田头预冷库", 4, "cold_store", "云龙镇", 20.0, storage_t=400, groups="vegetable_head,莲藕"),
    Buyer("模拟曲水田头预冷库", 4, "cold_store", "曲水镇", 8.0, storage_t=60, groups="莲藕"),
    Buyer("模拟城南批发市场应急摊位", 4, "wholesale", "双桂街道", 15.0),
    Buyer("模拟万佳超市连锁", 5, "supermarket", "梁山街道", 9.0, groups=f"{VEGETABLES},citrus,fish,meat"),
    Buyer("模拟惠民生鲜超市", 5, "supermarket", "双桂街道", 5.0, groups=f"{VEGETABLES},citrus,草莓"),
    Buyer("模拟主城商超直采联盟", 5, "supermarket", "梁山街道", 25.0, groups=VEGETABLES),
    Buyer("模拟高速服务区展销点", 5, "service_area", "金带街道", 1.0, groups="梁平柚,citrus"),
    Buyer("模拟柚乡电商", 6, "e_commerce", "合兴街道", 14.0, groups="梁平柚,citrus"),
    Buyer("模拟直播助农团队", 6, "e_commerce", "梁山街道", 6.0, groups="梁平柚,citrus,莲藕,bamboo"),
    Buyer("模拟冷链车队", 7, "fleet", "双桂街道", 45.0),
    Buyer("模拟柚果出口备案包装厂", 8, "export", "屏锦镇", 18.0, groups="梁平柚,citrus"),
    Buyer("模拟公办养老院联合食堂", 9, "care_home", "梁山街道", 0.5, 1700, groups=f"{VEGETABLES},fish"),
    Buyer("模拟国企商业库存专户", 9, "stock", "梁山街道", 20.0, storage_t=600),
    Buyer("模拟应急保供车队", 10, "fleet", "梁山街道", 30.0),
    Buyer("模拟榨菜一厂", 11, "processor", "新盛镇", 160.0, storage_t=9000, groups="青菜头"),
    Buyer("模拟榨菜二厂", 11, "processor", "福禄镇", 110.0, storage_t=6000, groups="青菜头"),
    Buyer("模拟脱水蔬菜厂", 11, "processor", "聚奎镇", 40.0, groups="vegetable_head,vegetable_root"),
    Buyer("模拟笋制品厂", 11, "processor", "竹山镇", 18.0, storage_t=300, groups="bamboo"),
    Buyer("模拟柚皮柚茶厂", 11, "processor", "合兴街道", 22.0, groups="梁平柚"),
    Buyer("模拟肉联厂冻库", 11, "processor", "双桂街道", 35.0, storage_t=1500, groups="meat"),
    Buyer("模拟帮扶产品专馆", 12, "counter", "梁山街道", 0.8, groups="梁平柚,citrus,grain,bamboo"),
    Buyer("模拟帮扶产品专柜", 12, "counter", "屏锦镇", 0.3, groups="梁平柚,citrus,grain"),
    Buyer("模拟龙滩采摘园", 13, "picking", "合兴街道", 1.5, groups="梁平柚,citrus"),
    Buyer("模拟草莓采摘园", 13, "picking", "金带街道", 0.6, groups="草莓"),
)  # fmt: skip


def buyers() -> pd.DataFrame:
    """The invented units, one row each, with `simulated` true in every row.

    Columns: name, channel, kind, township, tonnes_per_day, diners, storage_t, groups, closed_in_holidays, simulated.
    """
    return pd.DataFrame(
        {
            "name": [buyer.name for buyer in BUYERS],
            "channel": [buyer.channel for buyer in BUYERS],
            "kind": [buyer.kind for buyer in BUYERS],
            "township": [buyer.township for buyer in BUYERS],
            "tonnes_per_day": [buyer.tonnes_per_day for buyer in BUYERS],
            "diners": [buyer.diners for buyer in BUYERS],
            "storage_t": [buyer.storage_t for buyer in BUYERS],
            "groups": [buyer.groups for buyer in BUYERS],
            "closed_in_holidays": [buyer.kind == "school" for buyer in BUYERS],
            "simulated": True,
        }
    )
