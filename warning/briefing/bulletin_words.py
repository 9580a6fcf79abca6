"""What a bulletin says in sentences; every form has the same words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from warning.absorption.task_words import tonnes_text
from warning.absorption.tasks import DepartmentTask, products_of
from warning.briefing.bulletin import LEVELS, Bulletin, Kind, ProductLine
from warning.levels import Level

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
SIMULATED: Final = "模拟数据，仅供演示，不作正式文件"
TYPES: Final = {"glut": "供过于求", "stalled": "走货不畅", "ordinary": "一般"}
EVENTS: Final = {"raised": "新发", "escalated": "升级", "eased": "降级", "ended": "解除", "reopened": "重新发出",
                 "resolved": "处置"}  # fmt: skip
XUN: Final = {1: "上旬", 11: "中旬", 21: "下旬"}
PRODUCT_HEADS: Final = ("等级", "品种", "地点", "待消纳 吨", "起始", "成因")
TASK_HEADS: Final = ("牵头单位", "渠道", "条款", "吨", "产品", "期限")
TARGET_HEADS: Final = ("年度指导性计划", "目标 吨", "已消纳 吨", "进度", "时序进度")
RESERVE_HEADS: Final = ("单位", "年度额度", "已用", "进度")
DAY_HEADS: Final = ("日期", *(f"{level.name_zh}色" for level in LEVELS))


def title(bulletin: Bulletin) -> str:
    """The title on one line."""
    last = bulletin.last
    if bulletin.kind == Kind.XUN:
        return f"农产品滞销监测旬报（{last.year}年{last.month}月{XUN[bulletin.first.day]}）"
    if bulletin.kind == Kind.ALERT and bulletin.products:
        one = bulletin.products[0]
        return f"{one.place}{one.product}滞销预警专报"
    return f"农产品滞销监测日报（{chinese(last)}）"


def chinese(day: dt.date) -> str:
    """A day as documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def as_known(bulletin: Bulletin) -> str:
    """As of when the numbers are."""
    known = bulletin.known_at.astimezone(SHANGHAI)
    return f"业务日期{chinese(bulletin.last)}，所知截至{known:%Y-%m-%d %H:%M}（北京时间），以当时入库数据为准。"


def overview(bulletin: Bulletin) -> str:
    """Counts by level, and the change against the day before."""
    parts = "、".join(f"{level.name_zh}色{bulletin.counts.get(level, 0)}个" for level in LEVELS)
    unknown = bulletin.counts.get(Level.UNKNOWN, 0)
    said = f"研判对象（品种×地点）中，{parts}；无法研判{unknown}个，数据陈旧{bulletin.stale}个（不等于平稳）。"
    if bulletin.compared is None:
        return said
    moved = [
        f"{level.name_zh}色{bulletin.counts.get(level, 0) - bulletin.before.get(level, 0):+d}"
        for level in LEVELS
        if bulletin.counts.get(level, 0) != bulletin.before.get(level, 0)
    ]
    return f"{said}较{chinese(bulletin.compared)}：{'、'.join(moved) if moved else '无增减'}。"


def happened(bulletin: Bulletin) -> str:
    """What happened to alerts within the span, and what was placed."""
    told = "、".join(f"{EVENTS[kind]}{bulletin.events[kind]}条" for kind in EVENTS if bulletin.events.get(kind))
    placed = f"登记实际消纳{tonnes_text(bulletin.placed_t)}吨。"
    return f"期内预警{told or '无变化'}；{placed}"


def product_sentence(line: ProductLine) -> str:
    """One product with its worst place and why."""
    kind = f"，{TYPES[line.type]}" if line.type in TYPES else ""
    surplus = ""
    if line.surplus_t is not None:
        surplus = f"；待消纳{tonnes_text(line.surplus_t)}吨{'（估算）' if line.estimated else ''}"
    others = f"；另有{line.places - 1}处在警" if line.places > 1 else ""
    why = "；".join(line.why) or "等级保持"
    return f"{line.place}，{line.level.name_zh}色{kind}，自{chinese(line.since)}起。{why}{surplus}{others}。"


def plan_sentence(bulletin: Bulletin) -> str:
    """What the plan places and what it leaves."""
    if bulletin.totals is None or bulletin.totals.surplus_t <= 0:
        return "当日没有需要安排消纳的数量。"
    totals = bulletin.totals
    return (
        f"待消纳{tonnes_text(totals.surplus_t)}吨，可安排{tonnes_text(totals.placed_t)}吨（其中入库"
        f"{tonnes_text(totals.kept_t)}吨），未能安排{tonnes_text(totals.wasted_t)}吨；最差乡镇未安排比例"
        f"{totals.worst_share:.0%}。"
    )


def forecast_sentence(bulletin: Bulletin) -> str:
    """Whether the forecast in the chart may be trusted."""
    if bulletin.prices is None:
        return ""
    if not bulletin.prices.middle:
        return "该序列当日没有价格预测。"
    if bulletin.prices.trusted:
        return "图中预测由经过检验、胜过基线的模型给出。"
    return "模型在此未胜过基线：图中预测为基线，不作预警依据。"


def product_rows(bulletin: Bulletin) -> list[tuple[str, ...]]:
    """The products as a table."""
    return [
        (
            line.level.name_zh,
            line.product,
            line.place,
            "" if line.surplus_t is None else tonnes_text(line.surplus_t) + ("（估）" if line.estimated else ""),
            line.since.isoformat(),
            "；".join(line.why[:2]),
        )
        for line in bulletin.products
    ]


def task_rows(tasks: Sequence[DepartmentTask]) -> list[tuple[str, ...]]:
    """The departments' tasks as a table."""
    return [
        (
            task.department.name_zh,
            task.name_zh,
            task.clause,
            tonnes_text(task.tonnes),
            "、".join(name for name, _ in products_of(task)),
            f"{task.first_day.month}月{task.first_day.day}日至{task.last_day.month}月{task.last_day.day}日",
        )
        for task in tasks
    ]


def progress(bulletin: Bulletin) -> str:
    """Where the yearly plan comes from, and what its progress is counted by."""
    plan = "年度指导性计划由区乡村振兴局、区商务委下达（《实施方案》九（四））"
    if not bulletin.targets:
        return f"{plan}，本年计划未登记，以下只列年度预留额度的使用进度。"
    return f"{plan}；已消纳按截至{chinese(bulletin.last)}登记的实际消纳计，未登记的不计。"


def target_rows(bulletin: Bulletin) -> list[tuple[str, ...]]:
    """The yearly plan's lines, how far each is, and how much of the year is over."""
    return [
        (one.name, f"{one.amount_t:,.0f}", tonnes_text(one.placed_t), f"{one.share:.0%}", f"{bulletin.elapsed:.0%}")
        for one in bulletin.targets
    ]


def reserve_rows(bulletin: Bulletin) -> list[tuple[str, ...]]:
    """The year's reserves and how far they are drawn."""
    return [
        (one.unit, f"{one.amount:,.0f}{one.measure}", f"{one.drawn:,.0f}{one.measure}", f"{one.share:.0%}")
        for one in bulletin.reserves
    ]


def day_rows(bulletin: Bulletin) -> list[tuple[str, ...]]:
    """The counts of each day."""
    return [(day.isoformat(), *(str(counts.get(level, 0)) for level in LEVELS)) for day, counts in bulletin.days]
