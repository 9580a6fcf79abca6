"""What a department's task says, in Chinese and English: days, leads, units, tonnes by product, clause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warning.absorption.tasks import DepartmentTask

Named = Mapping[tuple[str, str], float]
"""Tonnes by (Chinese, English) name."""


def task_words(task: DepartmentTask, products: Named, day: dt.date) -> tuple[str, str]:
    """The task as one sentence; years are said where they differ from that of `day`."""
    several = f"，共{tonnes_text(task.tonnes)}吨" if len(products) > 1 else ""
    zh = (
        f"{span_zh(task.first_day, task.last_day, day)}，由{task.department.name_zh}牵头{_others_zh(task)}，"
        f"按方案{clause_zh(task.clause)}“{inner_quotes(task.name_zh)}”组织{len(task.units)}家单位"
        f"消纳{goods_zh(products)}{several}。"
    )
    others = "; ".join(one.name_en for one in task.with_departments)
    goods = ", ".join(f"{tonnes_text(tonnes)} t of {name}" for (_, name), tonnes in products.items())
    units = "one unit takes" if len(task.units) == 1 else f"{len(task.units)} units take"
    en = (
        f"{task.first_day} to {task.last_day}: {task.department.name_en} leads{f', with {others}' if others else ''}; "
        f"under clause {task.clause} ({task.name_en}) {units} {goods}"
        f"{f': {tonnes_text(task.tonnes)} t in all' if several else ''}."
    )
    return zh, en


def _others_zh(task: DepartmentTask) -> str:
    names = "、".join(one.name_zh for one in task.with_departments)
    return f"、会同{names}" if names else ""


def clause_zh(clause: str) -> str:
    """A clause of the plan with the brackets of Chinese print: 四（一）."""
    return clause.replace("(", "（").replace(")", "）")


def inner_quotes(text: str) -> str:
    """Text to stand within quotation marks: its own become single ones."""
    return text.replace("“", "‘").replace("”", "’")


def goods_zh(products: Named) -> str:
    """Products with their tonnes, in Chinese: 莲花白300吨、番茄0.5吨."""
    return "、".join(f"{name}{tonnes_text(tonnes)}吨" for (name, _), tonnes in products.items())


def tonnes_text(tonnes: float) -> str:
    """Tonnes to the kilogram, without zeros that say nothing: 300, 0.5, 12.125."""
    text = f"{tonnes:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def day_zh(day: dt.date, known: dt.date) -> str:
    """A day in Chinese, with its year where that is not the year of `known`."""
    year = "" if day.year == known.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


def span_zh(first: dt.date, last: dt.date, known: dt.date) -> str:
    """A span of days in Chinese: 3月4日, 3月4日至11日, 3月4日至4月2日."""
    if first == last:
        return day_zh(first, known)
    same_month = (first.year, first.month) == (last.year, last.month)
    return f"{day_zh(first, known)}至{f'{last.day}日' if same_month else day_zh(last, first)}"
