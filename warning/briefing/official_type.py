"""The type of official documents (公文): fonts, sizes, words and paragraphs, after GB/T 9704-2012.

Fonts are named, not embedded: the office's machines have them, elsewhere a fallback shows.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

FANGSONG, TITLE_SONG, HEITI, KAITI, SONGTI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL_4 = 22.0, 16.0, 14.0, 12.0
"""二号, 三号, 四号 and 小四 in points."""
LINE_PT: Final = 28.95
"""A twenty-second of the type area's height, cut so that 22 lines never need a second page."""
RED: Final = "FF0000"
_GONE: Final = frozenset({"Cc", "Cf", "Cs"})
_NEVER: Final = frozenset("\ufffe\uffff")
"""No characters, which XML does not hold either."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words in one font; sizes in points, colour as RRGGBB."""

    text: str
    font: str = FANGSONG
    size: float = SIZE_3
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a paragraph stands: indents in characters of the body, spaces and line pitch in points."""

    align: Literal["left", "center", "right", "justify"] = "justify"
    first: float = 0
    left: float = 0
    right: float = 0
    before: float = 0
    line: float = LINE_PT
    keep_next: bool = False


USUAL = Setting()
BODY = Setting(first=2)


def plain(text: str) -> str:
    """Text that XML can hold on one line: breaks become a space; control and invisible characters go."""
    spaced = re.sub("[\t\n\r\v\f\u2028\u2029 ]+", " ", text)
    return "".join(one for one in spaced if unicodedata.category(one) not in _GONE and one not in _NEVER)


def paragraph(document: Document, *words: Words | str, setting: Setting = USUAL) -> Paragraph:
    """A paragraph at the end of the document; bare text is set in the body's font."""
    return fill(document.add_paragraph(), *words, setting=setting)


def fill(empty: Paragraph, *words: Words | str, setting: Setting = USUAL) -> Paragraph:
    """Put words into an empty paragraph (of the text, a footer or a table's cell) and set it."""
    from docx.enum.text import WD_LINE_SPACING, WD_PARAGRAPH_ALIGNMENT
    from docx.shared import Pt

    shape = empty.paragraph_format
    shape.alignment = WD_PARAGRAPH_ALIGNMENT[setting.align.upper()]
    shape.space_before = Pt(setting.before) if setting.before else None
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(setting.line)
    shape.keep_with_next = setting.keep_next or None
    if setting.line != LINE_PT:
        _leave_grid(empty)
    _indent(empty, firstLine=setting.first, left=setting.left, right=setting.right)
    for one in words:
        add_words(empty, one if isinstance(one, Words) else Words(one))
    return empty


def add_words(to: Paragraph, words: Words) -> Run:
    """Words at the end of a paragraph."""
    from docx.shared import Pt, RGBColor

    run = to.add_run(plain(words.text))
    run.font.size = Pt(words.size)
    set_fonts(run._r.get_or_add_rPr().get_or_add_rFonts(), words.font)
    if words.colour:
        run.font.color.rgb = RGBColor.from_string(words.colour)
    return run


def set_fonts(fonts: BaseOxmlElement, name: str) -> None:
    """One font for Latin and Chinese alike: python-docx by itself leaves the East Asian one to the theme."""
    set_attributes(fonts, hint="eastAsia", ascii=name, hAnsi=name, eastAsia=name, cs=name)


def set_attributes(element: BaseOxmlElement, **attributes: object) -> None:
    """Attributes of the word-processing name space, by their plain names."""
    from docx.oxml.ns import qn

    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))


def add_element(parent: BaseOxmlElement, name: str, **attributes: object) -> BaseOxmlElement:
    """A new child of the word-processing name space, the last of its parent."""
    from docx.oxml import OxmlElement

    made: Any = OxmlElement(f"w:{name}")
    set_attributes(made, **attributes)
    parent.append(made)
    found: BaseOxmlElement = made
    return found


def _leave_grid(of: Paragraph) -> None:
    """A line pitch of its own: LibreOffice would round it up to whole lines of the page."""
    properties: Any = of._p.get_or_add_pPr()
    properties.insert_element_before(
        add_element(properties, "snapToGrid", val=0), "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _indent(of: Paragraph, **characters: float) -> None:
    """Indents in hundredths of a character, and in twips for readers that know no characters."""
    for name, count in characters.items():
        if count:
            indent = of._p.get_or_add_pPr().get_or_add_ind()
            set_attributes(indent, **{f"{name}Chars": round(count * 100), name: round(count * SIZE_3 * 20)})
