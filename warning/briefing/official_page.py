"""The page of an official document (公文): paper, type area, character grid and page numbers, after GB/T 9704-2012."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any, Final

from warning.briefing.official_type import (
    FANGSONG,
    SIZE_3,
    SIZE_4,
    SONGTI,
    Setting,
    Words,
    add_element,
    add_words,
    fill,
    plain,
    set_attributes,
    set_fonts,
)

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section, _Footer

PAPER_MM: Final = (210, 297)
MARGINS_MM: Final = (37, 35, 28, 26)
"""Top, bottom, left, right: what they leave is the type area of 156 × 225 mm."""
TYPE_AREA_MM: Final = (156, 225)
LINES, CHARACTERS = 22, 28
PT_A_MM: Final = 72 / 25.4
CHARACTER_TWIPS: Final = math.floor((TYPE_AREA_MM[0] * PT_A_MM / CHARACTERS - SIZE_3) * 20)
"""What a character of the body is given beyond its size, so that 28 fill a line: less than nothing."""
FOOTER_MM: Final = 22
"""From the paper's edge: the page number stands 7 mm below the type area."""


def official_page(title: str, organ: str, day: dt.date) -> Document:
    """An empty document on official paper, as a python-docx document (which it loads).

    Title, organ and day go into its properties; no clock is read, so that equal documents are equal.
    """
    import docx

    document = docx.Document()
    _set_defaults(document)
    _lay_paper(document.sections[0])
    document.settings.odd_and_even_pages_header_footer = True
    _number_pages(document.sections[0].footer, Setting("right", right=1, line=SIZE_3))
    _number_pages(document.sections[0].even_page_footer, Setting("left", left=1, line=SIZE_3))
    about = document.core_properties
    about.title, about.author, about.last_modified_by = (plain(text)[:250] for text in (title, organ, organ))
    about.comments, about.language, about.revision = "", "zh-CN", 1
    about.created = about.modified = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    return document


def _lay_paper(section: Section) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm

    section.page_width, section.page_height = (Mm(side) for side in PAPER_MM)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(Mm, MARGINS_MM)
    section.footer_distance = Mm(FOOTER_MM)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    add_element(section._sectPr, "docGrid", type="lines", linePitch=int(TYPE_AREA_MM[1] * PT_A_MM / LINES * 20))


def _set_defaults(document: Document) -> None:
    """The body's font for all that says nothing else; the base template's theme fonts go, since Word prefers them."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    defaults = document.styles.element.find(qn("w:docDefaults"))
    for fonts in defaults.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        set_fonts(fonts, FANGSONG)
    for language in defaults.iter(qn("w:lang")):
        # digits are western text: told to be Chinese, a number may be broken at the end of a line
        set_attributes(language, val="en-US", eastAsia="zh-CN")
    normal: Any = document.styles["Normal"]
    letters = normal.element.get_or_add_rPr()
    set_fonts(letters.get_or_add_rFonts(), FANGSONG)
    # A character grid narrower than its font makes LibreOffice give each character two cells; spacing serves all.
    add_element(letters, "spacing", val=CHARACTER_TWIPS)
    normal.font.size = Pt(SIZE_3)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.widow_control = False


def _number_pages(footer: _Footer, setting: Setting) -> None:
    """— 1 — in half-width figures of 四号 宋体: a PAGE field between two dashes."""
    line = fill(footer.paragraphs[0], Words("— ", SONGTI, SIZE_4), setting=setting)

    def run(text: str = "") -> Any:
        return add_words(line, Words(text, SONGTI, SIZE_4))._r

    add_element(run(), "fldChar", fldCharType="begin")
    add_element(run(), "instrText").text = "PAGE"
    add_element(run(), "fldChar", fldCharType="separate")
    run("1")
    add_element(run(), "fldChar", fldCharType="end")
    run(" —")
