"""Tables of official documents: as wide as the type area, with a head that returns on each page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from warning.briefing.official_page import TYPE_AREA_MM
from warning.briefing.official_type import FANGSONG, HEITI, SIZE_SMALL_4, Setting, Words, add_element, fill

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell, _Row

ROW_PT = 18.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its head; `share` of the width is against the other columns' shares."""

    head: str
    share: float = 1
    align: Literal["left", "center", "right"] = "center"


def table(
    document: Document, columns: Sequence[Column], rows: Sequence[Sequence[str]], total: Sequence[str] = ()
) -> None:
    """A table of rows as wide as the columns, closed by a row of totals where one is given."""
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm

    every = [[column.head for column in columns], *rows, *([total] if total else [])]
    made = document.add_table(rows=len(every), cols=len(columns))
    made.style, made.autofit = "Table Grid", False
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    shares = sum(column.share for column in columns)
    widths = [column.share / shares * TYPE_AREA_MM[0] for column in columns]
    for grid, width in zip(made.columns, widths, strict=True):
        grid.width = Mm(width)
    last = len(every) - 1
    for place, (row, texts) in enumerate(zip(made.rows, every, strict=True)):
        _hold_together(row, head=place == 0)
        font = HEITI if place == 0 or (total and place == last) else FANGSONG
        for cell, text, column, width in zip(row.cells, texts, columns, widths, strict=True):
            _fill(cell, Words(text, font, SIZE_SMALL_4), width, "center" if place == 0 else column.align)


def _fill(cell: _Cell, words: Words, width_mm: float, align: Literal["left", "center", "right"]) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.shared import Mm

    cell.width = Mm(width_mm)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    fill(cell.paragraphs[0], words, setting=Setting(align, line=ROW_PT))


def _hold_together(row: _Row, *, head: bool) -> None:
    """No row breaks over a page; the head returns on the next."""
    properties: Any = row._tr.get_or_add_trPr()
    add_element(properties, "cantSplit")
    if head:
        add_element(properties, "tblHeader")
