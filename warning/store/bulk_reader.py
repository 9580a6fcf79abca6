"""A process of its own that reads SQLite in bulk: the query on standard input, an Arrow stream on standard output.

ADBC carries its own copy of SQLite. Two copies in one process undo each other's file locks (POSIX locks belong to
the process), and a write-ahead log can be lost that way; a process of its own cannot do that harm.
"""

from __future__ import annotations

import sys
from urllib.parse import quote


def main(path: str) -> None:
    """Stream the answer to the query; the first row is the typed one that `columns.py` cuts off.

    The driver is called without its DB-API layer, which would load pandas: a second of waiting for nothing.
    """
    import adbc_driver_manager
    import adbc_driver_sqlite
    import pyarrow as pa

    with (
        adbc_driver_sqlite.connect(f"file:{quote(path)}?mode=ro") as database,
        adbc_driver_manager.AdbcConnection(database) as connection,
        adbc_driver_manager.AdbcStatement(connection) as statement,
    ):
        statement.set_options(**{"adbc.sqlite.query.batch_rows": "65536"})
        statement.set_sql_query(sys.stdin.read())
        handle, _ = statement.execute_query()
        answer = pa.RecordBatchReader._import_from_c(handle.address)
        with pa.ipc.new_stream(sys.stdout.buffer, answer.schema) as stream:
            for batch in answer:
                stream.write_batch(batch)


if __name__ == "__main__":
    main(sys.argv[1])
