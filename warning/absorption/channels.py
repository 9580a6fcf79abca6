"""Which absorption channels suit a product on a day, in order of use, and who leads them.

The order of use goes by shelf life (the field guide's rule): three days or less 9, 1, 5; up to fourteen also 4 and 6;
longer also 2, 8 and 11; then those that name the product or take anything. Within a step the earliest start goes first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from warning.absorption.school_terms import holiday_on
from warning.catalog import Catalog, Channel, Product

SHORT_DAYS, MIDDLE_DAYS = 3, 14
STEPS: Final = ((0, (9, 1, 5)), (SHORT_DAYS + 1, (4, 6)), (MIDDLE_DAYS + 1, (2, 8, 11)))
"""(shelf life in days from which it holds, channel numbers)."""
SCHOOLS, JOINT_EMERGENCY = 1, 9
YELLOW: Final = 2
"""The level from which emergency absorption is meant; `warning.levels.Level.YELLOW`."""
_NO_GOODS: Final = frozenset({"index"})

_NEEDS_ZH: Final = {
    "storable": "耐储存", "boxable": "可装箱（筐）", "processable": "可加工", "exportable": "可出口",
    "institutional": "适合食堂日常采购", "local": "本地特色产品",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NamedDepartment:
    """A department under the name it has on the day."""

    id: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class ChannelAdvice:
    """One channel for one product on one day: who leads, how soon it starts, why, and what to mind.

    `role` is main (by shelf life), suited (it names the product or takes anything), emergency or supporting.
    """

    channel: str
    number: int
    name_zh: str
    name_en: str
    clause: str
    lead: NamedDepartment
    with_departments: tuple[NamedDepartment, ...]
    start_days: tuple[int, int]
    role: str
    why_zh: str
    why_en: str
    caution_zh: str = ""
    caution_en: str = ""

    def to_document(self) -> dict[str, Any]:
        """The advice as plain values; the co-departments stand under `with`."""
        document = asdict(self)
        document["with"] = list(document.pop("with_departments"))
        document["start_days"] = list(self.start_days)
        return document


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A channel that does not serve the product on the day, and why."""

    channel: str
    number: int
    name_zh: str
    name_en: str
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class _Case:
    product: Product
    on: dt.date
    catalog: Catalog
    level: int
    blocked: bool
    days_left: int


def suitable_channels(
    product: Product,
    on: dt.date,
    catalog: Catalog,
    *,
    level: int,
    logistics_blocked: bool = False,
    shelf_life_left: int | None = None,
) -> list[ChannelAdvice]:
    """The channels that suit `product` on the day `on`, in order of use; the supporting one comes last.

    `level` is the alert's (0 none, 1 blue, … 4 red). `shelf_life_left` is the lot's remaining days; None takes the
    product's whole shelf life. With `logistics_blocked` the channel for epidemic and disaster comes first.
    """
    case = _case(product, on, catalog, level, logistics_blocked, shelf_life_left)
    ranked = [(_rank(channel, case), channel) for channel in catalog.channels.values() if not _reason(channel, case)]
    ranked.sort(key=lambda pair: (pair[0], pair[1].start_days, pair[1].number))
    return [_advice(channel, case) for _, channel in ranked]


def unsuitable_channels(
    product: Product,
    on: dt.date,
    catalog: Catalog,
    *,
    level: int,
    logistics_blocked: bool = False,
    shelf_life_left: int | None = None,
) -> list[LeftOut]:
    """The channels that `suitable_channels` leaves out for the same arguments, by number, each with its reason."""
    case = _case(product, on, catalog, level, logistics_blocked, shelf_life_left)
    found = []
    for channel in sorted(catalog.channels.values(), key=lambda one: one.number):
        if reason := _reason(channel, case):
            found.append(LeftOut(channel.id, channel.number, channel.name_zh, channel.name_en, *reason))
    return found


def _case(
    product: Product, on: dt.date, catalog: Catalog, level: int, blocked: bool, shelf_life_left: int | None
) -> _Case:
    days = product.shelf_life_days if shelf_life_left is None else min(shelf_life_left, product.shelf_life_days)
    return _Case(product, on, catalog, level, blocked, max(0, days))


def _step(number: int, days_left: int) -> int | None:
    """The step of the shelf-life rule that has the channel, None where no step up to `days_left` has it."""
    for step, (from_days, numbers) in enumerate(STEPS):
        if number in numbers and days_left >= from_days:
            return step
    return None


def _suited(channel: Channel, product: Product) -> bool:
    """Whether the channel names the product or its group."""
    return product.id in channel.suits or product.group in channel.suits


def _rank(channel: Channel, case: _Case) -> int:
    if channel.emergency_only:
        return -1
    if channel.enabler:
        return 9
    step = _step(channel.number, case.days_left)
    return len(STEPS) if step is None else step


def _reason(channel: Channel, case: _Case) -> tuple[str, str] | None:
    """Why the channel is left out, in Chinese and English; None where it suits."""
    product, days = case.product, case.days_left
    if product.group in _NO_GOODS:
        return "指数不是实物，无需消纳", "an index is no goods to place"
    if channel.emergency_only:
        return None if case.blocked else ("物流未受阻，不启用", "logistics are not blocked")
    if channel.enabler:
        return None
    for need in channel.needs:
        if not getattr(product, need):
            return f"要求产品{_NEEDS_ZH[need]}", f"it needs goods that are {need}"
    if channel.start_days[0] > days:
        zh = f"最快 {channel.start_days[0]} 天才能启动，超过剩余保质期 {days} 天"
        return zh, f"it starts after {channel.start_days[0]} days at the earliest, {days} days of shelf life are left"
    return _misfit(channel, case)


def _misfit(channel: Channel, case: _Case) -> tuple[str, str] | None:
    product, days = case.product, case.days_left
    named = _suited(channel, product)
    if not named and not channel.min_shelf_life_days <= days <= channel.max_shelf_life_days:
        zh = f"适合保质期 {channel.min_shelf_life_days} 天以上的产品，现剩 {days} 天"
        return zh, f"it takes goods that keep {channel.min_shelf_life_days} days, {days} are left"
    if named or _step(channel.number, days) is not None:
        return None
    if not channel.suits and not any(channel.number in numbers for _, numbers in STEPS):
        return None
    return "不在该渠道适用品种之列", "the channel does not name this product"


def _advice(channel: Channel, case: _Case) -> ChannelAdvice:
    lead = _named(channel.lead, case)
    others = [_named(key, case) for key in channel.with_departments]
    others = [one for place, one in enumerate(others) if one != lead and one not in others[:place]]
    cautions = list(_cautions(channel, case))
    why_zh, why_en = _why(channel, case)
    return ChannelAdvice(
        channel=channel.id,
        number=channel.number,
        name_zh=channel.name_zh,
        name_en=channel.name_en,
        clause=channel.clause,
        lead=lead,
        with_departments=tuple(others),
        start_days=channel.start_days,
        role=_role(channel, case),
        why_zh=why_zh,
        why_en=why_en,
        caution_zh="；".join(zh for zh, _ in cautions),
        caution_en="; ".join(en for _, en in cautions),
    )


def _named(key: str, case: _Case) -> NamedDepartment:
    """The department of that day: a merger makes two departments one, so that nobody is named twice."""
    department = case.catalog.department_on(key, case.on)
    return NamedDepartment(department.id, department.name_zh, department.name_en)


def _role(channel: Channel, case: _Case) -> str:
    if channel.emergency_only or channel.number == JOINT_EMERGENCY:
        return "emergency"
    if channel.enabler:
        return "supporting"
    return "suited" if _step(channel.number, case.days_left) is None else "main"


def _why(channel: Channel, case: _Case) -> tuple[str, str]:
    first, last = channel.start_days
    days, name_zh, name_en = case.days_left, case.product.name_zh, case.product.name_en
    start_zh, start_en = f"{first}—{last} 天可启动", f"starts within {first} to {last} days"
    if channel.emergency_only:
        return f"物流受阻，先保通行；{start_zh}", f"logistics are blocked: passage first; {start_en}"
    if channel.enabler:
        return f"支撑其他渠道的冷链与运输；{start_zh}", f"cold chain and transport for the others; {start_en}"
    if _step(channel.number, days) is None:
        return f"适用于{name_zh}；{start_zh}", f"suits {name_en}; {start_en}"
    return f"{name_zh}剩余保质期约 {days} 天，{start_zh}", f"{name_en} keeps about {days} days, the channel {start_en}"


def _cautions(channel: Channel, case: _Case) -> Iterator[tuple[str, str]]:
    if channel.number == SCHOOLS:
        begin = case.on + dt.timedelta(days=channel.start_days[0])
        if holiday := holiday_on(begin, case.catalog.school_holidays):
            until = f"{holiday.last[0]} 月 {holiday.last[1]} 日"
            zh = f"学校放{holiday.name_zh}至 {until}，学校食堂停供，只计机关、医院、金融机构等"
            month_day = f"{holiday.last[0]:02d}-{holiday.last[1]:02d}"
            yield zh, f"{holiday.name_en} until {month_day}: school canteens are closed, count the others only"
    if channel.number == JOINT_EMERGENCY and case.level < YELLOW:
        yield "属应急处置，黄色以下先做联系准备", "an emergency measure: below yellow, prepare only"
    if case.blocked and not channel.emergency_only and not channel.enabler:
        yield "物流受阻，须先落实通行", "logistics are blocked: secure passage first"
    if channel.start_days[1] > case.days_left and not channel.emergency_only and not channel.enabler:
        yield "启动若慢，将超过剩余保质期", "a slow start would pass the remaining shelf life"
