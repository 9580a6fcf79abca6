"""The township report workbook as it is handed out: drop-downs, units in the headings, instructions in Chinese.

What the columns are stands in `pipelines/feeds/township_columns.py`; the filled copy is read by
`pipelines/feeds/township.py`. Nothing is protected: officers add columns and sort rows as they need.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Final

from pipelines.feeds.township_columns import (
    BLOCKED,
    COLUMNS,
    HELP,
    LISTS,
    PREFILLED,
    PRICE_UNIT,
    PRICE_UNITS,
    SHEET,
    TITLE,
    YES_NO,
    Column,
    Holds,
)
from warning.catalog import Catalog
from warning.errors import UnknownName

HEADING_ROW: Final = 3
"""Index of the heading row; title, price unit and a line of advice stand above."""
LAST_ROW: Final = 500
"""Rows with drop-downs and checks; more may be filled in without them."""
_EARLIEST: Final = dt.date(2015, 1, 1)
_LONGEST_HARVEST: Final = dt.timedelta(days=3 * 366)
_ADVICE: Final = "每行填一个品种的一个批次；带 * 的必填，其余不清楚的留空，不要填 0；请勿合并单元格、勿用公式。"
_STEPS: Final = (
    "一、每个乡镇每次填报一份，在“填报”表中一行填一个品种的一个批次。",
    "二、乡镇、品种从下拉名单中选择；名单中没有的可直接填写，系统会请管理人员确认。",
    "三、重量一律以吨计；价格和费用以“填报”表上方所选的单位计（元/公斤或元/斤），全表用同一单位。",
    "四、不清楚的留空，不要填 0：空表示不知道，0 表示确实没有。",
    "五、日期写成 2026-11-20；填报日期是情况截至的日期，不得晚于当天。",
    "六、请勿合并单元格，勿填公式；从别处复制请“选择性粘贴—数值”。",
    "七、同一品种、同一日期再次填报，以后报的为准；先报的仍保留备查。",
)


def write_template(
    target: Path | IO[bytes],
    catalog: Catalog,
    *,
    township: str | None = None,
    products: Sequence[str] | None = None,
    today: dt.date,
) -> None:
    """Write an empty workbook for the townships and products of `catalog` to `target`.

    `township` (its code or name) is filled in, with one row for each of `products` (ids; the local ones by default),
    dated `today`. Without it the rows are empty. Raises UnknownName for what the catalog lacks.
    """
    import xlsxwriter

    chosen = _chosen(catalog, products)
    name = None if township is None else _township_name(catalog, township)
    book = xlsxwriter.Workbook(target if not isinstance(target, Path) else str(target), {"in_memory": True})
    # A fixed date of making: the same catalog and day give the same bytes.
    book.set_properties({"title": TITLE, "created": dt.datetime.combine(today, dt.time(), dt.UTC)})
    formats = _formats(book)
    sheet = book.add_worksheet(SHEET)
    _write_help(book, formats)
    lists = _write_lists(book, catalog)
    _write_head(sheet, formats)
    for place, column in enumerate(COLUMNS):
        _write_column(sheet, place, column, formats)
        _add_check(sheet, place, column, lists)
    if name is not None:
        for row, product in enumerate(chosen, start=HEADING_ROW + 1):
            _write_row(sheet, row, (name, catalog.products[product].name_zh, today), formats)
    book.close()


def _township_name(catalog: Catalog, township: str) -> str:
    """The Chinese name of the township with that id or name."""
    for one in catalog.townships.values():
        if township in (one.id, one.name_zh, one.name_en):
            return one.name_zh
    names = [one.name_zh for one in catalog.townships.values()]
    near = tuple(difflib.get_close_matches(township, names))
    todo = "give a township's code or Chinese name" + (f", perhaps {'、'.join(near)}" if near else "")
    raise UnknownName(f"there is no township {township!r}", todo=todo, candidates=near)


def _chosen(catalog: Catalog, products: Sequence[str] | None) -> list[str]:
    local = [product.id for product in catalog.products.values() if product.local]
    chosen = list(products) if products is not None else local
    for product in chosen:
        if product not in catalog.products:
            raise UnknownName(f"there is no product {product!r}", todo="give ids of the catalog's products")
    return chosen


def _formats(book: Any) -> dict[str, Any]:
    heading = {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "border": 1}
    return {
        "title": book.add_format({"bold": True, "font_size": 16}),
        "advice": book.add_format({"font_color": "#7F7F7F"}),
        "heading": book.add_format(heading | {"bg_color": "#DDEBF7"}),
        "needed": book.add_format(heading | {"bg_color": "#FCE4D6"}),
        "unit": book.add_format({"bold": True, "border": 1, "bg_color": "#FFF2CC"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        Holds.TEXT.value: book.add_format({"num_format": "@"}),
        Holds.DAY.value: book.add_format({"num_format": "yyyy-mm-dd"}),
        Holds.SHARE.value: book.add_format({"num_format": "0%"}),
        Holds.AMOUNT.value: book.add_format({"num_format": "#,##0.##"}),
        Holds.PRICE.value: book.add_format({"num_format": "0.00"}),
    }


def _write_head(sheet: Any, formats: dict[str, Any]) -> None:
    sheet.write_string(0, 0, TITLE, formats["title"])
    sheet.write_string(1, 0, PRICE_UNIT, formats["heading"])
    sheet.write_string(1, 1, next(iter(PRICE_UNITS)), formats["unit"])
    sheet.data_validation(
        1, 1, 1, 1,
        {
            "validate": "list",
            "source": list(PRICE_UNITS),
            "error_title": "价格单位",
            "error_message": f"请从名单中选择：{'、'.join(PRICE_UNITS)}。",
        },
    )  # fmt: skip
    sheet.write_string(2, 0, _ADVICE, formats["advice"])
    sheet.set_row(HEADING_ROW, 48)
    sheet.freeze_panes(HEADING_ROW + 1, 2)
    sheet.set_landscape()
    sheet.repeat_rows(HEADING_ROW)


def _write_column(sheet: Any, place: int, column: Column, formats: dict[str, Any]) -> None:
    sheet.set_column(place, place, column.width, formats.get(column.holds.value))
    sheet.write_string(HEADING_ROW, place, column.title, formats["needed" if column.needed else "heading"])


def _write_row(sheet: Any, row: int, cells: tuple[str, str, dt.date], formats: dict[str, Any]) -> None:
    township, product, day = cells
    sheet.write_string(row, 0, township, formats[Holds.TEXT.value])
    sheet.write_string(row, 1, product, formats[Holds.TEXT.value])
    place = next(index for index, column in enumerate(COLUMNS) if column.name == "day")
    sheet.write_datetime(row, place, dt.datetime.combine(day, dt.time()), formats[Holds.DAY.value])


def _write_lists(book: Any, catalog: Catalog) -> dict[str, str]:
    """The hidden sheet of names; gives the range of each column's drop-down."""
    sheet = book.add_worksheet(LISTS)
    sheet.hide()
    products = sorted(catalog.products.values(), key=lambda product: not product.local)
    names = {
        "township": [township.name_zh for township in catalog.townships.values()],
        "product": [product.name_zh for product in products if product.group != "index"],
        "outlet": [market.name_zh for market in catalog.markets.values() if market.country == "CN"],
    }
    ranges: dict[str, str] = {}
    for place, (name, words) in enumerate(names.items()):
        for row, word in enumerate(words):
            sheet.write_string(row, place, word)
        letter = "ABC"[place]
        ranges[name] = f"={LISTS}!${letter}$1:${letter}${max(len(words), 1)}"
    return ranges


def _write_help(book: Any, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(HELP)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90, formats["wrap"])
    sheet.write_string(0, 0, "填报说明", formats["title"])
    for row, step in enumerate(_STEPS, start=2):
        sheet.write_string(row, 1, step, formats["wrap"])
    for row, column in enumerate(COLUMNS, start=len(_STEPS) + 3):
        sheet.write_string(row, 0, column.title, formats["needed" if column.needed else "heading"])
        sheet.write_string(row, 1, column.help, formats["wrap"])


def _add_check(sheet: Any, place: int, column: Column, lists: dict[str, str]) -> None:
    """Excel's own check of a column, with a Chinese message; names outside a list are only warned of."""
    rule = _rule(column, lists)
    if rule is None:
        return
    advice = {"input_title": column.heading, "input_message": column.help} if column.name not in PREFILLED else {}
    sheet.data_validation(HEADING_ROW + 1, place, LAST_ROW, place, {"error_title": column.heading, **advice, **rule})


def _rule(column: Column, lists: dict[str, str]) -> dict[str, Any] | None:
    if column.name in lists:
        message = "名单中没有这个名称。确实无误可以保留，系统会请管理人员确认。"
        return {"validate": "list", "source": lists[column.name], "error_type": "warning", "error_message": message}
    if column.holds is Holds.CHOICE:
        words = YES_NO if column.name == "bids_received" else BLOCKED
        return {"validate": "list", "source": list(words), "error_message": f"请填{'或'.join(words)}，不清楚请留空。"}
    if column.holds is Holds.SHARE:
        message = "应在 0 到 100% 之间，例如 45% 或 0.45。"
        return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1, "error_message": message}
    if column.holds in (Holds.AMOUNT, Holds.PRICE):
        message = "请填数字，不能是负数；单位已在表头，不清楚请留空。"
        return {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": message}
    if column.holds is Holds.DAY:
        last = "=TODAY()" if column.name == "day" else f"=TODAY()+{_LONGEST_HARVEST.days}"
        message = "请填日期，例如 2026-11-20" + ("，不得晚于今天。" if column.name == "day" else "。")
        limits = {"criteria": "between", "minimum": _EARLIEST, "maximum": last}
        return {"validate": "date", **limits, "error_message": message}
    return None
