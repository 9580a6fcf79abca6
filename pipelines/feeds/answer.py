"""JSON answers of price services: what the bytes are, and how their records become rows.

A *line* of such a feed is a record (or a value inside one, where the feed's docstring says so), numbered from 1
through the file; `Account` counts every one of them as a row, a rejection or declared non-data.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from pipelines.feeds.base import RAW_COLUMNS, Batch, RawFile, Rejected
from warning.catalog import PriceKind
from warning.errors import UnreadableFile

if TYPE_CHECKING:
    import pandas as pd

CHINA: Final = dt.timezone(dt.timedelta(hours=8))
"""China has kept +08:00 without summer time since 1992."""
LONGEST_TEXT: Final = 200
BATCH_LINES: Final = 50_000
_FIRST_YEAR: Final = 1980
_LAST_YEAR: Final = 2200
_DAY: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?")
_CATEGORIES: Final = (
    "file", "product", "variety", "market", "region", "currency", "price_unit", "volume_unit", "kind",
)  # fmt: skip
_NUMBERS: Final = ("price", "price_low", "price_high", "volume")
_VARYING: Final = tuple(name for name in RAW_COLUMNS if name != "file")


class LineRefused(Exception):
    """A record that cannot become a row; caught where the line is counted."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail = reason, detail


class Account:
    """The lines of one file as they become rows, rejections and declared non-data.

    Each call of `accept`, `refuse` and `skip` counts one line. `fixed` holds what never varies in the file.
    """

    def __init__(self, file: RawFile, **fixed: object) -> None:
        self.file, self.fixed = file.name, {"kind": PriceKind.WHOLESALE.value, **fixed}
        self.line = 0
        self._clear()

    def _clear(self) -> None:
        self._rows: list[tuple[object, ...]] = []
        self._rejected: list[Rejected] = []
        self._non_data: dict[str, int] = {}
        self._first = self.line

    def accept(self, **values: object) -> None:
        """Count a row; columns not given come from `fixed`, else they are empty."""
        self.line += 1
        row = {**self.fixed, **values, "line": self.line}
        self._rows.append(tuple(row.get(name, _EMPTY.get(name)) for name in _VARYING))

    def refuse(self, refusal: LineRefused, record: object) -> None:
        """Count a rejection and keep the record's beginning with it."""
        self.line += 1
        self._rejected.append(Rejected(self.file, self.line, refusal.reason, refusal.detail, _beginning(record)))

    def skip(self, kind: str) -> None:
        """Count a line of declared non-data."""
        self.line += 1
        self._non_data[kind] = self._non_data.get(kind, 0) + 1

    @property
    def full(self) -> bool:
        """Whether enough lines wait to be handed on, so that a long file never stands in memory twice."""
        return self.line - self._first >= BATCH_LINES

    def batch(self) -> Batch:
        """Everything counted since the last batch."""
        batch = Batch(self.line - self._first, _frame(self.file, self._rows), self._rejected, self._non_data)
        self._clear()
        return batch


def _beginning(record: object) -> str:
    """The record as text that any database takes: no lone surrogates, no NUL, not long."""
    try:
        text = record if isinstance(record, str) else json.dumps(record, ensure_ascii=False)
    except RecursionError:
        text = "(nested too deeply to show)"
    return text[:500].replace("\0", " ").encode("utf-8", "replace").decode()


_EMPTY: Final[dict[str, object]] = {
    "variety": "", "region": "", "currency": "", "price_unit": "", "volume_unit": "", "flags": 0,
    **dict.fromkeys(_NUMBERS, math.nan),
}  # fmt: skip


def _frame(file: str, rows: list[tuple[object, ...]]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(_VARYING))
    frame.insert(0, "file", file)
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[us]")
    frame["issued_at"] = pd.to_datetime(frame["issued_at"], utc=True).astype("datetime64[us, UTC]")
    frame = frame.astype(dict.fromkeys(_NUMBERS, "float64") | {"line": "int64", "flags": "int64"})
    return frame.astype(dict.fromkeys(_CATEGORIES, "category"))


def decode(file: RawFile) -> str:
    """The file's text: BOM, else strict UTF-8, else GB18030 (a dump saved by a Chinese editor).

    Raises UnreadableFile for empty and binary content.
    """
    if not file.content.strip():
        raise _unreadable(file, "the file is empty", "fetch or export it again")
    encodings = ("utf-16",) if file.content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = file.content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _unreadable(file, "the file is binary, not text", "upload the JSON answer itself, not an archive or workbook")


def load(file: RawFile) -> object:
    """The parsed JSON of `file`; UnreadableFile says what else it looks like (web page, captcha, cut off)."""
    return parse(decode(file), file)


def parse(text: str, file: RawFile) -> object:
    """Parse JSON text out of `file`; UnreadableFile says what it looks like instead."""
    if text.lstrip().startswith("<"):
        page = "a captcha page" if _asks_for_captcha(text) else "a web page"
        raise _unreadable(
            file, f"this is {page} (HTML), not a JSON answer", "the source refused or moved; upload files"
        )
    try:
        answer: object = json.loads(text)
    except RecursionError:
        raise _unreadable(file, "the JSON is nested too deeply", "this is not an answer of the source") from None
    except ValueError as error:
        if _looks_encrypted(text.strip()):
            raise _unreadable(file, "this is an encrypted answer, not JSON", _NO_KEY) from None
        cut = "" if text.rstrip().endswith(("}", "]")) else ", and it ends in the middle: cut off"
        raise _unreadable(file, f"not valid JSON ({error}){cut}", "fetch or export it again") from error
    if isinstance(answer, dict) and _looks_encrypted(answer.get("data")):
        raise _unreadable(file, 'this is an encrypted answer ({"data": "…"})', _NO_KEY)
    return answer


_NO_KEY: Final = "the source closed this query; use an export obtained by agreement"


def listing(answer: object, file: RawFile, *paths: str, ok: Iterable[object] = (200, "200")) -> list[object]:
    """The list at the first of the dotted `paths` that holds one.

    Raises UnreadableFile where the answer's own `code` is not among `ok`, or no path leads to a list.
    """
    if isinstance(answer, dict):
        code = answer.get("code")
        if code is not None and code not in tuple(ok):
            said = str(answer.get("message") or answer.get("msg") or "")[:LONGEST_TEXT]
            asks = " (it asks for a captcha)" if _asks_for_captcha(said) else ""
            raise _unreadable(file, f"the source answered with error code {code}: {said}{asks}", "fetch it again later")
    for path in paths:
        found = answer
        for key in filter(None, path.split(".")):
            found = found.get(key) if isinstance(found, dict) else None
        if isinstance(found, list):
            return found
    wanted = " or ".join(repr(path) if path else "a bare list" for path in paths)
    raise _unreadable(file, f"the answer has no list of records under {wanted}", "check that the file is of this feed")


def record_of(value: object) -> Mapping[str, object]:
    """`value` as a record; LineRefused `bad_record` where it is not a JSON object."""
    if not isinstance(value, dict):
        raise LineRefused("bad_record", f"a record must be a JSON object, not {_kind(value)}")
    return value


def text_of(record: Mapping[str, object], key: str, *, required: str = "") -> str:
    """The trimmed text under `key`, "" for null; `required` is the reason given where it is missing."""
    value = record.get(key)
    if value is None:
        value = ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise LineRefused("bad_text", f"{key} must be text, not {_kind(value)}")
    text = " ".join(str(value).split())
    if len(text) > LONGEST_TEXT:
        raise LineRefused("bad_text", f"{key} has {len(text)} characters")
    if not text.isprintable():
        raise LineRefused("bad_text", f"{key} has control characters: {text[:50]!r}")
    if required and not text:
        raise LineRefused(required, f"{key} is empty")
    return text


def number_of(value: object, what: str) -> float:
    """`value` as a float, NaN for null, "" and dashes; LineRefused `bad_price` or `bad_volume` for anything else."""
    reason = "bad_volume" if "olume" in what else "bad_price"
    if value is None or (isinstance(value, str) and value.strip() in ("", "-", "--", "—")):
        return math.nan
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise LineRefused(reason, f"{what} must be a number, not {_kind(value)}")
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise LineRefused(reason, f"{what} is {str(value)[:50]!r}") from None
    if not math.isfinite(number) or (isinstance(value, str) and "_" in value):
        raise LineRefused(reason, f"{what} is {str(value)[:50]!r}")
    return number


def price_of(value: object, what: str) -> float:
    """`value` as a price; LineRefused `no_price` where there is none."""
    price = number_of(value, what)
    if math.isnan(price):
        raise LineRefused("no_price", f"{what} is empty")
    return price


def moment_of(value: object, what: str) -> tuple[dt.datetime, bool]:
    """`value` as a Chinese wall-clock time, and whether it has a time of day; LineRefused `bad_date` otherwise.

    Text as 2025-02-08, 2025/2/8 or 2025-02-08 14:03:21, or milliseconds since 1970 UTC (from 1973 on).
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and 10**11 < value < 10**14:
        return dt.datetime.fromtimestamp(value / 1000, CHINA).replace(tzinfo=None), True
    match = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or not _FIRST_YEAR <= int(match[1]) <= _LAST_YEAR:
        raise LineRefused("bad_date", f"{what} is {str(value)[:50]!r}")
    try:
        moment = dt.datetime(*(int(part) for part in match.groups(default="0")))  # type: ignore[arg-type]
    except ValueError as error:
        raise LineRefused("bad_date", f"{what} is {str(value)[:50]!r}: {error}") from None
    return moment, moment.time() != dt.time()


def day_of(value: object, what: str) -> dt.date:
    """`value` as a day in China; LineRefused `bad_date` otherwise."""
    return moment_of(value, what)[0].date()


def issued_of(value: object, day: dt.date) -> dt.datetime | None:
    """The issue time that the source states for a value of `day`, or None where it states none that can be true.

    A stamp without a time of day counts as that day's end, so that nothing is known before it could have been.
    """
    try:
        moment, timed = moment_of(value, "issue time")
    except LineRefused:
        return None
    if moment.date() < day:
        return None
    if not timed:
        moment += dt.timedelta(days=1)
    return moment.replace(tzinfo=CHINA)


def joined(*parts: str) -> str:
    """The non-empty parts as one variety name."""
    return " ".join(part for part in parts if part)


def _kind(value: object) -> str:
    names = {bool: "true or false", dict: "an object", list: "a list", type(None): "null"}
    return names.get(type(value), f"{str(value)[:30]!r}")


def _asks_for_captcha(text: str) -> bool:
    return any(word in text for word in ("验证码", "captcha", "interfaceCode", "InterfaceCode"))


def _looks_encrypted(value: object) -> bool:
    """A long base64 text: the ministry's portal answers so since 2026 (an IV and AES ciphertext)."""
    if not isinstance(value, str) or len(value) < 32:
        return False
    body = value.strip('"')
    try:
        base64.b64decode(body[: len(body) // 4 * 4], validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _unreadable(file: RawFile, what: str, todo: str) -> UnreadableFile:
    return UnreadableFile(what, where=file.name, todo=todo)
