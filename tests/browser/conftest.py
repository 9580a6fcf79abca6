"""A real Chromium before a real server over the small simulated district, its last two days judged."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn
from visiting import Visit
from worlds import LAST_DAY, small_world

from api.app import create_app
from pipelines.daily import DailyRun
from pipelines.demo.build import take_in
from pipelines.demo.register import put_register
from warning.reference import load_catalog
from warning.store.engine import open_store
from warning.store.settings import Settings
from warning.thresholds import load_thresholds

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NOW = dt.datetime.combine(LAST_DAY + dt.timedelta(days=1), dt.time(0), dt.UTC)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
APT = "apt-get update && apt-get install -y --no-install-recommends chromium fonts-wqy-zenhei"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the small district taken in, its register put in, judged and forecast."""
    found = tmp_path_factory.mktemp("board")
    store = open_store(home=found, settings=Settings(home=found), migrate=True)
    daily = DailyRun(store=store, catalog=load_catalog(), thresholds=load_thresholds(), clock=lambda: NOW)
    list(take_in(store, daily, small_world(), lambda: NOW))
    put_register(store, daily.catalog, LAST_DAY, since=LAST_DAY - dt.timedelta(days=30))
    list(daily.run(LAST_DAY - dt.timedelta(days=1), LAST_DAY))
    store.close()
    return found


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of a service over a home, on a free port of this host."""
    app = create_app(Settings(home=home), clock=lambda: NOW)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until = time.monotonic() + 20
        while not server.started and thread.is_alive() and time.monotonic() < until:
            time.sleep(0.02)
        assert server.started, "the service did not start"
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="session")
def address(home: Path) -> Iterator[str]:
    """The address of the service that tests only read."""
    with served(home) as found:
        yield found


@pytest.fixture
def office(home: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a service over a copy of the home, to be written to."""
    shutil.copytree(home, tmp_path / "office")
    with served(tmp_path / "office") as found:
        yield found


def chromium() -> str:
    """Where Chromium is; a test that needs it skips where it is absent, and never skips in CI."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if found:
        return found
    reason = f"there is no Chromium: {APT} (or say where one is in CHROMIUM)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=executable, args=list(QUIET))
        yield found
        found.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """A fresh visitor at an office screen; whatever the test does, nothing may leave the host or complain."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    found = Visit(context.new_page(), address)
    yield found
    context.close()
    assert not found.elsewhere
    assert not found.complaints
