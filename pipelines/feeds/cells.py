"""Cells that people typed, as days and numbers: what is plain is read, what would have to be guessed is refused."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from pipelines.feeds.answer import LineRefused
from pipelines.feeds.sheets import Cell, cell_text

LONGEST_TEXT: Final = 200
YEARS: Final = range(1980, 2200)
"""A day outside is a slip or another calendar."""
_SERIALS: Final = range(29221, 109575)
"""Excel's day numbers of `YEARS`: 1980-01-01 to 2199-12-31."""
_EXCEL_EPOCH: Final = dt.date(1899, 12, 30)
_ROC_EPOCH: Final = 1911
_TIME: Final = r"(?:[ T]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_YMD: Final = re.compile(r"(\d{2,4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME)
_CHINESE: Final = re.compile(
    r"(?:民国)?(\d{2,4})年(\d{1,2})月(\d{1,2})[日号]?(?:\(?(?:星期|周)[一二三四五六日天]\)?)?" + _TIME
)
_COMPACT: Final = re.compile(r"(\d{2,4})(\d{2})(\d{2})")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?")


@dataclass(frozen=True, slots=True)
class DayStyle:
    """How days may be written beyond what is plain: ISO, 2026/11/20, 2026年11月20日, 20261120, Excel's day numbers."""

    formats: tuple[str, ...] = ()
    """strptime patterns; where there are any, text must fit one of them."""
    roc: bool = False
    """Years count from 1912 (民國 115 = 2026)."""
    two_digit: bool = False
    """26 is 2026; years after next year are of the century before."""
    today: dt.date = dt.date.max


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How numbers are written, and which words say that there is none."""

    thousands: str = ""
    decimal: str = "."
    missing: frozenset[str] = frozenset()


def day_in(cell: Cell, style: DayStyle, what: str = "date") -> dt.date:
    """The day in `cell`, its time of day left out; LineRefused `no_date` or `bad_date` otherwise."""
    if isinstance(cell, dt.datetime):
        return _plausible(cell.date(), cell, what)
    if isinstance(cell, dt.date):
        return _plausible(cell, cell, what)
    text = plain(cell)
    if not text:
        raise LineRefused("no_date", f"{what} is empty")
    if isinstance(cell, bool | dt.time | dt.timedelta):
        raise _bad_day(cell, what)
    if style.formats and not isinstance(cell, int | float):
        return _formatted(text, style, what)
    if isinstance(cell, float) and not cell.is_integer():
        text = str(int(cell)) if math.isfinite(cell) else text
    if text.isascii() and text.isdigit() and len(text) == 5 and int(text) in _SERIALS:
        return _EXCEL_EPOCH + dt.timedelta(days=int(text))
    found = _YMD.fullmatch(text)
    parts = (found[1], found[3], found[4]) if found else None
    if parts is None and (found := _CHINESE.fullmatch(text) or _COMPACT.fullmatch(text)):
        parts = (found[1], found[2], found[3])
    if parts is None:
        raise _bad_day(cell, what)
    return _calendar_day(parts, style, cell, what)


def number_in(cell: Cell, style: NumberStyle, what: str) -> float:
    """The number in `cell`, NaN where it is empty or one of the missing words.

    LineRefused `bad_price` or `bad_volume` (for a `what` with "volume" in it) for anything else.
    """
    reason = "bad_volume" if "volume" in what else "bad_price"
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if math.isfinite(cell):
            return float(cell)
        raise LineRefused(reason, f"{what} is {cell}")
    text = plain(cell)
    if not text or text in style.missing:
        return math.nan
    refuse_formula(text, what)
    bare = _unpointed(text, style)
    if bare is None or not _NUMBER.fullmatch(bare):
        hint = ' (say `thousands = ","` if the comma parts thousands)' if "," in text and not style.thousands else ""
        raise LineRefused(reason, f"{what} is {text[:50]!r}, not a number{hint}")
    number = float(bare)
    if not math.isfinite(number):
        raise LineRefused(reason, f"{what} has {len(bare)} digits")
    return number


def text_in(cell: Cell, what: str) -> str:
    """The text in `cell` with single spaces; LineRefused `formula_cell` or `bad_text`."""
    text = cell_text(cell).strip()
    refuse_formula(text, what)
    if len(text) > LONGEST_TEXT:
        raise LineRefused("bad_text", f"{what} has {len(text)} characters")
    if not text.isprintable():
        raise LineRefused("bad_text", f"{what} has control characters: {text[:50]!r}")
    return text


def refuse_formula(text: str, what: str) -> None:
    """LineRefused `formula_cell` where a formula stands as text: what it would give is not in the file."""
    if text.startswith(("=", "＝")):
        raise LineRefused("formula_cell", f"{what} is a formula: {text[:50]!r}; paste it as a value")


def plain(cell: Cell) -> str:
    """The cell's text in NFKC (full-width digits and dots made plain) without spaces at its ends."""
    return unicodedata.normalize("NFKC", cell_text(cell)).strip()


def _formatted(text: str, style: DayStyle, what: str) -> dt.date:
    for pattern in style.formats:
        try:
            return _plausible(dt.datetime.strptime(text, pattern).date(), text, what)
        except ValueError:
            continue
    raise LineRefused("bad_date", f"{what} {text[:50]!r} does not fit {' or '.join(style.formats)}")


def _calendar_day(parts: tuple[str, str, str], style: DayStyle, cell: Cell, what: str) -> dt.date:
    year, month, day = (int(part) for part in parts)
    if style.roc and len(parts[0]) < 4:
        year += _ROC_EPOCH
    elif len(parts[0]) == 2 and style.two_digit:
        century = 2000 if style.today == dt.date.max or 2000 + year <= style.today.year + 1 else 1900
        year += century
    try:
        return _plausible(dt.date(year, month, day), cell, what)
    except ValueError:
        raise _bad_day(cell, what) from None


def _plausible(day: dt.date, cell: object, what: str) -> dt.date:
    if day.year in YEARS:
        return day
    hint = "; say `two_digit_years` or `roc_years` if that is how years are written" if day.year < 200 else ""
    raise LineRefused("bad_date", f"{what} {str(cell)[:50]!r} would be in the year {day.year}{hint}")


def _bad_day(cell: object, what: str) -> LineRefused:
    return LineRefused("bad_date", f"{what} is {str(cell)[:50]!r}, not a day")


def _unpointed(text: str, style: NumberStyle) -> str | None:
    """The number with a plain point and without thousands marks; None where the marks do not part thousands."""
    whole, point, rest = text.partition(style.decimal)
    if style.thousands and style.thousands in whole:
        head, *groups = whole.lstrip("+-").split(style.thousands)
        if not 1 <= len(head) <= 3 or any(len(group) != 3 for group in groups):
            return None
        whole = whole.replace(style.thousands, "")
    elif style.decimal != "." and "." in text:
        return None
    return f"{whole}.{rest}" if point else whole
