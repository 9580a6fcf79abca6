"""What a store holds, as one digest a table: equal digests mean equal content, whatever the order of rows."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

from sqlalchemy import select

from warning.store.engine import Store
from warning.store.tables import Base


def digests(store: Store, *, leave_out: Collection[str] = ()) -> dict[str, str]:
    """The sha256 of each table's rows, sorted; columns named in `leave_out` do not count."""
    found = {}
    with store.session() as session:
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if column.name not in leave_out]
            rows = sorted(repr(tuple(row)) for row in session.execute(select(*columns)))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def raw_files(home: Path) -> dict[str, str]:
    """Name to sha256 of every file kept below home/raw, half-written ones too."""
    files = sorted(path for path in (home / "raw").rglob("*") if path.is_file()) if (home / "raw").exists() else []
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def is_whole(raw: dict[str, str]) -> bool:
    """Whether every kept file is what its name says, and none was left half-written."""
    return all(name.partition(".")[0] == digest for name, digest in raw.items())
