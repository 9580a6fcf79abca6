"""Letters (函) to the lead departments of a plan, in the layout of official documents, to be numbered and signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from warning.absorption.plan import Plan
from warning.absorption.problem import Problem
from warning.absorption.task_words import clause_zh, day_zh, span_zh, tonnes_text
from warning.absorption.tasks import Delivery, DepartmentTask, TaskUnit, department_tasks, whole_kilograms
from warning.briefing import letter_words as say
from warning.briefing import official_parts as part
from warning.briefing.docx_file import docx_bytes
from warning.briefing.official_page import official_page
from warning.briefing.official_table import Column, table
from warning.catalog import Catalog

if TYPE_CHECKING:
    from docx.document import Document

SIGNING: Final = "agriculture"
"""The department whose letters they are, by its id in the catalog."""
ARRANGED, LEFT = "农产品消纳安排表", "未能安排消纳的农产品"
NUMBERS: Final = "一二三四五六七八九十"
UNIT_COLUMNS: Final = (Column("单位", 36, "left"), Column("产品", 18), Column("来自", 20), Column("吨", 20, "right"),
                       Column("日期", 40), Column("联系", 22))  # fmt: skip
LEFT_COLUMNS: Final = (Column("产品", 22), Column("来自", 24), Column("吨", 22, "right"), Column("最早到期", 28),
                       Column("原因", 60, "left"))  # fmt: skip


def letters(plan: Plan, problem: Problem, catalog: Catalog) -> dict[str, bytes]:
    """A .docx for each lead department, by its id; none where the plan places nothing.

    What the signing department leads itself goes to the departments that work with it.
    """
    tasks = department_tasks(plan, problem, catalog)
    return {
        lead: docx_bytes(_letter(plan, problem, catalog, tuple(own)))
        for lead, own in groupby(tasks, key=lambda task: task.department.id)
    }


def _letter(plan: Plan, problem: Problem, catalog: Catalog, tasks: Sequence[DepartmentTask]) -> Document:
    organ = catalog.department_on(SIGNING, plan.day)
    lead = tasks[0].department
    own = lead.id == organ.id
    lines = say.title_lines(tasks, own=own)
    others = _others(tasks, catalog)
    document = official_page("".join(lines), organ.name_zh, plan.day)
    part.red_head(document, organ.name_zh, plan.day.year, to_be_signed=True)
    simulated = any(unit.simulated for unit in problem.units)
    part.title(document, *lines, note=say.SIMULATED if simulated else "")
    part.addressee(document, (others or ["各有关单位"]) if own else [lead.name_zh])
    part.text(document, say.ground(plan, problem, tasks, catalog) + say.asked(tasks, lead.name_zh, own=own))
    _sections(document, plan, problem, catalog, tasks)
    part.text(document, "特此函商，请予支持。", last=True)
    part.annex_list(document, [ARRANGED, LEFT] if plan.unplaced else [ARRANGED])
    part.signature(document, organ.name_zh, plan.day)
    part.remark(document, "联系人：　　　　；联系电话：　　　　　　　　")
    _annexes(document, plan, tasks, catalog)
    part.copies(document, [] if own else [name for name in others if name != organ.name_zh])
    return document


def _others(tasks: Sequence[DepartmentTask], catalog: Catalog) -> list[str]:
    """Who works with the lead, in the catalog's order: departments before townships, nobody twice."""
    found = {one.id: one.name_zh for task in tasks for one in task.with_departments}
    if "townships" in found:
        found.pop("townships-concerned", None)
    order = list(catalog.departments)
    return [found[key] for key in sorted(found, key=order.index)]


def _sections(
    document: Document, plan: Plan, problem: Problem, catalog: Catalog, tasks: Sequence[DepartmentTask]
) -> None:
    organ = catalog.department_on(SIGNING, plan.day)
    part.heading(document, "一、消纳任务")
    for number, task in zip(_numbers(), tasks, strict=False):
        part.text(document, say.task_text(task, organ, plan.day), lead=f"（{number}）{task.name_zh}。")
    part.heading(document, "二、请予支持的事项")
    for number, asked in zip(_numbers(), say.requests(tasks, organ.name_zh, plan.day), strict=False):
        part.text(document, f"（{number}）{asked}")
    part.heading(document, "三、未能安排的部分")
    part.text(document, say.rest_text(plan.unplaced, catalog))
    if cautions := say.cautions(plan, problem, tasks):
        part.heading(document, "四、需要说明的情况")
        for number, caution in zip(_numbers(), cautions, strict=False):
            part.text(document, f"（{number}）{caution}")


def _numbers() -> Iterator[str]:
    """一, 二, … 十, 十一, … 十九: more than there are channels."""
    yield from NUMBERS
    yield from (f"十{one}" for one in NUMBERS[:9])


def _annexes(document: Document, plan: Plan, tasks: Sequence[DepartmentTask], catalog: Catalog) -> None:
    part.annex(document, "1" if plan.unplaced else "", ARRANGED)
    for number, task in enumerate(tasks, start=1):
        part.caption(document, f"表{number}　{task.name_zh}（{clause_zh(task.clause)}）")
        rows = [_row(unit, one, plan.day) for unit in task.units for one in unit.deliveries]
        table(document, UNIT_COLUMNS, rows, ("合计", "", "", tonnes_text(task.tonnes), "", ""))
    if plan.unplaced:
        part.annex(document, "2", LEFT)
        _left_table(document, plan, catalog)


def _row(unit: TaskUnit, one: Delivery, day: dt.date) -> tuple[str, ...]:
    name = f"{unit.name}（模拟）" if unit.simulated and "模拟" not in unit.name else unit.name
    length = (one.last_day - one.first_day).days + 1
    span = span_zh(one.first_day, one.last_day, day) + (f"，{one.days}天" if one.days < length else "")
    return name, one.product_zh, one.township_zh, tonnes_text(one.tonnes), span, unit.contact


def _left_table(document: Document, plan: Plan, catalog: Catalog) -> None:
    """What is left, by product, township and reason: lots are the township's own affair."""
    goods: dict[tuple[str, str, str], tuple[float, dt.date]] = {}
    for one in plan.unplaced:
        key = (one.product_id, one.township_id, one.text_zh)
        tonnes, last = goods.get(key, (0.0, one.expiry))
        goods[key] = tonnes + one.tonnes, min(last, one.expiry)
    found = sorted(goods.items(), key=lambda pair: -pair[1][0])
    kilograms = whole_kilograms([tonnes for _, (tonnes, _) in found])
    rows = []
    for ((product_id, township_id, why), (_, first)), kg in zip(found, kilograms, strict=True):
        township = catalog.townships.get(township_id)
        rows.append((catalog.products[product_id].name_zh, township.name_zh if township else "全区",
                     tonnes_text(kg / 1000), day_zh(first, plan.day), why))  # fmt: skip
    table(document, LEFT_COLUMNS, rows, ("合计", "", tonnes_text(sum(kilograms) / 1000), "", ""))
