"""A bulletin as a workbook: the numbers as numbers, the picture beside them; text never becomes a formula."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from warning.briefing import bulletin_words as say
from warning.briefing.bulletin import LEVELS, Bulletin, Kind
from warning.briefing.charts import chart

WIDTHS = (10, 18, 26, 14, 14, 60)


def bulletin_xlsx(bulletin: Bulletin, organ: str) -> bytes:
    """The file."""
    import xlsxwriter

    content = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, plain) as book:
        day = dt.datetime.combine(bulletin.last, dt.time())
        book.set_properties({"title": say.title(bulletin), "author": organ, "created": day})
        _overview(book, bulletin)
        _sheet(book, "预警品种", say.PRODUCT_HEADS, _products(bulletin))
        _sheet(book, "任务", say.TASK_HEADS, _tasks(bulletin))
        if bulletin.kind == Kind.XUN:
            targets = [(one.name, one.amount_t, one.placed_t, one.share, bulletin.elapsed) for one in bulletin.targets]
            _sheet(book, "年度指导性计划", say.TARGET_HEADS, targets)
            _sheet(book, "年度进度", ("单位", "年度额度", "已用", "单位", "进度"), [
                (one.unit, one.amount, one.drawn, one.measure, one.share) for one in bulletin.reserves])  # fmt: skip
        if bulletin.days:
            rows = [(day, *(counts.get(level, 0) for level in LEVELS)) for day, counts in bulletin.days]
            _sheet(book, "逐日", say.DAY_HEADS, rows)
    return content.getvalue()


def _overview(book: Any, bulletin: Bulletin) -> None:
    sheet = book.add_worksheet("总览")
    sheet.set_column(0, 0, 100)
    wrap = book.add_format({"text_wrap": True})
    sentences = [say.title(bulletin), say.as_known(bulletin), say.overview(bulletin), say.happened(bulletin),
                 say.plan_sentence(bulletin), say.forecast_sentence(bulletin)]  # fmt: skip
    if bulletin.simulated:
        sentences.insert(1, say.SIMULATED)
    told = [one for one in sentences if one]
    for row, sentence in enumerate(told):
        sheet.write_string(row, 0, sentence, wrap)
    if picture := chart(bulletin):
        sheet.insert_image(len(told) + 1, 0, "chart.png", {"image_data": io.BytesIO(picture), "x_scale": 0.6,
                                                           "y_scale": 0.6})  # fmt: skip


def _products(bulletin: Bulletin) -> list[tuple[Any, ...]]:
    return [
        (line.level.name_zh, line.product, line.place, line.surplus_t, line.since, "；".join(line.why))
        for line in bulletin.products
    ]


def _tasks(bulletin: Bulletin) -> list[tuple[Any, ...]]:
    rows = say.task_rows(bulletin.tasks)
    return [(*row[:3], task.tonnes, *row[4:]) for row, task in zip(rows, bulletin.tasks, strict=True)]


def _sheet(book: Any, name: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    sheet = book.add_worksheet(name)
    bold, date = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, bold)
        sheet.set_column(place, place, WIDTHS[min(place, len(WIDTHS) - 1)])
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(number, place, dt.datetime.combine(value, dt.time()), date)
            elif isinstance(value, str):
                sheet.write_string(number, place, value)
            elif value is not None:
                sheet.write_number(number, place, value)
