"""The columns of the township report: what each is called in the workbook, and what it may hold."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

SHEET: Final = "填报"
LISTS: Final = "名单"
"""Hidden: what the drop-downs offer."""
HELP: Final = "填报说明"
TITLE: Final = "乡镇农产品产销情况填报表"
PRICE_UNIT: Final = "价格单位"
"""Its value stands in the cell to the right."""
PRICE_UNITS: Final = {"元/公斤": 1.0, "元/斤": 0.5}
"""Kilograms in the unit that the prices and fees are for; the first is offered (1 斤 = 0.5 kg)."""
YES_NO: Final = ("有", "无")
BLOCKED: Final = ("是", "否")
TRUE: Final = frozenset({"有", "是", "yes", "true", "1"})
FALSE: Final = frozenset({"无", "否", "没有", "no", "false", "0"})


class Holds(enum.Enum):
    """What a column's cells may be."""

    TEXT = "text"
    DAY = "day"
    AMOUNT = "amount"
    """A number of zero or more."""
    PRICE = "price"
    """An amount in the price unit of the head."""
    SHARE = "share"
    """0 to 1, or 0 % to 100 %."""
    CHOICE = "choice"
    """有 or 无, 是 or 否."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the name in `Batch.reports`, the heading without its unit, the unit, and a word of help."""

    name: str
    heading: str
    unit: str
    holds: Holds
    help: str
    width: int = 12
    needed: bool = False

    @property
    def title(self) -> str:
        """The heading as it stands in the workbook: 库存（吨）, 乡镇*."""
        return self.heading + (f"（{self.unit}）" if self.unit else "") + ("*" if self.needed else "")


_COST: Final = "元，按表头单位"
COLUMNS: Final = (
    Column("township", "乡镇", "", Holds.TEXT, "从下拉名单中选择。", 14, needed=True),
    Column("product", "品种", "", Holds.TEXT, "从下拉名单中选择。", 14, needed=True),
    Column("lot", "批次", "", Holds.TEXT, "同一品种分批填报时写批次名，如“早熟”“冷库”；只有一批可不填。"),
    Column("day", "填报日期", "", Holds.DAY, "情况截至哪一天，如 2026-11-20；不得晚于当天。", 13, needed=True),
    Column("planted_area_mu", "种植面积", "亩", Holds.AMOUNT, "本季实际种植面积。"),
    Column("normal_area_mu", "常年面积", "亩", Holds.AMOUNT, "近三年同季平均种植面积。"),
    Column("seedlings", "育苗数", "株", Holds.AMOUNT, "本季已育或已订的苗数。"),
    Column("expected_harvest_t", "预计采收量", "吨", Holds.AMOUNT, "尚未采收、预计还可采收的数量。"),
    Column("harvest_from", "采收开始", "日期", Holds.DAY, "预计开始采收的日期。", 13),
    Column("harvest_to", "采收结束", "日期", Holds.DAY, "预计采收完的日期，不得早于开始。", 13),
    Column("stock_t", "库存", "吨", Holds.AMOUNT, "已采收未售出的数量，含冷库。"),
    Column("sold_t", "本季已售", "吨", Holds.AMOUNT, "本季开始以来累计售出。"),
    Column("marketable_t", "本季商品量", "吨", Holds.AMOUNT, "本季全部可售数量，已售和未售合计。"),
    Column("normal_sold_share", "常年同期已售比例", "0—100%", Holds.SHARE, "往年到这一天一般已售出几成。", 16),
    Column("daily_outflow_t", "日均外销", "吨/天", Holds.AMOUNT, "近两周平均每天运出或售出。"),
    Column("planned_storage_t", "计划入库", "吨", Holds.AMOUNT, "计划贮藏、暂不出售的数量。"),
    Column("farm_gate_price_per_kg", "地头价", _COST, Holds.PRICE, "收购商在地头付的价格。", 18),
    Column("bids_received", "有无收购报价", "有/无", Holds.CHOICE, "近七天有没有客商来问价、报价。", 15),
    Column("production_cost_per_kg", "生产成本", _COST, Holds.PRICE, "种苗、肥药、人工、地租等，摊到单位产量。", 18),
    Column("collect_fee_per_kg", "采收费", _COST, Holds.PRICE, "采摘、收购的人工等费用。", 18),
    Column("pack_fee_per_kg", "包装费", _COST, Holds.PRICE, "包装材料和人工。", 18),
    Column("load_fee_per_kg", "装车费", _COST, Holds.PRICE, "装卸费用。", 18),
    Column("freight_per_kg", "运费", _COST, Holds.PRICE, "运到主要销售市场的运费。", 18),
    Column("market_fee_per_kg", "市场费用", _COST, Holds.PRICE, "进场、交易、代卖等费用。", 18),
    Column("shelf_life_days", "剩余货架期", "天", Holds.AMOUNT, "这一批在现有条件下还能放几天。"),
    Column("season_end", "季末", "日期", Holds.DAY, "本季销售大致结束的日期。", 13),
    Column("outlet", "主要销路", "", Holds.TEXT, "主要销往的市场；名单之外也可填写。", 16),
    Column("road_blocked", "道路是否中断", "是/否", Holds.CHOICE, "外运道路是否因灾、因疫中断。", 15),
    Column("note", "备注", "", Holds.TEXT, "其他需要说明的情况。", 24),
    Column("reported_by", "填报人", "", Holds.TEXT, "姓名或科室。"),
)
BY_HEADING: Final = {column.heading: column for column in COLUMNS}
FRAME: Final = {column.name: column for column in COLUMNS}
PREFILLED: Final = frozenset({"township", "product", "lot", "day", "reported_by"})
"""A row in which nothing but these is filled in says nothing yet."""
