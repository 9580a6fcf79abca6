"""A page for the growers of a township: when to sell how much, at what price, what not to plant, whom to call.

A .docx on plain paper to be printed and put up; the same guidance gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from warning.absorption.units import AbsorbingUnit
from warning.briefing.docx_file import docx_bytes
from warning.briefing.official_page import official_page
from warning.briefing.official_table import Column, table
from warning.briefing.official_type import FANGSONG, HEITI, SIZE_3, SIZE_SMALL_4, TITLE_SONG, Setting, Words, paragraph
from warning.catalog import Catalog
from warning.errors import NotFound
from warning.guidance import sheet_words as say
from warning.guidance.district_guidance import ProductGuidance

if TYPE_CHECKING:
    from docx.document import Document

SIGNING: Final = "agriculture"
"""The department that gives the sheet out, by its id in the catalog."""
COLUMNS: Final = (Column("品种", 16), Column("什么时候卖", 42), Column("吨", 26), Column("元/公斤", 44),
                  Column("元/斤", 38))  # fmt: skip
MARGINS_MM: Final = (18, 16)
"""Top and bottom: a sheet has no room for those of an official document."""
LINE: Final = Setting("left", line=19)
HEAD: Final = Setting("left", before=6, line=22, keep_next=True)


def grower_sheet(
    day: dt.date,
    township_id: str,
    guidance: Sequence[ProductGuidance],
    units: Sequence[AbsorbingUnit],
    catalog: Catalog,
) -> bytes:
    """The sheet of a township. NotFound where the catalog has no such township."""
    township = catalog.townships.get(township_id)
    if township is None:
        raise NotFound(
            f"there is no township {township_id!r}", where="township", todo="see the townships for their codes"
        )
    organ = catalog.department_on(SIGNING, day).name_zh
    title = f"{township.name_zh}卖货和种植提示"
    document = official_page(title, organ, day)
    _narrow(document)
    paragraph(document, Words(title, TITLE_SONG, 20), setting=Setting("center", line=28))
    own = [
        (one.facts.product, advice)
        for one in guidance
        for advice in one.advices
        if advice.grower.township_id == township_id
    ]
    simulated = any(advice.simulated for _, advice in own) or any(one.outlook.simulated for one in guidance)
    under = f"{organ}　{say.day_zh(day)}" + (f"　（{say.SIMULATED}）" if simulated else "")
    _line(document, under, setting=Setting("center", line=19))
    _head(document, "一、什么时候卖、卖多少")
    if found := say.rows(own):
        table(document, COLUMNS, found)
        _line(document, say.HEEDED)
    for product, advice in own:
        _line(document, say.advice_line(product, advice))
    if not own:
        _line(document, "本乡镇近两周没有上报库存和采收，说不准什么时候卖好；请先向乡镇报数。")
    _planting(document, guidance)
    _calls(document, township.name_zh, organ, say.callers(units, [one for one, _ in own], township_id))
    return docx_bytes(document)


def _planting(document: Document, guidance: Sequence[ProductGuidance]) -> None:
    _head(document, "二、什么不要再多种")
    many = say.planted_too_much(guidance)
    for one in many[: say.NAMED]:
        _line(document, say.planting_line(one))
    if rest := many[say.NAMED :]:
        _line(document, f"还有{'、'.join(one.facts.product.name_zh for one in rest)}，也不要再多种。")
    if not many:
        _line(document, say.NOTHING_PLANTED)


def _calls(document: Document, township: str, organ: str, found: Sequence[tuple[AbsorbingUnit, str]]) -> None:
    _head(document, "三、卖不动找谁")
    _line(document, f"先找{township}农业服务中心，电话：＿＿＿＿＿＿；再找{organ}，电话：＿＿＿＿＿＿。")
    for unit, products in found:
        _line(document, f"可联系{unit.name}（收{products}）：{unit.contact}。")


def _head(document: Document, text: str) -> None:
    paragraph(document, Words(text, HEITI, SIZE_3), setting=HEAD)


def _line(document: Document, text: str, *, setting: Setting = LINE) -> None:
    paragraph(document, Words(text, FANGSONG, SIZE_SMALL_4), setting=setting)


def _narrow(document: Document) -> None:
    from docx.shared import Mm

    section = document.sections[0]
    section.top_margin, section.bottom_margin = (Mm(side) for side in MARGINS_MM)
    section.footer_distance = Mm(8)
