"""One row of a township report, checked; what is wrong is said in Chinese to the person who wrote it."""

from __future__ import annotations

import datetime as dt
import math
from typing import Final, cast

from pipelines.feeds.answer import LineRefused
from pipelines.feeds.cells import LONGEST_TEXT, DayStyle, NumberStyle, day_in, number_in, plain
from pipelines.feeds.sheets import Cell, cell_text
from pipelines.feeds.township_columns import COLUMNS, FALSE, FRAME, TRUE, Column, Holds

_NOTHING: Final = frozenset({"-", "--", "—", "——", "/", "无", "暂无"})
_NUMBERS: Final = NumberStyle(thousands=",", missing=_NOTHING)
_SUM_TOLERANCE: Final = 1.001
"""Tonnes typed with few digits do not add up exactly."""


def report_in(cells: dict[str, Cell], *, unit_kg: float, today: dt.date) -> dict[str, object]:
    """The values of one row by column name: text, dt.date or None, float or NaN, True, False or None.

    Prices are divided by `unit_kg`. LineRefused with a stable reason and a Chinese detail.
    """
    report = {column.name: value_in(column, cells.get(column.name, ""), unit_kg) for column in COLUMNS}
    _check_needed(report)
    _check_days(report, today)
    sold, marketable = cast(float, report["sold_t"]), cast(float, report["marketable_t"])
    if sold > marketable * _SUM_TOLERANCE:
        raise LineRefused("sold_above_marketable", f"本季已售 {sold:g} 吨多于本季商品量 {marketable:g} 吨")
    return report


def value_in(column: Column, cell: Cell, unit_kg: float = 1.0) -> object:
    """What a cell of the column says: text, dt.date or None, float or NaN, True, False or None; LineRefused else."""
    if plain(cell).startswith("="):
        raise LineRefused("formula_cell", f"“{column.heading}”是公式，请改为数值：{cell_text(cell)[:50]}")
    match column.holds:
        case Holds.TEXT:
            return _text(column, cell)
        case Holds.DAY:
            return _day(column, cell)
        case Holds.CHOICE:
            return _choice(column, cell)
        case Holds.SHARE:
            return _share(column, cell)
        case Holds.PRICE:
            return _amount(column, cell) / unit_kg
        case _:
            return _amount(column, cell)


def _text(column: Column, cell: Cell) -> str:
    text = cell_text(cell).strip()
    longest = LONGEST_TEXT * 10 if column.name == "note" else LONGEST_TEXT
    if len(text) > longest:
        raise LineRefused("bad_text", f"“{column.heading}”有 {len(text)} 个字，最多 {longest} 个")
    if not text.isprintable():
        raise LineRefused("bad_text", f"“{column.heading}”含有控制字符")
    return text


def _day(column: Column, cell: Cell) -> dt.date | None:
    if not plain(cell) or plain(cell) in _NOTHING:
        return None
    try:
        return day_in(cell, DayStyle(), column.name)
    except LineRefused:
        detail = f"“{column.heading}”不是日期：{cell_text(cell)[:50]}；请写成 2026-11-20"
        raise LineRefused("bad_date", detail) from None


def _choice(column: Column, cell: Cell) -> bool | None:
    word = plain(cell).lower()
    if not word:
        return None
    if word in TRUE or word in FALSE:
        return word in TRUE
    raise LineRefused("bad_choice", f"“{column.heading}”只能填{column.unit}，不是 {cell_text(cell)[:50]}")


def _amount(column: Column, cell: Cell) -> float:
    try:
        number = number_in(cell, _NUMBERS, column.name)
    except LineRefused:
        detail = f"“{column.heading}”不是数字：{cell_text(cell)[:50]}；单位已在表头，只填数字"
        raise LineRefused("bad_number", detail) from None
    if number < 0:
        raise LineRefused("negative_amount", f"“{column.heading}”不能是负数：{number:g}")
    return number


def _share(column: Column, cell: Cell) -> float:
    text = plain(cell)
    percent = text.endswith("%")
    number = _amount(column, text.removesuffix("%") if percent else cell) / (100 if percent else 1)
    if number > 1:
        raise LineRefused("bad_share", f"“{column.heading}”应在 0 到 100% 之间（45% 写作 45% 或 0.45）：{text[:50]}")
    return number


def _check_needed(report: dict[str, object]) -> None:
    filled = [FRAME[name].heading for name in ("stock_t", "expected_harvest_t", "sold_t") if _known(report[name])]
    about = f"，但填了{'、'.join(filled)}" if filled else ""
    for name, reason in (("township", "no_township"), ("product", "no_product"), ("day", "no_date")):
        if not report[name]:
            raise LineRefused(reason, f"没有填“{FRAME[name].heading}”{about}")


def _check_days(report: dict[str, object], today: dt.date) -> None:
    day = cast(dt.date, report["day"])
    if day > today:
        raise LineRefused("future_date", f"填报日期 {day} 晚于今天 {today}")
    first, last = cast("dt.date | None", report["harvest_from"]), cast("dt.date | None", report["harvest_to"])
    if first and last and last < first:
        raise LineRefused("harvest_order", f"采收结束 {last} 早于采收开始 {first}")


def _known(value: object) -> bool:
    return isinstance(value, float) and not math.isnan(value)
