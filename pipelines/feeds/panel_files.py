"""Panel files opened: parquet and CSV as stretches of typed columns, their headings and types checked first."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipelines.feeds.base import RawFile, Rejected
from pipelines.feeds.mapping_file import nearest
from pipelines.feeds.panel_columns import KNOWN, NUMBERS, TEXTS, Columns, typed_columns
from pipelines.feeds.text import decode
from warning.errors import InvalidPanel, UnreadableFile

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS: Final = 200_000
_CSV_BLOCK: Final = 16 * 1024 * 1024
_LONGEST_HEADING: Final = 100_000


def open_panel(file: RawFile) -> Iterator[Columns]:
    """The stretches of `file`; InvalidPanel names a wrong column, UnreadableFile says what is no panel at all."""
    if file.name.lower().endswith(".parquet"):
        return _parquet(file)
    return _csv(file)


def _parquet(file: RawFile) -> Iterator[Columns]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        texts = _text_columns(pq.read_schema(io.BytesIO(file.content)), file)
        source = pq.ParquetFile(io.BytesIO(file.content), read_dictionary=texts)
        columns = [name for name in source.schema_arrow.names if name in KNOWN]
        line = 1
        for batch in source.iter_batches(BATCH_ROWS, columns=columns):
            yield typed_columns(batch, np.arange(line, line + batch.num_rows), file)
            line += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        what = f"this is no parquet file, or it is damaged or cut off ({str(error)[:200]})"
        raise UnreadableFile(what, where=file.name, todo="write or fetch it again") from error
    if line == 1:
        raise InvalidPanel("the panel has no rows", where=file.name, todo="write it again")


def _text_columns(schema: pa.Schema, file: RawFile) -> list[str]:
    """Check the columns and their types; give those that are plain text, to be read as categories."""
    from pyarrow import types

    _check_names(schema.names, file)
    plain = []
    for name in (name for name in schema.names if name in KNOWN):
        kind = schema.field(name).type
        inner = kind.value_type if types.is_dictionary(kind) else kind
        text = types.is_string(inner) or types.is_large_string(inner) or types.is_string_view(inner)
        number = types.is_integer(inner) or types.is_floating(inner) or types.is_decimal(inner) or types.is_null(inner)
        instant = types.is_timestamp(inner)
        if name in NUMBERS and not number:
            raise _wrong_type(file, name, kind, "numbers")
        if name in TEXTS and not (text or types.is_null(inner)):
            raise _wrong_type(file, name, kind, "text")
        if name == "date" and not (types.is_date(inner) or text or (instant and inner.tz is None)):
            raise _wrong_type(file, name, kind, "days without a zone")
        if name == "issued_at" and not (text or (instant and inner.tz is not None)):
            raise _wrong_type(file, name, kind, "instants with a zone")
        if text and not types.is_dictionary(kind):
            plain.append(name)
    return plain


def _csv(file: RawFile) -> Iterator[Columns]:
    import pyarrow as pa

    try:
        yield from _csv_stretches(file)
    except pa.ArrowException as error:
        todo = "look for a quotation mark left open; write the panel again"
        raise UnreadableFile(f"this is not CSV ({str(error)[:200]})", where=file.name, todo=todo) from error


def _csv_stretches(file: RawFile) -> Iterator[Columns]:
    ragged = _Ragged(file.name)
    reader = _csv_reader(file, ragged)
    line, batch = 2, None
    for batch in reader:
        numbers = ragged.numbers(line, batch.num_rows)
        line = int(numbers[-1]) + 1 if len(numbers) else line
        yield _with_lost(batch, numbers, ragged, line, file)
    if batch is None or (line == 2 and not ragged.lost):
        raise InvalidPanel("the panel has no rows", where=file.name, todo="write it again")
    if ragged.lost:
        yield _with_lost(batch.slice(0, 0), np.arange(0), ragged, max(ragged.lost) + 1, file)


def _csv_reader(file: RawFile, ragged: _Ragged) -> Any:
    import pyarrow as pa
    import pyarrow.csv as pc

    text = decode(file.content, where=file.name)
    names = next(csv.reader(io.StringIO(text[:_LONGEST_HEADING], newline="")), [])
    _check_names(names, file)
    return pc.open_csv(
        pa.BufferReader(file.content if file.content.isascii() else text.encode()),
        pc.ReadOptions(use_threads=False, block_size=_CSV_BLOCK),
        pc.ParseOptions(newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=ragged),
        pc.ConvertOptions(column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string()))),
    )


def _with_lost(batch: pa.RecordBatch, numbers: np.ndarray, ragged: _Ragged, before: int, file: RawFile) -> Columns:
    """A stretch of records with what was lost before line `before`; the heading is counted with the first."""
    filled = np.zeros(batch.num_rows, dtype=bool)
    for column in batch.columns:
        written = np.array([word not in ("", None) for word in column.dictionary.to_pylist()] or [False])
        filled |= written[column.indices.to_numpy(zero_copy_only=False)]
    columns = typed_columns(batch.filter(filled), numbers[filled], file)
    columns.refused = ragged.take(before)
    blank = int((~filled).sum())
    columns.non_data = {"blank": blank} if blank else {}
    if not ragged.heading_counted:
        ragged.heading_counted = True
        columns.non_data["heading"] = 1
    return columns


class _Ragged:
    """Lines whose cells are too many or too few, as the CSV reader comes upon them, some of them ahead of time."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lost: dict[int, Rejected] = {}
        self.heading_counted = False

    def __call__(self, row: Any) -> str:
        detail = f"{row.actual_columns} cells where {row.expected_columns} belong"
        self.lost[row.number] = Rejected(self.file, row.number, "ragged_row", detail, row.text[:500])
        return "skip"

    def numbers(self, first: int, count: int) -> np.ndarray:
        """Line numbers of the next `count` good records, from `first` on."""
        candidates = np.arange(first, first + count + len(self.lost))
        return np.setdiff1d(candidates, np.fromiter(self.lost, dtype=np.int64), assume_unique=True)[:count]

    def take(self, before: int) -> list[Rejected]:
        """The lost lines before line `before`, each given once."""
        return [self.lost.pop(line) for line in sorted(self.lost) if line < before]


def _check_names(names: Iterable[str], file: RawFile) -> None:
    names = list(names)
    for name in KNOWN:
        if names.count(name) > 1:
            raise InvalidPanel(f"the column {name!r} stands twice", where=file.name, todo="leave one of them out")
    for name in ("market", "product", "date"):
        if name not in names:
            todo = f"the columns are {', '.join(names)[:300]}; rename one, or read the table by a mapping file"
            raise InvalidPanel(f"the column {name!r} is missing{nearest(name, names)}", where=file.name, todo=todo)
    if not {"price", "volume"} & set(names):
        todo = f"the columns are {', '.join(names)[:300]}"
        raise InvalidPanel("there is neither a column 'price' nor 'volume'", where=file.name, todo=todo)


def _wrong_type(file: RawFile, name: str, kind: object, wanted: str) -> InvalidPanel:
    what = f"the column {name!r} holds {kind}, where {wanted} belong"
    return InvalidPanel(what, where=file.name, todo="write the panel again with that type")
