"""A process of its own that reads SQLite in bulk: the query on standard input, an Arrow stream on standard output.

ADBC carries its own copy of SQLite. Two copies in one process undo each other's file locks (POSIX locks belong to
the process), and a write-ahead log can be lost that way; a process of its own cannot do that harm.
"""

from __future__ import annotations

import sys


def main(path: str) -> None:
    """Stream the answer to the query; the first row is the typed one that `columns.py` cuts off."""
    import pyarrow as pa
    from adbc_driver_sqlite import dbapi

    with dbapi.connect(f"file:{path}?mode=ro") as connection:
        cursor = connection.cursor(adbc_stmt_kwargs={"adbc.sqlite.query.batch_rows": 65536})
        cursor.execute(sys.stdin.read())
        answer = cursor.fetch_record_batch()
        with pa.ipc.new_stream(sys.stdout.buffer, answer.schema) as stream:
            for batch in answer:
                stream.write_batch(batch)
        cursor.close()


if __name__ == "__main__":
    main(sys.argv[1])
