"""The register's workbook as it is handed out: four sheets with drop-downs, and how to fill them in."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Final

from pipelines.feeds.township_columns import Column, Holds
from pipelines.register.columns import COLUMNS, GROUPS, HELP, PLACES, QUOTAS, SEPARATOR, STEPS, TAKEN, UNITS
from pipelines.register.entries import Register
from warning.absorption.distance import Place
from warning.absorption.units import HABITS, AbsorbingUnit
from warning.catalog import Catalog
from warning.store.responses import Response

TITLE: Final = "农产品消纳单位登记册"
YES, NO = "是", "否"
LAST_ROW: Final = 2_000
"""Rows with drop-downs."""
LISTS: Final = "名单"


def register_workbook(register: Register, catalog: Catalog, written_on: dt.date) -> bytes:
    """The .xlsx bytes; the same register, catalog and day give the same bytes.

    Texts are written as texts, whatever they begin with: nothing a person typed becomes a formula.
    """
    import xlsxwriter

    sink = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(sink, options)
    book.set_properties({"title": TITLE, "created": dt.datetime.combine(written_on, dt.time(), dt.UTC)})
    heading = {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "border": 1}
    formats = {
        "heading": book.add_format(heading | {"bg_color": "#DDEBF7"}),
        "needed": book.add_format(heading | {"bg_color": "#FCE4D6"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "text": book.add_format({"num_format": "@"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    lists = _lists(catalog)
    for name, rows in _contents(register, catalog).items():
        _write_sheet(book.add_worksheet(name), COLUMNS[name], rows, formats, lists)
    _write_help(book.add_worksheet(HELP), formats)
    _write_lists(book.add_worksheet(LISTS), lists)
    book.close()
    return sink.getvalue()


def _contents(register: Register, catalog: Catalog) -> dict[str, list[dict[str, object]]]:
    return {
        UNITS: [_unit(unit, catalog) for unit in register.units],
        PLACES: [_place(township, place, catalog) for township, place in register.places.items()],
        QUOTAS: [{one.name: getattr(quota, one.name) for one in fields(quota)} for quota in register.quotas],
        TAKEN: [_response(one, catalog) for one in register.responses],
    }


def _unit(unit: AbsorbingUnit, catalog: Catalog) -> dict[str, object]:
    found = {column.name: getattr(unit, column.name) for column in COLUMNS[UNITS]}
    channel = catalog.channels.get(unit.channel)
    return found | {
        "channel": channel.name_zh if channel else unit.channel,
        "kind": unit.habit.name_zh,
        "township_id": _township(unit.township_id, catalog),
        "accepts": _goods(unit.accepts, catalog),
        "prefers": _goods(unit.prefers, catalog),
        "diners": unit.diners or None,
        "minimum_lot_t": unit.minimum_lot_t or None,
    }


def _place(township: str, place: Place, catalog: Catalog) -> dict[str, object]:
    return {"township_id": _township(township, catalog), "latitude": place.latitude, "longitude": place.longitude,
            "key": place.key}  # fmt: skip


def _response(one: Response, catalog: Catalog) -> dict[str, object]:
    found = {column.name: getattr(one, column.name) for column in COLUMNS[TAKEN]}
    product = catalog.products.get(one.product_id)
    return found | {
        "product_id": product.name_zh if product else one.product_id,
        "township_id": _township(one.township_id, catalog),
    }


def _township(township: str, catalog: Catalog) -> str:
    found = catalog.townships.get(township)
    return found.name_zh if found else township


def _goods(words: Iterable[str], catalog: Catalog) -> str:
    names = {product.id: product.name_zh for product in catalog.products.values()}
    return SEPARATOR.join(GROUPS.get(word) or names.get(word, word) for word in words)


def _write_sheet(
    sheet: Any, columns: tuple[Column, ...], rows: list[dict[str, object]], formats: dict[str, Any], lists: Any
) -> None:
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.set_row(0, 34)
    for place, column in enumerate(columns):
        styled = {Holds.DAY: formats["day"], Holds.TEXT: formats["text"]}.get(column.holds)
        sheet.set_column(place, place, column.width, styled)
        sheet.write_string(0, place, column.title, formats["needed" if column.needed else "heading"])
        if (rule := _rule(column, lists)) is not None:
            advice = {"input_title": column.heading, "input_message": column.help} if column.help else {}
            sheet.data_validation(1, place, LAST_ROW, place, rule | advice)
        for row, values in enumerate(rows, start=1):
            _write_cell(sheet, row, place, values[column.name], formats)


def _write_cell(sheet: Any, row: int, place: int, value: object, formats: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(row, place, YES if value else NO)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, place, dt.datetime.combine(value, dt.time()), formats["day"])
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value)
    else:
        sheet.write_string(row, place, str(value), formats["text"])


def _rule(column: Column, lists: dict[str, list[str]]) -> dict[str, Any] | None:
    """Excel's own check; names are only warned of, since others than the list's may be meant."""
    if column.name in lists:
        letter, count = "ABCD"[list(lists).index(column.name)], len(lists[column.name])
        source = f"={LISTS}!${letter}$1:${letter}${max(count, 1)}"
        return {"validate": "list", "source": source, "error_type": "warning", "error_title": column.heading}
    if column.holds is Holds.CHOICE:
        return {"validate": "list", "source": [YES, NO], "error_title": column.heading}
    if column.holds in (Holds.AMOUNT, Holds.SHARE):
        most = {"criteria": "between", "minimum": 0, "maximum": 1} if column.holds is Holds.SHARE else {}
        return {"validate": "decimal", "criteria": ">=", "value": 0, "error_title": column.heading} | most
    return None


def _lists(catalog: Catalog) -> dict[str, list[str]]:
    """What the drop-downs offer, by column."""
    local = [product.name_zh for product in catalog.products.values() if product.local]
    return {
        "channel": [channel.name_zh for channel in catalog.channels.values()],
        "kind": [habit.name_zh for habit in HABITS.values()],
        "township_id": [township.name_zh for township in catalog.townships.values()],
        "product_id": local,
    }


def _write_lists(sheet: Any, lists: dict[str, list[str]]) -> None:
    sheet.hide()
    for place, words in enumerate(lists.values()):
        sheet.write_column(0, place, words)


def _write_help(sheet: Any, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 1, 16)
    sheet.set_column(2, 2, 90, formats["wrap"])
    for row, step in enumerate(STEPS):
        sheet.write_string(row, 2, step, formats["wrap"])
    row = len(STEPS) + 1
    for name, columns in COLUMNS.items():
        for column in columns:
            sheet.write_row(row, 0, [name, column.title, column.help])
            row += 1
    sheet.write_string(row + 1, 0, "类")
    sheet.write_string(row + 1, 2, SEPARATOR.join(GROUPS.values()), formats["wrap"])
