"""What the letters of a plan say (函), in the Chinese of the office; numbers come from the plan alone."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from warning.absorption.plan import Plan
from warning.absorption.problem import Problem
from warning.absorption.task_words import clause_zh, day_zh, goods_zh, span_zh, tonnes_text
from warning.absorption.tasks import DepartmentTask, products_of
from warning.absorption.unplaced import Unplaced
from warning.catalog import Catalog, Department
from warning.levels import Level

PLAN_NAME: Final = "继续大力实施消费帮扶巩固拓展脱贫攻坚成果实施方案"
"""The district's plan whose clauses the channels carry."""
SIMULATED: Final = "模拟数据，仅供演示，不作正式文件"
NAMED: Final = 2
"""Products that a title names before it counts them."""
_KINDS: Final = ("委", "局", "会", "部", "院")


def courtesy(name: str) -> str:
    """How a department of that name is spoken of after 我 and 贵: 委, 局, …, else 单位."""
    return name[-1] if name.endswith(_KINDS) else "单位"


def title_lines(tasks: Sequence[DepartmentTask], *, own: bool) -> tuple[str, str]:
    """The title on two lines, as even as they come; `own`: the signing department leads by itself."""
    names = [name for name, _ in all_products(tasks)]
    named = "、".join(names[:NAMED]) if len(names) <= NAMED else f"{names[0]}等{len(names)}种"
    return f"关于商请{'协同' if own else ''}做好{named}", "滞销农产品消纳工作的函"


def all_products(tasks: Iterable[DepartmentTask]) -> dict[tuple[str, str], float]:
    """Tonnes by product over the tasks, most first."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for task in tasks:
        for name, tonnes in products_of(task).items():
            found[name] += tonnes
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def ground(plan: Plan, problem: Problem, tasks: Sequence[DepartmentTask], catalog: Catalog) -> str:
    """Why the letter is written: what must move, what the plan does about it, and the clauses it stands on."""
    level = max((batch.level for batch in problem.batches), default=0)
    warned = f"和滞销预警（最高为{Level(level).name_zh}色）" if level > 0 else ""
    estimated = "（部分或全部数量为估算）" if any(batch.estimated for batch in problem.batches) else ""
    until = span_zh(min(one.day for one in plan.placements), max(one.day for one in plan.placements), plan.day)
    source = catalog.channels[tasks[0].channel].source
    what = _what(problem, catalog)
    clauses = "、".join(dict.fromkeys(clause_zh(task.clause) for task in sorted(tasks, key=lambda task: task.number)))
    return (
        f"根据农产品产销监测{warned}，截至{plan.day.year}年{plan.day.month}月{plan.day.day}日，{what}"
        f"{tonnes_text(plan.totals.surplus_t)}吨{estimated}。按照就地就近、减少损耗的原则，拟于{until}安排消纳"
        f"{tonnes_text(plan.totals.placed_t)}吨。依据《{PLAN_NAME}》{f'（{source}）' if source else ''}"
        f"（以下简称《实施方案》）{clauses}，"
    )


def _what(problem: Problem, catalog: Catalog) -> str:
    """Whose goods the plan places: a plan of one product or township must not speak for the whole district."""
    names = list(dict.fromkeys(catalog.products[batch.product_id].name_zh for batch in problem.batches))
    towns = {batch.township_id for batch in problem.batches}
    township = catalog.townships.get(next(iter(towns))) if len(towns) == 1 else None
    goods = "、".join(names) if len(names) <= NAMED else f"{'、'.join(names[:NAMED])}等{len(names)}种农产品"
    return f"{township.name_zh if township else '全区'}待消纳{goods}"


def asked(tasks: Sequence[DepartmentTask], lead: str, *, own: bool) -> str:
    """What is asked of whom, as the end of the first paragraph."""
    who = f"我{courtesy(lead)}牵头、请贵单位协同" if own else f"请贵{courtesy(lead)}牵头"
    total = tonnes_text(sum(task.tonnes for task in tasks))
    return f"现就{who}的{len(tasks)}项任务（{goods_zh(all_products(tasks))}，共{total}吨）商请如下："


def task_text(task: DepartmentTask, organ: Department, day: dt.date) -> str:
    """One task: clause, who leads, with whom, days, units, tonnes by product; the signing `organ` speaks as 我."""

    def called(one: Department, you: str) -> str:
        return f"我{courtesy(organ.name_zh)}" if one.id == organ.id else you

    lead = called(task.department, f"贵{courtesy(task.department.name_zh)}")
    others = "、".join(called(one, one.name_zh) for one in task.with_departments)
    return (
        f"依据《实施方案》{clause_zh(task.clause)}，由{lead}牵头{f'，{others}配合' if others else ''}，"
        f"于{span_zh(task.first_day, task.last_day, day)}组织{len(task.units)}家单位"
        f"消纳{goods_zh(products_of(task))}。"
    )


def requests(tasks: Sequence[DepartmentTask], organ: str, day: dt.date) -> tuple[str, ...]:
    """What to do, when and whom to tell."""
    first = day_zh(min(task.first_day for task in tasks), day)
    we = f"我{courtesy(organ)}"
    return (
        f"请在首批交货日（{first}）前，与附件所列单位逐家落实品种、数量、日期、价格和联系人，并尊重接收单位的实际需要。",
        f"接收单位不能接收或者需要调整的，请及时告知{we}，以便另行安排。",
        f"请将实际消纳的单位、日期和吨数告知{we}，以便核对安排、评估成效。",
    )


def rest_text(rest: Sequence[Unplaced], catalog: Catalog) -> str:
    """What the plan leaves over, by product and reason, or that nothing is left."""
    if not rest:
        return "以上待消纳数量已全部作出安排，没有剩余。"
    found: dict[tuple[str, str], float] = defaultdict(float)
    for one in rest:
        found[catalog.products[one.product_id].name_zh, one.text_zh] += one.tonnes
    parts = "；".join(
        f"{name}{tonnes_text(tonnes)}吨（{why}）"
        for (name, why), tonnes in sorted(found.items(), key=lambda pair: -pair[1])
    )
    total = tonnes_text(sum(one.tonnes for one in rest))
    return f"以下{total}吨在现有单位和期限内未能安排：{parts}。请帮助另寻销路，如有可增加的消纳能力请一并告知。"


def cautions(plan: Plan, problem: Problem, tasks: Sequence[DepartmentTask]) -> tuple[str, ...]:
    """What to know before signing: estimates, simulated units, supposed events."""
    found = []
    if any(batch.estimated for batch in problem.batches):
        found.append("待消纳数量系根据市场成交量和上报情况估算，非实地盘点，以乡镇核实数为准。")
    units = {unit.id: unit for task in tasks for unit in task.units}
    if any(unit.simulated for unit in problem.units):
        here = sum(unit.simulated for unit in units.values())
        found.append(
            f"模拟数据：附件所列{len(units)}家单位中有{here}家为模拟单位，整个方案据模拟数据编制，不得据此交货。"
        )
    if problem.shocks:
        found.append(
            f"本安排按{len(problem.shocks)}项设定情形（道路、乡镇、单位、渠道或者消纳能力的变化）编制，实际情形不同的须重新安排。"
        )
    if plan.totals.lost_t > 0:
        found.append(f"安排数量为起运数量，预计运输和搬运损耗约{plan.totals.lost_t:.1f}吨（全部安排合计）。")
    return tuple(found)
