"""Township reports as the workbook that a township would fill in, so that they go through the real feed."""

from __future__ import annotations

import datetime as dt
import io

import pandas as pd

from pipelines.feeds.township_columns import BLOCKED, COLUMNS, PRICE_UNIT, PRICE_UNITS, SHEET, TITLE, YES_NO, Holds


def township_workbook(reports: pd.DataFrame, written_on: dt.date) -> bytes:
    """The .xlsx bytes of a frame of reports: title, price unit, headings, and one row a report.

    Columns are taken by the names of `township_columns.COLUMNS`, prices in CNY per kg; what is missing stays empty.
    The same frame and day give the same bytes.
    """
    import xlsxwriter

    sink = io.BytesIO()
    book = xlsxwriter.Workbook(sink, {"in_memory": True})
    book.set_properties({"created": dt.datetime.combine(written_on, dt.time()), "comments": "模拟数据 simulated"})
    day_format = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(SHEET)
    sheet.write_row(0, 0, [f"{TITLE}（模拟数据）"])
    sheet.write_row(1, 0, [PRICE_UNIT, next(iter(PRICE_UNITS))])
    sheet.write_row(2, 0, [column.title for column in COLUMNS])
    for place, column in enumerate(COLUMNS):
        values = reports[column.name]
        sheet.set_column(place, place, column.width, day_format if column.holds is Holds.DAY else None)
        for row, value in enumerate(values, start=3):
            if pd.isna(value):
                continue
            if column.holds is Holds.DAY:
                sheet.write_datetime(row, place, value, day_format)
            elif column.holds is Holds.CHOICE:
                words = BLOCKED if column.name == "road_blocked" else YES_NO
                sheet.write_string(row, place, words[0] if value else words[1])
            elif column.holds is Holds.TEXT:
                sheet.write_string(row, place, value)
            else:
                sheet.write_number(row, place, float(value))
    book.close()
    return sink.getvalue()
