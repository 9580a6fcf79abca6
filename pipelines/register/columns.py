"""The sheets of the register's workbook and their columns."""

from __future__ import annotations

from typing import Final

from pipelines.feeds.township_columns import Column, Holds

UNITS, PLACES, QUOTAS, TAKEN = "单位", "乡镇", "配额", "消纳"
HELP: Final = "说明"
SEPARATOR: Final = "、"
GROUPS: Final = {
    "vegetable_leaf": "叶菜类", "vegetable_head": "结球花菜类", "vegetable_root": "根茎类",
    "vegetable_fruit": "茄果瓜豆类", "mushroom": "食用菌类", "citrus": "柑橘类", "fruit": "水果类",
    "bamboo": "竹笋类", "grain": "粮食类", "pulse": "豆制品类", "oil": "油料类", "meat": "畜禽类", "egg": "蛋类",
    "fish": "水产类", "spice": "调味料类", "feed": "饲料类", "flower": "花卉类", "other": "其他类",
}  # fmt: skip
"""Product groups as they are written in the workbook."""

COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    UNITS: (
        Column("id", "编号", "", Holds.TEXT, "本区自定，一经使用不再改变；相同编号的行更新该单位。", 12, needed=True),
        Column("name", "名称", "", Holds.TEXT, "单位全称。", 26, needed=True),
        Column("channel", "渠道", "", Holds.TEXT, "方案的 13 个渠道之一，从下拉名单中选择。", 30, needed=True),
        Column("kind", "类别", "", Holds.TEXT, "从下拉名单中选择。", 14, needed=True),
        Column("township_id", "乡镇", "", Holds.TEXT, "单位所在乡镇；没有坐标时按乡镇位置估算运距。", 12),
        Column("latitude", "纬度", "度", Holds.AMOUNT, "与经度同时填写。", 10),
        Column("longitude", "经度", "度", Holds.AMOUNT, "与纬度同时填写。", 10),
        Column("tonnes_per_day", "日消纳", "吨/天", Holds.AMOUNT, "营业日可接收的吨数；冷库填预冷能力。"),
        Column("diners", "就餐人数", "人", Holds.AMOUNT, "食堂填写；日消纳留空时按人数和每人每天克数计算。"),
        Column("grams_per_diner", "每人每天", "克", Holds.AMOUNT, "留空按类别的常用值。"),
        Column("closed_in_holidays", "寒暑假停供", "是/否", Holds.CHOICE, "学校一般为是。", 13),
        Column("closed_weekends", "周末停供", "是/否", Holds.CHOICE, "周六、周日不收货的填是。", 13),
        Column("lead_days", "提前期", "天", Holds.AMOUNT, "从决定到首次供货的天数；留空按渠道的最早天数。"),
        Column("minimum_lot_t", "最小批量", "吨", Holds.AMOUNT, "一天收货不少于这么多；没有要求的留空。"),
        Column("price_per_kg", "收购价", "元/公斤", Holds.AMOUNT, "留空按当日批发价和类别的常用比例。", 14),
        Column("accepts", "接收品种", "", Holds.TEXT, "品种或类，用、隔开；留空表示渠道适合的都收。", 28),
        Column("prefers", "优先品种", "", Holds.TEXT, "特别希望要的品种或类，用、隔开。", 20),
        Column("storage_t", "库容或总量", "吨", Holds.AMOUNT, "冷库填剩余库容；其余填总共能收的吨数，不限的留空。", 14),
        Column("storage_days", "可存天数", "天", Holds.AMOUNT, "冷库可保存的天数。"),
        Column("loss_rate", "损耗率", "0—100%", Holds.SHARE, "途中和处理中损失的比例；留空按类别的常用值。"),
        Column("contact", "联系人", "", Holds.TEXT, "姓名和办公电话。", 20),
        Column("note", "备注", "", Holds.TEXT, "门店数、每日件数、备案果园等。", 30),
        Column("simulated", "模拟", "是/否", Holds.CHOICE, "演示数据填是。", 12),
    ),
    PLACES: (
        Column("township_id", "乡镇", "", Holds.TEXT, "乡镇名称。", 14, needed=True),
        Column("latitude", "纬度", "度", Holds.AMOUNT, "乡镇驻地，如 30.6700。"),
        Column("longitude", "经度", "度", Holds.AMOUNT, "乡镇驻地，如 107.8000。"),
        Column("key", "重点帮扶", "是/否", Holds.CHOICE, "重点帮扶镇填是，优先安排。"),
    ),
    QUOTAS: (
        Column("unit_id", "单位编号", "", Holds.TEXT, "“单位”表中的编号。", 12, needed=True),
        Column("year", "年度", "", Holds.AMOUNT, "如 2026。", needed=True),
        Column("tonnes", "预留", "吨", Holds.AMOUNT, "全年预留采购的吨数；按金额计的留空。"),
        Column("cny", "预留", "元", Holds.AMOUNT, "全年预留采购的金额；按吨数计的留空。", 16),
    ),
    TAKEN: (
        Column("unit_id", "单位编号", "", Holds.TEXT, "“单位”表中的编号。", 12, needed=True),
        Column("product_id", "品种", "", Holds.TEXT, "品种名称。", 14, needed=True),
        Column("township_id", "乡镇", "", Holds.TEXT, "产自哪个乡镇；不清楚的留空。", 14),
        Column("lot", "批次", "", Holds.TEXT, "与乡镇填报的批次一致；只有一批的留空。"),
        Column("day", "日期", "", Holds.DAY, "收货日期，如 2026-11-20。", 13, needed=True),
        Column("tonnes", "实收", "吨", Holds.AMOUNT, "更正时重填同一行；撤销填 0。", needed=True),
        Column("price_per_kg", "成交价", "元/公斤", Holds.AMOUNT, "留空按单位的收购价。", 14),
        Column("alert_id", "预警编号", "", Holds.TEXT, "因哪条预警而收。", 16),
        Column("plan_id", "方案编号", "", Holds.TEXT, "按哪个方案而收。", 26),
        Column("note", "备注", "", Holds.TEXT, "", 24),
    ),
}  # fmt: skip
"""Columns in their order, by sheet. `title` tells columns of one heading apart by their unit."""
STEPS: Final = (
    "一、带 * 的必填；不清楚的留空，不要填 0。重量以吨计，价格以元/公斤计。",
    "二、导入时：编号已有的单位更新，没有的新增，表中没有的单位保持不变；历次版本都保留。",
    "三、“配额”是全年预留采购（832 平台、工会），由“消纳”逐笔扣减，不得超支；改小不得低于已用。",
    "四、“消纳”填实际收货：单位、品种、乡镇、批次、日期都相同的行，以后填的为准，先填的仍保留备查。",
    "五、任何一行有误则整册不导入，错误逐行列出；改正后重新导入即可。",
    "六、请勿合并单元格，勿填公式；工作表可以删去不用的，表头不要改动。",
)
