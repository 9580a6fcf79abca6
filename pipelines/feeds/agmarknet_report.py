"""One Agmarknet monthly report: what its path says of it, and its lines made fit for a CSV reader.

The faults that are mended here, before a line is split, are those that `agmarknet.py` lists as unquoted commas,
lines shifted left and missing varieties; every line keeps its number.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field

from pipelines.feeds.base import RawFile, ReadOptions
from warning.errors import UnreadableFile

HEADING = b"Market,Arrival Date,Arrivals (Tonnes),Variety,"
BRACKETED_COMMA = re.compile(rb"^[^,\n(]*\([^)\n]*,[^)\n]*\)", re.MULTILINE)
COMMA_BEFORE_DATE = re.compile(rb"^[^,\n]+(?:,[^,\n]+)+(?=,\d{1,2}/\d{1,2}/\d{2,4},)", re.MULTILINE)
NO_VARIETY = re.compile(
    rb"^([^,\n]*,\d{1,2}/\d{1,2}/\d{2,4},[\d.]*),((?:[\d.]+|NR),(?:[\d.]+|NR),(?:[\d.]+|NR))$", re.MULTILINE
)
SHIFTED_LEFT = re.compile(rb"^,([^,\n/\d][^,\n]*,(?:[\d.]+|NR),(?:[\d.]+|NR),(?:[\d.]+|NR)),,$", re.MULTILINE)
COMMA_INSIDE = b"\x1f"
MONTH_NAME = re.compile(r"(\d{4})_([A-Za-z]+)\.csv$", re.IGNORECASE)
MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}


@dataclass(slots=True)
class Report:
    """One monthly file: what its path says, and its lines made fit for a CSV reader."""

    name: str
    product: str
    region: str
    source: bytes
    """As the source wrote it, but for the ends of lines."""
    content: bytes
    lines: int
    month: tuple[int, int] | None
    """Year and month, where the name says them."""
    _split: list[bytes] = field(default_factory=list)

    def line(self, number: int) -> str:
        """Line `number`, from 1, as the source wrote it."""
        if not self._split:
            self._split = self.source.split(b"\n")
        return self._split[number - 1].decode()


def open_report(file: RawFile, options: ReadOptions) -> Report:
    """The report in `file`; UnreadableFile where it is none, or where nothing says what it is of."""
    content = _text(file)
    folders = [part for part in file.path.parts[:-1] if part not in {"/", "."}]
    product = options.constants.get("product") or (folders[-2] if len(folders) > 1 else "")
    region = options.constants.get("region") or (folders[-1] if len(folders) > 1 else "")
    if not product or not region:
        raise UnreadableFile(
            "the path does not say which commodity and state this report is for",
            where=file.name,
            todo="put it below COMMODITY/STATE/, or add --set product=ONION --set region=MAHARASHTRA",
        )
    return Report(file.name, product, region, content, _fit(content), content.count(b"\n"), _month(file.name))


def _text(file: RawFile) -> bytes:
    """The file's lines, each ended by one line feed; UnreadableFile where they are no report."""
    content = file.content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not content.startswith(HEADING):
        raise UnreadableFile(
            "this is no Agmarknet monthly report: the first line does not begin with its heading",
            where=file.name,
            todo="give the CSV as Agmarknet exports it, or read another table with `changxiao ingest table --mapping`",
        )
    if not content.isascii():
        _check_utf8(content, file.name)
    return content if content.endswith(b"\n") else content + b"\n"


def _check_utf8(content: bytes, name: str) -> None:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        todo = "save it as UTF-8, or export it again"
        raise UnreadableFile("the report is not UTF-8", where=f"{name}, line {line}", todo=todo) from error


def _fit(content: bytes) -> bytes:
    """Every line with six commas: cells put back, the trailing comma dropped, those in a market's name hidden."""
    content = SHIFTED_LEFT.sub(rb",,,\1", content)
    content = content.replace(b",\n", b"\n")
    if b"(" in content:
        content = BRACKETED_COMMA.sub(_hidden, content)
    content = COMMA_BEFORE_DATE.sub(_hidden, content)
    return NO_VARIETY.sub(rb"\1,,\2", content)


def _hidden(found: re.Match[bytes]) -> bytes:
    return found.group().replace(b",", COMMA_INSIDE)


def _month(name: str) -> tuple[int, int] | None:
    found = MONTH_NAME.search(name)
    if not found or found.group(2).lower() not in MONTHS:
        return None
    return int(found.group(1)), MONTHS[found.group(2).lower()]
