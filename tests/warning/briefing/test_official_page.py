"""The layout of official documents, read back from the file: paper, grid, fonts, parts, page numbers, bytes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Length

from warning.briefing import official_parts as part
from warning.briefing.docx_file import docx_bytes
from warning.briefing.official_page import official_page
from warning.briefing.official_table import Column, table
from warning.briefing.official_type import plain

DAY = dt.date(2026, 3, 2)


def written(words: str = "正文。") -> bytes:
    """A document with each part once."""
    document = official_page("关于试排的函", "区农业农村委", DAY)
    part.red_head(document, "区农业农村委", 2026, to_be_signed=True)
    part.title(document, "关于试排", "公文的函", note="样稿")
    part.addressee(document, ["区商务委", "区教委"])
    part.heading(document, "一、事项")
    part.text(document, words, lead="（一）小题。")
    part.annex_list(document, ["表一", "表二"])
    part.signature(document, "区农业农村委", DAY)
    part.remark(document, "联系人：")
    part.annex(document, "1", "表一")
    part.caption(document, "表1")
    table(document, [Column("单位", 2, "left"), Column("吨", 1, "right")], [("甲", "1")] * 60, ("合计", "60"))
    part.copies(document, ["区教委"])
    return docx_bytes(document)


@pytest.fixture(scope="module")
def page() -> Any:
    return docx.Document(io.BytesIO(written()))


def found(page: Any, text: str) -> Any:
    return next(one for one in page.paragraphs if one.text == text)


def east_asian(run: Any) -> str:
    return run._r.rPr.rFonts.get(qn("w:eastAsia"))


def indent(paragraph: Any, name: str) -> str | None:
    return paragraph._p.pPr.ind.get(qn(f"w:{name}"))


def test_the_paper_is_a4_with_a_type_area_of_156_by_225_mm(page: Any) -> None:
    section = page.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(one.mm) for one in margins] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin
    assert (Length(width).mm, Length(height).mm) == pytest.approx((156, 225), abs=0.1)


def test_twenty_two_lines_of_twenty_eight_characters_fill_the_type_area(page: Any) -> None:
    grid = page.sections[0]._sectPr.find(qn("w:docGrid"))
    pitch = int(grid.get(qn("w:linePitch"))) / 20
    height, width = 225 * 72 / 25.4, 156 * 72 / 25.4
    assert 22 * pitch <= height < 23 * pitch
    assert found(page, "（一）小题。正文。").paragraph_format.line_spacing.pt == pytest.approx(pitch, abs=0.05)
    normal = page.styles["Normal"]
    spacing = int(normal.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert 28 * (normal.font.size.pt + spacing) <= width < 29 * (normal.font.size.pt + spacing)


@pytest.mark.parametrize(
    ("text", "font", "size"),
    [
        ("关于试排", "方正小标宋简体", 22),
        ("区商务委、区教委：", "仿宋_GB2312", 16),
        ("一、事项", "黑体", 16),
        ("附件1", "黑体", 16),
        ("抄送：区教委。", "仿宋_GB2312", 14),
    ],
)
def test_each_part_is_set_in_its_font_for_chinese_too(page: Any, text: str, font: str, size: float) -> None:
    run = found(page, text).runs[0]
    assert (run.font.name, east_asian(run), run.font.size.pt) == (font, font, size)


def test_a_heading_of_the_second_level_is_in_kaiti_and_runs_on(page: Any) -> None:
    line = found(page, "（一）小题。正文。")
    assert [east_asian(run) for run in line.runs] == ["楷体_GB2312", "仿宋_GB2312"]
    assert indent(line, "firstLineChars") == "200"


def test_chinese_is_chinese_and_figures_are_not_so_that_no_number_is_broken_at_the_end_of_a_line(page: Any) -> None:
    (language,) = page.styles.element.iter(qn("w:lang"))
    assert (language.get(qn("w:val")), language.get(qn("w:eastAsia"))) == ("en-US", "zh-CN")


def test_no_run_is_left_to_the_theme_fonts(page: Any) -> None:
    for part_name in ("document", "styles"):
        text = zipfile.ZipFile(io.BytesIO(written())).read(f"word/{part_name}.xml").decode()
        normal = text.split("w:latentStyles")[0] if part_name == "styles" else text
        assert "eastAsiaTheme" not in normal
    assert all(east_asian(run) for one in page.paragraphs for run in one.runs)


@pytest.mark.parametrize(
    ("holder", "order"),
    [
        ("w:pPr", "pStyle keepNext pageBreakBefore widowControl pBdr snapToGrid spacing ind jc rPr"),
        ("w:rPr", "rStyle rFonts color spacing sz"),
    ],
)
def test_properties_stand_in_the_order_of_the_schema(page: Any, holder: str, order: str) -> None:
    names = [qn(f"w:{name}") for name in order.split()]
    roots = (page.element, page.styles["Normal"].element, page.sections[0].footer._element)
    every = [one for root in roots for one in root.iter(qn(holder))]
    assert len(every) > 20
    for one in every:
        places = [names.index(child.tag) for child in one]
        assert places == sorted(places)


def test_the_head_is_red_with_a_red_line_and_a_number_to_fill_in(page: Any) -> None:
    head, number = page.paragraphs[:2]
    assert head.text == "区农业农村委"
    assert str(head.runs[0].font.color.rgb) == "FF0000"
    assert number.text.startswith("　　　　〔2026〕　　号")
    assert "签发人：" in number.text
    rule = number._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert rule.get(qn("w:color")) == "FF0000"


def test_a_long_name_in_the_head_is_set_smaller_to_stay_on_its_line() -> None:
    document = official_page("长", "长", DAY)
    part.red_head(document, "某" * 24, 2026)
    assert document.paragraphs[0].runs[0].font.size.pt * 24 <= 156 * 72 / 25.4


def test_the_day_stands_in_figures_right_with_the_organ_centred_on_it(page: Any) -> None:
    day = found(page, "2026年3月2日")
    organ = page.paragraphs[[one.text for one in page.paragraphs].index("2026年3月2日") - 1]
    assert day.alignment == organ.alignment == docx.enum.text.WD_ALIGN_PARAGRAPH.RIGHT
    assert indent(day, "rightChars") == "400"
    # 2026年3月2日 is six characters wide, as wide as the organ's name.
    assert indent(organ, "rightChars") == "400"


def test_annexes_are_listed_with_numbers_and_one_alone_without(page: Any) -> None:
    assert [one.text for one in page.paragraphs if "表" in one.text][:2] == ["附件：1. 表一", "　　　2. 表二"]
    document = official_page("一", "一", DAY)
    part.annex_list(document, ["唯一"])
    assert document.paragraphs[0].text == "附件：唯一"


def test_an_annex_begins_a_new_page_and_a_signature_never_stands_alone(page: Any) -> None:
    assert found(page, "附件1").paragraph_format.page_break_before
    assert found(page, "　　　2. 表二").paragraph_format.keep_with_next


def test_page_numbers_are_fields_between_dashes_on_odd_and_even_pages(page: Any) -> None:
    assert page.settings.odd_and_even_pages_header_footer
    section = page.sections[0]
    for footer, side in ((section.footer, "RIGHT"), (section.even_page_footer, "LEFT")):
        (line,) = footer.paragraphs
        assert line.text == "— 1 —"
        assert line._p.find(f".//{qn('w:instrText')}").text == "PAGE"
        assert line.alignment.name == side
        assert {(run.font.size.pt, east_asian(run), run.font.name) for run in line.runs} == {(14, "宋体", "宋体")}


def test_a_table_is_as_wide_as_the_type_area_and_its_head_returns(page: Any) -> None:
    (made,) = page.tables
    assert sum(column.width.mm for column in made.columns) == pytest.approx(156, abs=0.2)
    assert made.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert made.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
    assert [cell.text for cell in made.rows[-1].cells] == ["合计", "60"]
    assert len(made.rows) == 62


def test_equal_documents_are_equal_bytes_whenever_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    first = written()
    monkeypatch.setattr("time.localtime", lambda *_: (2031, 5, 6, 7, 8, 9, 0, 1, 0))
    assert written() == first
    assert written("别的。") != first


def test_the_file_speaks_of_its_own_document_alone() -> None:
    archive = zipfile.ZipFile(io.BytesIO(written()))
    assert not [name for name in archive.namelist() if "thumbnail" in name or "app.xml" in name]
    about = docx.Document(io.BytesIO(written())).core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("区农业农村委", "区农业农村委", "")
    assert about.created.date() == about.modified.date() == DAY


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("甲\x00\x0b乙", "甲 乙"),
        ("甲\n\t 乙", "甲 乙"),
        ("甲\x1f\ufffe\uffff\ud800乙", "甲乙"),
        ("\u202e甲\u200b", "甲"),
        ("　空格　", "　空格　"),
        ("䶮𠮷", "䶮𠮷"),
    ],
)
def test_characters_that_xml_cannot_hold_go_and_chinese_stays(given: str, kept: str) -> None:
    assert plain(given) == kept
    assert any(kept in one.text for one in docx.Document(io.BytesIO(written(given))).paragraphs)
