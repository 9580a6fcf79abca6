"""The four colours in words, and what else is said in a fixed vocabulary."""

from __future__ import annotations

from typing import Literal

LevelWord = Literal["unknown", "none", "blue", "yellow", "orange", "red"]
WORDS: dict[int, LevelWord] = {-1: "unknown", 0: "none", 1: "blue", 2: "yellow", 3: "orange", 4: "red"}
NUMBERS = {word: number for number, word in WORDS.items()}
LEVEL_ZH = {
    "unknown": "未知",
    "none": "无预警",
    "blue": "Ⅳ级 蓝色",
    "yellow": "Ⅲ级 黄色",
    "orange": "Ⅱ级 橙色",
    "red": "Ⅰ级 红色",
}
TYPE_ZH = {"glut": "供过于求", "stalled": "走货不畅", "ordinary": "一般", "": ""}
Status = Literal["open", "acknowledged", "assigned", "resolved", "closed"]
STATUS_ZH = {
    "open": "待确认",
    "acknowledged": "已确认",
    "assigned": "已分派",
    "resolved": "已处置",
    "closed": "已结束",
}
DATA_STATE_ZH = {"ok": "正常", "stale": "数据陈旧", "short": "历史不足", "off_market": "不在市"}
TIER_ZH = {
    "T1": "仅价格、交易量",
    "T2": "含成本",
    "T3": "含库存与销售报告",
}


def level_word(number: int) -> LevelWord:
    """The word of a level number, -1 to 4."""
    return WORDS[number]
