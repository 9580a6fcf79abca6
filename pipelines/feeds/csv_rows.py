"""CSV text as rows of cells, in the encodings that a source is known to use."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from pipelines.feeds.base import RawFile
from pipelines.feeds.sheets import LONGEST_CELL, Row
from warning.errors import UnreadableFile


def read_csv_rows(file: RawFile, encodings: Iterable[str]) -> list[Row]:
    """The lines of `file` as lists of text, decoded strictly by the first of `encodings` that fits.

    Raises UnreadableFile for empty, binary or differently encoded content, quotes left open and huge cells.
    """
    text = _decoded(file, tuple(encodings))
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if max(map(len, row), default=0) > LONGEST_CELL:
                raise _refused(file, f"line {reader.line_num} has a cell of more than {LONGEST_CELL:,} characters")
            rows.append(list(row))
    except csv.Error as error:
        raise _refused(file, f"line {reader.line_num} is not CSV ({error})") from error
    return rows


def _decoded(file: RawFile, encodings: tuple[str, ...]) -> str:
    if not file.content.strip():
        raise _refused(file, "the file is empty")
    for encoding in encodings:
        try:
            text = file.content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _refused(file, f"the file is not text in {' or '.join(encodings)}")


def _refused(file: RawFile, what: str) -> UnreadableFile:
    return UnreadableFile(what, where=file.name, todo="export or fetch it again")
