"""Bulk reading: a query's integer and float columns as numpy arrays, without a Python object per row.

ADBC takes its types from the first batch, so a typed first row is sent and cut off again. It reads in a process
or connection of its own: it sees what is committed.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy.engine import make_url

from warning.store.engine import available, unavailable

if TYPE_CHECKING:
    from warning.store.engine import Store

Columns = dict[str, np.ndarray[Any, Any]]


def read_columns(store: Store, columns: dict[str, str], source: str, *, few: bool = False) -> Columns:
    """`select columns from source` as arrays.

    `columns` gives each column's kind, "int" or "float" (NULL becomes NaN, and -1 for an int); `source` is the
    SQL from `from` on, made of literals of ours only, never of a person's text. `few` says that some thousand
    rows are expected at most: they come through the store's own connection, with nothing to start or load.
    """
    if few:
        return _few(store, columns, source)
    if store.is_sqlite:
        typed = ", ".join("0" if kind == "int" else "0.5" for kind in columns.values())
        names = ", ".join(f"coalesce({name}, -1)" if kind == "int" else name for name, kind in columns.items())
        table = _sqlite_table(store, f"select {typed} union all select * from (select {names} {source})").slice(1)
    else:
        casts = ", ".join(
            f"coalesce({name}, -1)::bigint" if kind == "int" else f"{name}::float8" for name, kind in columns.items()
        )
        table = _postgres_table(store, f"select {casts} {source}")
    return {
        name: column.to_numpy().astype(_dtype(kind), copy=False)
        for (name, kind), column in zip(columns.items(), table.columns, strict=True)
    }


def _dtype(kind: str) -> type[np.generic]:
    return np.int64 if kind == "int" else np.float64


def _few(store: Store, columns: dict[str, str], source: str) -> Columns:
    names = ", ".join(f"coalesce({name}, -1)" if kind == "int" else name for name, kind in columns.items())
    with available(store.url), store.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"select {names} {source}").fetchall()
    values = zip(*rows, strict=True) if rows else ((),) * len(columns)
    return {
        name: np.array(column, dtype=_dtype(kind)) for (name, kind), column in zip(columns.items(), values, strict=True)
    }


def _sqlite_table(store: Store, query: str) -> Any:
    import pyarrow as pa

    command = [sys.executable, "-m", "warning.store.bulk_reader", make_url(store.url).database or ""]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert reader.stderr is not None
        try:
            with reader.stdin as asked:
                asked.write(query.encode())
            with pa.ipc.open_stream(reader.stdout) as stream:
                table = stream.read_all()
        except (pa.ArrowInvalid, BrokenPipeError):
            table = None
        told = reader.stderr.read().decode(errors="replace").strip().splitlines()
    if table is None or reader.returncode != 0:
        # an error half-way ends the stream as its end does: only the process can say which it was
        raise unavailable(store.url, told[-1] if told else "reading in bulk ended without a word")
    return table


def _postgres_table(store: Store, query: str) -> Any:
    from adbc_driver_manager import Error
    from adbc_driver_postgresql import dbapi

    address = make_url(store.url).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with dbapi.connect(address) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetch_arrow_table()
    except Error as error:
        raise unavailable(store.url, str(error)) from error
