"""The numbers of a chart or table as a workbook: what is seen can be taken along."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH: Final = 16


def workbook(title: str, columns: Mapping[str, Sequence[Any]], notes: Sequence[str] = ()) -> bytes:
    """One sheet with a heading a column, then a sheet of notes; text never becomes a formula."""
    import xlsxwriter

    content = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with xlsxwriter.Workbook(content, plain) as book:
        book.set_properties({"title": title, "created": dt.datetime(2000, 1, 1)})
        bold, day = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("数据 data")
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, max(len(columns) - 1, 0), WIDTH)
        for place, (name, values) in enumerate(columns.items()):
            sheet.write_string(0, place, name, bold)
            for row, value in enumerate(values, start=1):
                if isinstance(value, dt.date):
                    sheet.write_datetime(row, place, dt.datetime.combine(value, dt.time()), day)
                elif isinstance(value, str):
                    sheet.write_string(row, place, value)
                elif value is not None:
                    sheet.write_number(row, place, value)
        about = book.add_worksheet("说明 notes")
        about.set_column(0, 0, 6 * WIDTH)
        for row, note in enumerate([title, *notes]):
            about.write_string(row, 0, note)
    return content.getvalue()
