"""A real Chromium before a real server over the small simulated district, its last two days judged."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn
from worlds import LAST_DAY, small_world

from api.app import create_app
from pipelines.daily import DailyRun
from pipelines.demo.build import take_in
from warning.reference import load_catalog
from warning.store.engine import open_store
from warning.store.settings import Settings
from warning.thresholds import load_thresholds

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

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
    """A home with the small district taken in and judged."""
    found = tmp_path_factory.mktemp("board")
    store = open_store(home=found, settings=Settings(home=found), migrate=True)
    daily = DailyRun(
        store=store, catalog=load_catalog(), thresholds=load_thresholds(), clock=lambda: NOW, forecasts=False
    )
    list(take_in(store, daily, small_world(), lambda: NOW))
    list(daily.run(LAST_DAY - dt.timedelta(days=1), LAST_DAY))
    store.close()
    return found


@pytest.fixture(scope="session")
def address(home: Path) -> Iterator[str]:
    """The address of the service on a free port of this host."""
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


class Visit:
    """A page with what it asked of the network and what it said to the console."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.asked: list[str] = []
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []
        page.route("**/*", self._route)
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def _route(self, route, request) -> None:
        self.asked.append(request.url)
        if request.url.startswith(self.address + "/"):
            route.continue_()
            return
        self.elsewhere.append(request.url)
        route.abort()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """A fresh visitor at an office screen; whatever the test does, nothing may leave the host or complain."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    found = Visit(context.new_page(), address)
    yield found
    context.close()
    assert not found.elsewhere
    assert not found.complaints
