"""Bulk writing in the caller's transaction: columns in pieces, by executemany on SQLite and COPY on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

Piece = tuple[np.ndarray[Any, Any], ...]
"""Columns of equal length."""
CHUNK = 50_000
"""Rows a piece should have: a whole archive made into Python's objects at once would double the memory."""


def write_rows(session: Session, table: str, names: tuple[str, ...], pieces: Iterable[Piece]) -> None:
    """Insert the pieces into `table`, whose columns `names` gives; NaN becomes NULL."""
    cursor: Any = session.connection().connection.cursor()
    way = _insert_many if session.get_bind().dialect.name == "sqlite" else _copy
    way(cursor, table, names, pieces)
    cursor.close()


def _insert_many(cursor: Any, table: str, names: tuple[str, ...], pieces: Iterable[Piece]) -> None:
    marks = ", ".join("?" * len(names))
    for columns in pieces:
        # SQLite stores NaN as NULL by itself, so no value needs to be looked at
        rows = zip(*(column.tolist() for column in columns), strict=True)
        cursor.executemany(f"insert into {table} ({', '.join(names)}) values ({marks})", rows)


def _copy(cursor: Any, table: str, names: tuple[str, ...], pieces: Iterable[Piece]) -> None:
    import pyarrow as pa
    from pyarrow import csv

    with cursor.copy(f"copy {table} ({', '.join(names)}) from stdin with (format csv)") as copy:
        for columns in pieces:
            arrays = [pa.array(column, from_pandas=True) for column in columns]
            sink = pa.BufferOutputStream()
            csv.write_csv(pa.table(dict(zip(names, arrays, strict=True))), sink, csv.WriteOptions(include_header=False))
            copy.write(sink.getvalue().to_pybytes())
