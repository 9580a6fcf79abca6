"""Opening the store: one engine a process, sessions that commit or roll back, migrations.

SQLite runs in WAL with explicit BEGIN, since the driver's implicit transactions would let a read grow into a
write and fail; `writing` takes the write lock at once and waits for it. PostgreSQL goes through psycopg 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from warning.errors import StoreUnavailable
from warning.store.settings import Settings, sqlite_url

__all__ = ["Session", "Store", "open_store"]

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_MS = 60_000
WRITERS = 7_806_501_155
"""Key of the PostgreSQL advisory lock that writers of observations, judgements and the schema hold."""
NOT_MIGRATED = frozenset({"42P01", "42703", "3F000"})
"""PostgreSQL's codes for a table, column or schema that is not there."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open store: its engine, and the folder where its files lie."""

    engine: Engine
    home: Path
    url: str

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session for reading; commits where something small was written, rolls back on an error."""
        with available(self.url), sessionmaker(self.engine, expire_on_commit=False).begin() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that holds the write lock from its first statement, so that it never fails half-way."""
        writer = self.engine.execution_options(changxiao_begin="IMMEDIATE")
        with available(self.url), sessionmaker(writer, expire_on_commit=False).begin() as session:
            yield session

    def migrate(self) -> None:
        """Bring the schema to the newest migration."""
        from alembic import command

        self.home.mkdir(parents=True, exist_ok=True)
        command.upgrade(migration_config(self.url), "head")

    def migration_state(self) -> tuple[str | None, str]:
        """(revision of the database or None, newest revision of this code), without loading Alembic."""
        with available(self.url), self.engine.connect() as connection:
            return _current_revision(connection), head_revision()

    def close(self) -> None:
        self.engine.dispose()


def open_store(
    url: str | None = None, *, home: Path | None = None, settings: Settings | None = None, migrate: bool = False
) -> Store:
    """Open the store that `settings` name (or `url` and `home`); `migrate` brings it to the newest schema first."""
    settings = settings or Settings()
    home = home or settings.home
    url = url or (settings.url if settings.database_url or home == settings.home else sqlite_url(home))
    if url.startswith("sqlite"):
        Path(make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
    store = Store(engine=make_engine(url), home=home, url=url)
    if migrate:
        store.migrate()
    return store


def migration_config(url: str) -> Any:
    """Alembic's configuration for this package's migrations; there is no ini file to lose."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def head_revision() -> str:
    """The newest migration: the one that no other names as the one before it."""
    revisions = sorted(path.stem.split("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    return revisions[-1]


def _current_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar_one_or_none()


def lock_writers(connection: Connection) -> None:
    """Let writers come one after another until this transaction ends (SQLite's write lock is held already)."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"select pg_advisory_xact_lock({WRITERS})")


def make_engine(url: str) -> Engine:
    """The engine at this address, with what SQLite must be told at each connection and each BEGIN."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(url, pool_pre_ping=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"busy_timeout={BUSY_MS}",
        "foreign_keys=ON",
        "cache_size=-64000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("changxiao_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


@contextmanager
def available(url: str) -> Iterator[None]:
    """Raise StoreUnavailable where the database does not answer, or lacks a table or column of ours."""
    try:
        yield
    except DatabaseError as error:
        missing = getattr(error.orig, "sqlstate", None) in NOT_MIGRATED
        # SQLite says the bare DatabaseError of a file that is no database
        if missing or isinstance(error, OperationalError) or type(error) is DatabaseError:
            raise unavailable(url, f"{error.orig}") from error
        raise


def unavailable(url: str, told: str) -> StoreUnavailable:
    """The error of a database that gave no answer but `told` us this."""
    return StoreUnavailable(
        f"the database did not answer: {told}",
        where=make_url(url).render_as_string(hide_password=True),
        todo="run `changxiao doctor`; a new or old database needs `changxiao db upgrade`",
    )
