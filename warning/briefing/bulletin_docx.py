"""A bulletin as a .docx in the layout of official documents."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from warning.briefing import bulletin_words as say
from warning.briefing import official_parts as part
from warning.briefing.bulletin import Bulletin, Kind
from warning.briefing.charts import chart
from warning.briefing.docx_file import docx_bytes
from warning.briefing.official_page import TYPE_AREA_MM, official_page
from warning.briefing.official_table import Column, table

if TYPE_CHECKING:
    from docx.document import Document

NUMBERS = "一二三四五六七八九"
PRODUCT_COLUMNS = (Column("等级", 12), Column("品种", 22), Column("地点", 32), Column("待消纳 吨", 24, "right"),
                   Column("起始", 26), Column("成因", 60, "left"))  # fmt: skip
TASK_COLUMNS = (Column("牵头单位", 28), Column("渠道", 38, "left"), Column("条款", 16), Column("吨", 22, "right"),
                Column("产品", 22), Column("期限", 40))  # fmt: skip
RESERVE_COLUMNS = (Column("单位", 60, "left"), Column("年度额度", 34, "right"), Column("已用", 34, "right"),
                   Column("进度", 20, "right"))  # fmt: skip
TARGET_COLUMNS = (Column(say.TARGET_HEADS[0], 52, "left"), *(Column(one, 26, "right") for one in say.TARGET_HEADS[1:]))


def bulletin_docx(bulletin: Bulletin, organ: str) -> bytes:
    """The file; `organ` is the office whose bulletin it is."""
    document = official_page(say.title(bulletin), organ, bulletin.last)
    part.red_head(document, f"{organ}简报", bulletin.last.year)
    part.title(document, say.title(bulletin), note=say.SIMULATED if bulletin.simulated else "")
    part.text(document, say.as_known(bulletin))
    numbers = iter(NUMBERS)
    if bulletin.kind != Kind.ALERT:
        part.heading(document, f"{next(numbers)}、总体情况")
        part.text(document, say.overview(bulletin))
    if bulletin.kind == Kind.XUN:
        part.text(document, say.happened(bulletin))
    part.heading(document, f"{next(numbers)}、{'预警情况' if bulletin.kind == Kind.ALERT else '预警品种'}")
    if not bulletin.products:
        part.text(document, "当日无须预警。未知和陈旧的对象不等于平稳。")
    for line in bulletin.products:
        part.text(document, say.product_sentence(line), lead=f"{line.product}。")
    _picture(document, bulletin)
    part.heading(document, f"{next(numbers)}、消纳安排")
    part.text(document, say.plan_sentence(bulletin))
    if bulletin.tasks:
        part.caption(document, "各牵头单位任务表")
        table(document, TASK_COLUMNS, say.task_rows(bulletin.tasks))
    if bulletin.kind == Kind.XUN:
        part.heading(document, f"{next(numbers)}、年度进度")
        part.text(document, say.progress(bulletin))
        if bulletin.targets:
            table(document, TARGET_COLUMNS, say.target_rows(bulletin))
        if bulletin.reserves:
            table(document, RESERVE_COLUMNS, say.reserve_rows(bulletin))
    part.signature(document, organ, bulletin.last)
    return docx_bytes(document)


def _picture(document: Document, bulletin: Bulletin) -> None:
    from docx.shared import Mm

    content = chart(bulletin)
    if content:
        document.add_picture(io.BytesIO(content), width=Mm(TYPE_AREA_MM[0]))
    if note := say.forecast_sentence(bulletin):
        part.text(document, note)
