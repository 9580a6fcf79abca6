"""The parts of an official document in the order of GB/T 9704-2012: head, title, addressee, text, signature, annexes.

Each adds to the end of the document. Texts are cleaned as they are set.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from warning.briefing.official_page import PT_A_MM, TYPE_AREA_MM
from warning.briefing.official_type import (
    BODY,
    FANGSONG,
    HEITI,
    KAITI,
    LINE_PT,
    RED,
    SIZE_2,
    SIZE_4,
    TITLE_SONG,
    Setting,
    Words,
    add_element,
    paragraph,
    plain,
)

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

HEAD_MM = 35
"""From the type area's upper edge to the organ's name."""
HEAD_PT = 48.0
STAMP_RIGHT = 4
"""Characters that a stamped document leaves to the right of its date."""


def red_head(document: Document, organ: str, year: int, *, to_be_signed: bool = False) -> None:
    """The organ's name in red, a document number (发文字号) left to be filled in, and the red line.

    With `to_be_signed` the line of the number has a blank for the signer (签发人).
    """
    name = plain(organ)
    size = min(HEAD_PT, TYPE_AREA_MM[0] * PT_A_MM / max(1, len(name)))
    paragraph(document, Words(name, TITLE_SONG, size, RED),
              setting=Setting("center", before=HEAD_MM * PT_A_MM, line=size * 1.25))  # fmt: skip
    number = f"　　　　〔{year}〕　　号"
    if to_be_signed:
        line = paragraph(document, f"{number}　　　　签发人：", Words("　　　　", KAITI),
                         setting=Setting("center", before=2 * LINE_PT))  # fmt: skip
    else:
        line = paragraph(document, number, setting=Setting("center", before=2 * LINE_PT))
    _rule(line, "bottom", RED, eighths=16, space=11)


def title(document: Document, *lines: str, note: str = "") -> None:
    """The title, one line each; below it a note in brackets where there is one."""
    for place, text in enumerate(lines):
        before = 2 * LINE_PT if place == 0 else 0
        paragraph(document, Words(text, TITLE_SONG, SIZE_2), setting=Setting("center", before=before, line=33))
    if note:
        paragraph(document, Words(f"（{note}）", KAITI), setting=Setting("center"))


def addressee(document: Document, names: Sequence[str]) -> None:
    """To whom it goes (主送机关)."""
    paragraph(document, f"{'、'.join(names)}：", setting=Setting(before=LINE_PT))


def heading(document: Document, text: str) -> None:
    """A heading of the first level (一、)."""
    paragraph(document, Words(text, HEITI), setting=Setting(first=2, keep_next=True))


def text(document: Document, words: str, *, lead: str = "", last: bool = False) -> None:
    """A paragraph of the text; `lead` is a heading of the second level （一） that it runs on from.

    The last one stays on the page of the signature, which may not stand alone.
    """
    paragraph(document, *([Words(lead, KAITI)] if lead else []), words, setting=Setting(first=2, keep_next=last))


def annex_list(document: Document, names: Sequence[str]) -> None:
    """The list of annexes (附件说明) above the signature; one alone has no number."""
    for place, name in enumerate(names):
        number = f"{place + 1}. " if len(names) > 1 else ""
        begin = f"附件：{number}" if place == 0 else f"　　　{number}"
        paragraph(document, f"{begin}{name}", setting=Setting(first=2, before=0 if place else LINE_PT, keep_next=True))


def signature(document: Document, organ: str, day: dt.date) -> None:
    """The organ's name, centred on the day below it; the day (成文日期) in figures, with room for a stamp."""
    written = f"{day.year}年{day.month}月{day.day}日"
    aside = STAMP_RIGHT + (_width(written) - _width(organ)) / 2
    paragraph(document, organ, setting=Setting("right", right=max(0, aside), before=2 * LINE_PT, keep_next=True))
    paragraph(document, written, setting=Setting("right", right=STAMP_RIGHT))


def remark(document: Document, words: str) -> None:
    """What stands in brackets below the signature (附注)."""
    paragraph(document, f"（{words}）", setting=BODY)


def annex(document: Document, number: str, name: str) -> None:
    """The head of an annex on a new page; `number` is blank where there is but one."""
    top = paragraph(document, Words(f"附件{number}", HEITI), setting=Setting("left", keep_next=True))
    top.paragraph_format.page_break_before = True
    paragraph(document, Words(name, TITLE_SONG, SIZE_2),
              setting=Setting("center", before=LINE_PT, line=33, keep_next=True))  # fmt: skip


def caption(document: Document, words: str) -> None:
    """What stands above a table and stays with it."""
    paragraph(document, Words(words, HEITI, SIZE_4), setting=Setting("left", before=12, line=24, keep_next=True))


def copies(document: Document, names: Sequence[str]) -> None:
    """Who is sent a copy (抄送), between two rules."""
    if names:
        told = Words(f"抄送：{'、'.join(names)}。", FANGSONG, SIZE_4)
        line = paragraph(document, told, setting=Setting(left=1, right=1, before=LINE_PT, line=24))
        _rule(line, "top", "000000", eighths=6, space=4)
        _rule(line, "bottom", "000000", eighths=6, space=4)


def _width(words: str) -> float:
    """In characters: what is not wide takes a half."""
    return sum(1 if unicodedata.east_asian_width(one) in "WFA" else 0.5 for one in words)


def _rule(under: Paragraph, side: str, colour: str, *, eighths: int, space: int) -> None:
    """A rule along a paragraph's side; thickness in eighths of a point, distance in points."""
    from docx.oxml.ns import qn

    properties: Any = under._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = add_element(properties, "pBdr")
        # The schema wants borders before spacing and indents.
        properties.insert_element_before(borders, "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")
    add_element(borders, side, val="single", sz=eighths, space=space, color=colour)
