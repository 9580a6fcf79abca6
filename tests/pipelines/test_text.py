"""Bytes as text: the ladder, and what is refused rather than guessed."""

import os

import pytest

from pipelines.feeds.text import decode
from warning.errors import UnreadableFile

LINE = "品种,价格\n柚子,3.2\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-32"])
def test_the_ladder_reads_what_excel_and_editors_write(encoding):
    assert decode(LINE.encode(encoding)) == LINE


def test_rare_characters_of_gb18030_and_short_lines_are_read():
    assert decode("㙟䶮𠮷,1".encode("gb18030")) == "㙟䶮𠮷,1"
    assert decode("梁平柚,3.2".encode("gb18030")) == "梁平柚,3.2"


def test_an_encoding_that_is_named_goes_before_the_ladder():
    assert decode("高麗菜,3.2".encode("big5"), encoding="big5") == "高麗菜,3.2"
    assert decode("양파".encode("cp949"), encoding="cp949") == "양파"


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        (b"", None, "empty"),
        (b" \r\n\t ", None, "empty"),
        (b"PK\x03\x04rest", None, "workbook"),
        (b"%PDF-1.7", None, "PDF"),
        (b"a,b\n1,\x00\x00\n", None, "binary"),
        ("a,b".encode("utf-16-le"), None, "binary"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08", None, "binary"),
        ("café, 3\n".encode("latin-1"), None, "neither UTF-8 nor GB18030"),
        ("柚子".encode("gb18030"), "utf-8", "not in utf-8"),
        (b"x", "klingon", "no encoding called"),
        (b"\xff\xfea", None, "utf-16"),
        ("柚子柑橘青菜,1\n".encode()[:-5], None, "cut off"),
        ("柚子柑橘,1\n".encode() + b"\xb0\xa1\xb0\xa1\n", None, "damaged UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(content, encoding, said):
    with pytest.raises(UnreadableFile, match=said) as caught:
        decode(content, encoding=encoding, where="a.csv")
    assert caught.value.where.startswith("a.csv")
    assert caught.value.todo


def test_random_bytes_are_never_text():
    for _ in range(20):
        with pytest.raises(UnreadableFile):
            decode(os.urandom(4000))
