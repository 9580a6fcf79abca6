"""Reading reviewed files row by row; every fault is an InvalidReference naming file, line, column and remedy."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from warning.errors import InvalidReference

_YES: Final = frozenset({"yes", "true", "1", "是", "y"})
_NO: Final = frozenset({"no", "false", "0", "否", "n", ""})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a CSV file: its cells by column, and where it stands."""

    file: str
    line: int
    cells: dict[str, str]

    def fault(self, column: str, what: str, todo: str) -> InvalidReference:
        """The error to raise about a cell."""
        return InvalidReference(what, where=f"{self.file}, line {self.line}, column {column}", todo=todo)

    def text(self, column: str, default: str = "") -> str:
        """The cell, or the default where it is blank."""
        return self.cells.get(column, "").strip() or default

    def must(self, column: str) -> str:
        """The cell, which may not be blank."""
        if not (value := self.text(column)):
            raise self.fault(column, f"{column} is blank", f"fill in {column}")
        return value

    def names(self, column: str) -> tuple[str, ...]:
        """The cell's names, parted by semicolons."""
        parts = self.text(column).replace("；", ";").split(";")
        return tuple(part.strip() for part in parts if part.strip())

    def flag(self, column: str, default: bool = False) -> bool:
        """yes or no."""
        value = self.text(column).casefold()
        if not value:
            return default
        if value not in _YES | _NO:
            raise self.fault(column, f"{value!r} is neither yes nor no", "write yes or no")
        return value in _YES

    def number(self, column: str, low: float = -math.inf, high: float = math.inf) -> float | None:
        """The cell as a number within the bounds; None where it is blank."""
        if not (value := self.text(column)):
            return None
        try:
            number = float(value)
        except ValueError:
            raise self.fault(column, f"{value!r} is no number", "write a plain number such as 12.5") from None
        if not low <= number <= high or not math.isfinite(number):
            raise self.fault(column, f"{value} is outside {low:g} to {high:g}", "correct the number")
        return number

    def day(self, column: str) -> dt.date | None:
        """The cell as a date; None where it is blank."""
        if not (value := self.text(column)):
            return None
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise self.fault(column, f"{value!r} is no date", "write it as 2023-12-31") from None


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    """The rows of a CSV file (UTF-8, or GB18030 as Chinese spreadsheets save it); nothing where there is no file."""
    if not path.is_file():
        return
    reader = csv.reader(io.StringIO(_decoded(path), newline=""), strict=True)
    try:
        heading = [cell.strip() for cell in next(reader, [])]
        _check_heading(path, heading, columns)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(heading):
                where = f"{path.name}, line {reader.line_num}, column {len(heading) + 1}"
                raise InvalidReference(
                    "the row has more cells than the heading", where=where, todo='put cells that hold commas in "…"'
                )
            yield Row(path.name, reader.line_num, dict(zip(heading, cells, strict=False)))
    except csv.Error as error:
        where = f"{path.name}, line {reader.line_num}"
        raise InvalidReference(f"no CSV: {error}", where=where, todo="save it as CSV again") from error


def _decoded(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidReference("neither UTF-8 nor GB18030", where=path.name, todo="save it as CSV UTF-8")


def _check_heading(path: Path, heading: list[str], columns: tuple[str, ...]) -> None:
    unknown = [name for name in heading if name not in columns]
    if unknown or columns[0] not in heading or len(set(heading)) < len(heading):
        what = f"unknown columns {unknown}" if unknown else f"column {columns[0]} is missing, or one stands twice"
        raise InvalidReference(what, where=f"{path.name}, line 1", todo=f"use the columns {', '.join(columns)}")
