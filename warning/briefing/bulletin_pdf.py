"""A bulletin as PDF, set by Typst: the words are data to a fixed layout, and never markup."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from warning.briefing import bulletin_words as say
from warning.briefing.bulletin import Bulletin, Kind
from warning.briefing.bulletin_docx import NUMBERS, PRODUCT_COLUMNS, RESERVE_COLUMNS, TARGET_COLUMNS, TASK_COLUMNS
from warning.briefing.charts import FAMILIES, chart
from warning.briefing.official_table import Column
from warning.briefing.official_type import plain

LAYOUT: Final = Path(__file__).with_name("bulletin.typ")
NOTE: Final = "本件由系统排版，字体为本机所有的中文字体，与公文规定的仿宋、小标宋不同；报送以 .docx 为准。"


def bulletin_pdf(bulletin: Bulletin, organ: str) -> bytes:
    """The file; equal bulletins give equal bytes."""
    import typst

    picture = chart(bulletin)
    told = document_of(bulletin, organ, picture=bool(picture))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / LAYOUT.name
        source.write_bytes(LAYOUT.read_bytes())
        if picture:
            (Path(folder) / "chart.png").write_bytes(picture)
        content = typst.compile(
            str(source), sys_inputs={"data": json.dumps(told, ensure_ascii=False)}, timestamp=0, root=folder
        )
    return bytes(content)


def document_of(bulletin: Bulletin, organ: str, *, picture: bool) -> dict[str, Any]:
    """What the layout is given."""
    parts = [_text(say.as_known(bulletin))]
    numbers = iter(NUMBERS)
    if bulletin.kind != Kind.ALERT:
        parts += [_heading(f"{next(numbers)}、总体情况"), _text(say.overview(bulletin))]
    if bulletin.kind == Kind.XUN:
        parts.append(_text(say.happened(bulletin)))
    parts.append(_heading(f"{next(numbers)}、{'预警情况' if bulletin.kind == Kind.ALERT else '预警品种'}"))
    if bulletin.products:
        parts.append(_table(PRODUCT_COLUMNS, say.product_rows(bulletin)))
    else:
        parts.append(_text("当日无须预警。未知和陈旧的对象不等于平稳。"))
    if picture:
        parts.append({"kind": "picture"})
    if note := say.forecast_sentence(bulletin):
        parts.append(_text(note))
    parts += [_heading(f"{next(numbers)}、消纳安排"), _text(say.plan_sentence(bulletin))]
    if bulletin.tasks:
        parts.append(_table(TASK_COLUMNS, say.task_rows(bulletin.tasks)))
    if bulletin.kind == Kind.XUN:
        parts += [_heading(f"{next(numbers)}、年度进度"), _text(say.progress(bulletin))]
        if bulletin.targets:
            parts.append(_table(TARGET_COLUMNS, say.target_rows(bulletin)))
        if bulletin.reserves:
            parts.append(_table(RESERVE_COLUMNS, say.reserve_rows(bulletin)))
    return {
        "title": plain(say.title(bulletin)), "organ": plain(organ), "day": say.chinese(bulletin.last),
        "simulated": say.SIMULATED if bulletin.simulated else "", "parts": parts, "picture": "chart.png",
        "fonts": list(FAMILIES), "note": NOTE,
    }  # fmt: skip


def _heading(text: str) -> dict[str, Any]:
    return {"kind": "heading", "text": plain(text)}


def _text(text: str, lead: str = "") -> dict[str, Any]:
    return {"kind": "text", "text": plain(text), "lead": plain(lead)}


def _table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    return {
        "kind": "table", "heads": [one.head for one in columns], "widths": [one.share for one in columns],
        "align": [one.align for one in columns], "rows": [[plain(cell) for cell in row] for row in rows],
    }  # fmt: skip
