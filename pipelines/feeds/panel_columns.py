"""A stretch of a panel as typed columns: Arrow arrays made categories, numbers, days and instants."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipelines.feeds.answer import LineRefused
from pipelines.feeds.base import RawFile, Rejected
from pipelines.feeds.cells import YEARS, DayStyle, NumberStyle, day_in, number_in
from warning.errors import UnreadableFile

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    Codes = np.ndarray[Any, np.dtype[np.int32]]

NUMBERS: Final = ("price", "price_low", "price_high", "volume")
TEXTS: Final = ("market", "product", "region", "variety", "unit_price", "unit_volume", "kind", "country")
KNOWN: Final = (*TEXTS, "date", "issued_at", *NUMBERS)
_LONGEST_CELL: Final = 32_767
_NOTHING: Final = frozenset({"", "nan", "NaN", "NaT", "null", "None", "NA"})


@dataclass(slots=True)
class Columns:
    """One stretch of a panel, every column as long as `line`.

    `wrong` marks cells that stand but could not be read; their values are NaN or NaT.
    """

    line: np.ndarray
    day: np.ndarray
    """datetime64[us], NaT where missing."""
    texts: dict[str, pd.Categorical] = field(default_factory=dict)
    numbers: dict[str, np.ndarray] = field(default_factory=dict)
    issued_at: pd.Series[pd.Timestamp] | None = None
    wrong: dict[str, np.ndarray] = field(default_factory=dict)
    refused: list[Rejected] = field(default_factory=list)
    non_data: dict[str, int] = field(default_factory=dict)
    source: Any = None

    def __len__(self) -> int:
        return len(self.line)

    def text(self, row: int) -> str:
        """The row as kept with its rejection."""
        values = (column[row].as_py() for column in self.source.columns)
        return ",".join("" if value is None else str(value) for value in values)[:500].replace("\0", " ")


def categorical(codes: Codes, words: list[str]) -> pd.Categorical:
    """`words[codes]` as a categorical; -1 is missing."""
    import pandas as pd

    return pd.Categorical.from_codes(codes, pd.Index(words, dtype="str"))


def typed_columns(batch: pa.RecordBatch, line: np.ndarray, file: RawFile) -> Columns:
    """The known columns of `batch`, whose rows are the lines `line` of `file`; others are left alone."""
    present = {name: batch.column(name) for name in batch.schema.names if name in KNOWN}
    day, wrong_day = _days(present.pop("date"))
    columns = Columns(line, day, source=batch)
    _note(columns, "date", wrong_day)
    for name, values in present.items():
        if name in NUMBERS:
            columns.numbers[name], wrong = _floats(values)
            _note(columns, name, wrong)
        elif name == "issued_at":
            columns.issued_at, wrong = _instants(values)
            _note(columns, name, wrong)
        elif (words := _categories(values)) is not None:
            columns.texts[name] = words
            if max(map(len, map(str, words.categories)), default=0) > _LONGEST_CELL:
                what = f"a cell of {name!r} holds more than {_LONGEST_CELL:,} characters"
                raise UnreadableFile(what, where=file.name, todo="shorten it; write the panel again")
    return columns


def _note(columns: Columns, name: str, wrong: np.ndarray) -> None:
    if wrong.any():
        columns.wrong[name] = wrong


def _categories(values: pa.Array) -> pd.Categorical | None:
    """Text as categories, with what is missing as code -1; None for a column without any value."""
    from pyarrow import types

    if types.is_null(values.type) or (types.is_dictionary(values.type) and types.is_null(values.type.value_type)):
        return None
    if not types.is_dictionary(values.type):
        values = values.dictionary_encode()
    codes = values.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    words = ["" if word is None else word for word in values.dictionary.to_pylist()]
    unique = list(dict.fromkeys(words))
    place = {word: index for index, word in enumerate(unique)}
    again = np.array([*(place[word] for word in words), -1], dtype=np.int32)
    return categorical(again[codes], unique)


def _floats(values: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """(values with NaN where there is none, True where a cell is no number)."""
    from pyarrow import types

    if _is_coded_text(values):
        return _parsed(values, _number, np.dtype("float64"), np.nan)
    if types.is_dictionary(values.type):
        values = values.dictionary_decode()
    numbers = np.array(values.cast("float64").to_numpy(zero_copy_only=False))
    return np.where(np.isinf(numbers), np.nan, numbers), np.isinf(numbers)


def _days(values: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    if _is_coded_text(values):
        return _parsed(values, _day, np.dtype("datetime64[us]"), np.datetime64("NaT"))
    days = values.cast("timestamp[us]", safe=False).to_numpy(zero_copy_only=False).astype("datetime64[D]")
    years = days.astype("datetime64[Y]").astype(int) + 1970
    wrong = ~np.isnat(days) & ((years < YEARS.start) | (years >= YEARS.stop))
    return np.where(wrong, np.datetime64("NaT"), days).astype("datetime64[us]"), wrong


def _instants(values: pa.Array) -> tuple[pd.Series[pd.Timestamp], np.ndarray]:
    import pandas as pd

    if _is_coded_text(values):
        found, wrong = _parsed(values, _instant, np.dtype("datetime64[us]"), np.datetime64("NaT"))
    else:
        found = values.cast("timestamp[us, UTC]", safe=False).to_numpy(zero_copy_only=False).astype("datetime64[us]")
        wrong = np.zeros(len(found), dtype=bool)
    return pd.Series(found).dt.tz_localize("UTC"), wrong


def _is_coded_text(values: pa.Array) -> bool:
    from pyarrow import types

    return types.is_dictionary(values.type) and not types.is_primitive(values.type.value_type)


def _parsed(
    values: pa.Array, parse: Callable[[str], object], dtype: np.dtype[Any], missing: object
) -> tuple[np.ndarray, np.ndarray]:
    """Each different text parsed once; (values, True where it cannot be)."""
    words = _categories(values)
    if words is None:
        return np.full(len(values), missing, dtype=dtype), np.zeros(len(values), dtype=bool)
    found = np.full(len(words.categories) + 1, missing, dtype=dtype)
    wrong = np.zeros(len(words.categories) + 1, dtype=bool)
    for index, word in enumerate(words.categories):
        text = str(word).strip()
        if text in _NOTHING:
            continue
        try:
            found[index] = parse(text)
        except (LineRefused, ValueError):
            wrong[index] = True
    return found[words.codes], wrong[words.codes]


def _number(text: str) -> float:
    return number_in(text, NumberStyle(), "price")


def _day(text: str) -> np.datetime64:
    return np.datetime64(day_in(text, DayStyle()), "us")


def _instant(text: str) -> np.datetime64:
    instant = dt.datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return np.datetime64(instant.astimezone(dt.UTC).replace(tzinfo=None), "us")
