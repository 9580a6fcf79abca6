"""Bytes as text by a ladder: byte order mark, strict UTF-8, GB18030.

Guessing by letter statistics is wrong on short Chinese files, so nothing is guessed: GB18030 covers GBK and GB2312,
and a source in anything else (Big5, CP949, Latin-1) says so as `encoding`.
"""

from __future__ import annotations

import codecs
from typing import Final

from warning.errors import UnreadableFile

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""UTF-32 before UTF-16: its mark begins with the other's."""
_MAGIC: Final = (
    (b"PK\x03\x04", "an archive or an .xlsx workbook"),
    (b"\xd0\xcf\x11\xe0", "an .xls workbook or a protected one"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a .gz archive"),
    (b"PAR1", "a parquet file"),
    (b"SQLite format", "a database"),
)
_CONTROLS: Final = frozenset(chr(code) for code in range(32)) - set("\t\n\r\f\v\x1a")
_MANY_CONTROLS: Final = 0.001
_ENOUGH_CHINESE: Final = 4
"""So many well-formed three-byte characters before the first fault are no accident: it is UTF-8, damaged."""


def decode(content: bytes, *, encoding: str | None = None, where: str = "") -> str:
    """The text of `content`, without a byte order mark.

    `encoding` overrides the ladder; `where` names the file in errors. Raises UnreadableFile for empty, binary and
    undecodable content, and for UTF-8 that is cut off or damaged (GB18030 would read it as other characters).
    """
    if not content.strip(b" \t\r\n\0"):
        raise UnreadableFile("the file is empty", where=where, todo="export or fetch it again")
    for magic, name in _MAGIC:
        if content.startswith(magic):
            raise UnreadableFile(f"the file is {name}, not text", where=where, todo="save the table as CSV or .xlsx")
    text = _by_name(content, encoding, where) if encoding else _by_ladder(content, where)
    controls = sum(text.count(letter) for letter in _CONTROLS)
    if "\0" in text or controls > _MANY_CONTROLS * len(text):
        todo = "save the table as CSV in UTF-8 or GB18030, or name its `encoding`"
        raise UnreadableFile("the file is binary, not text", where=where, todo=todo)
    return text


def _by_name(content: bytes, encoding: str, where: str) -> str:
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        what = f"the file is not in {encoding}: byte {error.start + 1:,} does not fit"
        raise UnreadableFile(what, where=where, todo="name another `encoding`, or leave it out") from error
    except (LookupError, ValueError) as error:
        todo = "use for example utf-8, gb18030, big5, cp949 or latin-1"
        raise UnreadableFile(f"there is no encoding called {encoding!r}", where=where, todo=todo) from error


def _by_ladder(content: bytes, where: str) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _by_name(content, encoding, where)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        _check_damage(content, error, where)
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as error:
        what = f"the file is neither UTF-8 nor GB18030: byte {error.start + 1:,} fits neither"
        todo = "save it as UTF-8, or name its `encoding` (big5, cp949, latin-1, …)"
        raise UnreadableFile(what, where=where, todo=todo) from error


def _check_damage(content: bytes, error: UnicodeDecodeError, where: str) -> None:
    before = content[: error.start].decode("utf-8")
    if sum(letter > "\u07ff" for letter in before) < _ENOUGH_CHINESE:
        return
    cut = error.reason == "unexpected end of data"
    what = "the file is cut off in the middle of a character" if cut else "the file is damaged UTF-8"
    where = f"{where}, line {before.count(chr(10)) + 1}".lstrip(", ")
    raise UnreadableFile(what, where=where, todo="export or fetch it again")
