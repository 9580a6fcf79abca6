"""Distinct combinations of words: millions of rows cost as much as the names that stand in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Mask = np.ndarray[Any, np.dtype[np.bool_]]


def distinct(columns: Sequence[pd.Series[Any]]) -> tuple[Ints, list[tuple[str, ...]]]:
    """(code of each row, the distinct combinations of words in order of first sight); a missing word is ""."""
    codes: Ints = np.zeros(len(columns[0]), dtype=np.int64)
    parts: list[list[str]] = []
    for column in columns:
        words = column if isinstance(column.dtype, pd.CategoricalDtype) else _as_category(column)
        categories = [str(word) for word in words.cat.categories] + [""]
        part = words.cat.codes.to_numpy().astype(np.int64)
        codes = codes * len(categories) + np.where(part < 0, len(categories) - 1, part)
        parts.append(categories)
    # hashed, not sorted: a combination's number means nothing, and rows come by the million
    codes, found = pd.factorize(codes)
    return codes, [_unpacked(number, parts) for number in found.tolist()]


def used_keys(codes: Ints, left: Mask, keys: list[tuple[str, ...]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(code, combination) of those that stand in a row that is still left."""
    counts = np.bincount(codes[left], minlength=len(keys))
    return ((number, key) for number, key in enumerate(keys) if counts[number])


def words_as_category(word: str, rows: int) -> pd.Categorical[Any]:
    """One word for every row."""
    return pd.Categorical.from_codes(np.zeros(rows, dtype=np.int8), pd.Index([word], dtype="str"))


def _as_category(column: pd.Series[Any]) -> pd.Series[Any]:
    return column.where(column.notna(), "").astype(str).astype("category")


def _unpacked(number: int, parts: list[list[str]]) -> tuple[str, ...]:
    """The words that a mixed-radix number stands for."""
    key = []
    for categories in reversed(parts):
        number, place = divmod(number, len(categories))
        key.append(categories[place])
    return tuple(reversed(key))
